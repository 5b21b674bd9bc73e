import { describe, expect, test } from 'vitest'
import { emulatedNotion } from '#test/support/notion.ts'
import { createNotionApi, type NotionApi } from './client.ts'
import type { Calendar } from './dates.ts'
import { propertyPayloads, titlePayload } from './property-writes.ts'
import type { Column } from './schema.ts'
import { wordsIn } from './words.ts'

const PAGE = 'e5b2317e-9ae8-46d7-9428-3e8f1785b333'
const OTHER = '1ec80d4a-d63e-488d-88b6-6236249cb95b'

const COLUMNS: Column[] = [
  { name: 'Tarefa', type: 'title' },
  { name: 'Notas', type: 'rich_text' },
  { name: 'Valor', type: 'number', format: 'real' },
  { name: 'Margem', type: 'number', format: 'percent' },
  { name: 'Urgente', type: 'checkbox' },
  { name: 'Prioridade', type: 'select', options: ['Alta', 'Média', 'Baixa'] },
  { name: 'Situação', type: 'status', options: ['A fazer', 'Fazendo', 'Feito'] },
  { name: 'Etiquetas', type: 'multi_select', options: ['Pix', 'API', 'Design'] },
  { name: 'Prazo', type: 'date' },
  { name: 'Responsável', type: 'people' },
  { name: 'Projeto', type: 'relation' },
  { name: 'Anexos', type: 'files' },
  { name: 'Site', type: 'url' },
  { name: 'E-mail', type: 'email' },
  { name: 'Telefone', type: 'phone_number' },
  { name: 'Total', type: 'formula' },
  { name: 'Soma', type: 'rollup' },
  { name: 'Criado em', type: 'created_time' },
  { name: 'Código', type: 'unique_id' },
  { name: 'Livre', type: 'select' },
]

/** A Sunday. */
const CALENDAR: Calendar = { now: new Date('2026-11-22T12:00:00Z'), timeZone: 'UTC' }

const unasked = (): Promise<never> => Promise.reject(new Error('Notion is not asked for this'))
const silent: NotionApi = { words: wordsIn('en'), read: unasked, write: unasked }
const write = (values: Record<string, unknown>, columns = COLUMNS, api = silent) =>
  propertyPayloads(values, columns, api, CALENDAR)

const text = (content: string): unknown[] => [{ type: 'text', text: { content } }]

