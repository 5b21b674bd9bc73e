import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JSON_LIMITS, parseJson, readJson } from './json.ts'
import type { ProblemCode } from './problem.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** `code` and `path` of the failure, or `ok`. */
function verdict(body: Uint8Array | string, limits = JSON_LIMITS): [ProblemCode | 'ok', string?] {
  const outcome = parseJson(body, limits)
  if (outcome.ok) return ['ok']
  const { code, path } = outcome.problem
  return path === undefined ? [code] : [code, path]
}

const nested = (depth: number, open = '[', close = ']', core = ''): string =>
  open.repeat(depth) + core + close.repeat(depth)

describe('parseJson', () => {
  it('gives what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        if (text.includes('__proto__') || /\\u(?:0000|d[89a-f])/i.test(text)) return
        expect(parseJson(bytes(text))).toEqual({ ok: true, value: JSON.parse(text) })
        expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) })
      }),
      { numRuns: 500 },
    )
  })

  it('takes nothing that JSON.parse refuses, and refuses as syntax only what that refuses', () => {
    const pieces = fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', '"a"', '1', '-', '.', 'e', '0', 'null', 't', ' ', '\n', '\u0001', 'é', '\\u00e9') // prettier-ignore
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        const [code] = verdict(text)
        expect(code === 'invalid_json').toBe(!isJson(text))
      }),
      { numRuns: 20_000 },
    )
  })

  function isJson(text: string): boolean {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }

  it.each([
    ['', ['invalid_json']],
    ['  \n', ['invalid_json']],
    ['{', ['invalid_json']],
    ['{"a":}', ['invalid_json', 'a']],
    ['{"a":[1,{"b":tru}]}', ['invalid_json', 'a[1].b']],
    ['{"arguments":{"page_id":"x}', ['invalid_json', 'arguments.page_id']],
    ['[1,2', ['invalid_json']],
    ['[1,]', ['invalid_json', '[1]']],
    ["{'a':1}", ['invalid_json']],
    ['{a:1}', ['invalid_json']],
    ['{"a" 1}', ['invalid_json', 'a']],
    ['1 2', ['invalid_json']],
    ['NaN', ['invalid_json']],
    ['[01]', ['invalid_json']],
    ['[1.]', ['invalid_json']],
    ['[+1]', ['invalid_json', '[0]']],
    ['["\t"]', ['invalid_json', '[0]']],
    ['["\\x"]', ['invalid_json', '[0]']],
    ['["\\u12"]', ['invalid_json', '[0]']],
    ['{"a":1,"a":2}', ['invalid_request', 'a']],
    ['{"x":{"a":1,"\\u0061":2}}', ['invalid_request', 'x.a']],
    ['{"x":[{"__proto__":{}}]}', ['invalid_request', 'x[0].__proto__']],
    ['{"\\u005f_proto__":1}', ['invalid_request', '__proto__']],
    ['{"n":1e400}', ['invalid_request', 'n']],
    ['{"n":-1e400}', ['invalid_request', 'n']],
    ['{"s":"\\ud800"}', ['invalid_request', 's']],
    ['{"s":"\\ude00\\ud83d"}', ['invalid_request', 's']],
    ['{"s":"a\\u0000b"}', ['invalid_request', 's']],
    ['{"s":"\\ud83d\\ude00"}', ['ok']],
    ['{"a":1,"b":{"a":1}}', ['ok']],
    ['[-0, 1E5, 0.5, 1e-7, 12345678901234567890]', ['ok']],
    ['"constructor"', ['ok']],
  ])('%j → %j', (text, expected) => {
    expect(verdict(text)).toEqual(expected)
    expect(verdict(bytes(text))).toEqual(expected)
  })

  it('refuses bytes that are no UTF-8, and a string with half a surrogate', () => {
    expect(verdict(Uint8Array.of(0x22, 0xff, 0x22))).toEqual(['invalid_json'])
    expect(verdict(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22))).toEqual(['invalid_json'])
    expect(verdict('"\ud800"')).toEqual(['invalid_json'])
  })

  it('quotes nothing of the body: it may hold a key', () => {
    const outcome = parseJson('{"api_key":"ntn_secret_value" oops}')
    expect(JSON.stringify(outcome)).not.toContain('ntn_')
    expect(outcome).toMatchObject({ ok: false, problem: { detail: expect.stringMatching(/^At character 31 /) } })
  })

  it('holds to its limits, to the last', () => {
    const limits = { bytes: 100, depth: 3, keys: 4, items: 5 }
    expect(verdict(`"${'x'.repeat(98)}"`, limits)).toEqual(['ok'])
    expect(verdict(`"${'x'.repeat(99)}"`, limits)).toEqual(['body_too_large'])
    expect(verdict(`"${'é'.repeat(50)}"`, limits)).toEqual(['body_too_large'])
    expect(verdict(nested(3), limits)).toEqual(['ok'])
    expect(verdict(nested(4), limits)).toEqual(['invalid_request', '[0][0][0]'])
    expect(verdict('{"a":{"b":1,"c":1},"d":1}', limits)).toEqual(['ok'])
    expect(verdict('{"a":{"b":1,"c":1},"d":1,"e":1}', limits)).toEqual(['invalid_request', 'e'])
    expect(verdict('[[1,2],[3]]', limits)).toEqual(['ok'])
    expect(verdict('[[1,2],[3,4]]', limits)).toEqual(['invalid_request', '[1][1]'])
  })

  it('shows a bounded path', () => {
    const outcome = parseJson(`{"${'k'.repeat(100_000)}":!}`)
    expect(outcome.ok || outcome.problem.path?.length).toBe(200)
  })
})

