import { beforeEach, describe, expect, test } from 'vitest'
import { emulatedNotion } from '#test/support/notion.ts'

const BOT = 'b5653801-8c5a-406b-8f08-78632da13d91'
const TASKS = '2d720288-d593-44cd-aad3-ee316b78d9d0'
const TASKS_SOURCE = '82c36dd6-d2cb-48da-a15c-69f291172564'
const DEALS = '2aa58ca1-7c28-4d51-8cee-ba0eb32e5a45'
const INCIDENTS = '4566eb4d-898f-49f4-9618-a955d64ad862'
const SUPPORT = '2464d06f-e231-4318-8473-f3541e26e1c9'
const TICKETS_SOURCE = 'c430f26f-7db6-459e-b6d5-f837f42f187d'
const MACROS_SOURCE = '0f701082-4fa3-4fe7-8d2f-d41230a5b668'
const FINANCE = 'a3b306e9-d550-4802-8fa2-782baa487c1a'

const notion = emulatedNotion('demo')
const { call, done, asked, emulator } = notion

beforeEach(notion.fresh)

interface Row {
  readonly id: string
  readonly title: string
  readonly properties: Record<string, unknown>
}

async function rowsOf(input: Record<string, unknown>): Promise<Row[]> {
  return (await done(BOT, 'notion_query_database', input)).value.results
}

describe('notion_get_database', () => {
  test('lists the columns with types and options', async () => {
    const { text, value } = await done(BOT, 'notion_get_database', { database_id: TASKS })
    expect(text).toContain('# Tarefas')
    expect(text).toContain('- Situação: status (A fazer, Fazendo, Bloqueado, Feito)')
    expect(text).toMatch(/^- Projeto: relation \(to data source [0-9a-f]{32}\)$/m)
    expect(text).toMatch(/^- Estimativa \(h\): number$/m)
    const [id, source] = [TASKS, TASKS_SOURCE].map((each) => each.replaceAll('-', ''))
    expect(text).toContain(`https://app.notion.com/p/${id}, data source ${source}`)
    expect(value).toMatchObject({ id: TASKS, title: 'Tarefas', data_source_id: TASKS_SOURCE })
    expect(value.properties).toContainEqual({ name: 'Prazo', type: 'date' })
    expect(asked()).toEqual(['GET /v1/databases/:id', 'GET /v1/data_sources/:id'])
  })

  test.each([
    ['a URL', { database_id: `https://app.notion.com/p/${TASKS.replaceAll('-', '')}?v=2` }],
    ['its data source', { data_source_id: TASKS_SOURCE }],
    ['its data source in the place of a database', { database_id: TASKS_SOURCE }],
  ])('takes %s', async (_, input) => {
    expect((await done(BOT, 'notion_get_database', input)).value).toMatchObject({
      id: TASKS,
      data_source_id: TASKS_SOURCE,
    })
  })

  test('with several data sources lists them and asks for one', async () => {
    const { text, value } = await done(BOT, 'notion_get_database', { database_id: SUPPORT })
    expect(text).toContain(`- Chamados: data_source_id ${TICKETS_SOURCE}`)
    expect(text).toContain(`- Macros: data_source_id ${MACROS_SOURCE}`)
    expect(value).toMatchObject({ id: SUPPORT, needs: 'data_source_id' })
    const macros = await done(BOT, 'notion_get_database', { data_source_id: MACROS_SOURCE })
    expect(macros.text).toContain('- Idioma: select')
  })

  test('that is not there says so once', async () => {
    const outcome = await call(BOT, 'notion_get_database', { database_id: '91c4e7a0-36bd-4f52-8e19-d2075bfa84c6' })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'not_found' } })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('no such database')
  })

  test('asks for an id', async () => {
    expect(await call(BOT, 'notion_get_database', {})).toMatchObject({
      ok: false,
      problem: { path: 'arguments.database_id' },
    })
  })
})