describe('plain values become what Notion takes', () => {
  test.each<[string, unknown, unknown]>([
    ['Tarefa', 'Revisar', { title: text('Revisar') }],
    ['Tarefa', null, { title: [] }],
    ['Notas', 'linha', { rich_text: text('linha') }],
    ['Notas', 12, { rich_text: text('12') }],
    ['Notas', '', { rich_text: [] }],
    ['Valor', 0.9, { number: 0.9 }],
    ['Valor', '12.5', { number: 12.5 }],
    ['Valor', null, { number: null }],
    ['Urgente', true, { checkbox: true }],
    ['Urgente', 'false', { checkbox: false }],
    ['Urgente', null, { checkbox: false }],
    ['Prioridade', 'Alta', { select: { name: 'Alta' } }],
    ['Prioridade', 'média', { select: { name: 'Média' } }],
    ['Prioridade', null, { select: null }],
    ['Situação', 'feito', { status: { name: 'Feito' } }],
    ['Situação', null, { status: null }],
    ['Etiquetas', ['pix', 'API'], { multi_select: [{ name: 'Pix' }, { name: 'API' }] }],
    ['Etiquetas', 'Pix, Design', { multi_select: [{ name: 'Pix' }, { name: 'Design' }] }],
    ['Etiquetas', [], { multi_select: [] }],
    ['Prazo', '2026-12-01', { date: { start: '2026-12-01' } }],
    ['Prazo', '2026-12-01/2026-12-05', { date: { start: '2026-12-01', end: '2026-12-05' } }],
    ['Prazo', '2026-12-01T09:00:00-03:00', { date: { start: '2026-12-01T09:00:00-03:00' } }],
    ['Prazo', { start: '2026-12-01' }, { date: { start: '2026-12-01' } }],
    ['Prazo', null, { date: null }],
    ['Responsável', PAGE, { people: [{ object: 'user', id: PAGE }] }],
    ['Responsável', [{ id: PAGE, name: 'Ana' }], { people: [{ object: 'user', id: PAGE }] }],
    [
      'Projeto',
      [PAGE, `https://app.notion.com/p/X-${OTHER.replaceAll('-', '')}`],
      { relation: [{ id: PAGE }, { id: OTHER }] },
    ],
    ['Projeto', null, { relation: [] }],
    [
      'Anexos',
      'https://a.example/docs/plano.pdf',
      { files: [{ type: 'external', name: 'plano.pdf', external: { url: 'https://a.example/docs/plano.pdf' } }] },
    ],
    ['Anexos', [PAGE], { files: [{ type: 'file_upload', file_upload: { id: PAGE } }] }],
    ['Site', 'https://a.example', { url: 'https://a.example' }],
    ['Site', '', { url: null }],
    ['E-mail', 'a@b.example', { email: 'a@b.example' }],
    ['Telefone', '+351 210 000 000', { phone_number: '+351 210 000 000' }],
    ['Livre', 'Qualquer', { select: { name: 'Qualquer' } }],
    ['Prioridade', 'media', { select: { name: 'Média' } }],
    ['Prioridade', { name: 'alta' }, { select: { name: 'Alta' } }],
    ['Etiquetas', '["pix","api"]', { multi_select: [{ name: 'Pix' }, { name: 'API' }] }],
    ['Etiquetas', ['pix', 'Pix'], { multi_select: [{ name: 'Pix' }] }],
    ['Valor', 'R$ 1.234,56', { number: 1234.56 }],
    ['Valor', '12,5', { number: 12.5 }],
    ['Margem', '15%', { number: 0.15 }],
    ['Urgente', 'sim', { checkbox: true }],
    ['Urgente', 'Não', { checkbox: false }],
    ['Urgente', '✅', { checkbox: true }],
    ['Urgente', 1, { checkbox: true }],
    ['Urgente', '__NO__', { checkbox: false }],
    ['Prazo', { start: '2026-12-01', end: null }, { date: { start: '2026-12-01' } }],
  ])('%s = %j', async (name, value, payload) => {
    expect(await write({ [name]: value })).toEqual({ ok: true, value: { payloads: { [name]: payload }, notes: [] } })
  })

  test('names count whatever their case, and come out as the schema writes them', async () => {
    const outcome = await write({ situacao: 'feito', 'E-MAIL': 'a@b.example' })
    expect(Object.keys(outcome.ok ? outcome.value.payloads : {})).toEqual(['Situação', 'E-mail'])
  })

  test('names count whatever way their accents are composed', async () => {
    expect(await write({ ['Situação'.normalize('NFD')]: 'Feito' })).toMatchObject({ ok: true })
  })

  test("Notion's own form passes as it is", async () => {
    const value = { select: { id: 'abc' } }
    expect(await write({ Prioridade: value })).toMatchObject({ ok: true, value: { payloads: { Prioridade: value } } })
  })
})

