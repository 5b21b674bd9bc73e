import { spawn } from 'node:child_process'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

// Plain JavaScript without dependencies: this runs before anything is installed, on whatever Node started it.

const LOCK_POLL_MS = 250
/** Only for a lock whose owner cannot be asked (another machine on a shared disk): far longer than an installation. */
const FOREIGN_LOCK_MS = 20 * 60_000
/** Of npm's own messages: enough to see the cause, little enough to read. */
const SHOWN_OUTPUT_LINES = 15

const NPM_ARGUMENTS = [
  'ci',
  '--include=dev',
  '--include=optional', // Node itself and native parts are optional packages, one for each platform
  '--ignore-scripts', // no package of the lockfile needs one; an installation runs no foreign code
  '--prefer-offline',
  '--no-audit',
  '--no-fund',
  '--no-progress',
  '--loglevel=error',
]

const CAUSES = [
  {
    pattern:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|network/i,
    advice:
      'The package registry could not be reached. Check the network (behind a proxy set HTTPS_PROXY; for a mirror see ' +
      '`npm config get registry`) and run the same command again.',
  },
  {
    pattern: /CERT|self.signed|unable to verify/i,
    advice: 'The certificate of the package registry is not trusted here. Name your authority in NODE_EXTRA_CA_CERTS.',
  },
  { pattern: /ENOSPC/, advice: 'The disk is full. About 700 MB are needed.' },
  { pattern: /EACCES|EPERM|EROFS/, advice: 'npm may not write here. Check who owns this folder and its node_modules.' },
  {
    pattern: /EUSAGE|in sync|Missing: /,
    advice:
      'package.json and package-lock.json disagree. Run `npm install` once and keep the changed package-lock.json.',
  },
]

/**
 * Installs what the lockfile names and is not there yet. Of several processes that start together one installs, the
 * others wait for it.
 * @param {string} root folder of package-lock.json
 * @param {(line: string) => void} say
 * @throws {Error} with the cause and what to do
 */
export async function ensureInstalled(root, say) {
  if (missingPackages(readLock(root), readInstalled(root)).length === 0) return
  const waiting = 'Waiting for another process that installs the dependencies …'
  const release = await acquireLock(join(root, '.cache', 'install.lock'), say, waiting)
  try {
    const missing = missingPackages(readLock(root), readInstalled(root))
    if (missing.length === 0) return
    say('Installing dependencies, once (about a minute) …')
    const started = Date.now()
    await runNpm(root, NPM_ARGUMENTS)
    say(`Dependencies installed in ${Math.round((Date.now() - started) / 1000)} s.`)
  } finally {
    release()
  }
}

/**
 * The packages that the lockfile asks for and npm's own record of the installation lacks or has otherwise. npm writes
 * that record last, so an interrupted installation counts as missing. Optional packages may be absent: most of them are
 * for other platforms.
 * @param {Record<string, any>} wanted `packages` of package-lock.json
 * @param {Record<string, any>} installed `packages` of node_modules/.package-lock.json
 * @returns {string[]}
 */
export function missingPackages(wanted, installed) {
  return Object.entries(wanted)
    .filter(([path, entry]) => {
      if (!/(^|\/)node_modules\//.test(path)) return false
      const found = installed[path]
      if (found === undefined) return entry.optional !== true
      return found.version !== entry.version || found.integrity !== entry.integrity
    })
    .map(([path]) => path)
}

/**
 * What went wrong, for a person.
 * @param {string} output everything that npm printed
 */
export function explainFailure(output) {
  const cause = CAUSES.find(({ pattern }) => pattern.test(output))
  const lines = output.trim().split('\n').slice(-SHOWN_OUTPUT_LINES)
  return ['The dependencies could not be installed.', ...(cause ? [cause.advice] : []), '', ...lines].join('\n')
}

/** @param {string} root */
function readLock(root) {
  return JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages ?? {}
}

/** @param {string} root */
function readInstalled(root) {
  try {
    return JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages ?? {}
  } catch {
    return {}
  }
}

/**
 * @param {string} folder where it works
 * @param {readonly string[]} parameters
 * @throws {Error} with the cause and what to do
 */
export function runNpm(folder, parameters) {
  const script = process.env['npm_execpath'] ?? ''
  // Under `npm run` the very npm that runs us; else the one in the PATH (on Windows a .cmd file, which needs a shell).
  const npm = basename(script) === 'npm-cli.js' ? [process.execPath, script] : ['npm']
  const child = spawn(npm[0] ?? 'npm', [...npm.slice(1), ...parameters], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: npm.length === 1 && process.platform === 'win32',
  })
  // Without this, npm would go on after us while the lock looks abandoned.
  const stop = () => child.kill()
  process.once('SIGTERM', stop)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const ended = new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(explainFailure(`npm could not be started: ${error.message}`))))
    child.once('close', (code) => (code === 0 ? resolve(undefined) : reject(new Error(explainFailure(output)))))
  })
  return ended.finally(() => process.off('SIGTERM', stop))
}

/**
 * A file that exists while somebody installs or builds. It lies outside node_modules, which npm removes.
 * @param {string} path
 * @param {(line: string) => void} say
 * @param {string} waiting what is said, once, to whoever finds it taken
 * @returns {Promise<() => void>} releases it
 */
export async function acquireLock(path, say, waiting) {
  const token = JSON.stringify({ host: hostname(), pid: process.pid })
  mkdirSync(join(path, '..'), { recursive: true })
  let told = false
  for (;;) {
    try {
      writeFileSync(path, token, { flag: 'wx' })
      return () => rmSync(path, { force: true })
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
    if (removeIfAbandoned(path)) continue
    if (!told) say(waiting)
    told = true
    await sleep(LOCK_POLL_MS)
  }
}

/**
 * @param {string} path
 * @returns {boolean} whether it is worth trying again at once
 */
function removeIfAbandoned(path) {
  try {
    const seen = readFileSync(path, 'utf8')
    if (!isAbandoned(seen, statSync(path).mtimeMs)) return false
    // Moved aside first: of two that found the lock abandoned, the slower one must not remove the faster one's new lock.
    const aside = `${path}.${process.pid}`
    renameSync(path, aside)
    if (readFileSync(aside, 'utf8') !== seen) linkSync(aside, path)
    rmSync(aside)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error
  }
  return true
}

/**
 * @param {string} token
 * @param {number} modifiedMs
 */
function isAbandoned(token, modifiedMs) {
  const owner = parseOwner(token)
  if (owner?.host !== hostname()) return Date.now() - modifiedMs > FOREIGN_LOCK_MS
  try {
    process.kill(owner.pid, 0)
    return false
  } catch (error) {
    return codeOf(error) === 'ESRCH'
  }
}

/** @param {string} token */
function parseOwner(token) {
  try {
    return JSON.parse(token)
  } catch {
    return undefined // read between its creation and its writing
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
