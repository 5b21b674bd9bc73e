import { beforeEach, describe, expect, it } from 'vitest'
import type { ApiTokenOwner } from './api-token-store.ts'
import { createTokenCache, type TokenCache } from './token-cache.ts'

const ROW: ApiTokenOwner = {
  id: 1,
  user_id: 1,
  name: 'laptop',
  token_hash: 'hash',
  scopes: [],
  expires_at: null,
  last_used_at: null,
  revoked_at: null,
  created_at: new Date(),
  role: 'user',
  banned: false,
  ban_expires: null,
}

describe('token cache', () => {
  let cache: TokenCache
  let now = 0

  beforeEach(() => {
    now = 1_000_000
    cache = createTokenCache({ now: () => new Date(now) })
  })

  it('keeps a row for five seconds', () => {
    cache.beginLookup()('hash', ROW)
    now += 4_999
    expect(cache.get('hash')).toBe(ROW)
    now += 1
    expect(cache.get('hash')).toBeUndefined()
  })

  it('forgets one user, or everybody', () => {
    const keep = cache.beginLookup()
    keep('of one', ROW)
    keep('of two', { ...ROW, user_id: 2 })
    cache.forget(1)
    expect([cache.get('of one'), cache.get('of two')?.user_id]).toEqual([undefined, 2])
    cache.forget(null)
    expect(cache.get('of two')).toBeUndefined()
  })

  it('does not keep what was looked up before a change and arrived after it', () => {
    const keep = cache.beginLookup()
    cache.forget(1)
    keep('hash', ROW)
    expect(cache.get('hash')).toBeUndefined()
    cache.beginLookup()('hash', ROW)
    expect(cache.get('hash')).toBe(ROW)
  })

  it('holds ten thousand rows, the newest', () => {
    const keep = cache.beginLookup()
    for (let index = 0; index <= 10_000; index += 1) keep(`hash ${index}`, ROW)
    expect([cache.get('hash 0'), cache.get('hash 1'), cache.get('hash 10000')]).toEqual([undefined, ROW, ROW])
  })
})