describe('wrong values are refused with what would be right', () => {
  test.each<[string, unknown, string]>([
    ['Valor', 'doze', 'takes a number'],
    ['Valor', '', 'takes a number'],
    ['Valor', true, 'takes a number'],
    ['Urgente', 'talvez', 'takes true or false'],
    ['Prioridade', 3, 'takes the name of one option'],
    ['Situação', 'Done', '"A fazer", "Fazendo", "Feito"'],
    ['Etiquetas', 7, 'takes a list of option names'],
    ['Valor', '1.234', 'could be read two ways'],
    ['Prioridade', 'a, b', 'without commas'],
    ['Prioridade', 'x'.repeat(101), '1 to 100 characters'],
    ['Notas', 'x'.repeat(200_001), 'at most 200,000 characters'],
    ['Prazo', '01/12/2026', 'takes an ISO 8601 date'],
    ['Prazo', 'logo', 'takes an ISO 8601 date'],
    ['Prazo', { start: '2026-12-05', end: '2026-12-01' }, 'takes an ISO 8601 date'],
    ['Responsável', 7, 'takes names, e-mails or user ids'],
    ['Prazo', '2026-12-01/2026-12-02/2026-12-03', 'takes an ISO 8601 date'],
    ['Projeto', ['Plano'], 'takes page ids or URLs'],
    ['Anexos', ['plano.pdf'], 'takes URLs'],
    ['Site', 7, 'takes a text'],
    ['Total', 3, 'filled in by Notion'],
    ['Soma', 3, 'filled in by Notion'],
    ['Criado em', '2026-01-01', 'filled in by Notion'],
    ['Código', null, 'filled in by Notion'],
    ['Prioridades', 'Alta', 'There is no property "Prioridades"'],
  ])('%s = %j', async (name, value, advice) => {
    const outcome = await write({ [name]: value })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments' } })
    if (outcome.ok) return
    expect(outcome.problem.detail).toContain(advice)
    expect(outcome.problem.detail).toContain(name)
    expect(outcome.problem.path).toMatch(/^arguments\.properties/)
  })

  test('an unknown property lists those that there are', async () => {
    const outcome = await write({ Preço: 1 })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('"Tarefa", "Notas", "Valor"')
  })

  test('a long list of options is cut', async () => {
    const options = Array.from({ length: 500 }, (_, index) => `Opção ${index}`)
    const outcome = await write({ X: 'nenhuma' }, [{ name: 'X', type: 'status', options }])
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('and 440 more')
  })

  test('two names that differ only in case must be written exactly', async () => {
    const columns: Column[] = [
      { name: 'nome', type: 'rich_text' },
      { name: 'Nome', type: 'rich_text' },
    ]
    expect(await write({ Nome: 'x' }, columns)).toMatchObject({ ok: true, value: { payloads: { Nome: {} } } })
    const outcome = await write({ NOME: 'x' }, columns)
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('"nome", "Nome"')
  })
})

test('a property that is given under two spellings is refused', async () => {
  const outcome = await write({ Valor: 1, valor: 2 })
  expect(outcome).toMatchObject({ ok: false, problem: { path: 'arguments.properties.Valor' } })
})

describe('what could have meant something else is told', () => {
  test.each<[string, unknown, unknown, string]>([
    ['Prazo', 'amanhã', { date: { start: '2026-11-23' } }, '"Prazo": "amanhã" was taken as 2026-11-23 (UTC).'],
    [
      'Prazo',
      { start: 'next friday', end: 'em 10 dias' },
      { date: { start: '2026-11-27', end: '2026-12-02' } },
      '"Prazo": "next friday/em 10 dias" was taken as 2026-11-27 to 2026-12-02 (UTC).',
    ],
    [
      'Prioridade',
      'Urgentíssima',
      { select: { name: 'Urgentíssima' } },
      '"Prioridade": added the new option "Urgentíssima".',
    ],
    [
      'Etiquetas',
      ['pix', 'Inventada'],
      { multi_select: [{ name: 'Pix' }, { name: 'Inventada' }] },
      '"Etiquetas": added the new option "Inventada".',
    ],
  ])('%s = %j', async (name, value, payload, note) => {
    expect(await write({ [name]: value })).toEqual({
      ok: true,
      value: { payloads: { [name]: payload }, notes: [note] },
    })
  })
})

