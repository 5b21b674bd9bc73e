import type { FaultKind } from '@chaveiro/notion-emulator'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { emulatedNotion } from '#test/support/notion.ts'
import notion from './provider.ts'

/** Promises that hold for all tools at once. */

const AURORA_BOT = '35c7c896-a391-4df1-8c3d-4ec253946bfd'
const BOREAL_BOT = 'ef86bc05-e596-4669-8410-8172dab634e5'

const TOOL_NAMES = [
  'notion_read_page',
  'notion_read_page_content',
  'notion_search_pages',
  'notion_create_page',
  'notion_update_page',
  'notion_archive_page',
  'notion_restore_page',
  'notion_get_block',
  'notion_get_block_children',
  'notion_update_block',
  'notion_delete_block',
  'notion_append_blocks',
  'notion_get_database',
  'notion_create_database',
  'notion_update_database',
  'notion_query_database',
  'notion_list_users',
  'notion_get_user',
  'notion_get_bot_user',
  'notion_create_comment',
  'notion_list_comments',
  'notion_move_page',
  'notion_edit_page_content',
  'notion_update_comment',
  'notion_delete_comment',
  'notion_list_templates',
  'notion_upload_file',
]

interface Targets {
  readonly page: string
  readonly block: string
  readonly database: string
  readonly source: string
  readonly user: string
  readonly discussion: string
  readonly comment: string
  readonly upload: string
  /** Words on the page. */
  readonly passage: string
}

/** One call of every tool that names something; those that name nothing are looked at by what they return. */
function callsOn(targets: Targets): [string, Record<string, unknown>][] {
  const { page, block, database, source, user, discussion, comment, upload, passage } = targets
  return [
    ['notion_read_page', { page_id: page }],
    ['notion_read_page_content', { page_id: page }],
    ['notion_read_page_content', { page_id: block }],
    ['notion_create_page', { parent_id: page, title: 'X' }],
    ['notion_create_page', { parent_id: database, title: 'X' }],
    ['notion_create_page', { parent_id: source, title: 'X' }],
    ['notion_update_page', { page_id: page, title: 'X' }],
    ['notion_update_page', { page_id: page, properties: { X: 1 } }],
    ['notion_update_page', { page_id: page, content: 'X' }],
    ['notion_archive_page', { page_id: page }],
    ['notion_restore_page', { page_id: page }],
    ['notion_get_block', { block_id: block }],
    ['notion_get_block_children', { block_id: page }],
    ['notion_update_block', { block_id: block, text: 'X' }],
    ['notion_delete_block', { block_id: block }],
    ['notion_append_blocks', { block_id: page, content: 'X' }],
    ['notion_get_database', { database_id: database }],
    ['notion_get_database', { data_source_id: source }],
    ['notion_create_database', { parent_id: page, title: 'X' }],
    ['notion_update_database', { database_id: database, title: 'X' }],
    ['notion_query_database', { database_id: database }],
    ['notion_query_database', { data_source_id: source }],
    ['notion_get_user', { user_id: user }],
    ['notion_create_comment', { page_id: page, text: 'X' }],
    ['notion_create_comment', { discussion_id: discussion, text: 'X' }],
    ['notion_list_comments', { page_id: page }],
    ['notion_move_page', { page_id: page, parent_id: database }],
    ['notion_edit_page_content', { page_id: page, edits: [{ find: passage, replace: 'X', replace_all: true }] }],
    ['notion_update_comment', { comment_id: comment, text: 'X' }],
    ['notion_delete_comment', { comment_id: comment }],
    ['notion_list_templates', { database_id: database }],
    ['notion_list_templates', { data_source_id: source }],
    ['notion_upload_file', { file_upload_id: upload, block_id: page }],
  ]
}

