import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { claimPort } from './port.ts'

const HOST = '127.0.0.1'

test('finds a free port, and leaves it free', async () => {
  const port = await claimPort(HOST, 0)
  expect(port).toBeGreaterThan(0)
  expect(await claimPort(HOST, port)).toBe(port)
})

test('says in words that a port is taken, and what to do', async () => {
  const neighbour = createServer()
  await new Promise<void>((resolve) => neighbour.listen(0, HOST, resolve))
  const { port } = neighbour.address() as AddressInfo
  await expect(claimPort(HOST, port)).rejects.toThrow(`Port ${port} is in use`)
  const advice = `PORT=${port + 1} CHAVEIRO_DATA_DIR=data/demo-${port + 1} npm run demo`
  await expect(claimPort(HOST, port)).rejects.toThrow(advice)
  await new Promise((resolve) => neighbour.close(resolve))
})
