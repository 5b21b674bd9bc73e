import { beforeEach, describe, expect, test } from 'vitest'
import type { Outcome } from '#kernel/problem.ts'
import type { BoundFetch, ToolResult } from '#providers/contract.ts'
import provider from '#providers/notion/provider.ts'
import { emulatedOutline } from '#test/support/notion.ts'

const BOT = 'b5653801-8c5a-406b-8f08-78632da13d91'
const ENGINEERING = 'bc25bb4a-3695-4aad-a461-01ab1b7e0792'
const EMPTY = 'ba6078be-bd37-4d49-99c6-a5fbae96f84c'
const TRASHED = '6cafa23b-00ff-46c8-ae4b-d1de810f48bb'
const TASKS = '2d720288-d593-44cd-aad3-ee316b78d9d0'
const CHECKLIST = 'e4c86533-d4e2-4bfc-ae87-a40ae53a7bfc'

const notion = emulatedOutline('demo', [ENGINEERING, EMPTY, TRASHED, CHECKLIST])
const { emulator, asked, call, done } = notion

beforeEach(notion.fresh)

type Input = Record<string, unknown>

interface WriteCase {
  readonly tool: string
  /** What a call needs that is made anew for each test. */
  readonly input: () => Input | Promise<Input>
  /** The request that changes something. */
  readonly request: string
}

async function firstBlock(): Promise<string> {
  const { value } = await done(BOT, 'notion_get_block_children', { block_id: CHECKLIST, page_size: 1 })
  return value.results[0].id
}

async function ownComment(): Promise<string> {
  const { value } = await done(BOT, 'notion_create_comment', { page_id: EMPTY, text: 'mine' })
  return value.id
}

/** Every tool that changes something, with one request that does. */
const WRITES: readonly WriteCase[] = [
  {
    tool: 'notion_create_page',
    input: () => ({ parent_id: ENGINEERING, title: 'Once' }),
    request: 'POST /v1/pages',
  },
  { tool: 'notion_update_page', input: () => ({ page_id: EMPTY, title: 'Once' }), request: 'PATCH /v1/pages/:id' },
  {
    tool: 'notion_update_page',
    input: () => ({ page_id: EMPTY, content: 'Once' }),
    request: 'PATCH /v1/pages/:id/markdown',
  },
  { tool: 'notion_archive_page', input: () => ({ page_id: EMPTY }), request: 'PATCH /v1/pages/:id' },
  { tool: 'notion_restore_page', input: () => ({ page_id: TRASHED }), request: 'PATCH /v1/pages/:id' },
  {
    tool: 'notion_update_block',
    input: async () => ({ block_id: await firstBlock(), text: 'Once' }),
    request: 'PATCH /v1/blocks/:id',
  },
  {
    tool: 'notion_delete_block',
    input: async () => ({ block_id: await firstBlock() }),
    request: 'DELETE /v1/blocks/:id',
  },
  {
    tool: 'notion_append_blocks',
    input: () => ({ block_id: EMPTY, content: 'Once' }),
    request: 'PATCH /v1/blocks/:id/children',
  },
  {
    tool: 'notion_create_database',
    input: () => ({ parent_id: ENGINEERING, title: 'Once' }),
    request: 'POST /v1/databases',
  },
  {
    tool: 'notion_update_database',
    input: () => ({ database_id: TASKS, description: 'Once' }),
    request: 'PATCH /v1/databases/:id',
  },
  {
    tool: 'notion_update_database',
    input: () => ({ database_id: TASKS, properties: { Nova: 'number' } }),
    request: 'PATCH /v1/data_sources/:id',
  },
  {
    tool: 'notion_create_comment',
    input: () => ({ page_id: EMPTY, text: 'Once' }),
    request: 'POST /v1/comments',
  },
  {
    tool: 'notion_update_comment',
    input: async () => ({ comment_id: await ownComment(), text: 'Once' }),
    request: 'PATCH /v1/comments/:id',
  },
  {
    tool: 'notion_delete_comment',
    input: async () => ({ comment_id: await ownComment() }),
    request: 'DELETE /v1/comments/:id',
  },
  {
    tool: 'notion_move_page',
    input: () => ({ page_id: EMPTY, parent_id: ENGINEERING }),
    request: 'POST /v1/pages/:id/move',
  },
  {
    tool: 'notion_edit_page_content',
    input: async () => {
      await done(BOT, 'notion_append_blocks', { block_id: EMPTY, content: 'before' })
      return { page_id: EMPTY, edits: [{ find: 'before', replace: 'after' }] }
    },
    request: 'PATCH /v1/pages/:id/markdown',
  },
]

