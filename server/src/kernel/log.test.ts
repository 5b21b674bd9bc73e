import { describe, expect, it } from 'vitest'
import { createLog, type Log, type LogFields, type LogLevel } from './log.ts'
import { scrub } from './scrub.ts'
import { hideFromPrint, Secret } from './secret.ts'

interface Recorded {
  readonly log: Log
  readonly text: () => string
  readonly lines: () => Record<string, unknown>[]
}

function record(level: LogLevel = 'debug'): Recorded {
  let text = ''
  return {
    log: createLog({ level, destination: { write: (line) => void (text += line) } }),
    text: () => text,
    lines: () =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  }
}

describe('a line', () => {
  it('is one JSON object with time, level, fields and message', () => {
    const { log, lines } = record()
    log.info({ request_id: 'r1', user_id: 42, status: 200, duration_ms: 1.5 }, 'request answered')
    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        request_id: 'r1',
        user_id: 42,
        status: 200,
        duration_ms: 1.5,
        message: 'request answered',
      },
    ])
  })

  it('carries the fields of its parents', () => {
    const { log, lines } = record()
    log.child({ request_id: 'r1' }).child({ user_id: 7 }).warn({ code: 'not_connected' }, 'call refused')
    expect(lines()[0]).toMatchObject({ request_id: 'r1', user_id: 7, code: 'not_connected', level: 'warn' })
  })

  it('is written from its level on', () => {
    const { log, lines } = record('warn')
    log.debug({}, 'a')
    log.info({}, 'b')
    log.warn({}, 'c')
    log.error({}, 'd')
    log.fatal({}, 'e')
    expect(lines().map((line) => line['level'])).toEqual(['warn', 'error', 'fatal'])
    const silent = record('silent')
    silent.log.fatal({}, 'x')
    expect(silent.text()).toBe('')
  })

  it('stays one line, whatever is in it', () => {
    const { log, lines, text } = record()
    log.info({ reason: 'a\r\n{"level":"fatal"}\u2028\0' }, 'b\nc')
    expect(lines()).toHaveLength(1)
    expect(text().trimEnd()).not.toMatch(/[\r\n\0]/)
  })

  it('writes no field that is not named, and no object', () => {
    const { log, text, lines } = record()
    const fields = {
      headers: { authorization: 'canary' },
      body: 'canary',
      api_key: 'canary',
      toString: 'canary',
      __proto__: { reason: 'canary' },
      reason: { nested: { token: 'canary' } },
      tool: ['canary'],
      event: hideFromPrint({ api_key: 'canary' }),
      count: () => 'canary',
      code: undefined,
    } as unknown as LogFields
    log.info(fields, 'x')
    log.child(fields).info({}, 'y')
    expect(text()).not.toContain('canary')
    expect(lines()[0]).toEqual({
      level: 'info',
      time: expect.any(String),
      reason: '[object]',
      tool: '[object]',
      event: '[object]',
      count: '[function]',
      message: 'x',
    })
  })

  it('takes what cannot be serialised', () => {
    const { log, lines } = record()
    const loop: Record<string, unknown> = {}
    loop['self'] = loop
    const deep = JSON.parse('{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000)) as unknown
    log.info({ reason: loop, event: deep, count: 10n, file: Symbol('x'), version: Number.NaN } as never, 'odd')
    log.info({ address: new Date(Number.NaN), port: new Date(0) }, 'dates')
    expect(lines()[0]).toMatchObject({ reason: '[object]', event: '[object]', count: '[bigint]', file: '[symbol]' })
    expect(lines()[1]).toMatchObject({ address: null, port: '1970-01-01T00:00:00.000Z' })
  })

  it('cuts long texts and the query of a path', () => {
    const { log, lines } = record()
    log.info({ reason: 'x'.repeat(100_000), path: '/api/mcp/notion/callback?code=canary&state=canary#canary' }, 'y')
    expect(String(lines()[0]?.['reason'])).toHaveLength(1001)
    expect(lines()[0]?.['path']).toBe('/api/mcp/notion/callback')
  })
})

