import { describe, expect, test } from 'vitest'
import { CommandFailure, EXIT } from './failure.ts'
import { parseRows, parseUserMap } from './rows.ts'

const ROW = { user_email: 'ana@example.com', provider: 'notion', encrypted_credentials: 'gAAAAA' }
const NOBODY = new Map<string, string>()

function failureOf(work: () => unknown): CommandFailure {
  try {
    work()
  } catch (error) {
    if (error instanceof CommandFailure) return error
  }
  throw new Error('expected a CommandFailure')
}

describe('a file of rows', () => {
  test.each([
    ['JSON Lines', `${JSON.stringify(ROW)}\n\n${JSON.stringify(ROW)}\n`],
    ['JSON Lines of Windows', `${JSON.stringify(ROW)}\r\n${JSON.stringify(ROW)}\r\n`],
    ['a JSON array', JSON.stringify([ROW, ROW])],
    ['a JSON array over several lines', `\n${JSON.stringify([ROW, ROW], null, 2)}`],
  ])('may be %s', (_, content) => {
    expect(parseRows(content, NOBODY)).toEqual([ROW, ROW])
  })

  test('keeps what a row may have, and leaves out what only the other table knows', () => {
    const whole = {
      ...ROW,
      is_active: false,
      connected_at: '2025-01-31T12:00:00.000Z',
      expires_at: '2026-01-31T12:00:00.000Z',
      metadata: { workspace_name: 'Aurora' },
      label: 'Work',
    }
    const stored = { ...whole, id: 7, created_at: 'x', last_used_at: null, key_id: 'k', user_id: 3 }
    expect(parseRows(JSON.stringify(stored), NOBODY)).toEqual([whole])
  })

  test('may have nulls where a table has none', () => {
    const nulls = { is_active: null, connected_at: null, expires_at: null, metadata: null, label: null }
    expect(parseRows(JSON.stringify({ ...ROW, ...nulls }), NOBODY)).toEqual([ROW])
  })

  test('may hold metadata as text', () => {
    const [row] = parseRows(JSON.stringify({ ...ROW, metadata: '{"bot_id":"b"}' }), NOBODY)
    expect(row?.metadata).toEqual({ bot_id: 'b' })
  })

  test.each([
    ['2025-01-31T12:00:00Z', '2025-01-31T12:00:00.000Z'],
    ['2025-01-31 12:00:00', '2025-01-31T12:00:00.000Z'],
    ['2025-01-31T12:00:00.123456', '2025-01-31T12:00:00.123Z'],
    ['2025-01-31 12:00:00.5+00', '2025-01-31T12:00:00.500Z'],
    ['2025-01-31T12:00:00-03:00', '2025-01-31T15:00:00.000Z'],
    ['2025-01-31T12:00:00-0300', '2025-01-31T15:00:00.000Z'],
    ['2025-01-31 12:00', '2025-01-31T12:00:00.000Z'],
  ])('reads the time %s', (given, meant) => {
    expect(parseRows(JSON.stringify({ ...ROW, connected_at: given }), NOBODY)[0]?.connected_at).toBe(meant)
  })

  test.each([
    ['', 'The file holds no rows.'],
    ['[]', 'The file holds no rows.'],
    ['[{]', 'The file is no valid JSON.'],
    [`${JSON.stringify(ROW)}\n{"secret": `, 'Line 2 is no valid JSON.'],
    ['"text"', 'Line 1 is no JSON object.'],
    ['[[]]', 'Row 1 is no JSON object.'],
    [JSON.stringify([ROW, { ...ROW, provider: '' }]), 'Row 2 has no provider.'],
    [JSON.stringify({ ...ROW, encrypted_credentials: null }), 'Line 1 has no encrypted_credentials.'],
    [JSON.stringify({ ...ROW, user_email: undefined }), 'Line 1 has neither user_email nor user_id.'],
    [JSON.stringify({ ...ROW, metadata: 5 }), 'Line 1: metadata is no JSON object.'],
    [JSON.stringify({ ...ROW, metadata: '{' }), 'Line 1: metadata is no valid JSON.'],
    [
      JSON.stringify({ ...ROW, connected_at: 'yesterday' }),
      'Line 1: connected_at is no time such as 2025-01-31T12:00:00Z.',
    ],
    [JSON.stringify({ ...ROW, expires_at: 17 }), 'Line 1: expires_at is no time such as 2025-01-31T12:00:00Z.'],
    [
      JSON.stringify({ ...ROW, connected_at: '2025-13-31T12:00:00Z' }),
      'Line 1: connected_at is no time such as 2025-01-31T12:00:00Z.',
    ],
  ])('that is %j is refused in words, without its content', (content, message) => {
    const failure = failureOf(() => parseRows(content, NOBODY))
    expect([failure.message, failure.exitCode]).toEqual([message, EXIT.unreadable])
  })
})

describe('rows with the ids of users', () => {
  const users = parseUserMap('{"17": "ana@example.com", "a-b": "bia@example.com"}')
  const of = (user_id: unknown) => JSON.stringify({ ...ROW, user_email: undefined, user_id })

  test('take the e-mail address from the map', () => {
    expect(parseRows(of(17), users)).toEqual([ROW])
    expect(parseRows(of('17'), users)).toEqual([ROW])
    expect(parseRows(of('a-b'), users)[0]?.user_email).toBe('bia@example.com')
  })

  test('are refused where the map has none', () => {
    expect(failureOf(() => parseRows(of(18), users)).message).toBe(
      '--users has no e-mail address for this user_id; nothing was sent:\n  18 (Line 1)',
    )
    expect(failureOf(() => parseRows(of(17), NOBODY)).exitCode).toBe(EXIT.unreadable)
  })

  test('are refused with all that the map lacks, each once', () => {
    const content = [of(18), of(17), of('x'), of(18), of(18)].join('\n')
    expect(failureOf(() => parseRows(content, users)).message).toBe(
      '--users has no e-mail address for these 2 user_ids; nothing was sent:\n  18 (Line 1, and 2 more)\n  x (Line 3)',
    )
  })

  test('an e-mail address of their own goes first', () => {
    expect(parseRows(JSON.stringify({ ...ROW, user_id: 'a-b' }), users)[0]?.user_email).toBe('ana@example.com')
  })

  test.each([
    ['[]', 'The map of users must be a JSON object: {"17": "ana@example.com"}.'],
    ['{"17": 5}', 'The map of users has no e-mail address for 17.'],
    ['{', 'The map of users is no valid JSON.'],
  ])('need a map, not %s', (content, message) => {
    expect(failureOf(() => parseUserMap(content)).message).toBe(message)
  })
})
