import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A private PostgreSQL on loopback for one test run: real processes, no fsync, thrown away at the end. */
export interface Cluster {
  /** The superuser's address. */
  readonly adminUrl: string
  readonly stop: () => Promise<void>
}

const INSTALL_HINT =
  'PostgreSQL 15 or newer is needed for the tests. On Debian or Ubuntu: apt-get install postgresql. ' +
  'Elsewhere install PostgreSQL and put initdb and postgres into the PATH, or set TEST_DATABASE_ADMIN_URL.'
const START_ATTEMPTS = 100
const START_INTERVAL_MS = 100

export async function startCluster(): Promise<Cluster> {
  const given = process.env['TEST_DATABASE_ADMIN_URL']
  if (given !== undefined) return { adminUrl: given, stop: async () => {} }
  const binaries = findBinaries()
  const directory = mkdtempSync(join(tmpdir(), 'chaveiro-postgres-'))
  const identity = serverIdentity()
  if (identity !== null) chownSync(directory, identity.uid, identity.gid)
  const data = join(directory, 'data')
  execFileSync(join(binaries, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
    ...identity,
    cwd: directory,
    stdio: 'ignore',
  })
  const port = await freePort()
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: directory,
    fsync: 'off',
    max_connections: 200,
  }
  const server = spawn(
    join(binaries, 'postgres'),
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...identity, cwd: directory, stdio: 'ignore' },
  )
  await waitUntilReady(binaries, port, server)
  return {
    adminUrl: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      // SIGINT: fast shutdown, open sessions are ended.
      server.kill('SIGINT')
      await ended
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function findBinaries(): string {
  const debian = '/usr/lib/postgresql'
  if (existsSync(debian)) {
    const versions = readdirSync(debian).filter((name) => existsSync(join(debian, name, 'bin', 'initdb')))
    const newest = versions.sort((a, b) => Number(b) - Number(a))[0]
    if (newest !== undefined) return join(debian, newest, 'bin')
  }
  const folder = (process.env['PATH'] ?? '').split(':').find((entry) => existsSync(join(entry, 'initdb')))
  if (folder === undefined) throw new Error(INSTALL_HINT)
  return folder
}

/** PostgreSQL refuses to run as root: then the package's own user runs it. */
function serverIdentity(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    throw new Error(INSTALL_HINT)
  }
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

async function waitUntilReady(binaries: string, port: number, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt += 1) {
    try {
      execFileSync(join(binaries, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port), '-q'], { stdio: 'ignore' })
      return
    } catch {
      if (server.exitCode !== null) break
      await new Promise((resolve) => setTimeout(resolve, START_INTERVAL_MS))
    }
  }
  throw new Error('The test PostgreSQL did not start.')
}
