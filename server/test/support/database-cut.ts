import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/** The way to a PostgreSQL, which can be cut: open connections break and new ones are refused. */
export interface DatabaseCut {
  /** The address to use in place of the database's own. */
  readonly url: string
  readonly cut: () => void
  readonly mend: () => void
  readonly close: () => Promise<void>
}

const HOST = '127.0.0.1'

export async function openDatabaseCut(databaseUrl: string): Promise<DatabaseCut> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    if (isCut) {
      near.destroy()
      return
    }
    const far = connect(Number(target.port), target.hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve))
  const url = new URL(databaseUrl)
  url.hostname = HOST
  url.port = String((server.address() as AddressInfo).port)
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: url.href,
    cut() {
      isCut = true
      drop()
    },
    mend() {
      isCut = false
    },
    async close() {
      drop()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
