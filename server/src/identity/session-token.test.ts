import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openSessionToken } from './session-token.ts'

const SECRET = 'a test secret that is long enough for HMAC-SHA256'
const sign = (token: string, secret = SECRET) => createHmac('sha256', secret).update(token).digest('base64')
const SIGNED = `stored-token.${sign('stored-token')}`

describe('openSessionToken', () => {
  it('gives the stored token of a right signature', () => {
    expect(openSessionToken(SIGNED, SECRET)).toBe('stored-token')
  })

  it('takes it as a cookie has it', () => {
    expect(openSessionToken(encodeURIComponent(SIGNED), SECRET)).toBe('stored-token')
  })

  it.each([
    ['nothing', ''],
    ['the stored token alone', 'stored-token'],
    ['no signature', 'stored-token.'],
    ['no token', `.${sign('')}`],
    ['a signature of another token', `stored-token.${sign('other-token')}`],
    ['a signature under another secret', `stored-token.${sign('stored-token', 'x'.repeat(32))}`],
    ['a shortened signature', SIGNED.slice(0, -8)],
    ['a lengthened signature', `stored-token.${sign('stored-token').slice(0, -1)}AAAA=`],
    ['broken percent-encoding', `${SIGNED}%`],
    ['another token with the signature kept', SIGNED.replace('stored', 'forged')],
  ])('opens nothing for %s', (_what, token) => {
    expect(openSessionToken(token, SECRET)).toBeNull()
  })
})