async function targetsOf(tenant: ReturnType<typeof emulatedNotion>, bot: string): Promise<Targets> {
  const pages = await tenant.done(bot, 'notion_search_pages', { query: 'planejamento', filter: 'page' })
  const databases = await tenant.done(bot, 'notion_search_pages', { query: 'Tarefas', filter: 'database' })
  const page: string = pages.value.results[0].id
  const blocks = await tenant.done(bot, 'notion_get_block_children', { block_id: page })
  const comments = await tenant.done(bot, 'notion_list_comments', { page_id: page })
  const users = await tenant.done(bot, 'notion_list_users', {})
  const content = await tenant.done(bot, 'notion_read_page_content', { page_id: page })
  const upload = await tenant.done(bot, 'notion_upload_file', { name: 'a.txt', text: 'x' })
  return {
    page,
    block: blocks.value.results[0].id,
    database: databases.value.results[0].id,
    source: databases.value.results[0].data_source_id,
    user: users.value.results[0].id,
    discussion: comments.value.results[0].discussion_id,
    comment: comments.value.results[0].id,
    upload: upload.value.file_upload_id,
    passage: content.value.markdown.split(/\W/)[0],
  }
}

describe('the definitions that every model reads', () => {
  test('are the tools by their names', () => {
    expect(notion.tools.map(({ name }) => name).sort()).toEqual([...TOOL_NAMES].sort())
  })

  test('cost little; `npm run figures` counts the tokens', () => {
    const definitions = notion.tools.map(({ name, description, input }) => {
      const { $schema: _dialect, ...schema } = z.toJSONSchema(input, { io: 'input' })
      return { name, description, input_schema: schema }
    })
    expect(JSON.stringify(definitions).length).toBeLessThan(12_500)
  })
})

describe('two workspaces with the same titles', () => {
  const tenants = emulatedNotion('two-tenants')

  test.each([
    [AURORA_BOT, BOREAL_BOT, 'CANARY-AURORA', 'CANARY-BOREAL'],
    [BOREAL_BOT, AURORA_BOT, 'CANARY-BOREAL', 'CANARY-AURORA'],
  ])('each bot reads its own: %s', async (bot, _, own, foreign) => {
    const targets = await targetsOf(tenants, bot)
    const results: string[] = []
    for (const [tool, input] of callsOn(targets)) {
      const definition = notion.tools.find(({ name }) => name === tool)
      if (definition?.annotations.readOnly === true) results.push(JSON.stringify(await tenants.done(bot, tool, input)))
    }
    for (const [tool, input] of [
      ['notion_search_pages', {}],
      ['notion_search_pages', { query: 'Weekly' }],
      ['notion_list_users', {}],
      ['notion_get_bot_user', {}],
    ] as const) {
      results.push(JSON.stringify(await tenants.done(bot, tool, input)))
    }
    expect(results.join('\n')).toContain(own)
    expect(results.join('\n')).not.toContain(foreign)
  })

  test.each([
    [AURORA_BOT, BOREAL_BOT],
    [BOREAL_BOT, AURORA_BOT],
  ])('what belongs to another workspace is as if it were not there: %s', async (bot, other) => {
    const foreign = callsOn(await targetsOf(tenants, other))
    const nowhere = callsOn({
      page: '91c4e7a0-36bd-4f52-8e19-d2075bfa84c6',
      block: 'b86f3d05-e17a-4c92-9f48-a35d20c7e61f',
      database: 'f5b3180e-94a7-4d6c-82f1-0c6e7d9ba345',
      source: '6d02f9b7-c815-4ea3-b740-5f91ce38a2d4',
      user: '2be794c6-0d1f-4358-a9cb-81f6e3507da2',
      discussion: 'b5e0b3a8-6e5c-4a9e-8d0f-3c1f2a4b5c6d',
      comment: '0e8a4b2c-9d1f-4c3e-8b7a-5f6d7c8e9a0b',
      upload: '5f0c8a7e-1b2d-4c3f-9e8a-7d6c5b4a3f2e',
      passage: 'X',
    })
    for (const [index, [tool, input]] of foreign.entries()) {
      const outcome = await tenants.call(bot, tool, input)
      const [, unknown] = nowhere[index] ?? [tool, {}]
      expect(outcome, tool).toMatchObject({ ok: false, problem: { code: 'not_found' } })
      expect(outcome, tool).toEqual(await tenants.call(bot, tool, unknown))
    }
  })
})

