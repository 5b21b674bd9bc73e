import { beforeEach, describe, expect, it } from 'vitest'
import type { ProviderAccess, ToolResult } from '#providers/contract.ts'
import { emulatedNotion } from '#test/support/notion.ts'
import provider from './provider.ts'
import { wordsIn } from './words.ts'

const BOT = 'b5653801-8c5a-406b-8f08-78632da13d91'
const SPECIFICATION = 'e5b2317e-9ae8-46d7-9428-3e8f1785b333'
const EMPTY = 'ba6078be-bd37-4d49-99c6-a5fbae96f84c'
const ACCOUNTS = '34b0540e-1a9c-4c9f-8cdc-9e6545d48008'

const notion = emulatedNotion('demo')

beforeEach(notion.fresh)

async function answerIn(
  language: ProviderAccess['language'],
  name: string,
  input: Record<string, unknown>,
): Promise<ToolResult> {
  const tool = provider.tools.find((each) => each.name === name)!
  const access = notion.access(BOT, language === undefined ? {} : { language })
  const outcome = await tool.run(provider.api(access), tool.input.parse(input))
  if (!outcome.ok) throw new Error(outcome.problem.detail)
  return outcome.value
}

/** Ids and times of what is written anew differ from call to call. */
function shapeOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(/[0-9a-f-]{32,36}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '*'))
}

describe('the fixed words of results', () => {
  it.each([
    ['notion_search_pages', { query: 'zzzz' }, 'Nada encontrado'],
    ['notion_search_pages', { page_size: 2 }, 'Títulos e ids'],
    ['notion_search_pages', { page_size: 2 }, 'Há mais: chame de novo com start_cursor "'],
    ['notion_read_page', { page_id: SPECIFICATION }, /^criação 2026-08-03T\d\d:\d\dZ por Carla Menezes \(usuário /m],
    ['notion_read_page_content', { page_id: EMPTY }, '(Esta página está vazia.)'],
    ['notion_query_database', { database_id: ACCOUNTS, page_size: 1 }, 'Há mais'],
    ['notion_get_database', { database_id: ACCOUNTS }, 'fonte de dados'],
    ['notion_get_block_children', { block_id: EMPTY }, 'Não há blocos dentro.'],
    ['notion_create_page', { parent_id: SPECIFICATION, title: 'Nova' }, 'Página criada: Nova http'],
    ['notion_update_page', { page_id: SPECIFICATION, title: 'Outra' }, 'Página atualizada: Outra http'],
    ['notion_archive_page', { page_id: EMPTY }, 'Página movida para a lixeira: '],
    ['notion_append_blocks', { block_id: EMPTY, content: 'a' }, '1 bloco acrescentado a '],
    ['notion_create_comment', { page_id: SPECIFICATION, text: 'oi' }, /^Comentário feito \(\w+, discussão \w+\): oi$/],
  ])('follow the language of the caller: %s %j', async (name, input, expected) => {
    expect((await answerIn('pt', name, input)).text).toMatch(expected)
    notion.fresh()
    expect((await answerIn('en', name, input)).text).not.toMatch(expected)
  })

  it.each([
    ['notion_search_pages', { page_size: 5 }],
    ['notion_read_page', { page_id: SPECIFICATION }],
    ['notion_create_page', { parent_id: SPECIFICATION, title: 'Nova' }],
  ])('leave the JSON as it is: %s', async (name, input) => {
    const portuguese = await answerIn('pt', name, input)
    notion.fresh()
    expect(shapeOf(portuguese.value)).toEqual(shapeOf((await answerIn(undefined, name, input)).value))
  })

  it('are English where no language is known', async () => {
    const { text } = await answerIn(undefined, 'notion_read_page_content', { page_id: EMPTY })
    expect(text).toBe('(This page is empty.)')
  })

  it('exist in both languages, and differ', () => {
    const [english, portuguese] = [flat(wordsIn('en')), flat(wordsIn('pt'))]
    expect(Object.keys(portuguese)).toEqual(expect.arrayContaining(Object.keys(english)))
    for (const [name, text] of Object.entries(english)) expect(portuguese[name], name).not.toBe(text)
  })
})

/** Every text by its path. */
function flat(words: object, path = ''): Record<string, string> {
  return Object.assign(
    {},
    ...Object.entries(words).map(([name, each]: [string, unknown]) =>
      typeof each === 'object' && each !== null ? flat(each, `${path}${name}.`) : { [`${path}${name}`]: String(each) },
    ),
  ) as Record<string, string>
}
