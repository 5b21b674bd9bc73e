import { describe, expect, it } from 'vitest'
import { allowedOrigins, isNotForeign, isOwnRequest } from './same-origin.ts'

const OWN = 'https://chaveiro.example'
const allowed = allowedOrigins(OWN)

const FOREIGN = [
  ['https://evil.example', undefined],
  ['https://evil.example', 'cross-site'],
  [OWN, 'cross-site'],
  [OWN, 'same-site'],
  [OWN, 'none'],
  ['null', undefined],
  ['null', 'same-origin'],
  ['', undefined],
  ['https://chaveiro.example.evil.example', undefined],
  ['http://chaveiro.example', undefined],
  ['https://chaveiro.example:8443', undefined],
  ['https://sub.chaveiro.example', 'same-site'],
  [undefined, 'cross-site'],
  [undefined, 'same-site'],
  [undefined, 'none'],
] as const

const OURS = [
  [OWN, 'same-origin'],
  [OWN, undefined],
  [undefined, 'same-origin'],
] as const

describe.each(['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'])('%s with the session cookie', (method) => {
  it.each(OURS)('from origin %s, site %s is ours', (origin, site) => {
    expect(isOwnRequest({ method, origin, site }, allowed)).toBe(true)
  })

  it.each(FOREIGN)('from origin %s, site %s is not', (origin, site) => {
    expect(isOwnRequest({ method, origin, site }, allowed)).toBe(false)
  })

  it('without any sign of its origin is not', () => {
    expect(isOwnRequest({ method, origin: undefined, site: undefined }, allowed)).toBe(false)
  })
})

describe.each(['GET', 'HEAD', 'OPTIONS'])('%s with the session cookie', (method) => {
  it.each(FOREIGN)('is let through from origin %s, site %s, for it changes nothing', (origin, site) => {
    expect(isOwnRequest({ method, origin, site }, allowed)).toBe(true)
  })
})

describe('a request with its own credential', () => {
  it('is let through from a program', () => {
    expect(isNotForeign({ method: 'POST', origin: undefined, site: undefined }, allowed)).toBe(true)
  })

  it.each(FOREIGN)('is refused from origin %s, site %s', (origin, site) => {
    expect(isNotForeign({ method: 'POST', origin, site }, allowed)).toBe(false)
  })
})

describe('allowedOrigins', () => {
  it.each([
    ['https://chaveiro.example', [], ['https://chaveiro.example']],
    [
      'https://chaveiro.example/',
      ['https://console.example/app'],
      ['https://chaveiro.example', 'https://console.example'],
    ],
    ['http://localhost:8001', [], ['http://localhost:8001', 'http://127.0.0.1:8001', 'http://[::1]:8001']],
    ['http://[::1]:8001', [], ['http://localhost:8001', 'http://127.0.0.1:8001', 'http://[::1]:8001']],
  ])('of %s and %o', (publicUrl, trusted, expected) => {
    expect([...allowedOrigins(publicUrl, trusted)]).toEqual(expected)
  })
})
