import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** The demo as a person starts it, and the story that its readers are told to run. */

const ROOT = join(import.meta.dirname, '..', '..')
const POLL_MS = 100
/** A blocked child would block the test's own timeout too. */
const STORY_MS = 120_000

interface Demo {
  readonly base_url: string
  readonly users: readonly { readonly email: string; readonly api_token: string; readonly notion_api_key: string }[]
}

interface Running {
  readonly process: ChildProcess
  readonly description: Demo
  readonly output: () => string
}

let directory: string
let demo: Running

async function startDemo(): Promise<Running> {
  const child = spawn(process.execPath, ['scripts/demo.ts'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], PORT: '0', CHAVEIRO_DATA_DIR: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const path = join(directory, 'demo.json')
  while (!existsSync(path)) {
    if (child.exitCode !== null) throw new Error(`The demo ended with ${child.exitCode}:\n${output}`)
    await sleep(POLL_MS)
  }
  return { process: child, description: JSON.parse(readFileSync(path, 'utf8')) as Demo, output: () => output }
}

async function stopDemo({ process: child }: Running): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  return ended
}

function runStory(path: string) {
  const script = join(ROOT, 'examples', 'first-run', 'run.sh')
  return spawnSync('bash', [script, path], { encoding: 'utf8', timeout: STORY_MS })
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'chaveiro-demo-'))
  demo = await startDemo()
})

afterAll(async () => {
  if (demo.process.exitCode === null) await stopDemo(demo)
  rmSync(directory, { recursive: true, force: true })
})

test('the story ends well: each user saw only their own pages', () => {
  const { status, stdout, stderr } = runStory(join(directory, 'demo.json'))
  expect(stderr).toBe('')
  expect(stdout).toContain('Each user saw only their own pages.')
  expect(status).toBe(0)
})

test('the story can be told twice, and tells no key', () => {
  const { status, stdout } = runStory(join(directory, 'demo.json'))
  expect(status).toBe(0)
  for (const user of demo.description.users) {
    expect(stdout).not.toContain(user.api_token)
    expect(stdout).not.toContain(user.notion_api_key)
  }
})

test('the story fails where a user sees pages of another', () => {
  const [first, second] = demo.description.users
  const mixed = join(directory, 'mixed.json')
  // The first user connects the second one's workspace: what a leak would look like from outside.
  const users = [{ ...first, notion_api_key: second?.notion_api_key }, second]
  writeFileSync(mixed, JSON.stringify({ ...demo.description, users }))
  const { status, stderr } = runStory(mixed)
  expect(status).toBe(1)
  expect(stderr).toMatch(/^\n✗ /)
})

test('the description is for its owner alone', () => {
  expect(statSync(join(directory, 'demo.json')).mode & 0o777).toBe(0o600)
})

test('a second start takes the same users and tokens and says what to try', async () => {
  const before = demo.description.users
  expect(await stopDemo(demo)).toBe(0)
  expect(existsSync(join(directory, 'demo.json'))).toBe(false)
  demo = await startDemo()
  expect(demo.description.users).toEqual(before)
  const me = await fetch(`${demo.description.base_url}/api/me`, {
    headers: { authorization: `Bearer ${before[0]?.api_token}` },
  })
  expect(await me.json()).toMatchObject({ email: before[0]?.email })
  expect(demo.output()).toContain('bash examples/first-run/run.sh')
})

test.each([
  [
    'port',
    () => ({ PORT: new URL(demo.description.base_url).port, CHAVEIRO_DATA_DIR: directory }),
    /^Port \d+ is in use/,
  ],
  ['directory', () => ({ PORT: '0', CHAVEIRO_DATA_DIR: directory }), /^The directory \S+ is in use/],
])('a second demo on a taken %s says so, and takes nothing from the first', (_, settings, words) => {
  const before = readFileSync(join(directory, 'demo.json'), 'utf8')
  const { status, stderr } = spawnSync(process.execPath, ['scripts/demo.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: STORY_MS,
    env: { PATH: process.env['PATH'], ...settings() },
  })
  expect(status).toBe(1)
  expect(stderr).toMatch(words)
  expect(stderr).toContain('CHAVEIRO_DATA_DIR=')
  expect(stderr).not.toContain('DATABASE_URL')
  expect(readFileSync(join(directory, 'demo.json'), 'utf8')).toBe(before)
})
