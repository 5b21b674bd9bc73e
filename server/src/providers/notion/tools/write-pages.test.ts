import { beforeEach, describe, expect, test } from 'vitest'
import { emulatedNotion } from '#test/support/notion.ts'

const BOT = 'b5653801-8c5a-406b-8f08-78632da13d91'
const PERSONAL_BOT = '6c866e99-df56-47de-826f-31d93855764f'
const ENGINEERING = 'bc25bb4a-3695-4aad-a461-01ab1b7e0792'
const TASKS = '2d720288-d593-44cd-aad3-ee316b78d9d0'
const TASKS_SOURCE = '82c36dd6-d2cb-48da-a15c-69f291172564'
const SUPPORT = '2464d06f-e231-4318-8473-f3541e26e1c9'
const MACROS_SOURCE = '0f701082-4fa3-4fe7-8d2f-d41230a5b668'
const TASK = '28c7ad7f-a06f-4f97-90ef-beabf7378ce7'
const EMPTY = 'ba6078be-bd37-4d49-99c6-a5fbae96f84c'
const TRASHED = '6cafa23b-00ff-46c8-ae4b-d1de810f48bb'

const notion = emulatedNotion('demo')
const { call, done, asked, emulator } = notion

beforeEach(notion.fresh)

async function contentOf(id: string): Promise<string> {
  return (await done(BOT, 'notion_read_page_content', { page_id: id })).value.markdown
}

async function propertiesOf(id: string): Promise<Record<string, unknown>> {
  return (await done(BOT, 'notion_read_page', { page_id: id })).value.properties
}

describe('notion_create_page', () => {
  test('inside a page, with content in Markdown', async () => {
    const { text, value } = await done(BOT, 'notion_create_page', {
      parent_id: ENGINEERING,
      title: 'Load test results',
      content: '## Findings\n\n- p95 is **fine**\n- [ ] tell support',
    })
    expect(asked()).toEqual(['GET /v1/blocks/:id', 'POST /v1/pages'])
    expect(text).toContain('Load test results')
    expect(value).toMatchObject({ title: 'Load test results', parent: { page_id: ENGINEERING }, in_trash: false })
    expect(await contentOf(value.id)).toBe('## Findings\n- p95 is **fine**\n- [ ] tell support')
  })

  test('as a row, with plain values by name, whatever the case', async () => {
    const { value } = await done(BOT, 'notion_create_page', {
      parent_id: TASKS,
      title: 'Revisar textos do Pix',
      properties: {
        prazo: '2026-11-30',
        SITUAÇÃO: 'fazendo',
        Etiquetas: ['texto', 'docs'],
        'Estimativa (h)': 3,
        Urgente: true,
      },
    })
    expect(await propertiesOf(value.id)).toMatchObject({
      Tarefa: 'Revisar textos do Pix',
      Prazo: '2026-11-30',
      Situação: 'Fazendo',
      Etiquetas: ['texto', 'docs'],
      'Estimativa (h)': 3,
      Urgente: true,
    })
  })

  test.each([
    ['a database', TASKS],
    ['a database by its URL', `https://app.notion.com/p/${TASKS.replaceAll('-', '')}?v=1`],
    ['a data source', TASKS_SOURCE],
  ])('finds out that the parent is %s', async (_, parent_id) => {
    const { value } = await done(BOT, 'notion_create_page', { parent_id, title: 'Rotate signing keys' })
    expect(value.parent).toMatchObject({ data_source_id: TASKS_SOURCE })
  })

  test('in a database with several data sources asks for one of them, and creates nothing', async () => {
    const outcome = await call(BOT, 'notion_create_page', { parent_id: SUPPORT, title: 'Saudação' })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments', path: 'arguments.parent_id' } })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain(MACROS_SOURCE)
    expect(asked().some((line) => line.startsWith('POST'))).toBe(false)
    const { value } = await done(BOT, 'notion_create_page', { parent_id: MACROS_SOURCE, title: 'Saudação' })
    expect(value.parent).toMatchObject({ data_source_id: MACROS_SOURCE })
  })

  test('the title wins over the same property given by name', async () => {
    const { value } = await done(BOT, 'notion_create_page', {
      parent_id: TASKS,
      title: 'One',
      properties: { tarefa: 'Two' },
    })
    expect(value.title).toBe('One')
  })

  test.each<[Record<string, unknown>, string]>([
    [{ Situação: 'Inventada' }, '"A fazer", "Fazendo", "Bloqueado", "Feito"'],
    [{ Prioridade: 'Alta' }, 'There is no property "Prioridade"'],
    [{ 'Estimativa (h)': 'muitas' }, 'takes a number'],
  ])('refuses %j before anything is created', async (properties, advice) => {
    const outcome = await call(BOT, 'notion_create_page', { parent_id: TASKS, title: 'X', properties })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain(advice)
    expect(asked().some((line) => line.startsWith('POST'))).toBe(false)
  })

  test('refuses properties for a page that can have none', async () => {
    const outcome = await call(BOT, 'notion_create_page', { parent_id: ENGINEERING, title: 'X', properties: { a: 1 } })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments', path: 'arguments.properties' } })
  })

  test('refuses a block as parent', async () => {
    const children = await done(BOT, 'notion_get_block_children', { block_id: 'e4c86533-d4e2-4bfc-ae87-a40ae53a7bfc' })
    const outcome = await call(BOT, 'notion_create_page', { parent_id: children.value.results[0].id, title: 'X' })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('is a block (to_do)')
  })

  test('at the top of the workspace, where the key is that of a person', async () => {
    const { value } = await done(PERSONAL_BOT, 'notion_create_page', { parent_id: 'workspace', title: 'Private' })
    expect(value.parent).toMatchObject({ type: 'workspace' })
    expect(await call(BOT, 'notion_create_page', { parent_id: 'workspace', title: 'X' })).toMatchObject({
      ok: false,
      problem: { code: 'invalid_arguments' },
    })
  })

  test('that Notion saved though it answered with an error is done, once', async () => {
    emulator.control.injectFault({ match: { method: 'POST' }, fault: { type: 'unavailable_after_commit' } })
    const { text, value } = await done(BOT, 'notion_create_page', { parent_id: ENGINEERING, title: 'Saved anyway' })
    expect(text).toContain('do not repeat it')
    expect(value.saved).toBe(true)
    expect(asked().filter((line) => line.startsWith('POST'))).toEqual(['POST /v1/pages'])
    expect((await done(BOT, 'notion_read_page', { page_id: value.id })).value.title).toBe('Saved anyway')
  })

  test('with the connection broken after it was sent is of unknown outcome, and sent once', async () => {
    emulator.control.injectFault({
      match: { method: 'POST' },
      times: 5,
      fault: { type: 'connection_reset', afterCommit: true },
    })
    const outcome = await call(BOT, 'notion_create_page', { parent_id: ENGINEERING, title: 'Half known' })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'outcome_unknown' } })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('Search for "Half known"')
    expect(asked().filter((line) => line.startsWith('POST')).length).toBe(1)
  })
})

