import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createKeySet, type KeySet } from './key-set.ts'

const MINUTE_MS = 60_000

describe('the keys of an issuer', () => {
  let first: JWK
  let second: JWK
  let now: number
  let shown: JWK[] | Error
  let asked: number
  let failures: unknown[]
  let keys: KeySet

  beforeAll(async () => {
    const make = async (kid: string) => {
      const { publicKey } = await generateKeyPair('ES256', { extractable: true })
      return { ...(await exportJWK(publicKey)), kid }
    }
    ;[first, second] = [await make('first'), await make('second')]
  })
  beforeEach(() => {
    now = 1_000_000
    shown = [first]
    asked = 0
    failures = []
    keys = createKeySet({
      clock: { now: () => new Date(now) },
      onFailure: (error) => void failures.push(error),
      fetchKeys: async () => {
        asked += 1
        if (shown instanceof Error) throw shown
        return shown
      },
    })
  })

  const ask = async (kid: string | undefined) => {
    try {
      await keys.keyFor({ alg: 'ES256', ...(kid === undefined ? {} : { kid }) })
      return 'found'
    } catch (error) {
      return (error as Error).name
    }
  }

  it('are asked for once, also by many at the same moment', async () => {
    expect(await Promise.all(Array.from({ length: 20 }, () => ask('first')))).toEqual(Array(20).fill('found'))
    expect(await ask('first')).toBe('found')
    expect(asked).toBe(1)
  })

  it('are asked for again after ten minutes, and a withdrawn one is gone', async () => {
    await ask('first')
    shown = [second]
    now += 10 * MINUTE_MS
    expect(await ask('first')).toBe('found')
    now += 1
    expect(await ask('first')).toBe('JWKSNoMatchingKey')
    expect(await ask('second')).toBe('found')
  })

  it('follow a rotation at once', async () => {
    await ask('first')
    shown = [first, second]
    now += MINUTE_MS
    expect(await ask('second')).toBe('found')
    expect(asked).toBe(2)
  })

  it('are not asked for by a flood of made-up ids', async () => {
    await ask('first')
    now += MINUTE_MS
    const names = await Promise.all(Array.from({ length: 500 }, (_, index) => ask(`made up ${index}`)))
    expect(new Set(names)).toEqual(new Set(['JWKSNoMatchingKey']))
    expect(asked).toBe(2)
    for (let second_ = 0; second_ < 9; second_ += 1) {
      now += 1_000
      await ask(`another ${second_}`)
    }
    expect(asked).toBe(2)
    now += 1_000
    await ask('and one more')
    expect(asked).toBe(3)
    expect(await ask('first')).toBe('found')
  })

  it('are used for an hour while the issuer does not answer, and it is asked every five seconds', async () => {
    await ask('first')
    shown = new Error('down')
    now += 60 * MINUTE_MS
    expect(await ask('first')).toBe('found')
    now += 1
    expect([await ask('first'), await ask('first')]).toEqual(['KeysUnavailableError', 'KeysUnavailableError'])
    expect(asked).toBe(2)
    now += 4_999
    await ask('first')
    expect(asked).toBe(3)
    shown = [first]
    now += 5_000
    expect(await ask('first')).toBe('found')
    expect(failures).toHaveLength(2)
  })

  it('cannot be told before the issuer has answered once', async () => {
    shown = new Error('down')
    expect(await ask('first')).toBe('KeysUnavailableError')
  })

  it('need an id where several fit', async () => {
    expect(await ask(undefined)).toBe('found')
    shown = [first, second]
    now += 11 * MINUTE_MS
    expect(await ask(undefined)).toBe('JWKSMultipleMatchingKeys')
  })

  it('are only those that are public and strong', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    shown = [
      { ...(await exportJWK(privateKey)), kid: 'private' },
      { kty: 'oct', k: 'c2VjcmV0', kid: 'shared' },
      { kty: 'RSA', n: 'x'.repeat(171), e: 'AQAB', kid: 'short' },
      { kty: 'EC', crv: 'P-256', x: 'not', y: 'a point', kid: 'broken' },
      { ...first, kid: 'for encryption', use: 'enc' },
      first,
    ]
    for (const kid of ['private', 'shared', 'short', 'broken', 'for encryption'])
      expect([kid, await ask(kid)]).toEqual([kid, 'JWKSNoMatchingKey'])
    expect(await ask('first')).toBe('found')
    expect(failures.length).toBeGreaterThan(0)
  })
})
