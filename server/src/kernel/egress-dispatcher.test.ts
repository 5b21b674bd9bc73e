import type { LookupAddress } from 'node:dns'
import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'
import { describe, expect, it } from 'vitest'
import { isPublicAddress } from './addresses.ts'
import { checkedLookup, guardedConnect } from './egress-dispatcher.ts'

const addresses = (...texts: string[]): LookupAddress[] =>
  texts.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

/** What the runtime would connect to, or the reason for refusing. */
function lookedUp(answer: () => LookupAddress[], all = true): Promise<unknown> {
  const lookup = checkedLookup(() => Promise.resolve(answer()), isPublicAddress)
  return new Promise((fulfil) => {
    lookup('rebind.example.com', { all }, (error, found) => {
      fulfil(error === null ? found : 'reason' in error ? error.reason : error)
    })
  })
}

describe('the look-up', () => {
  it('gives back the very addresses that it checked', async () => {
    const found = addresses('1.1.1.1', '2606:4700:4700::1111')
    expect(await lookedUp(() => found)).toEqual(found)
    expect(await lookedUp(() => found, false)).toBe('1.1.1.1')
  })

  it.each([
    [['127.0.0.1']],
    [['1.1.1.1', '127.0.0.1']],
    [['10.0.0.1', '1.1.1.1']],
    [['1.1.1.1', '::ffff:10.0.0.1']],
    [['1.1.1.1', '64:ff9b::7f00:1']],
    [['169.254.169.254']],
    [['fe80::1%1']],
    [['not an address']],
  ])('refuses %j', async (texts) => {
    expect(await lookedUp(() => addresses(...texts))).toBe('private_address')
  })

  it('checks every answer of a name that flips', async () => {
    const answers = [['1.1.1.1'], ['127.0.0.1'], ['1.1.1.1'], ['192.168.0.1']]
    const flip = () => addresses(...(answers.shift() ?? []))
    expect([await lookedUp(flip), await lookedUp(flip), await lookedUp(flip), await lookedUp(flip)]).toEqual([
      addresses('1.1.1.1'),
      'private_address',
      addresses('1.1.1.1'),
      'private_address',
    ])
    expect(await lookedUp(flip)).toBe('no_address')
  })

  it('passes on the failure of the resolver', async () => {
    const failure = new Error('ENOTFOUND')
    const lookup = checkedLookup(() => Promise.reject(failure), isPublicAddress)
    const error = await new Promise((fulfil) => lookup('x.example', { all: true }, fulfil))
    expect(error).toBe(failure)
  })
})

describe('the connection', () => {
  const attempt = (hostname: string, peer?: { remoteAddress?: string }): Promise<unknown> => {
    let isDestroyed = false
    const socket = { ...peer, destroy: () => void (isDestroyed = true) } as unknown as Socket
    const connect: buildConnector.connector = (_options, callback) => callback(null, socket)
    return new Promise((fulfil) => {
      guardedConnect(connect)({ hostname, protocol: 'https:', port: '443' }, (error, connected) => {
        if (connected !== null) fulfil('connected')
        else fulfil({ reason: 'reason' in error ? error.reason : error, isDestroyed })
      })
    })
  }

  it.each(['127.0.0.1', '[::1]', '::1', '[::ffff:127.0.0.1]', '169.254.169.254'])(
    'is not even tried to the literal %s, which no look-up sees',
    async (hostname) => {
      expect(await attempt(hostname, { remoteAddress: '1.1.1.1' })).toEqual({
        reason: 'private_address',
        isDestroyed: false,
      })
    },
  )

  it.each([['127.0.0.1'], ['::ffff:10.0.0.1'], [undefined]])(
    'is dropped where its other end turns out to be %s',
    async (remoteAddress) => {
      const peer = remoteAddress === undefined ? {} : { remoteAddress }
      expect(await attempt('example.com', peer)).toEqual({ reason: 'private_peer', isDestroyed: true })
    },
  )

  it('stands where its other end is public', async () => {
    expect(await attempt('example.com', { remoteAddress: '93.184.216.34' })).toBe('connected')
  })

  it('passes on the failure of the connector', async () => {
    const failure = new Error('refused')
    const connect = (_options: unknown, callback: (error: Error) => void) => callback(failure)
    const guarded = guardedConnect(connect as unknown as buildConnector.connector)
    const error = await new Promise((fulfil) => {
      guarded({ hostname: 'example.com', protocol: 'https:', port: '443' }, (...outcome) => fulfil(outcome[0]))
    })
    expect(error).toBe(failure)
  })
})
