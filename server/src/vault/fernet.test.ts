import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase64Url, decryptFernet, encodeBase64Url, encryptFernet, fernetKey, type FernetKey } from './fernet.ts'

const vectors = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../test/fixtures/vectors/fernet/${name}.json`, import.meta.url), 'utf8'))

const key = (text: string): FernetKey => fernetKey(Buffer.from(text, 'base64url'))

interface SpecificationCase {
  readonly desc?: string
  readonly token: string
  readonly now: string
  readonly iv: readonly number[]
  readonly ttl_sec: number
  readonly src: string
  readonly secret: string
}

const specification = (name: string): SpecificationCase[] => vectors(name) as SpecificationCase[]

describe('the vectors of the specification', () => {
  it.each(specification('generate'))('generates $token', ({ secret, src, now, iv, token }) => {
    expect(encryptFernet(key(secret), Buffer.from(src), new Date(now), Buffer.from(iv))).toBe(token)
  })

  it.each(specification('verify'))('verifies $token', ({ secret, src, now, ttl_sec, token }) => {
    expect(decryptFernet(key(secret), token, { ttlSeconds: ttl_sec, now: new Date(now) })?.toString()).toBe(src)
  })

  it.each(specification('invalid'))('refuses: $desc', ({ secret, now, ttl_sec, token }) => {
    expect(decryptFernet(key(secret), token, { ttlSeconds: ttl_sec, now: new Date(now) })).toBeUndefined()
  })

  it('has all of them', () => {
    expect(specification('generate').length + specification('verify').length).toBe(2)
    expect(specification('invalid')).toHaveLength(8)
  })
})

interface InteropCase {
  readonly name: string
  readonly keys: readonly string[]
  readonly token: string
  readonly created_unix: number
  readonly plaintext_base64: string
  readonly iv_hex?: string
}

const interop = vectors('python-interop') as {
  keys: Record<string, string>
  tokens: InteropCase[]
  invalid: InteropCase[]
  lenient_input: InteropCase[]
}

const keysOf = (names: readonly string[]): FernetKey[] => names.map((name) => key(interop.keys[name] ?? ''))
const openWithAny = (vector: InteropCase): Buffer[] =>
  keysOf(vector.keys)
    .map((each) => decryptFernet(each, vector.token))
    .filter((opened) => opened !== undefined)

describe('tokens of Python', () => {
  it('has all of them', () => {
    expect([interop.tokens.length, interop.invalid.length, interop.lenient_input.length]).toEqual([20, 12, 5])
  })

  it.each(interop.tokens)('opens $name', (vector) => {
    expect(openWithAny(vector).map((opened) => opened.toString('base64'))).toEqual([vector.plaintext_base64])
  })

  it.each(interop.tokens.filter((vector) => vector.iv_hex !== undefined))('writes $name alike', (vector) => {
    const [primary] = keysOf(vector.keys)
    const plaintext = Buffer.from(vector.plaintext_base64, 'base64')
    const at = new Date(vector.created_unix * 1000)
    expect(encryptFernet(primary as FernetKey, plaintext, at, Buffer.from(vector.iv_hex ?? '', 'hex'))).toBe(
      vector.token,
    )
  })

  it.each(interop.invalid)('refuses: $name', (vector) => {
    expect(openWithAny(vector)).toEqual([])
  })

  it.each(interop.lenient_input)('is stricter than Python: $name', (vector) => {
    expect(openWithAny(vector)).toEqual([])
  })
})

describe('a token', () => {
  const secret = key('gMcDKyrRMPsxGl-wl2Yp1xxSZlug6fg-uEx8on8qgBg=')

  it('comes back as it went in, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (plaintext) => {
        const opened = decryptFernet(secret, encryptFernet(secret, plaintext))
        expect(opened).toEqual(Buffer.from(plaintext))
      }),
    )
  })

  it('does not open with any one bit of it changed', () => {
    const bytes = Buffer.from(encryptFernet(secret, Buffer.from('{"api_key":"ntn_test"}')), 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(decryptFernet(secret, encodeBase64Url(changed))).toBeUndefined()
    }
  })

  it('of another version is refused, even where the key signed it', () => {
    const bytes = Buffer.from(encryptFernet(secret, Buffer.from('x')), 'base64url')
    const signed = bytes.subarray(0, -32)
    const sealAgain = (): string => {
      const tag = createHmac('sha256', secret.signing).update(signed).digest()
      return encodeBase64Url(Buffer.concat([signed, tag]))
    }
    expect(decryptFernet(secret, sealAgain())?.toString()).toBe('x')
    signed[0] = 0x81
    expect(decryptFernet(secret, sealAgain())).toBeUndefined()
  })

  it('never repeats its initialisation vector', () => {
    const at = new Date(0)
    const tokens = new Set(Array.from({ length: 200 }, () => encryptFernet(secret, Buffer.from('same'), at)))
    expect(tokens.size).toBe(200)
  })

  it('is held to its age only where that is asked for', () => {
    const at = new Date('2026-01-01T00:00:00Z')
    const token = encryptFernet(secret, Buffer.from('x'), at)
    const opens = (secondsLater: number) =>
      decryptFernet(secret, token, { ttlSeconds: 60, now: new Date(at.getTime() + secondsLater * 1000) }) !== undefined
    expect([-61, -60, 0, 60, 61].map(opens)).toEqual([false, true, true, true, false])
    expect(decryptFernet(secret, token)?.toString()).toBe('x')
  })

  it('needs a key of 32 bytes', () => {
    expect(() => fernetKey(Buffer.alloc(31))).toThrow('32 bytes')
  })
})

describe('strict base64url', () => {
  it.each(['%%%%QUJD', 'QUJD\n', ' QUJD', 'QUJ', 'QUI', 'QUJ=', 'QUI==', 'QQ=', 'Q', 'QR==', 'Q/Q=', 'Q+Q='])(
    'refuses %j',
    (text) => {
      expect(decodeBase64Url(text)).toBeUndefined()
    },
  )

  it.each([
    ['', ''],
    ['QQ==', 'A'],
    ['QUI=', 'AB'],
    ['QUJD', 'ABC'],
  ])('reads %j', (text, plain) => {
    expect(decodeBase64Url(text)?.toString()).toBe(plain)
  })
})
