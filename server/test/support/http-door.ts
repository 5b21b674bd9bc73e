import { Pool } from 'undici'

/** One origin over a pool of kept-alive connections: the client that adds the least to what is measured. */
export interface HttpDoor {
  readonly post: (path: string, headers: Readonly<Record<string, string>>, body: string) => Promise<HttpReply>
  readonly close: () => Promise<void>
}

export interface HttpReply {
  readonly status: number
  readonly text: string
  /** @param name in small letters */
  readonly header: (name: string) => string | undefined
}

/** More than any number of callers that are let loose at once. */
const CONNECTIONS = 64

export function openHttpDoor(origin: string): HttpDoor {
  const pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1 })
  return {
    async post(path, headers, body) {
      const answer = await pool.request({ path, method: 'POST', headers, body })
      const text = await answer.body.text()
      return { status: answer.statusCode, text, header: (name) => [answer.headers[name]].flat()[0] }
    },
    close: () => pool.close(),
  }
}
