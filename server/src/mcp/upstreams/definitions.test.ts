import { describe, expect, it } from 'vitest'
import {
  annotationsOf,
  cleanText,
  definitionDigest,
  exposedName,
  markedName,
  readDefinition,
  readDefinitions,
  TOOLS_MAXIMUM,
} from './definitions.ts'

const EMPTY = { type: 'object', properties: {} }
const tool = (more: object = {}) => ({ name: 'search', description: 'Finds things.', inputSchema: EMPTY, ...more })

function read(more: object) {
  const outcome = readDefinition(tool(more))
  if (!outcome.ok) throw new Error(outcome.problem.detail)
  return outcome.value
}

function reason(more: object): string {
  const outcome = readDefinition(tool(more))
  return outcome.ok ? '' : outcome.problem.detail
}

function nested(depth: number): object {
  let schema: object = { type: 'string' }
  for (let level = 0; level < depth; level += 1) schema = { type: 'object', properties: { inner: schema } }
  return schema
}

describe('the words of a stranger', () => {
  it.each([
    ['a zero-width space', 'a\u200bb'],
    ['a bidirectional override', 'a\u202eb'],
    ['tag characters', 'a\u{e0041}\u{e0042}b'],
    ['a variation selector', 'a\u{e0100}b'],
    ['a control', 'a\u0007b'],
    ['an escape sequence', 'a\u001bb'],
    ['a soft hyphen', 'a\u00adb'],
    ['a Hangul filler', 'a\u3164b'],
    ['a blank Braille cell', 'a\u2800b'],
    ['half a surrogate pair', 'a\ud800b'],
  ])('lose %s', (_what, text) => {
    expect(cleanText(text, 100)).toBe('ab')
    expect(read({ description: text }).description).toBe('ab')
    expect(read({ inputSchema: { ...EMPTY, properties: { q: { description: text } } } }).inputSchema).toMatchObject({
      properties: { q: { description: 'ab' } },
    })
  })

  it('keep their lines and their letters', () => {
    expect(cleanText('uma ação\r\n\tboa 🙂', 100)).toBe('uma ação\n\tboa 🙂')
  })

  it('end where there are too many', () => {
    expect(read({ description: 'x'.repeat(100_000) }).description).toHaveLength(4_096)
    expect(read({ title: 'x'.repeat(100_000) }).title).toHaveLength(120)
  })
})

describe('a definition', () => {
  it('has a title: its own, that of its annotations, or its name', () => {
    expect(read({ title: 'Find\n it' }).title).toBe('Find it')
    expect(read({ annotations: { title: 'Look' } }).title).toBe('Look')
    expect(read({ title: ' \u200b' }).title).toBe('search')
  })

  it('keeps no more of a schema than what it says of arguments', () => {
    const inputSchema = { $schema: 'https://evil.example/schema', $id: 'https://evil.example', ...EMPTY }
    expect(read({ inputSchema }).inputSchema).toEqual(EMPTY)
  })

  it.each([
    ['no name', { name: '' }],
    ['a name with invisible characters', { name: 'se\u200barch' }],
    ['a name without end', { name: 'x'.repeat(129) }],
    ['no schema', { inputSchema: undefined }],
    ['an input that is no object', { inputSchema: { type: 'string' } }],
    ['a schema of depth 1,000', { inputSchema: nested(1_000) }],
    [
      'a schema of many bytes',
      { inputSchema: { ...EMPTY, default: Array.from({ length: 30 }, () => 'x'.repeat(4_000)) } },
    ],
    ['a schema of many members', { inputSchema: { ...EMPTY, enum: Array.from({ length: 5_000 }, (_, at) => at) } }],
    ['a reference to elsewhere', { inputSchema: { ...EMPTY, properties: { a: { $ref: 'https://evil.example/a' } } } }],
    ['a property that cannot be seen', { inputSchema: { ...EMPTY, properties: { 'a\u{e0041}': {} } } }],
    ['a header that is no argument', { inputSchema: { ...EMPTY, 'x-mcp-header': 'Authorization' } }],
  ])('is refused with %s', (_what, more) => {
    expect(reason(more)).not.toBe('')
  })

  it('is as deep as honest ones are', () => {
    expect(reason({ inputSchema: nested(12) })).toBe('')
  })

  it('has a digest that every part of it changes, and the order of members does not', () => {
    const digest = definitionDigest(read({}))
    expect(definitionDigest(read({ inputSchema: { properties: {}, type: 'object' } }))).toBe(digest)
    for (const more of [
      { name: 'other' },
      { title: 'Other' },
      { description: 'Other' },
      { inputSchema: { ...EMPTY, required: [] } },
      { annotations: { readOnlyHint: true } },
    ]) {
      expect(definitionDigest(read(more))).not.toBe(digest)
    }
  })
})

