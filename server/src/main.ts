import { serve, type ServerType } from '@hono/node-server'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerOptions } from 'node:http'
import { compose, type House } from './compose.ts'
import { ConfigError, loadConfig, readEnvironment, type Config } from './config.ts'
import { UnknownModelError } from '#agents/models/create-models.ts'
import type { Database } from '#db/database.ts'
import { createLog, type Log } from '#kernel/log.ts'
import { growHeapSlowly, keepMemorySmall } from '#kernel/memory.ts'
import { checkApps, openDatabase, openKeys, StartError } from './start.ts'

/** The process: configuration, database, keys, house, port; and the way back on SIGTERM or SIGINT. */

/** sysexits.h EX_CONFIG: a supervisor need not try again. */
const EXIT_CONFIGURATION = 78
const EXIT_FAILURE = 1
/** Milliseconds for a client to send its headers, and its whole request; Node's own are 60 s and 300 s. */
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
const MAXIMUM_CONNECTIONS = 5_000
/** Milliseconds for what is under way to end before sockets are cut. */
const DRAIN_MS = 10_000

/** Asked every few seconds by whatever watches the process. */
const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])

async function main(): Promise<void> {
  growHeapSlowly()
  const config = loadConfig(readEnvironment())
  await checkApps(config)
  const log = createLog({ level: config.logLevel })
  const database = await openDatabase(config, log)
  try {
    const keys = await openKeys(config, database, log)
    const house = await compose({ config, database, keys, log })
    const server = await listen(config, house)
    house.begin()
    log.info({ port: portOf(server), engine: database.engine }, 'Chaveiro is ready')
    process.stdout.write(`Chaveiro is ready on http://${hostOf(config)}:${portOf(server)}\n`)
    const memory = keepMemorySmall()
    server.on('request', ({ url }: IncomingMessage) => {
      if (!PROBES.has(url ?? '')) memory.noteWork()
    })
    stopOnSignal({ server, house, database, log })
  } catch (error) {
    await database.close()
    throw error
  }
}

async function listen(config: Config, house: House): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server: ServerType = serve(
      {
        fetch: house.app.fetch,
        createServer: ((options: ServerOptions, listener: RequestListener) =>
          createServer(options, (incoming, outgoing) =>
            house.enter(incoming, outgoing, () => listener(incoming, outgoing as never)),
          )) as typeof createServer,
        hostname: config.host,
        port: config.port,
        serverOptions: { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
      },
      () => resolve(server as Server),
    )
    ;(server as Server).maxConnections = MAXIMUM_CONNECTIONS
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      reject(taken ? new StartError(`Port ${config.port} is in use. Stop the other program, or set PORT.`) : error)
    })
  })
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function hostOf(config: Config): string {
  return config.host.includes(':') ? `[${config.host}]` : config.host
}

interface Running {
  readonly server: Server
  readonly house: House
  readonly database: Database
  readonly log: Log
}

function stopOnSignal({ server, house, database, log }: Running): void {
  let stopping = false
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'Stopping')
    house.stopAccepting()
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeIdleConnections()
    const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
    await house.endRuns()
    await closed
    clearTimeout(cut)
    await house.close()
    await database.close()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      stop(signal).catch((error: unknown) => {
        log.error({ error }, 'Stopping failed')
        process.exit(EXIT_FAILURE)
      })
    })
  }
}

main().catch((error: unknown) => {
  // What an operator can mend is said in words; anything else is a bug and shows where.
  const isSetting = error instanceof ConfigError || error instanceof UnknownModelError
  const expected = isSetting || error instanceof StartError
  process.stderr.write(`${expected ? error.message : String(error instanceof Error ? error.stack : error)}\n`)
  const isConfiguration = isSetting || (error instanceof StartError && error.isConfiguration)
  process.exit(isConfiguration ? EXIT_CONFIGURATION : EXIT_FAILURE)
})
