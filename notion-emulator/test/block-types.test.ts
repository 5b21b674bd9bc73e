import { isFullBlock, type Client } from '@notionhq/client'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Emulator } from '../src/index.ts'
import {
  AURORA_BOT,
  AURORA_HOME,
  AURORA_TASKS_DATABASE,
  NOBODY,
  clientOf,
  paragraph,
  raw,
  testEmulator,
  title,
} from './support/emulator.ts'

type Json = Record<string, unknown>
type Children = Parameters<Client['blocks']['children']['append']>[0]['children']

const words = (content: string): Json[] => [{ text: { content } }]
const shown = (content: string): unknown => [expect.objectContaining({ plain_text: content })]
const colored = { color: 'default' }

/** Every type that the official client can create: the least that creates it, and what answers show. */
const TYPES: [type: string, given: Json, answered: Json][] = [
  ['paragraph', { rich_text: words('x') }, { rich_text: shown('x'), icon: null, ...colored }],
  ['heading_1', { rich_text: words('x') }, { rich_text: shown('x'), is_toggleable: false, ...colored }],
  ['heading_2', { rich_text: [] }, { rich_text: [], is_toggleable: false, ...colored }],
  [
    'heading_3',
    { rich_text: [], color: 'red_background' },
    { rich_text: [], is_toggleable: false, color: 'red_background' },
  ],
  ['heading_4', { rich_text: [], is_toggleable: true }, { rich_text: [], is_toggleable: true, ...colored }],
  ['bulleted_list_item', { rich_text: words('x') }, { rich_text: shown('x'), ...colored }],
  ['numbered_list_item', { rich_text: words('x') }, { rich_text: shown('x'), ...colored }],
  ['to_do', { rich_text: words('x') }, { rich_text: shown('x'), checked: false, ...colored }],
  ['toggle', { rich_text: words('x') }, { rich_text: shown('x'), ...colored }],
  ['quote', { rich_text: words('x') }, { rich_text: shown('x'), ...colored }],
  ['callout', { rich_text: words('x') }, { rich_text: shown('x'), icon: { type: 'emoji', emoji: '💡' }, ...colored }],
  ['template', { rich_text: words('x') }, { rich_text: shown('x') }],
  ['code', { rich_text: words('x'), language: 'c#' }, { caption: [], rich_text: shown('x'), language: 'c#' }],
  ['equation', { expression: 'e=mc^2' }, { expression: 'e=mc^2' }],
  ['divider', {}, {}],
  ['breadcrumb', {}, {}],
  ['table_of_contents', {}, colored],
  [
    'table',
    { table_width: 1, children: [{ table_row: { cells: [words('x')] } }] },
    { table_width: 1, has_column_header: false, has_row_header: false },
  ],
  ['column_list', { children: [{ column: { children: [] } }, { column: { children: [], width_ratio: 0.4 } }] }, {}],
  ['tab', { children: [{ paragraph: { rich_text: words('First'), icon: { emoji: '1️⃣' } } }] }, {}],
  ['bookmark', { url: 'https://example.com' }, { caption: [], url: 'https://example.com' }],
  ['embed', { url: 'https://example.com', caption: words('c') }, { caption: shown('c'), url: 'https://example.com' }],
  ['link_to_page', { page_id: AURORA_HOME }, { type: 'page_id', page_id: AURORA_HOME }],
  ['link_to_page', { database_id: AURORA_TASKS_DATABASE }, { type: 'database_id', database_id: AURORA_TASKS_DATABASE }],
  ['link_to_page', { comment_id: NOBODY }, { type: 'comment_id', comment_id: NOBODY }],
  ['synced_block', { synced_from: null, children: [paragraph('x')] }, { synced_from: null }],
  ...['image', 'video', 'audio', 'pdf'].map((type): [string, Json, Json] => [
    type,
    { external: { url: 'https://example.com/a' } },
    { caption: [], type: 'external', external: { url: 'https://example.com/a' } },
  ]),
  [
    'file',
    { external: { url: 'https://example.com/a%20b.txt' } },
    { caption: [], type: 'external', external: { url: 'https://example.com/a%20b.txt' }, name: 'a b.txt' },
  ],
]

