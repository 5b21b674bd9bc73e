import { ProtocolError, ResourceNotFoundError } from '@modelcontextprotocol/server'
import { describe, expect, test } from 'vitest'
import { failure, success } from '#kernel/problem.ts'
import { exampleProvider, exampleRegistry } from '#test/support/example-provider.ts'
import { answerOf, openDesk, recordedCalls, testExchange } from '#test/support/exchange.ts'
import { createCatalog } from '#tools/catalog.ts'
import { providerResources } from './provider-resources.ts'
import { createRunningCalls } from './running-calls.ts'
import type { Source } from './source.ts'
import { toolsetOf, type Toolset } from './toolset.ts'

const NOTE = 'example://note/note-1'
const LINK = 'http://localhost/connect/example'

function resources(text?: string) {
  const recorded = recordedCalls(text)
  const desk = openDesk()
  const sources = providerResources({
    catalog: createCatalog(exampleRegistry()),
    providers: [
      exampleProvider,
      { ...exampleProvider, id: 'bare', documents: undefined, resourceTemplates: undefined },
    ] as never,
    callTool: recorded.callTool,
    approvals: desk,
    running: createRunningCalls(),
  })
  const [source] = sources as [Source]
  const read = async (uri: string, options: Parameters<typeof testExchange>[0] = {}) =>
    source.readResource?.(uri, testExchange(options))
  return { sources, source, read, recorded, desk }
}

function toolset(name: string): Toolset {
  const found = toolsetOf(name, ['example', 'other'])
  if (!found.ok) throw new Error(found.problem.detail)
  return found.value
}

async function errorOf(reading: Promise<unknown>): Promise<ProtocolError> {
  const error: unknown = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ProtocolError)) throw new Error('it did not fail as the protocol says')
  return error
}

describe('what is listed', () => {
  test('is what providers bring, in the words of the protocol', () => {
    const { source } = resources()
    expect(source.resources).toEqual([
      {
        uri: 'example://docs/notes',
        name: 'example-notes',
        title: 'About notes',
        description: 'How notes are written.',
        mimeType: 'text/plain',
        size: 19,
      },
    ])
    expect(source.resourceTemplates).toMatchObject([{ uriTemplate: 'example://note/{id}', name: 'example-note' }])
  })

  test('has no source for a provider that brings nothing', () => {
    expect(resources().sources.length).toBe(1)
  })

  test.each([
    ['example', true],
    ['read-only', true],
    ['search', true],
    ['other', false],
  ])('under /mcp/%s: %s', (name, visible) => {
    expect(resources().source.isVisible?.(toolset(name))).toBe(visible)
  })
})

describe('reading', () => {
  test('a document calls nothing', async () => {
    const { read, recorded } = resources()
    expect(await read('example://docs/notes')).toEqual({
      contents: [{ uri: 'example://docs/notes', mimeType: 'text/plain', text: 'A note is one line.' }],
    })
    expect(recorded.calls).toEqual([])
  })

  test('an address goes through the pipeline, as the user who asks', async () => {
    const { read, recorded } = resources('Buy milk')
    expect(await read(NOTE)).toEqual({ contents: [{ uri: NOTE, mimeType: 'text/plain', text: 'Buy milk' }] })
    expect(recorded.calls).toMatchObject([
      { tool: 'example_read_note', arguments: { id: 'note-1' }, confirmed: false, requestId: 'request-of-this-test' },
    ])
  })

  test('a part says how to go on', async () => {
    const { read, recorded } = resources()
    recorded.outcome = success(answerOf('First half', 'c20'))
    const answer = (await read(NOTE)) as { contents: { text: string }[] }
    expect(answer.contents[0]?.text).toBe('First half\n\nMore follows: call example_read_note with start_cursor "c20".')
  })

  test.each([
    'example://note/',
    'example://note/note-1/',
    'example://note/note-1/more',
    'example://note/note-1?x=1',
    'example://note/note-1#x',
    'example://note/note-1\n',
    'example://note/../docs/notes',
    'example://note/note%2D1',
    'EXAMPLE://note/note-1',
    ' example://note/note-1',
    'example://note/{id}',
    'example://note/note-9999999',
    'example://docs/notes/',
    'example:note/note-1',
    'file:///etc/passwd',
    'http://169.254.169.254/',
    '__proto__',
    '',
    `example://note/${'note-1'.repeat(100_000)}`,
  ])('is not of anything else: %j', async (uri) => {
    const { read, recorded } = resources()
    expect(await read(uri)).toBeUndefined()
    expect(recorded.calls).toEqual([])
  })

  test('outside of the toolset nothing is there', async () => {
    const { read, recorded } = resources()
    expect(await read(NOTE, { toolset: toolset('other') })).toBeUndefined()
    expect(await read('example://docs/notes', { toolset: toolset('other') })).toBeUndefined()
    expect(recorded.calls).toEqual([])
  })
})