describe('a list', () => {
  it('is taken tool by tool, and says why not', () => {
    const { taken, refused } = readDefinitions([tool(), null, 7, tool({ name: 'bad', inputSchema: 'x' })])
    expect(taken.map(({ name }) => name)).toEqual(['search'])
    expect(refused).toHaveLength(3)
    expect(refused[2]).toEqual({ name: 'bad', reason: 'Its input is not an object.' })
  })

  it('has nothing of two tools of one name', () => {
    const { taken, refused } = readDefinitions([tool(), tool({ description: 'Another.' })])
    expect(taken.map(({ description }) => description)).not.toContain('Another.')
    expect(refused.at(-1)?.reason).toBe('Two tools have this name.')
  })

  it('of ten thousand is taken in part, and says so', () => {
    const { taken, beyond } = readDefinitions(Array.from({ length: 10_000 }, (_, at) => tool({ name: `t${at}` })))
    expect(taken).toHaveLength(TOOLS_MAXIMUM)
    expect(beyond).toBe(10_000 - TOOLS_MAXIMUM)
  })
})

describe('whether a tool only reads', () => {
  const of = (name: string, annotations: object) => annotationsOf({ name, annotations }).readOnly

  it('is believed where nothing speaks against it', () => {
    expect(of('search_pages', { readOnlyHint: true })).toBe(true)
    expect(of('getAddress', { readOnlyHint: true })).toBe(true)
  })

  it.each([
    ['it is not said', 'search_pages', {}],
    ['the other hint says otherwise', 'search_pages', { readOnlyHint: true, destructiveHint: true }],
    ['its name says otherwise', 'delete_page', { readOnlyHint: true }],
    ['its name says otherwise in another form', 'pageDelete', { readOnlyHint: true }],
    ['its name says otherwise in capitals', 'SEND-MAIL', { readOnlyHint: true }],
    ['it is no boolean', 'search_pages', { readOnlyHint: 'true' }],
  ])('is not where %s', (_why, name, hints) => {
    expect(of(name, read({ annotations: hints }).annotations)).toBe(false)
    expect(annotationsOf({ name, annotations: read({ annotations: hints }).annotations }).destructive).toBe(true)
  })

  it('is not believed that it stays among the user’s own data', () => {
    expect(annotationsOf({ name: 'search', annotations: { openWorldHint: false } as never }).openWorld).toBe(true)
  })
})

describe('the name that users see', () => {
  it('is the server’s, led by its prefix', () => {
    expect(exposedName('linear', 'list_issues')).toBe('linear_list_issues')
    expect(exposedName('linear', 'list-Issues')).toBe('linear_list-Issues')
  })

  it('fits what models take, and stays apart from others that it then looks like', () => {
    const names = ['a.b', 'a b', 'a/b', 'ação', `${'x'.repeat(90)}1`, `${'x'.repeat(90)}2`].map((name) =>
      exposedName('server', name),
    )
    for (const name of names) expect(name).toMatch(/^server_[a-zA-Z0-9_-]{1,57}$/)
    expect(new Set(names).size).toBe(names.length)
    expect(exposedName('server', 'a.b')).toBe(names[0])
    expect(markedName('server', 'a')).not.toBe(exposedName('server', 'a'))
  })
})
