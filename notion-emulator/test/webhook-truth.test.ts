import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AURORA_BOT, AURORA_CLIENTS, paragraph, raw, title } from './support/emulator.ts'
import { subscribe, wiredEmulator, type ReceivedEvent, type Wired } from './support/webhooks.ts'

const ACME = 'c9c06cb3-51cc-4d15-a386-5cc179f4a503'
const CONTACTS_DATABASE = '57417a01-aeab-42e9-a84d-8707a5c0faf7'
const CONTACTS = '23efe32b-1450-4228-96eb-7f1452ec83af'
const RUNS = 20

/** One request, made from numbers: `a` and `b` choose what it is about. */
type Request = (world: World, a: number, b: number) => [target: string, body?: unknown]

/** What can be asked about: ids that were seen so far. */
class World {
  pages = [AURORA_CLIENTS, ACME]
  blocks: string[] = []
  comments: string[] = []
  readonly wired: Wired

  constructor(wired: Wired) {
    this.wired = wired
  }

  read(target: string, body?: unknown): Record<string, unknown> {
    const answer = raw(this.wired.emulator, target, { body })
    return answer.status === 200 ? answer.body : {}
  }
}

const pick = (ids: string[], index: number): string => ids[index % Math.max(ids.length, 1)] ?? AURORA_CLIENTS
const text = (content: number): object[] => [{ text: { content: `text ${content}` } }]

const REQUESTS: Record<string, Request> = {
  append: (world, a, b) => [
    `PATCH /v1/blocks/${pick(world.pages, a)}/children`,
    { children: [{ toggle: { rich_text: text(b), children: [paragraph('inside')] } }] },
  ],
  changeBlock: (world, a, b) => [
    `PATCH /v1/blocks/${pick(world.blocks, a)}`,
    { paragraph: { rich_text: text(b % 3) } },
  ],
  deleteBlock: (world, a) => [`DELETE /v1/blocks/${pick(world.blocks, a)}`],
  markdown: (world, a, b) => [
    `PATCH /v1/pages/${pick(world.pages, a)}/markdown`,
    {
      type: 'replace_content',
      replace_content: { new_str: ['', 'one', 'one\ntwo', 'two\none'][b % 4], allow_deleting_content: b % 2 === 0 },
    },
  ],
  retitle: (world, a, b) => [
    `PATCH /v1/pages/${pick(world.pages, a)}`,
    { properties: { title: title(`title ${b % 3}`) } },
  ],
  lock: (world, a, b) => [`PATCH /v1/pages/${pick(world.pages, a)}`, { is_locked: b % 2 === 0 }],
  icon: (world, a, b) => [`PATCH /v1/pages/${pick(world.pages, a)}`, { icon: { emoji: ['🌙', '⭐'][b % 2] } }],
  trash: (world, a, b) => [`PATCH /v1/pages/${pick(world.pages, a)}`, { in_trash: b % 2 === 0 }],
  create: (world, a) => ['POST /v1/pages', { parent: { page_id: pick(world.pages, a) } }],
  createRow: (_world, _a, b) => [
    'POST /v1/pages',
    { parent: { data_source_id: CONTACTS }, properties: { Nome: title(`row ${b}`) } },
  ],
  changeRow: (world, a, b) => [
    `PATCH /v1/pages/${pick(world.pages, a)}`,
    { properties: { Empresa: { rich_text: text(b % 3) } } },
  ],
  move: (world, a, b) => [
    `POST /v1/pages/${pick(world.pages, a)}/move`,
    { parent: b % 3 === 0 ? { data_source_id: CONTACTS } : { page_id: pick(world.pages, b) } },
  ],
  schema: (_world, a, b) => [
    `PATCH /v1/data_sources/${CONTACTS}`,
    { properties: { [`New ${a % 2}`]: b % 3 === 0 ? null : { [b % 3 === 1 ? 'number' : 'checkbox']: {} } } },
  ],
  trashDatabase: (_world, _a, b) => [`PATCH /v1/databases/${CONTACTS_DATABASE}`, { in_trash: b % 2 === 0 }],
  comment: (world, a, b) => [
    'POST /v1/comments',
    { parent: { page_id: pick(world.pages, a) }, markdown: `comment ${b}` },
  ],
  changeComment: (world, a, b) => [`PATCH /v1/comments/${pick(world.comments, a)}`, { markdown: `comment ${b % 2}` }],
  deleteComment: (world, a) => [`DELETE /v1/comments/${pick(world.comments, a)}`],
  search: () => ['POST /v1/search', {}],
  query: () => [`POST /v1/data_sources/${CONTACTS}/query`, {}],
}