describe('notion_update_page', () => {
  test('renames without looking anything up', async () => {
    const { value } = await done(BOT, 'notion_update_page', { page_id: EMPTY, title: 'Waiting list sketches' })
    expect(value.title).toBe('Waiting list sketches')
    expect(asked()).toEqual(['PATCH /v1/pages/:id'])
  })

  test('renames a row as well', async () => {
    await done(BOT, 'notion_update_page', { page_id: TASK, title: 'Novo nome' })
    expect((await propertiesOf(TASK))['Tarefa']).toBe('Novo nome')
  })

  test('sets properties by name and option, in any case', async () => {
    await done(BOT, 'notion_update_page', { page_id: TASK, properties: { situação: 'FEITO', Urgente: false } })
    expect(await propertiesOf(TASK)).toMatchObject({ Situação: 'Feito', Urgente: false })
  })

  test('clears with null', async () => {
    await done(BOT, 'notion_update_page', { page_id: TASK, properties: { Prazo: null, Etiquetas: null } })
    expect(await propertiesOf(TASK)).toMatchObject({ Prazo: null, Etiquetas: [] })
  })

  test('reads back what it was given', async () => {
    const before = await propertiesOf(TASK)
    await done(BOT, 'notion_update_page', { page_id: TASK, properties: before })
    expect(await propertiesOf(TASK)).toEqual(before)
  })

  test('replaces the whole text', async () => {
    await done(BOT, 'notion_update_page', { page_id: EMPTY, content: 'One\n\nTwo' })
    await done(BOT, 'notion_update_page', { page_id: EMPTY, content: '# Fresh' })
    expect(await contentOf(EMPTY)).toBe('# Fresh')
  })

  test('throws the pages inside a page away only where it is told to', async () => {
    const before = await contentOf(ENGINEERING)
    const change = { page_id: ENGINEERING, title: 'Emptied', content: 'Nothing left' }
    const outcome = await call(BOT, 'notion_update_page', change)
    expect(outcome).toMatchObject({
      ok: false,
      problem: { code: 'invalid_arguments', path: 'arguments.allow_deleting_content' },
    })
    expect(outcome.ok ? '' : outcome.problem.detail).toMatch(/"Runbooks" .*allow_deleting_content: true/)
    expect(await contentOf(ENGINEERING)).toBe(before)
    expect((await done(BOT, 'notion_read_page', { page_id: ENGINEERING })).value.title).not.toBe('Emptied')
    await done(BOT, 'notion_update_page', { ...change, allow_deleting_content: true })
    expect(await contentOf(ENGINEERING)).toBe('Nothing left')
  })

  test('keeps the pages whose lines are in the new text', async () => {
    const pages = (await contentOf(ENGINEERING)).split('\n').filter((line) => /^<(?:page|database) /.test(line))
    await done(BOT, 'notion_update_page', { page_id: ENGINEERING, content: ['Only these', ...pages].join('\n') })
    expect(await contentOf(ENGINEERING)).toBe(['Only these', ...pages].join('\n'))
  })

  test('does both, and says what was done when the second fails', async () => {
    emulator.control.injectFault({
      match: { method: 'PATCH', pathIncludes: '/markdown' },
      fault: { type: 'rate_limited', retryAfterSeconds: 40 },
    })
    const outcome = await call(BOT, 'notion_update_page', { page_id: EMPTY, title: 'Half', content: 'text' })
    expect(outcome).toMatchObject({
      ok: false,
      problem: { code: 'partly_done', retryAfterSeconds: 40, extra: { properties_updated: true } },
    })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('Title and properties were updated before that')
    expect((await done(BOT, 'notion_read_page', { page_id: EMPTY })).value.title).toBe('Half')
  })

  test('refuses to change nothing', async () => {
    const outcome = await call(BOT, 'notion_update_page', { page_id: EMPTY })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('Nothing to change')
    expect(asked()).toEqual([])
  })

  test('of a trashed page points to the way out', async () => {
    const outcome = await call(BOT, 'notion_update_page', { page_id: TRASHED, properties: { X: 1 } })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('notion_restore_page')
  })
})