describe('what can go wrong', () => {
  test.each(['not_found', 'invalid_arguments'] as const)('%s is the not found of the protocol', async (code) => {
    const { read, recorded } = resources()
    recorded.outcome = failure(code, 'There is no such note.')
    const error = await errorOf(read(NOTE))
    expect(error).toBeInstanceOf(ResourceNotFoundError)
    expect(error).toMatchObject({ code: -32602, data: { uri: NOTE } })
  })

  test.each(['denied', 'insufficient_scope', 'provider_unavailable', 'credential_unreadable'] as const)(
    '%s keeps its sentence and its code',
    async (code) => {
      const { read, recorded } = resources()
      recorded.outcome = failure(code, 'In words.')
      expect(await errorOf(read(NOTE))).toMatchObject({ code: -32603, message: 'In words.', data: { code } })
    },
  )

  test('a limit says when to come back', async () => {
    const { read, recorded } = resources()
    recorded.outcome = failure('rate_limited', 'Too many.', { retryAfterSeconds: 12 })
    expect((await errorOf(read(NOTE))).data).toEqual({ code: 'rate_limited', retry_after: 12 })
  })

  describe('not connected', () => {
    const missing = failure('not_connected', 'Example Notes is not connected.', { extra: { connect_url: LINK } })

    test('opens the page where the client can', async () => {
      const { read, recorded } = resources()
      recorded.outcome = missing
      expect(await read(NOTE, { abilities: ['elicit_url'] })).toMatchObject({
        resultType: 'input_required',
        requestState: 'minted:connect',
        inputRequests: { connect: { method: 'elicitation/create', params: { mode: 'url', url: LINK } } },
      })
    })

    test.each([[{}], [{ abilities: ['elicit_form'] as const }]])(
      'gives the link where it cannot: %j',
      async (options) => {
        const { read, recorded } = resources()
        recorded.outcome = missing
        const error = await errorOf(read(NOTE, options))
        expect(error.message).toBe(`Example Notes is not connected. ${LINK}`)
        expect(error.data).toEqual({ code: 'not_connected', connect_url: LINK })
      },
    )

    test('is asked once', async () => {
      const { read, recorded } = resources()
      recorded.outcome = missing
      const error = await errorOf(read(NOTE, { abilities: ['elicit_url'], state: { kind: 'connect' } }))
      expect(error.message).toContain(LINK)
    })
  })

  describe('a read that waits for approval', () => {
    const waits = failure('approval_required', 'It waits.')

    test('asks through the client where it can', async () => {
      const { read, recorded, desk } = resources()
      recorded.outcome = waits
      expect(await read(NOTE, { abilities: ['elicit_form'] })).toMatchObject({ resultType: 'input_required' })
      expect(desk.asked).toEqual(['example_read_note'])
    })

    test('says where to decide otherwise', async () => {
      const { read, recorded } = resources()
      recorded.outcome = waits
      const error = await errorOf(read(NOTE))
      expect(error.message).toContain('http://localhost/approvals/1')
      expect(error.data).toEqual({ code: 'approval_required' })
    })
  })
})