describe('an integration that may do little', () => {
  const demo = emulatedNotion('demo')
  const REPORTING_BOT = '89ffb313-22d7-424a-befe-4d47543d75a2'
  const ACCOUNTS = '34b0540e-1a9c-4c9f-8cdc-9e6545d48008'

  test('is told by each tool which capability is missing, and nothing changes', async () => {
    const rows = await demo.done(REPORTING_BOT, 'notion_query_database', { database_id: ACCOUNTS, page_size: 1 })
    const page: string = rows.value.results[0].id
    const cases: [string, Record<string, unknown>, string][] = [
      ['notion_create_page', { parent_id: ACCOUNTS, title: 'X' }, 'insert'],
      ['notion_update_page', { page_id: page, title: 'X' }, 'update'],
      ['notion_update_page', { page_id: page, content: 'X' }, 'update'],
      ['notion_archive_page', { page_id: page }, 'update'],
      ['notion_restore_page', { page_id: page }, 'update'],
      ['notion_append_blocks', { block_id: page, content: 'X' }, 'insert'],
      ['notion_create_database', { parent_id: page, title: 'X' }, 'insert'],
      ['notion_update_database', { database_id: ACCOUNTS, description: 'X' }, 'update'],
      ['notion_list_users', {}, 'user_information'],
      ['notion_get_user', { user_id: page }, 'user_information'],
      ['notion_create_comment', { page_id: page, text: 'X' }, 'insert_comments'],
      ['notion_list_comments', { page_id: page }, 'read_comments'],
      ['notion_move_page', { page_id: page, parent_id: ACCOUNTS }, 'update'],
      ['notion_update_comment', { comment_id: page, text: 'X' }, 'insert_comments'],
      ['notion_delete_comment', { comment_id: page }, 'insert_comments'],
      ['notion_upload_file', { name: 'a.txt', text: 'x', block_id: page }, 'insert'],
    ]
    for (const [tool, input, permission] of cases) {
      const outcome = await demo.call(REPORTING_BOT, tool, input)
      expect(outcome, tool).toMatchObject({
        ok: false,
        problem: { code: 'forbidden_by_provider', extra: { missing_permission: permission } },
      })
      const definition = notion.tools.find(({ name }) => name === tool)
      expect(definition?.needs, tool).toContain(permission)
    }
  })

  test('can call every tool whose needs are met', async () => {
    const outcome = await notion.identify(demo.access(REPORTING_BOT))
    const permissions = outcome.ok ? outcome.value.permissions : {}
    const allowed = notion.tools.filter(({ needs }) => needs.every((need) => permissions[need] === true))
    expect(allowed.map(({ name }) => name).sort()).toEqual([
      'notion_get_block',
      'notion_get_block_children',
      'notion_get_bot_user',
      'notion_get_database',
      'notion_list_templates',
      'notion_query_database',
      'notion_read_page',
      'notion_read_page_content',
      'notion_search_pages',
    ])
  })
})

