import { describe, expect, it } from 'vitest'
import { digestOfGrant, expiryOf, isDue, renewedCredential } from './renewal.ts'

const NOW = new Date('2026-11-22T12:00:00Z')
const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000)

describe('when access is renewed', () => {
  const credential = { access_token: 'a', refresh_token: 'r', expires_at: after(3_600).toISOString() }

  it('is spread between three fifths of its time and a little before its end', () => {
    expect(expiryOf(credential, NOW, () => 0)).toEqual({ expires_at: after(3_600), refresh_at: after(2_160) })
    expect(expiryOf(credential, NOW, () => 1)).toEqual({ expires_at: after(3_600), refresh_at: after(3_060) })
  })

  it('is never for what does not end, or cannot be renewed', () => {
    expect(expiryOf({ api_key: 'k' }, NOW)).toEqual({ expires_at: null, refresh_at: null })
    expect(expiryOf({ ...credential, refresh_token: undefined }, NOW)).toEqual({
      expires_at: after(3_600),
      refresh_at: null,
    })
    expect(expiryOf({ ...credential, expires_at: 'soon' }, NOW).expires_at).toBeNull()
  })

  it.each([
    ['no end', null, null, false],
    ['an hour', 3_600, 2_000, false],
    ['a minute', 60, -100, true],
    ['a second ago', -1, null, true],
    ['a short life that has just begun', 30, 20, false],
    ['a short life at its end', 30, -1, true],
  ])('by a call with %s left', (_name, expires, refresh, expected) => {
    const row = {
      expires_at: expires === null ? null : after(expires),
      refresh_at: refresh === null ? null : after(refresh),
    }
    expect(isDue(row, NOW)).toBe(expected)
  })
})

describe('the renewed credential', () => {
  const before = { access_token: 'a', refresh_token: 'r', expires_at: NOW.toISOString(), team: 't' }

  it('keeps what the answer does not name, but for an end that is over', () => {
    expect(renewedCredential(before, { access_token: 'b' })).toEqual({
      access_token: 'b',
      refresh_token: 'r',
      team: 't',
    })
  })

  it('is told from another grant by its refresh token', () => {
    expect(digestOfGrant({ ...before, access_token: 'b' })).toBe(digestOfGrant(before))
    expect(digestOfGrant({ ...before, refresh_token: 's' })).not.toBe(digestOfGrant(before))
  })
})
