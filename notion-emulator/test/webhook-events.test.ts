import type {
  CommentCreatedWebhookPayload,
  DatabaseSchemaUpdatedWebhookPayload,
  DataSourceContentUpdatedWebhookPayload,
  DataSourceSchemaUpdatedWebhookPayload,
  PageContentUpdatedWebhookPayload,
  PageCreatedWebhookPayload,
  PagePropertiesUpdatedWebhookPayload,
} from '@notionhq/client'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  AURORA_BOT,
  AURORA_CLIENTS,
  AURORA_HOME,
  AURORA_TASKS,
  AURORA_TASKS_DATABASE,
  paragraph,
  raw,
  title,
} from './support/emulator.ts'
import { briefly, subscribe, wiredEmulator, type ReceivedEvent, type Wired } from './support/webhooks.ts'

const WORKSPACE = '995e1da0-dad0-4bf6-aa3a-dfbea098e740'
const HOME = { id: AURORA_HOME, type: 'page' } as const
const ROW_PARENT = { id: AURORA_TASKS_DATABASE, type: 'database', data_source_id: AURORA_TASKS } as const
const text = [{ text: { content: 'x' } }]

let wired: Wired

beforeEach(async () => {
  wired = wiredEmulator('tenant-aurora')
})

/** Sends a request that must succeed. */
function send(target: string, body?: unknown): Record<string, unknown> {
  const answer = raw(wired.emulator, target, { body })
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}

/** What has happened since the last call, as it arrives. */
async function news(): Promise<ReceivedEvent[]> {
  wired.receiver.forget()
  await wired.emulator.control.webhooks.flush()
  return wired.receiver.events
}

const idOf = (body: Record<string, unknown>): string => String(body['id'])
const newPage = (parent: object = { page_id: AURORA_HOME }): string =>
  idOf(send('POST /v1/pages', { parent, properties: {}, children: [paragraph('a')] }))
const newDatabase = (): Record<string, unknown> =>
  send('POST /v1/databases', { parent: { type: 'page_id', page_id: AURORA_HOME }, title: text })
const sourceIdOf = (database: Record<string, unknown>): string =>
  (database['data_sources'] as { id: string }[])[0]?.id ?? ''
const firstRow = (): string =>
  (send(`POST /v1/data_sources/${AURORA_TASKS}/query`, {})['results'] as { id: string }[])[0]?.id ?? ''

describe('the envelope of an event', () => {
  it('has the documented members in the documented order', async () => {
    const id = await subscribe(wired)
    const page = newPage()
    const [event] = await news()
    expect(event).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      timestamp: '2026-11-22T12:34:56.789Z',
      workspace_id: WORKSPACE,
      workspace_name: 'Estúdio Aurora',
      subscription_id: id,
      integration_id: wired.emulator.control.webhooks.list()[0]?.integrationId,
      type: 'page.created',
      authors: [{ id: AURORA_BOT, type: 'bot' }],
      attempt_number: 1,
      api_version: '2026-03-11',
      entity: { id: page, type: 'page' },
      data: { parent: HOME },
    })
    expect(Object.keys(event ?? {})).toEqual([
      'id',
      'timestamp',
      'workspace_id',
      'workspace_name',
      'subscription_id',
      'integration_id',
      'type',
      'authors',
      'attempt_number',
      'api_version',
      'entity',
      'data',
    ])
  })

  it('is minified JSON', async () => {
    await subscribe(wired)
    newPage()
    await news()
    const { body = '' } = wired.receiver.posts[0] ?? {}
    expect(body).toBe(JSON.stringify(JSON.parse(body)))
  })
})

