import { expect, it } from 'vitest'
import { createEgress } from '#kernel/egress.ts'
import { send, sendingAs } from './sending.ts'
import { isUsableAddress } from './server-address.ts'

const ORIGIN = 'https://tools.example'

it('puts the key of a call on what goes to its own server, and on nothing else', async () => {
  const sent: (string | null)[][] = []
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    sent.push([new Request(input).url, new Headers(init?.headers).get('authorization')])
    return new Response(null, { status: 202 })
  }
  const access = { credential: { access_token: 'key' }, fetch, signal: new AbortController().signal }
  const addresses = [`${ORIGIN}/mcp`, 'https://other.example/mcp', 'https://tools.example:8443/mcp']
  await sendingAs(access, async () => {
    for (const address of addresses) await send(ORIGIN, address, { method: 'POST' })
  })
  expect(sent).toEqual(addresses.map((address, at) => [address, at === 0 ? 'Bearer key' : null]))
})

it('sends nothing outside of a call', async () => {
  await expect(send(ORIGIN, `${ORIGIN}/mcp`)).rejects.toThrow(/outside of a call/)
})

it('takes no address with a fragment from a server', async () => {
  const egress = createEgress()
  const isUsable = (address: string) => isUsableAddress(egress.open(), address)
  expect([isUsable(`${ORIGIN}/authorize`), isUsable(`${ORIGIN}/authorize#at`)]).toEqual([true, false])
  await egress.close()
})
