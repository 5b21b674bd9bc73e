import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { browserPath } from '../server/test/support/browser-path.ts'

/** Brings what the tests need beyond npm: a real PostgreSQL, a real Redis, a real browser, and Python's Fernet. */

export interface Requirement {
  readonly what: string
  /** Packages of Debian and Ubuntu. */
  readonly packages: readonly string[]
  readonly isPresent: () => boolean
  /** How to point the tests at one that is installed elsewhere. */
  readonly instead?: string
}

const DEBIAN_POSTGRESQL = '/usr/lib/postgresql'

export const REQUIREMENTS: readonly Requirement[] = [
  {
    what: 'PostgreSQL 15 or newer (initdb, postgres)',
    packages: ['postgresql'],
    isPresent: () => process.env['TEST_DATABASE_ADMIN_URL'] !== undefined || hasPostgres(),
    instead: 'TEST_DATABASE_ADMIN_URL=postgres://… (a superuser of a server made for tests)',
  },
  {
    what: 'Redis or Valkey, as redis-server',
    packages: ['redis-server'],
    isPresent: () => inPath('redis-server'),
  },
  {
    what: 'Chromium',
    packages: ['chromium-headless-shell', 'fonts-liberation'],
    isPresent: () => browserPath() !== undefined,
    instead: 'CHROMIUM_PATH=/path/to/chromium',
  },
  {
    what: 'Python 3 with the package cryptography',
    packages: ['python3', 'python3-cryptography'],
    isPresent: () => ['python3', '/usr/bin/python3'].some(knowsFernet),
  },
]

/** Others may be installing too (a second clone, the system's own updates): they get five minutes. */
const APT_LOCK_SECONDS = 300
const APT_RETRY_MS = 5000
const MILLISECONDS_PER_SECOND = 1000
const SHOWN_OUTPUT_LINES = 15

/**
 * Installs what is missing where that can be done (Debian or Ubuntu, as root).
 * @returns null where everything is there, else what a person has to do
 */
export async function provision(say: (line: string) => void): Promise<string | null> {
  const missing = REQUIREMENTS.filter(({ isPresent }) => !isPresent())
  if (missing.length === 0) return null
  if (!inPath('apt-get') || process.getuid?.() !== 0) return instructions(missing)
  const packages = missing.flatMap((requirement) => requirement.packages)
  say(`Installing ${packages.join(', ')} for the tests, once …`)
  for (const command of [
    ['update', '-q'],
    ['install', '-q', '-y', '--no-install-recommends', ...packages],
  ]) {
    const failure = await runApt(command)
    if (failure !== null) return `${failure}\n\n${instructions(missing)}`
  }
  const still = missing.filter(({ isPresent }) => !isPresent())
  return still.length === 0 ? null : instructions(still)
}

/** What to install by hand, and what to set where it is installed elsewhere. */
export function instructions(missing: readonly Requirement[]): string {
  const packages = missing.flatMap((requirement) => requirement.packages)
  return [
    'The tests need more than npm brings:',
    ...missing.map(({ what, instead }) => `  - ${what}${instead === undefined ? '' : `, or ${instead}`}`),
    '',
    `On Debian or Ubuntu: apt-get install ${packages.join(' ')} (as root the tests do it themselves).`,
    'Elsewhere: install them with your package manager and put them into the PATH. `npm run check` needs none of them.',
  ].join('\n')
}

/** @returns null, or the end of what apt-get printed */
async function runApt(command: readonly string[]): Promise<string | null> {
  const deadline = Date.now() + APT_LOCK_SECONDS * MILLISECONDS_PER_SECOND
  for (;;) {
    const { status, stdout, stderr } = spawnSync(
      'apt-get',
      ['-o', `DPkg::Lock::Timeout=${APT_LOCK_SECONDS}`, ...command],
      {
        encoding: 'utf8',
        // RUNLEVEL 1: packages must not start their servers; the tests start private ones.
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
      },
    )
    if (status === 0) return null
    const isLocked = /could not get lock|unable to lock/i.test(stderr)
    if (!isLocked || Date.now() > deadline) {
      const lines = `${stdout}${stderr}`.trim().split('\n').slice(-SHOWN_OUTPUT_LINES)
      return [`apt-get ${command[0]} failed:`, ...lines].join('\n')
    }
    await sleep(APT_RETRY_MS)
  }
}

function inPath(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)))
}

function hasPostgres(): boolean {
  if (inPath('initdb')) return true
  if (!existsSync(DEBIAN_POSTGRESQL)) return false
  return readdirSync(DEBIAN_POSTGRESQL).some((version) => existsSync(join(DEBIAN_POSTGRESQL, version, 'bin', 'initdb')))
}

function knowsFernet(python: string): boolean {
  return spawnSync(python, ['-c', 'import cryptography.fernet'], { stdio: 'ignore' }).status === 0
}

if (import.meta.main) {
  const problem = await provision((line) => console.log(line))
  if (problem !== null) console.error(problem)
  process.exitCode = problem === null ? 0 : 1
}
