import { createHmac, hkdfSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { derive, deriveKey, generateKeyText, KEY_NOT_VALID, parseKeys } from './keys.ts'

const SPECIFICATION_KEY = 'cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4='

const details = (text: string): readonly string[] => {
  const outcome = parseKeys(text)
  return outcome.ok ? [] : outcome.problems.map((problem) => problem.detail)
}

const keyIds = (text: string): readonly string[] => {
  const outcome = parseKeys(text)
  return outcome.ok ? outcome.keys.map((key) => key.id) : []
}

describe('derivation', () => {
  it('gives the known answer', () => {
    const raw = () => Buffer.from(SPECIFICATION_KEY, 'base64url')
    expect(derive(raw(), 'mcp/fernet-bind/v1', 32).toString('hex')).toBe(
      'b083b5fb71310cbef604fa6b45202f1fa3b525001ca9b3337b8674ed30208c26',
    )
    expect(deriveKey(raw()).id).toBe('8d3314ef57af9401')
  })

  it('wipes the bytes it was given', () => {
    const raw = Buffer.from(SPECIFICATION_KEY, 'base64url')
    deriveKey(raw)
    expect(raw.every((byte) => byte === 0)).toBe(true)
  })

  it('holds nothing that can be printed', () => {
    const key = deriveKey(Buffer.from(SPECIFICATION_KEY, 'base64url'))
    const bytes = Buffer.from(SPECIFICATION_KEY, 'base64url')
    const printed = inspect(key, { depth: 10, showHidden: true }) + JSON.stringify(key)
    expect(printed).not.toContain(bytes.toString('hex'))
    expect(printed).not.toContain(bytes.toString('base64'))
    expect(JSON.parse(JSON.stringify(key))).toEqual({ signing: {}, encryption: {}, binding: {}, id: key.id })
  })

  interface HkdfCase {
    readonly test_case: number
    readonly hash: string
    readonly ikm: string
    readonly salt: string
    readonly info: string
    readonly length: number
    readonly prk: string
    readonly okm: string
  }
  const { tests } = JSON.parse(
    readFileSync(new URL('../../test/fixtures/vectors/hkdf/rfc5869.json', import.meta.url), 'utf8'),
  ) as { tests: HkdfCase[] }
  const hex = (text: string): Buffer => Buffer.from(text, 'hex')

  it.each(tests)('rests on a primitive that agrees with RFC 5869, case $test_case', (vector) => {
    const hash = vector.hash.replace('-', '').toLowerCase()
    const hashBytes = vector.prk.length / 2
    const salt = vector.salt === '' ? Buffer.alloc(hashBytes) : hex(vector.salt)
    expect(createHmac(hash, salt).update(hex(vector.ikm)).digest('hex')).toBe(vector.prk)
    const okm = hkdfSync(hash, hex(vector.ikm), hex(vector.salt), hex(vector.info), vector.length)
    expect(Buffer.from(okm).toString('hex')).toBe(vector.okm)
  })

  it('is that primitive with an empty salt', () => {
    const [vector] = tests.filter((each) => each.hash === 'SHA-256' && each.salt === '' && each.info === '')
    expect(derive(hex(vector?.ikm ?? ''), '', vector?.length ?? 0).toString('hex')).toBe(vector?.okm)
    expect(tests).toHaveLength(7)
  })
})

describe('a list of keys', () => {
  const [one, two, three] = [generateKeyText(), generateKeyText(), generateKeyText()]

  it('keeps its order: the first one writes', () => {
    expect(keyIds(`${one},${two}`)).toEqual([...keyIds(one), ...keyIds(two)])
    expect(keyIds(`${two},${one}`)).toEqual([...keyIds(two), ...keyIds(one)])
  })

  it('may have white space, empty items and a newline at its end', () => {
    expect(keyIds(`  ${one} ,\n${two},, ${three}\n`)).toEqual(keyIds(`${one},${two},${three}`))
  })

  it('may leave the padding out', () => {
    expect(keyIds(one.replaceAll('=', ''))).toEqual(keyIds(one))
  })

  it('holds eight at most', () => {
    const nine = Array.from({ length: 9 }, generateKeyText)
    expect(keyIds(nine.slice(1).join(','))).toHaveLength(8)
    expect(details(nine.join(','))[0]).toContain('9 keys')
  })

  it.each(['', ' ', ',', ' , \n'])('is not empty: %j', (text) => {
    expect(details(text)[0]).toContain('no key')
  })

  it('names every fault at once, by position, and never a part of a key', () => {
    const outcome = parseKeys(`${one},short,${two},${one.replaceAll('=', '')}`)
    expect(outcome).toEqual({
      ok: false,
      problems: [
        { title: KEY_NOT_VALID, detail: expect.stringContaining('Key 2 ') },
        { title: KEY_NOT_VALID, detail: expect.stringContaining('Key 4 is listed twice.') },
      ],
    })
    expect(JSON.stringify(outcome)).not.toContain(one.slice(0, 8))
  })
})

describe('a key is refused', () => {
  const asText = (bytes: Iterable<number>): string => Buffer.from([...bytes]).toString('base64url') + '='

  it.each([
    ['in the standard alphabet', Buffer.alloc(32, 0xfb).toString('base64'), 'replace `+` by `-` and `/` by `_`'],
    [
      '31 bytes',
      Buffer.from(Array.from({ length: 31 }, (_, index) => index * 7)).toString('base64url'),
      'has 31 bytes',
    ],
    ['16 bytes', Buffer.from('0123456789abcdef').toString('base64url'), 'has 16 bytes'],
    ['cut', generateKeyText().slice(0, 41), 'not base64url'],
    ['33 bytes', Buffer.alloc(33, 9).toString('base64url'), 'has 33 bytes'],
    ['hexadecimal', '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff', 'has 48 bytes'],
    ['in quotes', `"${generateKeyText()}"`, 'not base64url'],
    ['with a last letter that no encoder writes', 'cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e5=', 'not base64url'],
    ['of zeros', asText(new Uint8Array(32)), 'all zeros'],
    ['of one repeated byte', asText(new Uint8Array(32).fill(0x41)), 'not random'],
    ['that counts', asText(Array.from({ length: 32 }, (_, index) => index)), 'not random'],
    ['of typed text', Buffer.from('passwordpasswordpasswordpassword').toString('base64url'), 'not random'],
    ['of the specification', SPECIFICATION_KEY, 'a sample'],
    ['of the specification, unpadded', SPECIFICATION_KEY.replace('=', ''), 'a sample'],
    ['of a well-known example', '46BKJoQYlPPOexq0OhDZnIlNepKFf87WFwLbfzqDDho=', 'a sample'],
    ['of our own tests', 'gMcDKyrRMPsxGl-wl2Yp1xxSZlug6fg-uEx8on8qgBg=', 'a sample'],
  ])('%s', (_name, text, reason) => {
    expect(details(text)).toEqual([expect.stringContaining(reason)])
  })

  it('only there: fresh keys pass, in the form that Python wants', () => {
    for (let round = 0; round < 300; round += 1) {
      const text = generateKeyText()
      expect(text).toMatch(/^[\w-]{43}=$/)
      expect(keyIds(text)).toHaveLength(1)
    }
  })
})