describe('people and rows by their names', () => {
  const notion = emulatedNotion('demo')
  const BOT = 'b5653801-8c5a-406b-8f08-78632da13d91'
  const PERSONAL_BOT = '6c866e99-df56-47de-826f-31d93855764f'
  const NO_USERS_BOT = '89ffb313-22d7-424a-befe-4d47543d75a2'
  const ANA = '04b742d7-aec1-45c0-a22b-2d4831ec6b56'
  const LIVIA = '341675dd-46df-4303-9f38-ca0f575f4e79'
  const PROJECTS = '0aaf60b9-d518-45c5-83a6-726a13229bad'
  const RELATED: Column[] = [
    { name: 'Dono', type: 'people' },
    { name: 'Projeto', type: 'relation', data_source_id: PROJECTS },
  ]
  const by = (bot: string, values: Record<string, unknown>) =>
    write(values, RELATED, createNotionApi(notion.access(bot)))

  test.each(['Ana Duarte', 'ana duarte', '@Ana Duarte', 'Ana', 'ANA.DUARTE@lumiara.example', ANA])(
    '%s',
    async (name) => {
      notion.asked()
      const outcome = await by(BOT, { Dono: name })
      expect(outcome.ok && outcome.value.payloads).toEqual({ Dono: { people: [{ object: 'user', id: ANA }] } })
      expect(notion.asked()).toEqual(name === ANA ? [] : ['GET /v1/users?page_size=100'])
    },
  )

  test('several, asked for once, whatever their accents', async () => {
    notion.asked()
    const outcome = await by(BOT, { Dono: 'Ana Duarte, livia barros' })
    expect(outcome).toMatchObject({ ok: true, value: { payloads: { Dono: { people: [{ id: ANA }, { id: LIVIA }] } } } })
    expect(notion.asked().length).toBe(1)
  })

  test('a part of a name is told in full', async () => {
    const outcome = await by(BOT, { Dono: ['Lívia'] })
    expect(outcome.ok && outcome.value.notes).toEqual(['"Dono": "Lívia" is Lívia Barros.'])
  })

  test('me is the person of the connection, where it has one', async () => {
    expect(await by(PERSONAL_BOT, { Dono: 'me' })).toMatchObject({
      ok: true,
      value: { payloads: { Dono: { people: [{ id: ANA }] } } },
    })
    expect(await by(BOT, { Dono: 'eu' })).toMatchObject({ ok: false, problem: { code: 'invalid_arguments' } })
  })

  test.each([
    ['nobody has', 'Zé', 'not_found'],
    ['only a bot could have in part', 'Lumiara', undefined],
  ])('a name that %s', async (_, name, code) => {
    const outcome = await by(BOT, { Dono: name })
    expect(outcome.ok ? undefined : outcome.problem.code).toBe(code)
  })

  test('are refused by Notion where people may not be seen', async () => {
    expect(await by(NO_USERS_BOT, { Dono: 'Ana' })).toMatchObject({
      ok: false,
      problem: { code: 'forbidden_by_provider', path: 'arguments.properties.Dono' },
    })
  })

  test('a row of the related database by its title, case and accents aside', async () => {
    const rows = await notion.done(BOT, 'notion_query_database', { data_source_id: PROJECTS, page_size: 1 })
    const { id, title } = rows.value.results[0]
    notion.asked()
    expect(await by(BOT, { Projeto: String(title).toUpperCase() })).toMatchObject({
      ok: true,
      value: { payloads: { Projeto: { relation: [{ id }] } } },
    })
    expect(notion.asked()).toEqual(['POST /v1/data_sources/:id/query'])
    const unaccented = String(title).normalize('NFD').replaceAll(/\p{M}/gu, '')
    expect(await by(BOT, { Projeto: [unaccented] })).toMatchObject({ ok: true })
  })

  test('a title that two rows have is refused with both', async () => {
    const made = await notion.done(BOT, 'notion_create_page', { parent_id: PROJECTS, title: 'Dobro' })
    await notion.done(BOT, 'notion_create_page', { parent_id: PROJECTS, title: 'dobro' })
    const outcome = await by(BOT, { Projeto: 'Dobro' })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'ambiguous', extra: { candidates: [{}, {}] } } })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain(made.value.id)
  })

  test('a title is refused where more rows hold its words than are looked through, for another may have it too', async () => {
    const large = emulatedNotion('large')
    const [bot = ''] = large.emulator.control.installs().map(({ botId }) => botId)
    const found = await large.done(bot, 'notion_search_pages', { query: 'Many rows', filter: 'database' })
    const [{ data_source_id: source }] = found.value.results
    const { value: only } = await large.done(bot, 'notion_create_page', { parent_id: source, title: 'Row' })
    const columns: Column[] = [{ name: 'Linha', type: 'relation', data_source_id: source }]
    const outcome = await write({ Linha: 'row' }, columns, createNotionApi(large.access(bot)))
    const candidates = [{ id: only.id }]
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'ambiguous', extra: { candidates } } })
  })

  test('a title that no row has is refused with those that come near', async () => {
    expect(await by(BOT, { Projeto: 'xyzzy' })).toMatchObject({ ok: false, problem: { code: 'not_found' } })
  })
})

test('a title alone goes by the id that every page has', () => {
  expect(titlePayload('Novo')).toEqual({ title: { title: text('Novo') } })
  expect(titlePayload('Novo', 'Tarefa')).toEqual({ Tarefa: { title: text('Novo') } })
})