describe('events of pages', () => {
  beforeEach(async () => {
    await subscribe(wired)
  })

  it('created: with its content, which is no event of its own; the page above has new content', async () => {
    const page = newPage()
    const events = await news()
    expect(briefly(events)).toEqual([`page.created ${page}`, `page.content_updated ${AURORA_HOME}`])
    expect(events[1]?.data).toEqual({
      updated_blocks: [{ id: page, type: 'page' }],
      parent: HOME,
    } satisfies PageContentUpdatedWebhookPayload['data'])
  })

  it('created as a row: below the database, with the data source beside', async () => {
    const row = newPage({ data_source_id: AURORA_TASKS })
    const events = await news()
    expect(briefly(events)).toEqual([`page.created ${row}`, `data_source.content_updated ${AURORA_TASKS}`])
    expect(events[0]?.data).toEqual({ parent: ROW_PARENT } satisfies PageCreatedWebhookPayload['data'])
    expect(events[1]?.data).toEqual({
      updated_blocks: [{ id: row, type: 'page' }],
      parent: { id: AURORA_TASKS_DATABASE, type: 'database' },
    } satisfies DataSourceContentUpdatedWebhookPayload['data'])
  })

  it('properties_updated: with the ids on the wire, and only of what is another value now', async () => {
    const row = firstRow()
    const { properties } = send(`GET /v1/data_sources/${AURORA_TASKS}`) as {
      properties: Record<string, { id: string }>
    }
    send(`PATCH /v1/pages/${row}`, { properties: { Valor: { number: 7 }, Tarefa: title('Outra') } })
    const events = await news()
    expect(briefly(events)).toEqual([`page.properties_updated ${row}`])
    expect(events[0]?.data).toEqual({
      parent: ROW_PARENT,
      updated_properties: expect.arrayContaining(['title', properties['Valor']?.id]) as string[],
    } satisfies PagePropertiesUpdatedWebhookPayload['data'])
    send(`PATCH /v1/pages/${row}`, { properties: { Valor: { number: 7 } } })
    expect(await news()).toEqual([])
  })

  it('properties_updated: when only the icon is new, without property ids', async () => {
    send(`PATCH /v1/pages/${AURORA_HOME}`, { icon: { type: 'emoji', emoji: '🌙' } })
    expect((await news()).map(({ type, data }) => [type, data])).toEqual([
      ['page.properties_updated', { parent: { id: WORKSPACE, type: 'space' }, updated_properties: [] }],
    ])
  })

  it('content_updated: blocks added, changed and deleted, however deep', async () => {
    const added = send(`PATCH /v1/blocks/${AURORA_HOME}/children`, {
      children: [{ toggle: { rich_text: text, children: [paragraph('inside')] } }],
    })
    const toggle = (added['results'] as { id: string }[])[0]?.id ?? ''
    const inside = (send(`GET /v1/blocks/${toggle}/children`)['results'] as { id: string }[])[0]?.id ?? ''
    const blocks = async (): Promise<unknown> =>
      (await news()).map(({ type, data }) => [type, data?.['updated_blocks']])
    expect(await blocks()).toEqual([['page.content_updated', [{ id: toggle, type: 'block' }]]])
    send(`PATCH /v1/blocks/${inside}`, paragraph('other'))
    expect(await blocks()).toEqual([['page.content_updated', [{ id: inside, type: 'block' }]]])
    send(`DELETE /v1/blocks/${toggle}`)
    expect(await blocks()).toEqual([['page.content_updated', [{ id: toggle, type: 'block' }]]])
    send(`PATCH /v1/blocks/${toggle}`, { in_trash: false })
    expect(await blocks()).toEqual([['page.content_updated', [{ id: toggle, type: 'block' }]]])
  })

  it('content_updated: through Markdown, once for all blocks, and not when nothing changes', async () => {
    const page = newPage()
    await news()
    const replace = (markdown: string): void => {
      send(`PATCH /v1/pages/${page}/markdown`, { type: 'replace_content', replace_content: { new_str: markdown } })
    }
    replace('# One\ntwo\nthree')
    expect(briefly(await news())).toEqual([`page.content_updated ${page}`])
    replace('# One\ntwo\nthree')
    expect(await news()).toEqual([])
    replace('three\n# One\ntwo')
    expect(briefly(await news())).toEqual([`page.content_updated ${page}`])
  })

  it('deleted and undeleted, whichever operation does it; what lies below is not named', async () => {
    newPage({ page_id: AURORA_CLIENTS })
    await news()
    send(`PATCH /v1/pages/${AURORA_CLIENTS}`, { in_trash: true })
    const expected = [`page.deleted ${AURORA_CLIENTS}`, `page.content_updated ${AURORA_HOME}`]
    expect(briefly(await news())).toEqual(expected)
    send(`PATCH /v1/pages/${AURORA_CLIENTS}`, { in_trash: false })
    expect(briefly(await news())).toEqual([`page.undeleted ${AURORA_CLIENTS}`, `page.content_updated ${AURORA_HOME}`])
    send(`DELETE /v1/blocks/${AURORA_CLIENTS}`)
    expect(briefly(await news())).toEqual(expected)
  })

  it('locked and unlocked', async () => {
    send(`PATCH /v1/pages/${AURORA_CLIENTS}`, { is_locked: true })
    send(`PATCH /v1/pages/${AURORA_CLIENTS}`, { is_locked: true })
    send(`PATCH /v1/pages/${AURORA_CLIENTS}`, { is_locked: false })
    expect(briefly(await news())).toEqual([`page.locked ${AURORA_CLIENTS}`, `page.unlocked ${AURORA_CLIENTS}`])
  })

  it('moved: with the new place, and new content at both ends', async () => {
    const page = newPage()
    await news()
    send(`POST /v1/pages/${page}/move`, { parent: { page_id: AURORA_CLIENTS } })
    const events = await news()
    expect(briefly(events)).toEqual([
      `page.moved ${page}`,
      `page.content_updated ${AURORA_CLIENTS}`,
      `page.content_updated ${AURORA_HOME}`,
    ])
    expect(events[0]?.data).toEqual({ parent: { id: AURORA_CLIENTS, type: 'page' } })
    send(`POST /v1/pages/${page}/move`, { parent: { data_source_id: AURORA_TASKS } })
    expect(briefly(await news())).toEqual([
      `page.moved ${page}`,
      `data_source.content_updated ${AURORA_TASKS}`,
      `page.content_updated ${AURORA_CLIENTS}`,
    ])
  })
})

