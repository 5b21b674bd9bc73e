import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deliverToLoopback } from './deliver.ts'

describe('delivery by real HTTP', () => {
  const server = createServer((incoming, outgoing) => {
    if (incoming.url === '/away') outgoing.writeHead(302, { location: '/hook' }).end()
    else outgoing.writeHead(incoming.method === 'POST' ? 202 : 405).end('thanks')
  })
  let port: number

  beforeEach(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })

  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  it.each(['127.0.0.1', '127.1', 'localhost', '2130706433'])('goes to this machine, called %s', async (host) => {
    expect(await deliverToLoopback(`http://${host}:${port}/hook`, {}, '{}')).toMatchObject({ status: 202 })
  })

  it('does not go where a receiver sends it on', async () => {
    expect(await deliverToLoopback(`http://127.0.0.1:${port}/away`, {}, '{}')).toMatchObject({ status: 302 })
  })

  it.each([
    'https://example.com/hook',
    'http://localhost.example.com/',
    'http://127.0.0.1.example.com/',
    'http://10.0.0.1/',
    'http://0.0.0.0/',
    'http://169.254.169.254/',
    'http://[::ffff:10.0.0.1]/',
    'http://user@example.com/',
  ])('goes nowhere else: %s', async (url) => {
    await expect(deliverToLoopback(url, {}, '{}')).rejects.toThrow(RangeError)
  })
})