describe('hostile bodies', () => {
  const HUGE = { ...JSON_LIMITS, bytes: 32 * 1024 * 1024, keys: 1e9, items: 1e9 }
  const MEGABYTE = 1024 * 1024

  it.each([
    ['deep arrays', nested(500_000), 'invalid_request'],
    ['deep open arrays', '['.repeat(MEGABYTE), 'invalid_request'],
    ['deep objects', nested(100_000, '{"a":', '}', '1'), 'invalid_request'],
    ['many members', `{${Array.from({ length: 90_000 }, (_, n) => `"k${n}":1`).join(',')}}`, 'invalid_request'],
    ['many elements', `[${'1,'.repeat(500_000)}1]`, 'invalid_request'],
    ['many empty objects', `[${'{},'.repeat(340_000)}{}]`, 'invalid_request'],
    ['one string', `"${'x'.repeat(MEGABYTE - 2)}"`, 'ok'],
    ['one string of escapes', `"${'\\u00e9'.repeat(170_000)}"`, 'ok'],
    ['a string without an end', `"${'x'.repeat(MEGABYTE - 2)}`, 'invalid_json'],
    ['backslashes', `"${'\\\\'.repeat(MEGABYTE / 2 - 2)}`, 'invalid_json'],
    ['one number', '1'.repeat(MEGABYTE), 'invalid_request'],
    ['one long fraction', `0.${'1'.repeat(MEGABYTE - 2)}`, 'ok'],
    ['an exponent', `1e${'9'.repeat(MEGABYTE - 2)}`, 'invalid_request'],
    ['white space', `${' '.repeat(MEGABYTE - 1)}1`, 'ok'],
    ['minus signs', '-'.repeat(MEGABYTE), 'invalid_json'],
    ['10 MB', 'x'.repeat(10 * MEGABYTE), 'body_too_large'],
  ])('%s: answered at once', (_name, text, code) => {
    const body = bytes(text)
    expect(processorTimeOf(() => expect(verdict(body)[0]).toBe(code))).toBeLessThan(500)
  })

  it.each([
    ['members', (n: number) => `{${Array.from({ length: n }, (_, k) => `"k${k}":1`).join(',')}}`],
    ['elements', (n: number) => `[${'1,'.repeat(n)}1]`],
    ['letters', (n: number) => `"${'x'.repeat(n * 10)}"`],
    ['escapes', (n: number) => `"${'\\"'.repeat(n * 4)}"`],
    ['digits', (n: number) => `0.${'7'.repeat(n * 10)}`],
  ])('take time in proportion to their %s', (_what, build) => {
    const cost = (text: string): number =>
      Math.min(...Array.from({ length: 5 }, () => processorTimeOf(() => parseJson(text, HUGE))))
    const [small, large] = [build(5_000), build(40_000)]
    cost(small) // warms up
    // Eight times the text; quadratic work would take 64 times as long.
    expect(cost(large)).toBeLessThan(Math.max(cost(small), 2) * 32)
  })

  /** Milliseconds of processor time: others on the machine do not count. */
  function processorTimeOf(work: () => unknown): number {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
})

describe('readJson', () => {
  const request = (
    body: string | ReadableStream | null,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ) => new Request('http://x.example/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit)

  const code = async (given: Request): Promise<string> => {
    const outcome = await readJson(given, { ...JSON_LIMITS, bytes: 1000 })
    return outcome.ok ? 'ok' : outcome.problem.code
  }

  it('reads a body, with or without its length', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': '7' }
    expect(await readJson(request('{"a":1}', headers))).toEqual({ ok: true, value: { a: 1 } })
    expect(await readJson(request('{"a":1}'))).toEqual({ ok: true, value: { a: 1 } })
    expect(await code(request(null))).toBe('invalid_json')
  })

  it.each([
    ['application/json', 'ok'],
    ['Application/JSON;charset="UTF-8"', 'ok'],
    ['application/problem+json', 'ok'],
    ['application/json; charset=latin1', 'unsupported_media_type'],
    ['application/jsonp', 'unsupported_media_type'],
    ['text/plain', 'unsupported_media_type'],
    ['text/plain; application/json', 'unsupported_media_type'],
    ['application/x-www-form-urlencoded', 'unsupported_media_type'],
    ['multipart/form-data', 'unsupported_media_type'],
    ['', 'unsupported_media_type'],
  ])('of the type %j: %s', async (type, expected) => {
    expect(await code(request('{}', { 'content-type': type }))).toBe(expected)
  })

  it('takes no compressed body', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    expect(await code(request('{}', headers))).toBe('unsupported_media_type')
  })

  it('does not read what is declared too large, and stops reading what turns out to be', async () => {
    let pulled = 0
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull(stream) {
          pulled += 1
          stream.enqueue(new Uint8Array(100).fill(0x20))
        },
      })
    expect(await code(request(endless()))).toBe('body_too_large')
    expect(pulled).toBeLessThan(15)
    pulled = 0
    const headers = { 'content-type': 'application/json', 'content-length': '1001' }
    expect(await code(request(endless(), headers))).toBe('body_too_large')
    expect(pulled).toBeLessThanOrEqual(1)
  })

  it('takes the failure of a body for the sender’s', async () => {
    const broken = new ReadableStream({ pull: (stream) => stream.error(new Error('reset')) })
    expect(await code(request(broken))).toBe('cancelled')
  })
})
