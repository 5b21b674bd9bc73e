import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** One exchange of GitHub's own recordings. */
export interface Recording {
  readonly scenario: string
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly status: number
  readonly response: unknown
  readonly headers: Readonly<Record<string, string>>
}

const { resolve } = createRequire(import.meta.url)

const FOLDER = join(dirname(resolve('@octokit/fixtures/package.json')), 'scenarios', 'api.github.com')

export function recorded(scenario: string): Recording[] {
  const text = readFileSync(join(FOLDER, scenario, 'normalized-fixture.json'), 'utf8')
  const all = JSON.parse(text) as Omit<Recording, 'scenario'>[]
  return all.map((each) => ({ ...each, scenario, method: each.method.toUpperCase() }))
}

export function recordedScenarios(): string[] {
  return readdirSync(FOLDER)
}
