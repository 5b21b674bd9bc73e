import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './postgres-cluster.ts'

/** A private Redis on loopback: a real process, nothing on disk, gone at the end. */
export interface TestRedis {
  readonly url: string
  readonly port: number
  readonly stop: () => Promise<void>
}

const INSTALL_HINT =
  'redis-server (6 or newer) is needed for this test. On Debian or Ubuntu: apt-get install redis-server. ' +
  'Elsewhere install Redis or Valkey so that `redis-server` is in the PATH.'
const START_ATTEMPTS = 100
const START_INTERVAL_MS = 50

/** @param port the one to listen on, to come back where an earlier one was; any free one by default */
export async function startRedis(port?: number): Promise<TestRedis> {
  if (spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).error !== undefined) throw new Error(INSTALL_HINT)
  const chosen = port ?? (await freePort())
  const directory = mkdtempSync(join(tmpdir(), 'chaveiro-redis-'))
  const settings = { port: chosen, bind: '127.0.0.1', dir: directory, save: '', appendonly: 'no', daemonize: 'no' }
  const server = spawn(
    'redis-server',
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    { stdio: 'ignore' },
  )
  await waitUntilReady(chosen, server)
  return {
    url: `redis://127.0.0.1:${chosen}`,
    port: chosen,
    async stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGKILL')
      await ended
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function waitUntilReady(port: number, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < START_ATTEMPTS && server.exitCode === null; attempt += 1) {
    if (await answersPing(port)) return
    await new Promise((resolve) => setTimeout(resolve, START_INTERVAL_MS))
  }
  throw new Error('The test Redis did not start.')
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    const end = (answered: boolean) => {
      socket.destroy()
      resolve(answered)
    }
    socket.once('data', (answer) => end(answer.toString().startsWith('+PONG')))
    socket.once('error', () => end(false))
  })
}
