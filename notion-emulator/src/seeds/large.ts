import { derivedId } from '../core/ids.ts'
import type { JsonObject } from '../state/model.ts'
import type { Seed, SeedPage, SeedRow } from './format.ts'

const LONG_PAGE_BLOCKS = 350
const ROW_COUNT = 260
const NESTING_LEVELS = 12
const CREATED = '2026-03-02T09:00:00.000Z'

const id = (name: string): string => derivedId('large', name)

/** Sizes that small seeds do not have: a page with 350 blocks, a data source with 260 rows, nesting of 12 levels. */
export function largeSeed(): Seed {
  const person = id('person')
  const home = id('home')
  const origin = { created_by: person, created_time: CREATED }
  const below = { type: 'page_id', id: home } as const
  const pages: SeedPage[] = [
    { id: home, key: 'home', parent: { type: 'workspace' }, title: 'Large workspace', ...origin },
    { id: id('long'), key: 'long', parent: below, title: 'Long page', blocks: longPage(), ...origin },
    { id: id('deep'), key: 'deep', parent: below, title: 'Deep page', blocks: [nested(1)], ...origin },
  ]
  return {
    format: 'notion-seed/1',
    workspace: { id: id('workspace'), name: 'Large', icon: null, plan: 'business' },
    users: [
      { id: person, type: 'person', name: 'Lena Grande', email: 'lena@large.example', membership: 'member' },
      { id: id('bot'), type: 'bot', name: 'Large bot' },
    ],
    integrations: [{ name: 'Agent platform', kind: 'public', redirect_uris: ['http://localhost:3000/callback'] }],
    installs: [
      {
        bot_id: id('bot'),
        integration: 'Large bot',
        kind: 'internal',
        owner: { type: 'workspace' },
        roots: [home],
        capabilities: ['read_content', 'update_content', 'insert_content', 'read_comments', 'insert_comments', 'user_email'],
      },
    ],
    pages,
    databases: [
      {
        id: id('database'),
        key: 'rows',
        parent: below,
        title: 'Many rows',
        data_sources: [
          {
            id: id('source'),
            key: 'rows',
            title: 'Many rows',
            properties: {
              Name: { type: 'title' },
              Number: { type: 'number', format: 'number' },
              Parity: { type: 'select', options: ['even', 'odd'] },
            },
            rows: Array.from({ length: ROW_COUNT }, (_, index) => row(index + 1, origin)),
          },
        ],
        ...origin,
      },
    ],
  }
}

function paragraph(content: string): JsonObject {
  return { object: 'block', type: 'paragraph', paragraph: { rich_text: [{ type: 'text', text: { content } }] } }
}

function longPage(): JsonObject[] {
  return Array.from({ length: LONG_PAGE_BLOCKS }, (_, index) => paragraph(`Line ${index + 1}`))
}

function nested(level: number): JsonObject {
  const children = level < NESTING_LEVELS ? [nested(level + 1)] : []
  return {
    object: 'block',
    type: 'bulleted_list_item',
    bulleted_list_item: { rich_text: [{ type: 'text', text: { content: `Level ${level}` } }], children },
  }
}

function row(number: number, origin: { created_by: string; created_time: string }): SeedRow {
  const properties = { Name: `Row ${number}`, Number: number, Parity: number % 2 === 0 ? 'even' : 'odd' }
  return { id: id(`row/${number}`), key: number, properties, ...origin }
}