describe('events of databases and data sources', () => {
  beforeEach(async () => {
    await subscribe(wired)
  })

  it('created: a database with its first data source is one thing', async () => {
    const database = idOf(newDatabase())
    expect(briefly(await news())).toEqual([`database.created ${database}`, `page.content_updated ${AURORA_HOME}`])
  })

  it('deleted, undeleted and moved', async () => {
    const id = AURORA_TASKS_DATABASE
    const target = `PATCH /v1/databases/${id}`
    send(target, { in_trash: true })
    send(target, { in_trash: false })
    send(target, { parent: { type: 'page_id', page_id: AURORA_CLIENTS } })
    const events = await news()
    const own = events.filter((event) => event.entity.id === id)
    expect(own.map((event) => event.type)).toEqual(['database.deleted', 'database.undeleted', 'database.moved'])
    expect(own.map((event) => event.data?.['parent'])).toEqual([HOME, HOME, { id: AURORA_CLIENTS, type: 'page' }])
  })

  it('data_source: created, moved, deleted and undeleted', async () => {
    const other = newDatabase()
    await news()
    const properties = { Name: { title: {} } }
    const made = send('POST /v1/data_sources', {
      parent: { type: 'database_id', database_id: AURORA_TASKS_DATABASE },
      properties,
    })
    const target = `PATCH /v1/data_sources/${idOf(made)}`
    send(target, { parent: { type: 'database_id', database_id: idOf(other) } })
    send(target, { in_trash: true })
    send(target, { in_trash: false })
    const events = await news()
    expect(events.map((event) => [event.type, event.data?.['parent']])).toEqual([
      ['data_source.created', { id: AURORA_TASKS_DATABASE, type: 'database' }],
      ['data_source.moved', { id: idOf(other), type: 'database' }],
      ['data_source.deleted', { id: idOf(other), type: 'database' }],
      ['data_source.undeleted', { id: idOf(other), type: 'database' }],
    ])
    expect(new Set(events.map((event) => event.entity.id))).toEqual(new Set([idOf(made)]))
  })

  it('schema_updated: what was made, changed and deleted', async () => {
    const before = send(`GET /v1/data_sources/${AURORA_TASKS}`) as { properties: Record<string, { id: string }> }
    const after = send(`PATCH /v1/data_sources/${AURORA_TASKS}`, {
      properties: { Novo: { checkbox: {} }, Nota: { name: 'Notas' }, Valor: null },
    }) as { properties: Record<string, { id: string }> }
    const events = await news()
    expect(briefly(events)).toEqual([`data_source.schema_updated ${AURORA_TASKS}`])
    expect(events[0]?.data).toEqual({
      parent: { id: AURORA_TASKS_DATABASE, type: 'database' },
      updated_properties: expect.arrayContaining([
        { id: after.properties['Novo']?.id ?? '', name: 'Novo', action: 'created' },
        { id: before.properties['Nota']?.id ?? '', name: 'Notas', action: 'updated' },
        { id: before.properties['Valor']?.id ?? '', name: 'Valor', action: 'deleted' },
      ]) as DataSourceSchemaUpdatedWebhookPayload['data']['updated_properties'] & object,
    } satisfies DataSourceSchemaUpdatedWebhookPayload['data'])
  })

  it('schema_updated: also when a page brings a new option, and at the other end of a relation', async () => {
    const source = sourceIdOf(newDatabase())
    send(`PATCH /v1/data_sources/${source}`, { properties: { Tags: { select: {} } } })
    await news()
    const row = idOf(
      send('POST /v1/pages', {
        parent: { data_source_id: source },
        properties: { Tags: { select: { name: 'novo' } } },
      }),
    )
    expect(briefly(await news()).toSorted()).toEqual([
      `data_source.content_updated ${source}`,
      `data_source.schema_updated ${source}`,
      `page.created ${row}`,
    ])
    send(`PATCH /v1/data_sources/${source}`, {
      properties: { Tarefas: { relation: { data_source_id: AURORA_TASKS, dual_property: {} } } },
    })
    expect(briefly(await news()).toSorted()).toEqual(
      [`data_source.schema_updated ${AURORA_TASKS}`, `data_source.schema_updated ${source}`].toSorted(),
    )
    send(`PATCH /v1/pages/${row}`, { properties: { Tarefas: { relation: [{ id: firstRow() }] } } })
    expect(briefly(await news()).toSorted()).toEqual(
      [`page.properties_updated ${firstRow()}`, `page.properties_updated ${row}`].toSorted(),
    )
  })

  it('a new title is new content of the data source', async () => {
    send(`PATCH /v1/databases/${AURORA_TASKS_DATABASE}`, { title: text })
    expect(briefly(await news())).toEqual([`data_source.content_updated ${AURORA_TASKS}`])
  })
})