/** Tools that send files, in requests of another kind; their own tests strike them with the same faults. */
const OTHERWISE = new Set(['notion_upload_file'])

test('every tool that changes something is struck by every fault', () => {
  const writing = provider.tools.filter(({ annotations }) => !annotations.readOnly).map(({ name }) => name)
  const struck = new Set([...WRITES.map(({ tool }) => tool), ...OTHERWISE])
  expect(writing.filter((name) => !struck.has(name))).toEqual([])
})

interface Struck {
  readonly outcome: Outcome<ToolResult>
  /** How often the request that changes something was sent. */
  readonly sent: number
}

type Fault = Parameters<typeof emulator.control.injectFault>[0]['fault']

async function strike({ tool, input, request }: WriteCase, fault: Fault, times = 1): Promise<Struck> {
  const given = await input()
  asked()
  const [method = '', path = ''] = request.split(' ')
  // Reads before the write pass: the fault strikes the first request of this kind.
  const end = path.split(':id').at(-1) ?? ''
  const match = { method, pathIncludes: end === '' ? (path.split('/:id')[0] ?? '') : end }
  emulator.control.injectFault({ match, times, fault })
  const outcome = await call(BOT, tool, given)
  return { outcome, sent: asked().filter((line) => line === request).length }
}

const problemOf = ({ outcome }: Struck) => (outcome.ok ? undefined : outcome.problem)

describe.each(WRITES)('$tool ($request)', (write) => {
  test('that Notion saved, though it says that it is unavailable, is done and not sent again', async () => {
    const { outcome, sent } = await strike(write, { type: 'unavailable_after_commit' }, 5)
    expect(outcome).toMatchObject({ ok: true })
    expect(sent).toBe(1)
  })

  test.each([
    ['before it was saved', { type: 'connection_reset', afterCommit: false }],
    ['after it was saved', { type: 'connection_reset', afterCommit: true }],
  ] as const)(
    'with the connection broken %s is of unknown outcome, sent once, with what to look at',
    async (_, fault) => {
      const struck = await strike(write, fault, 5)
      expect(problemOf(struck)).toMatchObject({ code: 'outcome_unknown' })
      expect(problemOf(struck)?.detail).toMatch(/Do not repeat it blindly\. .*notion_[a-z_]+/)
      expect(struck.sent).toBe(1)
    },
  )

  test('with half an answer is of unknown outcome and sent once', async () => {
    const struck = await strike(write, { type: 'truncated_json' }, 5)
    expect(problemOf(struck)).toMatchObject({ code: 'outcome_unknown' })
    expect(struck.sent).toBe(1)
  })

  test('that fails at Notion is of unknown outcome and sent once', async () => {
    const struck = await strike(write, { type: 'internal_server_error' }, 5)
    expect(problemOf(struck)).toMatchObject({ code: 'outcome_unknown' })
    expect(struck.sent).toBe(1)
  })

  test('that is answered late is done', async () => {
    const { outcome, sent } = await strike(write, { type: 'slow', delayMs: 5 })
    expect(outcome).toMatchObject({ ok: true })
    expect(sent).toBe(1)
  })

  test('that is turned away for a while is sent again only after a short wait', async () => {
    const short = await strike(write, { type: 'rate_limited', retryAfterSeconds: 0 })
    expect(short.outcome).toMatchObject({ ok: true })
    expect(short.sent).toBe(2)
  })

  test.each([
    ['rate_limited', { type: 'rate_limited', retryAfterSeconds: 40 }, 40],
    ['rate_limited', { type: 'rate_limited', retryAfterSeconds: null }, 60],
    ['rate_limited', { type: 'service_overload', retryAfterSeconds: 30 }, 30],
  ] as const)('that is turned away (%s %j) is told with the seconds', async (code, fault, seconds) => {
    const struck = await strike(write, fault, 5)
    expect(problemOf(struck)).toMatchObject({ code, retryAfterSeconds: seconds })
    expect(struck.sent).toBe(1)
  })

  test('that a proxy refuses was not carried out', async () => {
    const struck = await strike(write, { type: 'html_forbidden' }, 5)
    expect(problemOf(struck)?.code).toBe('provider_unavailable')
    expect(problemOf(struck)?.detail).toContain('Nothing was changed')
    expect(struck.sent).toBe(1)
  })

  test('that is not answered in time is of unknown outcome and sent once', async () => {
    const given = await write.input()
    const { apiUrl, ...access } = notion.access(BOT)
    let sent = 0
    const silent: BoundFetch = async (url, init) => {
      const answer = await access.fetch(url, init)
      const { pathname } = new URL(url instanceof Request ? url.url : url)
      const line = `${init?.method ?? 'GET'} ${pathname.replace(/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/, ':id')}`
      if (line !== write.request) return answer
      sent += 1
      throw new DOMException('The deadline has passed.', 'TimeoutError')
    }
    const tool = provider.tools.find(({ name }) => name === write.tool)
    const api = provider.api({ ...access, apiUrl, fetch: silent })
    const outcome = await tool?.run(api, tool.input.parse(given))
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'outcome_unknown' } })
    expect(outcome?.ok === false ? outcome.problem.detail : '').toContain('did not answer in time')
    expect(sent).toBe(1)
  })
})

