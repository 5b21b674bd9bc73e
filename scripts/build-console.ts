import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { acquireLock } from './install.mjs'
import { ROOT, runStep } from './steps.ts'

/** Builds the console where its sources are newer than what was built of them. */

const CONSOLE = join(ROOT, 'console')
const BUILT = join(CONSOLE, 'dist')
/** Digest of the sources that `dist` was built of. Beside it, so that it is replaced together with it. */
const STAMP = join(BUILT, '.sources')
/** Everything that the build reads. */
const SOURCES = [
  'package-lock.json',
  'console/{index.html,package.json,tsconfig.json,vite.config.ts}',
  'console/{src,public}/**',
  'sdk/src/**',
]

/** Of contents, not of times: a clone and a checkout make every file new. */
export function digestOfSources(root: string): string {
  const hash = createHash('sha256')
  for (const path of globSync(SOURCES, { cwd: root }).sort()) {
    if (statSync(join(root, path)).isDirectory() || path.endsWith('.test.ts')) continue
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0')
  }
  return hash.digest('hex')
}

/**
 * Of several processes that start together one builds, the others wait for it.
 * @throws Error with what the build said
 */
export async function ensureConsole(say: (line: string) => void): Promise<void> {
  if (isCurrent(digestOfSources(ROOT))) return
  const waiting = 'Waiting for another process that builds the console …'
  const release = await acquireLock(join(ROOT, '.cache', 'console.lock'), say, waiting)
  try {
    const digest = digestOfSources(ROOT)
    if (isCurrent(digest)) return
    say('Building the console (some seconds) …')
    await build(digest)
  } finally {
    release()
  }
}

function isCurrent(digest: string): boolean {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest
}

/** Into a folder of its own, which then takes the place of the old one: a server that starts meanwhile finds one or the other. */
async function build(digest: string): Promise<void> {
  const fresh = join(CONSOLE, `.dist-${process.pid}`)
  const old = `${fresh}-old`
  try {
    mkdirSync(dirname(fresh), { recursive: true })
    const result = await runStep({
      name: 'console',
      program: 'vite',
      arguments: ['build', 'console', '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn'],
    })
    if (!result.passed) throw new Error(`The console could not be built:\n${result.output}`)
    writeFileSync(join(fresh, '.sources'), digest)
    if (existsSync(BUILT)) renameSync(BUILT, old)
    renameSync(fresh, BUILT)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
    rmSync(old, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  try {
    await ensureConsole((line) => console.error(line))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