describe('an error in a line', () => {
  const describeError = (error: unknown): Record<string, unknown> => {
    const { log, lines } = record()
    log.error({ error }, 'failed')
    return lines()[0]?.['error'] as Record<string, unknown>
  }

  it('is told by name, code, message and places, its causes too', () => {
    const cause = Object.assign(new TypeError('inner'), { code: 'ECONNRESET' })
    const error = Object.assign(new Error('outer', { cause }), { code: 'E1', reason: 'because', config: 'canary' })
    const described = describeError(error)
    expect(described).toMatchObject({
      name: 'Error',
      message: 'outer',
      code: 'E1',
      reason: 'because',
      cause: { name: 'TypeError', message: 'inner', code: 'ECONNRESET' },
    })
    expect(JSON.stringify(described)).not.toContain('canary')
    expect((described['places'] as string[])[0]).toContain('log.test.ts')
  })

  it('does not repeat what a parser quoted', () => {
    const parse = (): unknown => {
      try {
        return JSON.parse('canary, no JSON')
      } catch (error) {
        return error
      }
    }
    expect(String(parse())).toContain('canary')
    expect(JSON.stringify(describeError(parse()))).not.toContain('canary')
    expect(JSON.stringify(describeError(new Error('wrapped', { cause: parse() })))).not.toContain('canary')
  })

  it('may be anything, or go in circles', () => {
    expect(describeError('a canary string')).toEqual({ name: 'string' })
    expect(describeError(null)).toEqual({ name: 'object' })
    expect(describeError({ token: 'canary' })).toEqual({ name: 'object' })
    const circle = new Error('circle')
    circle.cause = circle
    expect(JSON.stringify(describeError(circle)).length).toBeLessThan(20_000)
  })
})

describe('no secret', () => {
  const secrets = [
    'ntn_1234567890abcdefghij',
    'nrt_1234567890abcdefghij',
    'secret_1234567890abcdefghij',
    'chv_1234567890abcdefghij',
    'sk-proj-1234567890abcdefghij',
    'sk-ant-api03-1234567890abcdefghij',
    'AIzaSy1234567890abcdefghij',
    'ghp_1234567890abcdefghij',
    'github_pat_1234567890abcdefghij',
    'xoxb-1234567890-abcdefghij',
    'gAAAAABpLCIgNnEGZNYbkpXlQl_1234567890abcdefghij==',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.1234567890abcdefghij',
    'Bearer 1234567890abcdefghij',
    'bearer  1234567890abcdefghij',
    'Basic MTIzNDU2Nzg5MGFiY2RlZmdoaWo=1234567890abcdefghij',
    'https://x.example/cb?code=1234567890abcdefghij&a=b',
    'access_token=1234567890abcdefghij',
    '"refresh_token": "1234567890abcdefghij"',
    "apikey: '1234567890abcdefghij'",
    'postgres://chaveiro:1234567890abcdefghij@db:5432/x',
    'password=1234567890abcdefghij',
  ]

  it.each(secrets)('%s', (secret) => {
    const { log, text } = record()
    const error = new Error(`refused (${secret})`, { cause: new Error(secret) })
    log.info({ reason: `before ${secret} after`, file: secret, path: `/x/${secret}`, error }, `said "${secret}"`)
    log.child({ reason: secret }).error({ error: new Secret(secret), code: new Secret(secret) }, secret)
    expect(text()).not.toContain('567890abcdefghij')
    expect(text()).toContain('[secret]')
  })

  it('but the words around it', () => {
    expect(scrub('user 42 sent Bearer abcdef, refused')).toBe('user 42 sent Bearer [secret], refused')
    expect(scrub('a task-force asked for a token in time')).toBe('a task-force asked for a token in time')
    expect(scrub('https://api.notion.com/v1/pages/1')).toBe('https://api.notion.com/v1/pages/1')
  })

  it('takes time in proportion to the text', () => {
    for (const text of ['://', 'Bearer ', 'token', 'ntn_', 'eyJ.', 'a@', 'code =', '"', ' ', 'secret_'].map((each) =>
      each.repeat(20_000),
    )) {
      const before = process.cpuUsage()
      scrub(text)
      const { user, system } = process.cpuUsage(before)
      expect((user + system) / 1000, text.slice(0, 20)).toBeLessThan(200)
    }
  })
})
