import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { SHARED_TITLE, type McpStage, type StageUser } from '../support/mcp-stage.ts'
import { runThirdParty, type ThirdPartyResult } from '../support/third-party.ts'

/** What a client that others wrote found on the server, for one user. */
export interface ClientReport {
  readonly tools: readonly string[]
  /** What a search for the page that both users have gave, as the client shows it. */
  readonly found: string
  /** What reading that page gave. */
  readonly content: string
}

export interface TestedClient {
  readonly name: string
  /** The era that it must come to speak; unknown for those that show nothing of it. */
  readonly era?: 'legacy' | 'modern'
  readonly run: (stage: McpStage, user: StageUser) => Promise<ClientReport>
}

/** A client of ours around a library of others: a program that reports in JSON. */
export function programClient(name: string, program: string, era: 'legacy' | 'modern', mode = ''): TestedClient {
  return {
    name,
    era,
    async run(stage, user) {
      const line = [stage.url, user.token, SHARED_TITLE, user.pageId, mode]
      return JSON.parse(await outputOf(stage, program, line)) as ClientReport
    },
  }
}

/** Runs a program in a folder of its own, so that nothing of one user is there for another. */
export async function outputOf(stage: McpStage, program: string, line: readonly string[]): Promise<string> {
  const result = await resultOf(stage, program, line)
  if (result.exitCode !== 0) throw new Error(`${program} ended with ${result.exitCode}: ${result.stderr}`)
  return result.stdout
}

export async function resultOf(stage: McpStage, program: string, line: readonly string[]): Promise<ThirdPartyResult> {
  return runThirdParty({ program, arguments: line, home: await scratchFolder(stage) })
}

export function scratchFolder(stage: McpStage): Promise<string> {
  return mkdtemp(join(stage.directory, 'client-'))
}
