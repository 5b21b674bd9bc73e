import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Control } from '../control/control.ts'
import { bodyLimits } from '../core/body-limits.ts'
import type { EmulatorRequest, EmulatorResponse } from '../core/handle.ts'
import { readBody } from './body.ts'
import { controlListener } from './control-http.ts'

/** Where to listen. */
export interface ListenOptions {
  /** 0, the default, takes a free port. */
  port?: number
  host?: string
  /** Opens the control plane on this port (0 takes a free one). It needs `controlSecret`. */
  controlPort?: number
  /** Bearer secret of the control plane. */
  controlSecret?: string
}

/** A server that answers. */
export interface RunningServer {
  /** Base of the API without `/v1`, e.g. `http://127.0.0.1:8090`. */
  url: string
  /** Base of the control plane, or null when it was not asked for. */
  controlUrl: string | null
  /** Stops both, open connections included. */
  close: () => Promise<void>
}

const DEFAULT_HOST = '127.0.0.1'
/** Serves the API and, when asked for, the control plane. */
export async function listen(
  answer: (request: EmulatorRequest) => EmulatorResponse,
  control: Control,
  options: ListenOptions,
): Promise<RunningServer> {
  const { port = 0, host = DEFAULT_HOST, controlPort, controlSecret } = options
  if (controlPort !== undefined && (controlSecret === undefined || controlSecret === '')) {
    throw new TypeError('The control plane needs a controlSecret.')
  }
  const api = await open(apiListener(answer), port, host)
  try {
    const plane =
      controlPort === undefined ? null : await open(controlListener(control, controlSecret ?? ''), controlPort, host)
    return {
      url: urlOf(api, host),
      controlUrl: plane === null ? null : urlOf(plane, host),
      close: async () => {
        await Promise.all([close(api), ...(plane === null ? [] : [close(plane)])])
      },
    }
  } catch (error) {
    await close(api)
    throw error
  }
}

function apiListener(answer: (request: EmulatorRequest) => EmulatorResponse): RequestListener {
  return (incoming, outgoing) => {
    const path = incoming.url ?? '/'
    readBody(incoming, bodyLimits(path).read)
      .then((body) => {
        const headers = Object.fromEntries(
          Object.entries(incoming.headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.join(', ') : (value ?? ''),
          ]),
        )
        const content = /^multipart\//i.test(headers['content-type'] ?? '')
          ? { body: '', bytes: body }
          : { body: body.toString('utf8') }
        send(
          outgoing,
          answer({ method: incoming.method ?? 'GET', path, headers, origin: originOf(incoming), ...content }),
        )
      })
      .catch(() => outgoing.destroy())
  }
}

const HOST = /^[\w.-]+(?::\d+)?$|^\[[\da-f:]+\](?::\d+)?$/i

/** The address as the caller wrote it, so that addresses in answers lead back here. */
function originOf(incoming: IncomingMessage): string {
  const { host = '' } = incoming.headers
  return `http://${HOST.test(host) ? host : `${DEFAULT_HOST}:${incoming.socket.localPort ?? ''}`}`
}

function send(outgoing: ServerResponse, response: EmulatorResponse): void {
  if (response.transport?.reset === true) {
    outgoing.socket?.resetAndDestroy()
    return
  }
  const write = (): void => {
    outgoing.writeHead(response.status, response.headers)
    outgoing.end(response.bytes ?? response.body)
  }
  const delay = response.transport?.delayMs
  if (delay === undefined) write()
  else setTimeout(write, delay).unref()
}

async function open(listener: RequestListener, port: number, host: string): Promise<Server> {
  const server = createServer(listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return server
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
