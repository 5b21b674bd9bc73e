import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'

/** A real server on the loopback, standing for another party; it counts what reaches it. */
export interface LocalServer extends AsyncDisposable {
  readonly port: number
  /** `127.0.0.1:port` */
  readonly host: string
  /** Connections accepted so far. */
  readonly connections: () => number
  readonly requests: readonly IncomingMessage[]
}

export interface TlsFiles {
  readonly key: string | Buffer
  readonly cert: string | Buffer
}

/** Milliseconds: on a busy machine a connection must not end just as it is used again. */
const KEEP_ALIVE_MS = 60_000

/** Listens on a free port until it is disposed of. */
export async function startLocalServer(answer: RequestListener, tls?: TlsFiles): Promise<LocalServer> {
  const requests: IncomingMessage[] = []
  const listener: RequestListener = (request, response) => {
    requests.push(request)
    answer(request, response)
  }
  const keepAliveTimeout = KEEP_ALIVE_MS
  return listen(
    tls === undefined
      ? createServer({ keepAliveTimeout }, listener)
      : createSecureServer({ ...tls, keepAliveTimeout }, listener),
    requests,
  )
}

/** The same for a server that speaks raw TCP. */
export async function listen(server: Server, requests: readonly IncomingMessage[] = []): Promise<LocalServer> {
  const sockets = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    host: `127.0.0.1:${port}`,
    connections: () => connections,
    requests,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
