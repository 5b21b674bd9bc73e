import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

// A stand-in for npm: it counts its runs and takes a moment, so that several starts overlap.
const SLOW_NPM = `
import { appendFileSync, cpSync, mkdirSync } from 'node:fs'
appendFileSync('runs.log', process.argv.slice(2).join(' ') + '\\n')
await new Promise((resolve) => setTimeout(resolve, 400))
mkdirSync('node_modules', { recursive: true })
cpSync('package-lock.json', 'node_modules/.package-lock.json')
`
const UNREACHABLE_NPM = `
console.error('npm error code ENOTFOUND')
process.exit(1)
`
/** No process of this number can exist: above the largest that Linux gives (4,194,304). */
const DEAD_PROCESS_ID = 2 ** 30

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'chaveiro-run-'))
  mkdirSync(join(root, 'scripts'))
  for (const name of ['run.mjs', 'install.mjs', 'server-flags.mjs']) {
    cpSync(fileURLToPath(new URL(name, import.meta.url)), join(root, 'scripts', name))
  }
  writeFileSync(join(root, 'package.json'), '{"type": "module"}')
  const packages = { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } }
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }))
  useNpm(SLOW_NPM)
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function useNpm(source: string): void {
  writeFileSync(join(root, 'npm-cli.js'), source)
}

function write(name: string, source: string): string {
  writeFileSync(join(root, name), source)
  return name
}

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
}

interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  readonly printed: (text: string) => Promise<void>
}

function start(...command: string[]): Running {
  return observe(process.execPath, [join(root, 'scripts', 'run.mjs'), ...command])
}

/** As npm does: a shell of its own in between, which does not pass signals on. */
function startUnderShell(script: string, environment: Record<string, string> = {}): Running {
  const line = `'${process.execPath}' '${join(root, 'scripts', 'run.mjs')}' ${script}; exit $?`
  return observe('sh', ['-c', line], environment)
}

function observe(program: string, programArguments: string[], environment: Record<string, string> = {}): Running {
  const child = spawn(program, programArguments, {
    env: { PATH: process.env['PATH'], npm_execpath: join(root, 'npm-cli.js'), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const watchers: (() => void)[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
      for (const watch of watchers) watch()
    })
  }
  return {
    child,
    ended: new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, output }))),
    printed: (text) =>
      new Promise((resolve) => {
        const watch = () => output.includes(text) && resolve()
        watchers.push(watch)
        watch()
      }),
  }
}

test('installs before the first start, and not before the second', async () => {
  const script = write('main.ts', 'const word: string = process.argv[2]!; console.log(word, process.cwd())')
  const first = await start(script, 'olá').ended
  expect(first).toMatchObject({ code: 0 })
  expect(first.output).toContain('Installing dependencies')
  expect(first.output).toContain(`olá ${root}`)
  const second = await start(script, 'olá').ended
  expect(second.output).toBe(`olá ${root}\n`)
  expect(readFileSync(join(root, 'runs.log'), 'utf8')).toMatch(/^ci .*--ignore-scripts.*\n$/)
})

test('installs once where several start together', async () => {
  const script = write('main.ts', 'console.log("started")')
  const ended = await Promise.all(Array.from({ length: 4 }, () => start(script).ended))
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0])
  expect(ended.filter(({ output }) => output.includes('Installing dependencies'))).toHaveLength(1)
  expect(readFileSync(join(root, 'runs.log'), 'utf8').trim().split('\n')).toHaveLength(1)
  expect(existsSync(join(root, '.cache', 'install.lock'))).toBe(false)
})

test('takes over the lock of a process that died', async () => {
  mkdirSync(join(root, '.cache'))
  writeFileSync(join(root, '.cache', 'install.lock'), JSON.stringify({ host: hostname(), pid: DEAD_PROCESS_ID }))
  const script = write('main.ts', 'console.log("started")')
  const ended = await Promise.all([start(script).ended, start(script).ended])
  expect(ended.map(({ code }) => code)).toEqual([0, 0])
  expect(readFileSync(join(root, 'runs.log'), 'utf8').trim().split('\n')).toHaveLength(1)
})

test('explains a network failure, starts nothing and leaves no lock', async () => {
  useNpm(UNREACHABLE_NPM)
  const ended = await start(write('main.ts', 'console.log("started")')).ended
  expect(ended.code).toBe(1)
  expect(ended.output).toContain('The package registry could not be reached.')
  expect(ended.output).not.toContain('started')
  expect(existsSync(join(root, '.cache', 'install.lock'))).toBe(false)
})

test('ends with the code of the script', async () => {
  expect(await start(write('main.ts', 'process.exit(7)')).ended).toMatchObject({ code: 7 })
})

test('passes signals on and lets the script end in its own way', async () => {
  const script = write(
    'main.ts',
    'process.on("SIGTERM", () => { console.log("closing"); process.exit(3) }); setInterval(() => {}, 1000); console.log("ready")',
  )
  const running = start(script)
  await running.printed('ready')
  running.child.kill('SIGTERM')
  expect(await running.ended).toMatchObject({ code: 3, output: expect.stringContaining('closing') })
})

// The pipes close, and `ended` resolves, only when the last process that holds them has ended.
test('under npm it ends the script when the shell that started it is gone', async () => {
  const script = write(
    'main.ts',
    'process.on("SIGTERM", () => { console.log("closing"); process.exit(0) }); setInterval(() => {}, 1000); console.log("ready")',
  )
  const running = startUnderShell(script, { npm_lifecycle_event: 'start' })
  await running.printed('ready')
  running.child.kill('SIGTERM')
  expect(await running.ended).toMatchObject({ signal: 'SIGTERM', output: expect.stringContaining('closing') })
})

test('without npm it goes on, as what a shell leaves in the background should', async () => {
  const script = write(
    'main.ts',
    'process.on("SIGTERM", () => process.exit(0)); console.log("ready"); setTimeout(() => console.log("still here"), 1200)',
  )
  const running = startUnderShell(script)
  await running.printed('ready')
  running.child.kill('SIGTERM')
  expect(await running.ended).toMatchObject({ signal: 'SIGTERM', output: expect.stringContaining('still here') })
})

test('ends by the signal that ended the script', async () => {
  const running = start(write('main.ts', 'setInterval(() => {}, 1000); console.log("ready")'))
  await running.printed('ready')
  running.child.kill('SIGTERM')
  expect(await running.ended).toMatchObject({ code: null, signal: 'SIGTERM' })
})

test('says how it is used where no file is named', async () => {
  expect(await start().ended).toMatchObject({ code: 2, output: expect.stringContaining('Usage:') })
})
