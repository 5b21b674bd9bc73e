import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { createWholeApp, tenantKey, type Answer, type TestUser, type WholeApp } from '#test/support/whole-app.ts'

/** The same call under the same key, over the whole server and an emulated Notion: one effect, whatever became of the first. */

const HOME = 'd953f1bb-466c-4409-9517-ea2f03d92eba'
const IDEAS = '17f64992-e351-41e9-8e8a-f98e71e68593'
const ONBOARDING = '49f894a6-5616-41e6-8834-d61f481b0fa1'
const TASKS = '2a73081e-2719-430c-8f2d-c8e7e896fb02'

/** In this order: what one leaves behind does not hinder the next. */
const WRITES: readonly (readonly [tool: string, input: Record<string, unknown>])[] = [
  ['notion_create_page', { parent_id: HOME, title: 'Uma vez' }],
  ['notion_create_page', { parent_id: 'Tarefas', title: 'Uma vez', properties: { prazo: 'amanhã' } }],
  ['notion_update_page', { page_id: IDEAS, title: 'Ideias novas' }],
  ['notion_archive_page', { page_id: IDEAS, including_children: true }],
  ['notion_restore_page', { page_id: IDEAS }],
  ['notion_append_blocks', { block_id: IDEAS, content: '- um\n- dois' }],
  ['notion_edit_page_content', { page_id: IDEAS, edits: [{ find: 'um', replace: 'três' }] }],
  ['notion_create_database', { parent_id: HOME, title: 'Tabela' }],
  ['notion_update_database', { database_id: TASKS, description: 'Quadro' }],
  ['notion_create_comment', { page_id: ONBOARDING, text: 'uma vez' }],
  ['notion_upload_file', { name: 'nota.txt', text: 'uma vez', block_id: IDEAS }],
  ['notion_move_page', { page_id: ONBOARDING, parent_id: IDEAS }],
]

const isRead = (line: string) => /^GET |^POST \/v1\/(?:search|data_sources\/[^/]+\/query)/.test(line)

describeOnEachEngine('a write that is sent again under its key', (open) => {
  let database: TestDatabase
  let app: WholeApp
  let user: TestUser
  let keys = 0

  beforeAll(async () => {
    database = await open()
    app = await createWholeApp(database)
    user = await app.signUp('Ana', 'ana-repeats@example.com')
    const body = { api_key: tenantKey(app.emulator, 'Estúdio Aurora') }
    await app.request('POST', '/api/mcp/notion/connect', { token: user.token, body })
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })
  beforeEach(() => {
    keys += 1
    app.emulator.control.clearFaults()
    app.emulator.control.clearRequests()
  })

  const send = (tool: string, input: Record<string, unknown>): Promise<Answer> =>
    app.request('POST', `/api/tools/${tool}/call`, {
      token: user.token,
      body: { arguments: input },
      headers: { 'idempotency-key': `key-${keys}` },
    })
  const writes = () => app.emulator.control.requests().filter(({ method, path }) => !isRead(`${method} ${path}`)).length
  const withoutRequest = (answer: Answer) => ({ ...answer.json(), request_id: null })

  it.each(WRITES)('%s %j takes effect once and is answered twice', async (tool, input) => {
    const first = await send(tool, input)
    expect([first.status, first.text]).toEqual([200, expect.any(String)])
    const sent = writes()
    expect(sent).toBeGreaterThan(0)
    const second = await send(tool, input)
    expect(second.json()).toEqual(first.json())
    expect(writes()).toBe(sent)
  })

  it.each(WRITES)('%s %j is not sent again where nobody knows what became of it', async (tool, input) => {
    // The databases of the test live on, so a title would be taken by the test before.
    const fresh = 'title' in input ? { ...input, title: `${String(input['title'])} ${keys}` } : input
    for (const method of ['POST', 'PATCH', 'DELETE']) {
      const paths = method === 'POST' ? ['/v1/pages', '/v1/comments', '/v1/databases'] : ['/v1/']
      for (const pathIncludes of paths) {
        const fault = { type: 'connection_reset', afterCommit: true } as const
        app.emulator.control.injectFault({ match: { method, pathIncludes }, fault })
      }
    }
    const given =
      tool === 'notion_edit_page_content' ? { ...input, edits: [{ find: 'três', replace: 'quatro' }] } : fresh
    const first = await send(tool, given)
    expect(first.json()).toMatchObject({ status: 502, code: 'outcome_unknown' })
    const sent = writes()
    // A file is announced and sent before it is put on the page, which is the change that fails here.
    expect(sent).toBe(tool === 'notion_upload_file' ? 3 : 1)
    app.emulator.control.clearFaults()
    const second = await send(tool, given)
    expect(withoutRequest(second)).toEqual(withoutRequest(first))
    expect(writes()).toBe(sent)
  })

  it('that stopped halfway says the same again, and the missing rest completes it', async () => {
    const page = await send('notion_create_page', { parent_id: HOME, title: `Longa ${keys}` })
    const { id } = page.json()['result'] as { id: string }
    keys += 1
    const lines = Array.from({ length: 350 }, (_, index) => `linha ${index}`)
    const input = { block_id: id, content: lines.join('\n') }
    const fault = { type: 'rate_limited', retryAfterSeconds: 40 } as const
    app.emulator.control.injectFault({ match: { method: 'PATCH' }, after: 2, fault })
    const first = await send('notion_append_blocks', input)
    const missing = [{ block_id: id, after: null, blocks: 150, begins_with: 'linha 200' }]
    expect(first.json()).toMatchObject({ code: 'partly_done', retry_after: 40, saved_blocks: 200, missing })
    const sent = writes()
    expect(withoutRequest(await send('notion_append_blocks', input))).toEqual(withoutRequest(first))
    expect(writes()).toBe(sent)
    keys += 1
    const rest = lines.slice(lines.indexOf('linha 200')).join('\n')
    expect((await send('notion_append_blocks', { block_id: id, content: rest })).status).toBe(200)
    keys += 1
    const read = await send('notion_read_page_content', { page_id: id })
    expect((read.json()['result'] as { markdown: string }).markdown.split('\n')).toEqual(lines)
  })

  it('that was turned away before it began may be sent again', async () => {
    const input = { block_id: IDEAS, content: 'depois' }
    app.emulator.control.injectFault({ fault: { type: 'rate_limited', retryAfterSeconds: 40 } })
    expect((await send('notion_append_blocks', input)).json()).toMatchObject({ code: 'rate_limited', retry_after: 40 })
    expect((await send('notion_append_blocks', input)).status).toBe(200)
  })
})