describe('a text in several requests, struck in the second', () => {
  const lines = Array.from({ length: 250 }, (_, index) => `linha ${index}`)

  async function linesOn(): Promise<string[]> {
    return (await done(BOT, 'notion_read_page_content', { page_id: EMPTY })).value.markdown.split('\n')
  }

  async function append(fault: Fault): Promise<Outcome<ToolResult>> {
    const match = { method: 'PATCH', pathIncludes: '/children' }
    emulator.control.injectFault({ match, after: 1, fault })
    return call(BOT, 'notion_append_blocks', { block_id: EMPTY, content: lines.join('\n') })
  }

  test.each<[string, Fault]>([
    ['that Notion saved all the same', { type: 'unavailable_after_commit' }],
    ['that is turned away for a moment', { type: 'rate_limited', retryAfterSeconds: 0 }],
    ['that is answered late', { type: 'slow', delayMs: 5 }],
  ])('%s, is whole', async (_, fault) => {
    const outcome = await append(fault)
    expect(outcome).toMatchObject({ ok: true, value: { value: { blocks: 250 } } })
    expect(await linesOn()).toEqual(lines)
  })

  test.each<[string, Fault, string]>([
    ['that is turned away for long', { type: 'rate_limited', retryAfterSeconds: 40 }, 'partly_done'],
    ['that a proxy refuses', { type: 'html_forbidden' }, 'partly_done'],
    ['that breaks before it is saved', { type: 'connection_reset', afterCommit: false }, 'outcome_unknown'],
    ['that breaks after it is saved', { type: 'connection_reset', afterCommit: true }, 'outcome_unknown'],
    ['of whose answer half is missing', { type: 'truncated_json' }, 'outcome_unknown'],
    ['that fails at Notion', { type: 'internal_server_error' }, 'outcome_unknown'],
  ])('%s, tells enough to complete it without a line lost or doubled', async (_, fault, code) => {
    const outcome = await append(fault)
    const missing = [{ block_id: EMPTY, blocks: 150, begins_with: 'linha 100' }]
    expect(outcome).toMatchObject({ ok: false, problem: { code, extra: { saved_blocks: 100, missing } } })
    const there = new Set(await linesOn())
    // Only what is of unknown outcome has to be looked for; the rest is as it was told.
    const left = lines.slice(lines.indexOf('linha 100')).filter((line) => code === 'partly_done' || !there.has(line))
    await done(BOT, 'notion_append_blocks', { block_id: EMPTY, content: left.join('\n') })
    expect(await linesOn()).toEqual(lines)
  })
})