/** A change of each type, and what it leads to. */
const CHANGES: [type: string, from: Json, change: Json, to: Json][] = [
  ['paragraph', { rich_text: [] }, { icon: { emoji: '🌱' } }, { icon: { type: 'emoji', emoji: '🌱' } }],
  ['heading_4', { rich_text: words('x') }, { rich_text: words('y') }, { rich_text: shown('y') }],
  [
    'numbered_list_item',
    { rich_text: [] },
    { list_start_index: 3, list_format: 'roman' },
    { list_start_index: 3, list_format: 'roman' },
  ],
  ['to_do', { rich_text: words('x') }, { checked: true }, { checked: true, rich_text: shown('x') }],
  ['code', { rich_text: words('x'), language: 'go' }, { caption: words('c') }, { caption: shown('c'), language: 'go' }],
  ['equation', { expression: 'a' }, { expression: 'b' }, { expression: 'b' }],
  ['table_of_contents', {}, { color: 'gray' }, { color: 'gray' }],
  [
    'bookmark',
    { url: 'https://example.com' },
    { caption: words('c') },
    { url: 'https://example.com', caption: shown('c') },
  ],
  ['embed', { url: 'https://example.com' }, { url: 'https://example.org' }, { url: 'https://example.org' }],
  [
    'callout',
    { rich_text: words('x') },
    { icon: { icon: { name: 'pizza', color: 'blue' } } },
    { icon: { type: 'icon', icon: { name: 'pizza', color: 'blue' } } },
  ],
  [
    'link_to_page',
    { page_id: AURORA_HOME },
    { database_id: AURORA_TASKS_DATABASE },
    { type: 'database_id', database_id: AURORA_TASKS_DATABASE, page_id: undefined },
  ],
  [
    'table',
    { table_width: 1, children: [{ table_row: { cells: [[]] } }] },
    { has_column_header: true },
    { has_column_header: true, table_width: 1 },
  ],
  [
    'image',
    { external: { url: 'https://example.com/a.png' } },
    { external: { url: 'https://example.com/b.png' } },
    { external: { url: 'https://example.com/b.png' } },
  ],
  [
    'file',
    { external: { url: 'https://example.com/a.txt' } },
    { external: { url: 'https://example.com/b.txt' } },
    { external: { url: 'https://example.com/b.txt' }, name: 'b.txt' },
  ],
]