describe('notion_query_database', () => {
  test('gives rows as a table, with ids that other tools take', async () => {
    const { text, value } = await done(BOT, 'notion_query_database', { database_id: INCIDENTS })
    const [head, , first] = text.split('\n')
    expect(head).toMatch(/^\|id\|Title\|/)
    expect(first?.split('|').length).toBe(head?.split('|').length)
    const id = first?.split('|')[1] ?? ''
    expect((await done(BOT, 'notion_read_page', { page_id: id })).value.title).toBe(value.results[0].title)
  })

  test('reads the schema only where a condition needs it', async () => {
    await done(BOT, 'notion_query_database', { data_source_id: TASKS_SOURCE })
    expect(asked()).toEqual(['POST /v1/data_sources/:id/query'])
    await done(BOT, 'notion_query_database', { data_source_id: TASKS_SOURCE, sorts: [{ property: 'Prazo' }] })
    expect(asked()).toEqual(['GET /v1/data_sources/:id', 'POST /v1/data_sources/:id/query'])
  })

  test.each<[Record<string, unknown>, (properties: Record<string, unknown>) => boolean]>([
    [{ property: 'situação', equals: 'bloqueado' }, ({ Situação }) => Situação === 'Bloqueado'],
    [{ property: 'Situação', does_not_equal: 'Feito' }, ({ Situação }) => Situação !== 'Feito'],
    [{ property: 'Urgente', equals: true }, ({ Urgente }) => Urgente === true],
    [{ property: 'Etiquetas', equals: 'design' }, ({ Etiquetas }) => (Etiquetas as string[]).includes('design')],
    [{ property: 'Situação', contains: 'faz' }, ({ Situação }) => ['A fazer', 'Fazendo'].includes(String(Situação))],
    [{ property: 'Estimativa (h)', greater_than: 8 }, ({ 'Estimativa (h)': hours }) => (hours as number) > 8],
    [{ property: 'Prazo', before: '2026-06-01' }, ({ Prazo }) => String(Prazo) < '2026-06-01'],
    [{ property: 'Tarefa', contains: 'alertas' }, ({ Tarefa }) => String(Tarefa).includes('alertas')],
    [{ property: 'Situação', status: { equals: 'Feito' } }, ({ Situação }) => Situação === 'Feito'],
    [
      {
        and: [
          { property: 'urgente', equals: true },
          { property: 'situação', equals: 'a fazer' },
        ],
      },
      ({ Urgente, Situação }) => Urgente === true && Situação === 'A fazer',
    ],
  ])('filters by %j', async (filter, fits) => {
    const all = await rowsOf({ database_id: TASKS, page_size: 100 })
    const found = await rowsOf({ database_id: TASKS, page_size: 100, filter })
    expect(found.length).toBeGreaterThan(0)
    expect(found.every(({ properties }) => fits(properties))).toBe(true)
    const ids = new Set(found.map(({ id }) => id))
    expect(all.filter(({ properties }) => fits(properties)).every(({ id }) => ids.has(id))).toBe(true)
  })

  test('sorts, and gives as many as asked', async () => {
    const rows = await rowsOf({
      database_id: DEALS,
      sorts: [{ property: 'valor', direction: 'descending' }],
      page_size: 5,
    })
    const values = rows.map(({ properties }) => properties['Valor'] as number)
    expect(values.length).toBe(5)
    expect(values).toEqual([...values].sort((one, other) => other - one))
  })

  test('goes on where it ended', async () => {
    const seen: string[] = []
    let start_cursor: string | undefined
    do {
      const page = await done(BOT, 'notion_query_database', {
        database_id: TASKS,
        page_size: 60,
        ...(start_cursor === undefined ? {} : { start_cursor }),
      })
      seen.push(...page.value.results.map(({ id }: Row) => id))
      start_cursor = page.nextCursor
    } while (start_cursor !== undefined)
    expect(seen.length).toBe(144)
    expect(new Set(seen).size).toBe(144)
  })

  test('leaves the ids out of a table of many rows, and says how to get them', async () => {
    const { text, value } = await done(BOT, 'notion_query_database', { database_id: TASKS, page_size: 100 })
    expect(text).toMatch(/^Without ids.*page_size up to 50/)
    expect(text).not.toMatch(/[0-9a-f]{32}\|/)
    expect(value.results.length).toBe(100)
    expect(value.results[0].id).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('keeps bars and line breaks inside their cell', async () => {
    await done(BOT, 'notion_create_page', { parent_id: INCIDENTS, title: 'a|b', properties: { Number: 'one\ntwo' } })
    const { text } = await done(BOT, 'notion_query_database', { database_id: INCIDENTS, page_size: 1 })
    expect(text).toContain(String.raw`|a\|b|`)
    expect(text).toContain('|one two|')
  })

  test('of a database with several data sources lists them and asks for one', async () => {
    const { text, value } = await done(BOT, 'notion_query_database', { database_id: SUPPORT })
    expect(text).toContain(TICKETS_SOURCE)
    expect(value.needs).toBe('data_source_id')
    expect(asked()).toEqual(['GET /v1/databases/:id'])
    expect((await rowsOf({ data_source_id: MACROS_SOURCE })).length).toBe(6)
  })

  test.each<[Record<string, unknown>, string]>([
    [{ filter: { property: 'Fase', equals: 'x' } }, 'There is no property "Fase"'],
    [{ filter: { property: 'Situação', equals: 'Perdida' } }, '"A fazer"'],
    [{ sorts: [{ property: 'Preço' }] }, 'There is no property "Preço"'],
    [{ sorts: [{}] }, 'Each sort needs'],
  ])('refuses %j without asking for rows', async (input, advice) => {
    const outcome = await call(BOT, 'notion_query_database', { database_id: TASKS, ...input })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain(advice)
    expect(asked().some((line) => line.includes('/query'))).toBe(false)
  })

  test('says that there are no rows', async () => {
    const filter = { property: 'Tarefa', equals: 'não existe' }
    expect((await done(BOT, 'notion_query_database', { database_id: TASKS, filter })).text).toBe('No rows.')
  })
})

describe('notion_create_database', () => {
  test('makes a table from names and types', async () => {
    const { value } = await done(BOT, 'notion_create_database', {
      parent_id: FINANCE,
      title: 'Fornecedores',
      description: 'Quem nos vende',
      properties: {
        Nome: 'title',
        Valor: { type: 'number', format: 'real' },
        Vencimento: 'date',
        Dono: 'person',
        Etapa: ['Novo', 'Pago'],
      },
    })
    expect(asked()).toEqual(['POST /v1/databases'])
    const schema = await done(BOT, 'notion_get_database', { database_id: value.id })
    expect(schema.value.properties).toEqual(
      expect.arrayContaining([
        { name: 'Nome', type: 'title' },
        { name: 'Valor', type: 'number', format: 'real' },
        { name: 'Vencimento', type: 'date' },
        { name: 'Dono', type: 'people' },
        { name: 'Etapa', type: 'select', options: ['Novo', 'Pago'] },
      ]),
    )
    const row = await done(BOT, 'notion_create_page', {
      parent_id: value.id,
      title: 'Papelaria',
      properties: { valor: 120.5, etapa: 'pago' },
    })
    expect((await rowsOf({ database_id: value.id }))[0]).toMatchObject({
      id: row.value.id,
      properties: { Valor: 120.5, Etapa: 'Pago' },
    })
  })

  test('needs no columns', async () => {
    const { value } = await done(BOT, 'notion_create_database', { parent_id: FINANCE, title: 'Vazia' })
    const schema = await done(BOT, 'notion_get_database', { database_id: value.id })
    expect(schema.value.properties).toEqual([{ name: 'Name', type: 'title' }])
  })

  test('refuses a type that there is not, before anything is created', async () => {
    const outcome = await call(BOT, 'notion_create_database', {
      parent_id: FINANCE,
      title: 'X',
      properties: { A: 'rainbow' },
    })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments' } })
    expect(asked()).toEqual([])
  })
})

describe('notion_update_database', () => {
  test('renames what people see and what search finds', async () => {
    await done(BOT, 'notion_update_database', { database_id: DEALS, title: 'Funil 2027' })
    const { value } = await done(BOT, 'notion_search_pages', { query: 'funil', filter: 'database' })
    expect(value.results).toMatchObject([{ id: DEALS, title: 'Funil 2027' }])
    expect((await done(BOT, 'notion_get_database', { database_id: DEALS })).value.title).toBe('Funil 2027')
  })

  test('adds, renames and removes columns, and adds options', async () => {
    await done(BOT, 'notion_update_database', {
      database_id: INCIDENTS,
      properties: { 'Reviewed on': 'date', minutes: { name: 'Duration' }, POSTMORTEM: null, severity: ['SEV9'] },
    })
    const { value } = await done(BOT, 'notion_get_database', { database_id: INCIDENTS })
    const names = value.properties.map(({ name }: { name: string }) => name)
    expect(names).toContain('Reviewed on')
    expect(names).toContain('Duration')
    expect(names).not.toContain('Minutes')
    expect(names).not.toContain('Postmortem')
    const severity = value.properties.find(({ name }: { name: string }) => name === 'Severity')
    expect(severity.options).toEqual(expect.arrayContaining(['SEV1', 'SEV9']))
  })

  test('adding an option leaves the rows as they are', async () => {
    const before = await rowsOf({ database_id: INCIDENTS })
    await done(BOT, 'notion_update_database', { database_id: INCIDENTS, properties: { Severity: ['SEV9'] } })
    const after = await rowsOf({ database_id: INCIDENTS })
    expect(after.map(({ properties }) => properties['Severity'])).toEqual(
      before.map(({ properties }) => properties['Severity']),
    )
  })

  test('moves to the trash and back', async () => {
    expect(
      (await done(BOT, 'notion_update_database', { database_id: DEALS, in_trash: true, including_children: true }))
        .value.in_trash,
    ).toBe(true)
    expect((await done(BOT, 'notion_update_database', { database_id: DEALS, in_trash: false })).value.in_trash).toBe(
      false,
    )
    expect((await rowsOf({ database_id: DEALS, page_size: 100 })).length).toBe(34)
  })

  test('with several data sources renames the whole, but asks which columns are meant', async () => {
    await done(BOT, 'notion_update_database', { database_id: SUPPORT, title: 'Atendimento' })
    asked()
    const outcome = await call(BOT, 'notion_update_database', { database_id: SUPPORT, properties: { Nova: 'date' } })
    expect(outcome).toMatchObject({
      ok: false,
      problem: { code: 'invalid_arguments', path: 'arguments.data_source_id' },
    })
    expect(asked().every((line) => line.startsWith('GET'))).toBe(true)
    await done(BOT, 'notion_update_database', {
      database_id: SUPPORT,
      data_source_id: MACROS_SOURCE,
      properties: { Nova: 'date' },
    })
    const { text } = await done(BOT, 'notion_get_database', { data_source_id: MACROS_SOURCE })
    expect(text).toContain('- Nova: date')
  })

  test('changes nothing where database and data source are not of each other', async () => {
    const given = { database_id: DEALS, data_source_id: MACROS_SOURCE }
    for (const change of [{ title: 'x' }, { properties: { Nova: 'date' } }, { in_trash: true }]) {
      asked()
      const outcome = await call(BOT, 'notion_update_database', { ...given, ...change })
      expect(outcome).toMatchObject({ ok: false, problem: { path: 'arguments.data_source_id' } })
      expect(asked().every((line) => line.startsWith('GET'))).toBe(true)
    }
  })

  test('says what was done when the second half fails', async () => {
    emulator.control.injectFault({
      match: { method: 'PATCH', pathIncludes: '/databases/' },
      fault: { type: 'rate_limited', retryAfterSeconds: 40 },
    })
    const outcome = await call(BOT, 'notion_update_database', {
      database_id: INCIDENTS,
      description: 'x',
      properties: { A: 'date' },
    })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'partly_done' } })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('Before that: Updated')
  })

  test('refuses to change nothing', async () => {
    expect(await call(BOT, 'notion_update_database', { database_id: DEALS })).toMatchObject({
      ok: false,
      problem: { code: 'invalid_arguments' },
    })
  })
})