describe('a Notion in trouble', async () => {
  const notionDown = emulatedNotion('two-tenants')
  const targets = await targetsOf(notionDown, AURORA_BOT)
  const calls: [string, Record<string, unknown>][] = [
    ...callsOn(targets),
    ['notion_search_pages', {}],
    ['notion_list_users', {}],
    ['notion_get_bot_user', {}],
  ]
  const call = async (tool: string, input: Record<string, unknown>, fault: FaultKind, method?: string) => {
    notionDown.fresh()
    const match = method === undefined ? {} : { match: { method } }
    const written = await withOwnThings(input)
    notionDown.emulator.control.injectFault({ ...match, times: 1_000, fault })
    notionDown.asked()
    return notionDown.call(AURORA_BOT, tool, written)
  }
  // Only who wrote a comment may change it, and an upload is forgotten with what was written.
  const withOwnThings = async (input: Record<string, unknown>) => {
    if ('comment_id' in input) {
      const { value } = await notionDown.done(AURORA_BOT, 'notion_create_comment', { page_id: targets.page, text: 'X' })
      return { ...input, comment_id: value.id }
    }
    if (!('file_upload_id' in input)) return input
    const { value } = await notionDown.done(AURORA_BOT, 'notion_upload_file', { name: 'a.txt', text: 'x' })
    return { ...input, file_upload_id: value.file_upload_id }
  }

  const methods: Record<string, string> = {
    notion_create_page: 'POST',
    notion_update_page: 'PATCH',
    notion_archive_page: 'PATCH',
    notion_restore_page: 'PATCH',
    notion_update_block: 'PATCH',
    notion_delete_block: 'DELETE',
    notion_append_blocks: 'PATCH',
    notion_create_database: 'POST',
    notion_update_database: 'PATCH',
    notion_create_comment: 'POST',
    notion_move_page: 'POST',
    notion_edit_page_content: 'PATCH',
    notion_update_comment: 'PATCH',
    notion_delete_comment: 'DELETE',
    notion_upload_file: 'PATCH',
  }
  const writes = calls.flatMap(([tool, input]) => {
    const method = methods[tool]
    // An unknown property is refused before anything is sent.
    return method === undefined || 'properties' in input ? [] : [{ tool, input, method }]
  })

  test('every tool is among these calls', () => {
    expect(new Set(calls.map(([tool]) => tool)).size).toBe(notion.tools.length)
    const writing = notion.tools.filter(({ annotations }) => !annotations.readOnly).map(({ name }) => name)
    expect(new Set(writes.map(({ tool }) => tool))).toEqual(new Set(writing))
  })

  test.each<[string, FaultKind, string]>([
    ['a limit', { type: 'rate_limited', retryAfterSeconds: 40 }, 'rate_limited'],
    ['an overload', { type: 'service_overload', retryAfterSeconds: 40 }, 'rate_limited'],
    ['a page of the proxy', { type: 'html_forbidden' }, 'provider_unavailable'],
  ])('%s is told by every tool alike', async (_, fault, code) => {
    for (const [tool, input] of calls) {
      expect(await call(tool, input, fault), tool).toMatchObject({ ok: false, problem: { code } })
    }
  })

  test.each<[string, FaultKind]>([
    ['a broken connection', { type: 'connection_reset', afterCommit: true }],
    ['half an answer', { type: 'truncated_json' }],
    ['an internal error', { type: 'internal_server_error' }],
  ])('%s leaves the outcome of every write open, and it is sent once', async (_, fault) => {
    for (const { tool, input, method } of writes) {
      const outcome = await call(tool, input, fault, method)
      expect(outcome, tool).toMatchObject({ ok: false, problem: { code: 'outcome_unknown' } })
      expect(notionDown.asked().filter((line) => line.startsWith(method)).length, tool).toBe(1)
    }
  })

  test('a write that was saved all the same is done for every tool that writes', async () => {
    for (const { tool, input, method } of writes) {
      const outcome = await call(tool, input, { type: 'unavailable_after_commit' }, method)
      expect(outcome, tool).toMatchObject({ ok: true })
      const sent = notionDown.asked().filter((line) => line.startsWith(method))
      expect(new Set(sent).size, tool).toBe(sent.length)
    }
  })

  test('nothing that fails tells the key', async () => {
    const texts: string[] = []
    for (const [tool, input] of calls) texts.push(JSON.stringify(await call(tool, input, { type: 'html_forbidden' })))
    expect(texts.join('\n')).not.toMatch(/ntn_|secret_|Bearer/)
  })
})