describe('block types', () => {
  let emulator: Emulator
  let notion: Client
  let page: string

  beforeEach(async () => {
    emulator = testEmulator('tenant-aurora')
    notion = clientOf(emulator, AURORA_BOT)
    page = (await notion.pages.create({ parent: { page_id: AURORA_HOME }, properties: { title: title('Blocks') } })).id
  })

  async function append(blocks: Json[], below = page): Promise<Json> {
    const { results } = await notion.blocks.children.append({
      block_id: below,
      children: blocks as unknown as Children,
    })
    return results[0] as unknown as Json
  }

  const refusal = (blocks: unknown[]): string => {
    const { status, body } = raw(emulator, `PATCH /v1/blocks/${page}/children`, { body: { children: blocks } })
    expect(status).toBe(400)
    return String(body['message'])
  }

  it.each(TYPES)('%s is created and read back whole', async (type, given, answered) => {
    const made = await append([{ type, object: 'block', [type]: given }])
    expect(made).toMatchObject({ object: 'block', type, parent: { type: 'page_id', page_id: page } })
    expect(made[type]).toEqual(answered)
    const read = await notion.blocks.retrieve({ block_id: String(made['id']) })
    expect(isFullBlock(read) && read).toMatchObject({ type, [type]: answered, has_children: 'children' in given })
  })

  it.each(CHANGES)('%s is changed in what is named, and only there', async (type, from, change, to) => {
    const made = await append([{ [type]: from }])
    const changed = raw(emulator, `PATCH /v1/blocks/${String(made['id'])}`, { body: { type, [type]: change } })
    expect(changed.status, changed.text).toBe(200)
    expect(changed.body[type]).toEqual({ ...(made[type] as Json), ...to })
  })

  it('changes the width of a column, and of a table never', async () => {
    await append([{ column_list: { children: [{ column: { children: [] } }, { column: { children: [] } }] } }])
    const [list] = (await notion.blocks.children.list({ block_id: page })).results
    const [column] = (await notion.blocks.children.list({ block_id: list?.id ?? '' })).results
    const changed = await notion.blocks.update({ block_id: column?.id ?? '', column: { width_ratio: 0.25 } })
    expect(isFullBlock(changed) && changed.type === 'column' && changed.column).toEqual({ width_ratio: 0.25 })
    const table = await append([{ table: { table_width: 1, children: [{ table_row: { cells: [[]] } }] } }])
    const answer = raw(emulator, `PATCH /v1/blocks/${String(table['id'])}`, { body: { table: { table_width: 2 } } })
    expect(answer.body['message']).toContain('body.table.table_width should be not present')
  })

  it('shows in a synced copy what its original holds', async () => {
    const original = await append([{ synced_block: { synced_from: null, children: [paragraph('shared')] } }])
    const copy = await append([{ synced_block: { synced_from: { block_id: original['id'] } } }])
    expect(copy).toMatchObject({
      has_children: true,
      synced_block: { synced_from: { type: 'block_id', block_id: original['id'] } },
    })
    const { results } = await notion.blocks.children.list({ block_id: String(copy['id']) })
    expect(results).toMatchObject([{ paragraph: { rich_text: shown('shared') } }])
  })

  const nested = (...types: string[]): Json => {
    const [type = '', ...rest] = types
    const content: Json = ['column', 'column_list', 'tab', 'table'].includes(type) ? {} : { rich_text: [] }
    if (type === 'table') return { table: { table_width: 1, children: [{ table_row: { cells: [[]] } }] } }
    const child = rest.length === 0 ? [] : [nested(...rest)]
    const children = type === 'column_list' ? [...child, ...child] : child
    return { [type]: { ...content, ...(children.length === 0 ? {} : { children }) } }
  }

  it.each([
    [['toggle', 'toggle', 'toggle']],
    [['toggle', 'table']],
    [['toggle', 'tab', 'paragraph']],
    [['toggle', 'toggle', 'tab']],
    [['column_list', 'column', 'toggle', 'toggle']],
    [['column_list', 'column', 'table']],
    [['column_list', 'column', 'tab', 'paragraph']],
  ])('nests %j', async (types) => {
    expect(await append([nested(...types)])).toMatchObject({ type: types[0], has_children: true })
  })

  it.each([
    [['toggle', 'toggle', 'toggle', 'toggle'], 'children should be not present'],
    [['column_list', 'column', 'toggle', 'toggle', 'toggle'], 'children should be not present'],
    [['toggle', 'column_list', 'column'], 'body failed validation. Fix one:'],
    [['column_list', 'column', 'column_list', 'column'], 'body failed validation. Fix one:'],
    [['toggle', 'toggle', 'table'], 'body failed validation. Fix one:'],
    [['column_list', 'toggle'], 'column_list.children[0].column should be defined'],
    [['tab', 'toggle'], 'Only paragraph blocks can be children of a tab block.'],
  ])('refuses to nest %j', (types, message) => {
    expect(refusal([nested(...types)])).toContain(message)
  })

  it.each<[string, Json, string]>([
    ['code without a language', { code: { rich_text: [] } }, 'body.children[0].code.language should be defined'],
    [
      'code in an unknown language',
      { code: { rich_text: [], language: 'klingon' } },
      'code.language should be `"abap"`',
    ],
    [
      'a list in unknown numerals',
      { numbered_list_item: { rich_text: [], list_format: 'maya' } },
      'list_format should be `"numbers"`',
    ],
    ['a link to nothing', { link_to_page: {} }, 'link_to_page.page_id should be defined'],
    ['a copy of nothing', { synced_block: { synced_from: {} } }, 'synced_from.block_id should be defined'],
    ['a copy that says nothing', { synced_block: {} }, 'synced_from should be defined'],
    ['an empty tab', { tab: {} }, 'tab.children should be defined'],
    ['a picture from nowhere', { image: {} }, 'image.external should be defined'],
    ['a text in an unknown color', { paragraph: { rich_text: [], color: 'mauve' } }, 'paragraph.color should be'],
    [
      'an icon in an unknown color',
      { callout: { rich_text: [], icon: { icon: { name: 'x', color: 'mauve' } } } },
      'icon.icon.color should be',
    ],
    [
      'a mention of an unknown template',
      { paragraph: { rich_text: [{ mention: { template_mention: {} } }] } },
      'template_mention.template_mention_date should be defined',
    ],
    ['a page', { child_page: { title: 'x' } }, 'body failed validation. Fix one:'],
    ['a preview of a link', { link_preview: { url: 'https://example.com' } }, 'body failed validation. Fix one:'],
    ['notes of a meeting', { meeting_notes: {} }, 'body failed validation. Fix one:'],
  ])('refuses %s', (_name, block, message) => {
    expect(refusal([block])).toContain(message)
  })
})