describe('events before 2025-09-03', () => {
  beforeEach(async () => {
    await subscribe(wired, AURORA_BOT, { apiVersion: '2022-06-28' })
  })

  it('know databases only: rows hang in them, and schema and content are theirs', async () => {
    const row = newPage({ data_source_id: AURORA_TASKS })
    send(`PATCH /v1/data_sources/${AURORA_TASKS}`, { properties: { Novo: { checkbox: {} } } })
    const events = await news()
    expect(briefly(events)).toEqual([
      `page.created ${row}`,
      `database.content_updated ${AURORA_TASKS_DATABASE}`,
      `database.schema_updated ${AURORA_TASKS_DATABASE}`,
    ])
    expect(events.map((event) => event.api_version)).toEqual(['2022-06-28', '2022-06-28', '2022-06-28'])
    expect(events[0]?.data).toEqual({ parent: { id: AURORA_TASKS_DATABASE, type: 'database' } })
    expect(events[1]?.data).toEqual({ updated_blocks: [{ id: row, type: 'page' }], parent: HOME })
    expect(events[2]?.data).toEqual({
      parent: HOME,
      updated_properties: [{ id: expect.any(String) as string, name: 'Novo', action: 'created' }],
    } satisfies DatabaseSchemaUpdatedWebhookPayload['data'])
  })

  it('tell of a new title once, and nothing of data sources as such', async () => {
    send(`PATCH /v1/databases/${AURORA_TASKS_DATABASE}`, { title: text })
    expect(briefly(await news())).toEqual([`database.content_updated ${AURORA_TASKS_DATABASE}`])
    send('POST /v1/data_sources', {
      parent: { type: 'database_id', database_id: AURORA_TASKS_DATABASE },
      properties: { Name: { title: {} } },
    })
    expect(await news()).toEqual([])
  })
})

describe('events of comments', () => {
  beforeEach(async () => {
    await subscribe(wired)
  })

  it.each(['page', 'block'] as const)('created, updated and deleted, on a %s', async (kind) => {
    const added = send(`PATCH /v1/blocks/${AURORA_HOME}/children`, { children: [paragraph('a')] })
    const block = (added['results'] as { id: string }[])[0]?.id ?? ''
    await news()
    const parent = kind === 'page' ? HOME : ({ id: block, type: 'block' } as const)
    const comment = idOf(send('POST /v1/comments', { parent: { [`${kind}_id`]: parent.id }, rich_text: text }))
    send(`PATCH /v1/comments/${comment}`, { markdown: 'other' })
    send(`PATCH /v1/comments/${comment}`, { markdown: 'other' })
    send(`DELETE /v1/comments/${comment}`)
    const events = await news()
    expect(briefly(events)).toEqual([
      `comment.created ${comment}`,
      `comment.updated ${comment}`,
      `comment.deleted ${comment}`,
    ])
    for (const { entity, data } of events) {
      expect(entity.type).toBe('comment')
      expect(data).toEqual({ page_id: AURORA_HOME, parent } satisfies CommentCreatedWebhookPayload['data'])
    }
  })
})

describe('what is no event', () => {
  it('reading, and requests that are refused', async () => {
    await subscribe(wired)
    send('POST /v1/search', {})
    send(`POST /v1/data_sources/${AURORA_TASKS}/query`, {})
    send(`GET /v1/pages/${AURORA_HOME}`)
    const refused = raw(wired.emulator, `PATCH /v1/pages/${AURORA_HOME}`, {
      body: { properties: { No: { number: 1 } } },
    })
    expect(refused.status).toBe(400)
    expect(await news()).toEqual([])
  })

  it('types that nobody asked for', async () => {
    await subscribe(wired, AURORA_BOT, { eventTypes: ['page.deleted'] })
    const page = newPage()
    send(`PATCH /v1/pages/${page}`, { in_trash: true })
    expect(briefly(await news())).toEqual([`page.deleted ${page}`])
  })
})
