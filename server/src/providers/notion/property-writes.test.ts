import { describe, expect, test } from 'vitest'
import { propertyPayloads, titlePayload } from './property-writes.ts'
import type { Column } from './schema.ts'

const PAGE = 'e5b2317e-9ae8-46d7-9428-3e8f1785b333'
const OTHER = '1ec80d4a-d63e-488d-88b6-6236249cb95b'

const COLUMNS: Column[] = [
  { name: 'Tarefa', type: 'title' },
  { name: 'Notas', type: 'rich_text' },
  { name: 'Valor', type: 'number' },
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
    ['Site', 'https://a.example', { url: 'https://a.example' }],
    ['Site', '', { url: null }],
    ['E-mail', 'a@b.example', { email: 'a@b.example' }],
    ['Telefone', '+351 210 000 000', { phone_number: '+351 210 000 000' }],
    ['Livre', 'Qualquer', { select: { name: 'Qualquer' } }],
  ])('%s = %j', (name, value, payload) => {
    expect(propertyPayloads({ [name]: value }, COLUMNS)).toEqual({ ok: true, value: { [name]: payload } })
  })

  test('names count whatever their case, and come out as the schema writes them', () => {
    const outcome = propertyPayloads({ situação: 'feito', 'E-MAIL': 'a@b.example' }, COLUMNS)
    expect(Object.keys(outcome.ok ? outcome.value : {})).toEqual(['Situação', 'E-mail'])
  })

  test('names count whatever way their accents are composed', () => {
    expect(propertyPayloads({ ['Situação'.normalize('NFD')]: 'Feito' }, COLUMNS)).toMatchObject({ ok: true })
  })

  test("Notion's own form passes as it is", () => {
    const value = { select: { id: 'abc' } }
    expect(propertyPayloads({ Prioridade: value }, COLUMNS)).toEqual({ ok: true, value: { Prioridade: value } })
  })
})

describe('wrong values are refused with what would be right', () => {
  test.each<[string, unknown, string]>([
    ['Valor', 'doze', 'takes a number'],
    ['Valor', '', 'takes a number'],
    ['Valor', true, 'takes a number'],
    ['Urgente', 'talvez', 'takes true or false'],
    ['Prioridade', 'Urgentíssima', '"Alta", "Média", "Baixa"'],
    ['Prioridade', 3, 'takes the name of one option'],
    ['Situação', 'Done', '"A fazer", "Fazendo", "Feito"'],
    ['Etiquetas', ['Pix', 'Inventada'], 'no option "Inventada"'],
    ['Etiquetas', 7, 'takes a list of option names'],
    ['Prazo', 'amanhã', 'takes an ISO 8601 date'],
    ['Prazo', '01/12/2026', 'takes an ISO 8601 date'],
    ['Prazo', '2026-12-01/2026-12-02/2026-12-03', 'takes an ISO 8601 date'],
    ['Responsável', 'Ana', 'notion_list_users'],
    ['Projeto', ['Plano'], 'takes page ids or URLs'],
    ['Anexos', ['plano.pdf'], 'takes URLs'],
    ['Site', 7, 'takes a text'],
    ['Total', 3, 'filled in by Notion'],
    ['Soma', 3, 'filled in by Notion'],
    ['Criado em', '2026-01-01', 'filled in by Notion'],
    ['Código', null, 'filled in by Notion'],
    ['Prioridades', 'Alta', 'There is no property "Prioridades"'],
  ])('%s = %j', (name, value, advice) => {
    const outcome = propertyPayloads({ [name]: value }, COLUMNS)
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments' } })
    if (outcome.ok) return
    expect(outcome.problem.detail).toContain(advice)
    expect(outcome.problem.detail).toContain(name)
    expect(outcome.problem.path).toMatch(/^arguments\.properties/)
  })

  test('an unknown property lists those that there are', () => {
    const outcome = propertyPayloads({ Preço: 1 }, COLUMNS)
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('"Tarefa", "Notas", "Valor"')
  })

  test('a long list of options is cut', () => {
    const options = Array.from({ length: 500 }, (_, index) => `Opção ${index}`)
    const outcome = propertyPayloads({ X: 'nenhuma' }, [{ name: 'X', type: 'select', options }])
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('and 440 more')
  })

  test('two names that differ only in case must be written exactly', () => {
    const columns: Column[] = [
      { name: 'nome', type: 'rich_text' },
      { name: 'Nome', type: 'rich_text' },
    ]
    expect(propertyPayloads({ Nome: 'x' }, columns)).toMatchObject({ ok: true, value: { Nome: {} } })
    expect(propertyPayloads({ NOME: 'x' }, columns)).toMatchObject({ ok: false })
  })
})

test('a title alone goes by the id that every page has', () => {
  expect(titlePayload('Novo')).toEqual({ title: { title: text('Novo') } })
  expect(titlePayload('Novo', 'Tarefa')).toEqual({ Tarefa: { title: text('Novo') } })
})
