import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** For clients that cannot send a token: adds one to whatever passes, and keeps everything else, Host and Origin too. */
export interface BearerProxy extends AsyncDisposable {
  readonly url: string
}

export async function startBearerProxy(target: string, token: string): Promise<BearerProxy> {
  const server = createServer((incoming, answer) => {
    const headers = { ...incoming.headers, authorization: `Bearer ${token}` }
    const outgoing = request(`${target}${incoming.url}`, { method: incoming.method, headers }, (answered) => {
      answer.writeHead(answered.statusCode ?? 0, answered.headers)
      answered.pipe(answer)
    })
    outgoing.on('error', () => answer.destroy())
    answer.on('close', () => outgoing.destroy()) // a client that leaves, leaves the server as well
    incoming.pipe(outgoing)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
