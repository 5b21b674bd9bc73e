import { expect, test } from 'vitest'
import { hashOf, openPayload, sealPayload } from './record-seal.ts'

const PAYLOAD = { clientId: 'one', accountId: '7', jti: 'the secret itself' }

test('a payload opens with its identifier, for its model, and with nothing else', () => {
  const sealed = sealPayload('RefreshToken', 'the secret itself', PAYLOAD)
  expect(openPayload('RefreshToken', 'the secret itself', sealed)).toEqual(PAYLOAD)
  expect(openPayload('RefreshToken', 'another secret', sealed)).toBeUndefined()
  expect(openPayload('AuthorizationCode', 'the secret itself', sealed)).toBeUndefined()
  expect(openPayload('RefreshToken', hashOf('the secret itself'), sealed)).toBeUndefined()
})

test('a changed, cut or empty row does not open', () => {
  const sealed = sealPayload('Grant', 'id', PAYLOAD)
  const bytes = Buffer.from(sealed, 'base64url')
  for (const index of [0, 12, 28, bytes.length - 1]) {
    const changed = Buffer.from(bytes)
    changed[index] = (changed[index] ?? 0) ^ 1
    expect(openPayload('Grant', 'id', changed.toString('base64url'))).toBeUndefined()
  }
  expect(openPayload('Grant', 'id', sealed.slice(0, 20))).toBeUndefined()
  expect(openPayload('Grant', 'id', '')).toBeUndefined()
})

test('nothing of it can be read, and two rows of one payload differ', () => {
  const sealed = sealPayload('Grant', 'id', PAYLOAD)
  expect(Buffer.from(sealed, 'base64url').includes('secret')).toBe(false)
  expect(sealPayload('Grant', 'id', PAYLOAD)).not.toBe(sealed)
})

test('a hash is SHA-256 in hex', () => {
  expect(hashOf('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