/** What a reader sees of each thing, by a name such as `content <page id>`; without who edited it last and when. */
type View = Map<string, string>

const FLEETING = new Set(['last_edited_time', 'last_edited_by', 'request_id', 'has_children'])
const steady = (value: unknown): string =>
  JSON.stringify(value, (key, member: unknown) => (FLEETING.has(key) ? undefined : member))

function look(world: World): View {
  const view: View = new Map()
  const blocks: string[] = []
  for (const id of world.pages) {
    const page = world.read(`GET /v1/pages/${id}`)
    // Below a page in the trash, the API does not tell what lies there by itself.
    const inTrash = world.wired.emulator.control.stateOf(id)?.inTrash
    view.set(`page ${id}`, steady([page, inTrash]))
    if (page['in_trash'] === false) view.set(`content ${id}`, steady(contentOf(world, id, blocks)))
    for (const comment of (world.read(`GET /v1/comments?block_id=${id}`)['results'] ?? []) as { id: string }[]) {
      view.set(`comment ${comment.id}`, steady(comment))
      if (!world.comments.includes(comment.id)) world.comments.push(comment.id)
    }
  }
  const { properties } = world.read(`GET /v1/data_sources/${CONTACTS}`)
  view.set(`schema ${CONTACTS}`, steady(properties))
  view.set(`trash ${CONTACTS_DATABASE}`, steady(world.wired.emulator.control.stateOf(CONTACTS_DATABASE)?.inTrash))
  const rows = (world.read(`POST /v1/data_sources/${CONTACTS}/query`, {})['results'] ?? []) as { id: string }[]
  view.set(`rows ${CONTACTS}`, steady(rows.map((row) => row.id).toSorted()))
  world.blocks = blocks
  return view
}

/** Blocks as they hang below each other. Of a page or database below, only that it is there: the rest is its own. */
function contentOf(world: World, id: string, blocks: string[]): unknown[] {
  const children = (world.read(`GET /v1/blocks/${id}/children`)['results'] ?? []) as { id: string; type: string }[]
  return children.map((child) => {
    if (child.type.startsWith('child_')) return [child.id]
    blocks.push(child.id)
    return [child, contentOf(world, child.id, blocks)]
  })
}

/** What an event says has changed, in the names of a view. */
function claims({ type, entity }: ReceivedEvent): string[] {
  const [object = '', verb] = type.split('.')
  if (object === 'comment') return [`comment ${entity.id}`]
  if (object === 'page') return verb === 'content_updated' ? [`content ${entity.id}`] : [`page ${entity.id}`]
  if (object === 'data_source') return verb === 'schema_updated' ? [`schema ${entity.id}`] : [`rows ${entity.id}`]
  return [`trash ${entity.id}`]
}

/** Changes that are told of by something else: a schema says what becomes of all rows, trash takes what is below. */
function isExplained(name: string, events: ReceivedEvent[]): boolean {
  const isSchemaNew = events.some((event) => event.type === 'data_source.schema_updated')
  const isTrashNew = events.some((event) => /^(page|database)\.(un)?deleted$/.test(event.type))
  return (name.startsWith('page') && isSchemaNew) || (!name.startsWith('schema') && isTrashNew)
}

describe('what events say', () => {
  it('is what changed for a reader, all of it, and nothing else', async () => {
    const step = fc.tuple(fc.constantFrom(...Object.keys(REQUESTS)), fc.nat({ max: 20 }), fc.nat({ max: 20 }))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const wired = wiredEmulator('tenant-aurora')
        await subscribe(wired)
        const world = new World(wired)
        let before = look(world)
        for (const [name, a, b] of steps) {
          const [target, body] = REQUESTS[name]?.(world, a, b) ?? ['']
          wired.receiver.forget()
          const answer = raw(wired.emulator, target, { body, botId: AURORA_BOT })
          await wired.emulator.control.webhooks.flush()
          if (answer.status === 200 && answer.body['object'] === 'page') world.pages.push(String(answer.body['id']))
          world.pages = [...new Set(world.pages)]
          const after = look(world)
          const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
            (key) => before.get(key) !== after.get(key),
          )
          const { events } = wired.receiver
          const told = new Set(events.flatMap(claims))
          const step = `${target} ${JSON.stringify(body)}: ${answer.status}, ${events.map((event) => event.type).join()}`
          const known = changed.filter((key) => !key.startsWith('content') || before.has(key))
          for (const key of known)
            if (!told.has(key)) expect(isExplained(key, events), `${step}; silent: ${key}`).toBe(true)
          if (changed.length === 0) expect([...told], `${step}; nothing changed`).toEqual([])
          before = after
        }
      }),
      { numRuns: RUNS },
    )
  })
})
