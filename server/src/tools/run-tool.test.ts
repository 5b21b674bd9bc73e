import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { setImmediate as nextRound } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { createEgress } from '#kernel/egress.ts'
import { startLocalServer } from '#test/support/local-server.ts'
import { afterSending } from './run-tool.ts'

/** Told by the network library when the head of a request has gone to its socket. */
const SENT = 'undici:client:sendHeaders'

let sent = 0
const count = () => void (sent += 1)
afterEach(() => unsubscribe(SENT, count))

it('lets a request over a connection that was used before go out first', async () => {
  await using provider = await startLocalServer((_request, response) => response.end('{}'))
  const egress = createEgress({ allowedHosts: [provider.host] })
  const ask = egress.bind({ hosts: [provider.host], purpose: 'provider' })
  await ask(`http://${provider.host}/`)
  await nextRound() // the connection is free again
  subscribe(SENT, count)
  const asked = ask(`http://${provider.host}/`)
  expect(sent).toBe(0)
  await afterSending()
  expect(sent).toBe(1)
  await asked
  await egress.close()
})
