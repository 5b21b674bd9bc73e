import type {
  FileUploadUploadFailedWebhookPayload,
  ViewCreatedWebhookPayload,
  ViewUpdatedWebhookPayload,
} from '@notionhq/client'
import { beforeEach, describe, expect, it } from 'vitest'
import { EVENT_TYPES } from '../src/webhooks/model.ts'
import {
  AURORA_BOT,
  AURORA_CLIENTS,
  AURORA_HOME,
  AURORA_PEDRO,
  AURORA_TASKS,
  AURORA_TASKS_DATABASE,
  paragraph,
  raw,
} from './support/emulator.ts'
import { briefly, subscribe, wiredEmulator, type ReceivedEvent, type Wired } from './support/webhooks.ts'

const DAY = 24 * 60 * 60 * 1000
const text = [{ text: { content: 'x' } }]
const TASKS_PARENT = { id: AURORA_TASKS_DATABASE, type: 'database' } as const

let wired: Wired

beforeEach(() => {
  wired = wiredEmulator('tenant-aurora')
})

function send(target: string, body?: unknown): string {
  const answer = raw(wired.emulator, target, { body })
  expect(answer.status, answer.text).toBe(200)
  return String(answer.body['id'])
}

async function news(): Promise<ReceivedEvent[]> {
  wired.receiver.forget()
  await wired.emulator.control.webhooks.flush()
  return wired.receiver.events
}

const newView = (): string =>
  send('POST /v1/views', {
    data_source_id: AURORA_TASKS,
    database_id: AURORA_TASKS_DATABASE,
    name: 'Board',
    type: 'table',
  })

describe('events of views', () => {
  beforeEach(async () => {
    await subscribe(wired)
  })

  it('created, updated and deleted, below the database', async () => {
    const view = newView()
    send(`PATCH /v1/views/${view}`, { name: 'Other', quick_filters: {} })
    send(`DELETE /v1/views/${view}`)
    const events = await news()
    expect(briefly(events)).toEqual([`view.created ${view}`, `view.updated ${view}`, `view.deleted ${view}`])
    expect(events.map((event) => event.data)).toEqual([
      { parent: TASKS_PARENT, view_type: 'table' } satisfies ViewCreatedWebhookPayload['data'],
      { parent: TASKS_PARENT, updated_fields: ['name', 'filter'] } satisfies ViewUpdatedWebhookPayload['data'],
      { parent: TASKS_PARENT },
    ])
  })

  it('are nothing to versions without views, and nothing to who does not see the database', async () => {
    await subscribe(wired, AURORA_BOT, { apiVersion: '2022-06-28' })
    for (const { botId, kind } of wired.emulator.control.installs()) {
      if (kind === 'public' && botId !== AURORA_PEDRO) wired.emulator.control.grant(botId, { roots: [] })
    }
    await subscribe(wired, AURORA_PEDRO)
    newView()
    expect((await news()).map((event) => [event.api_version, event.type])).toEqual([['2026-03-11', 'view.created']])
  })
})

describe('events of imports', () => {
  it('completed, or upload_failed with the reason', async () => {
    await subscribe(wired)
    const draft = { mode: 'external_url', filename: 'a.png' }
    const good = send('POST /v1/file_uploads', { ...draft, external_url: 'https://files.example/a.png' })
    const bad = send('POST /v1/file_uploads', { ...draft, external_url: 'https://files.invalid/a.png' })
    const events = await news()
    expect(briefly(events)).toEqual([
      `file_upload.created ${good}`,
      `file_upload.completed ${good}`,
      `file_upload.created ${bad}`,
      `file_upload.upload_failed ${bad}`,
    ])
    const data = events[3]?.data as FileUploadUploadFailedWebhookPayload['data'] | undefined
    expect(data?.file_import_result).toMatchObject({ type: 'error', error: { type: 'download_error' } })
  })
})

describe('an answer that was lost', () => {
  it('does not lose the events of what was saved', async () => {
    await subscribe(wired)
    wired.emulator.control.injectFault({ fault: { type: 'unavailable_after_commit' } })
    const refused = raw(wired.emulator, `PATCH /v1/pages/${AURORA_HOME}`, { body: { is_locked: true } })
    expect(refused.status).toBe(503)
    wired.emulator.control.injectFault({ fault: { type: 'internal_server_error' } })
    raw(wired.emulator, `PATCH /v1/pages/${AURORA_CLIENTS}`, { body: { is_locked: true } })
    expect(briefly(await news())).toEqual([`page.locked ${AURORA_HOME}`])
  })
})

/** Needs a transcript, which no operation makes. */
const NEVER_CAUSED = ['page.transcription_block.transcript_deleted']

describe('the catalogue of events', () => {
  it('is caused by operations, every one of it', async () => {
    await subscribe(wired)
    await subscribe(wired, AURORA_BOT, { apiVersion: '2022-06-28' })
    const page = send('POST /v1/pages', { parent: { page_id: AURORA_HOME }, children: [paragraph('a')] })
    const change = (body: object): unknown => send(`PATCH /v1/pages/${page}`, body)
    change({ is_locked: true })
    change({ is_locked: false })
    change({ properties: { title: { title: text } } })
    change({ in_trash: true })
    change({ in_trash: false })
    send(`POST /v1/pages/${page}/move`, { parent: { data_source_id: AURORA_TASKS } })
    const comment = send('POST /v1/comments', { parent: { page_id: page }, markdown: 'a' })
    send(`PATCH /v1/comments/${comment}`, { markdown: 'b' })
    send(`DELETE /v1/comments/${comment}`)
    const database = send('POST /v1/databases', { parent: { type: 'page_id', page_id: AURORA_HOME } })
    const changeTasks = (body: object): unknown => send(`PATCH /v1/databases/${AURORA_TASKS_DATABASE}`, body)
    changeTasks({ in_trash: true })
    changeTasks({ in_trash: false })
    changeTasks({ parent: { type: 'page_id', page_id: AURORA_CLIENTS } })
    const inTasks = { parent: { type: 'database_id', database_id: AURORA_TASKS_DATABASE } }
    const source = send('POST /v1/data_sources', { ...inTasks, properties: { Name: { title: {} } } })
    const changeSource = (body: object): unknown => send(`PATCH /v1/data_sources/${source}`, body)
    changeSource({ properties: { Novo: { checkbox: {} } } })
    changeSource({ in_trash: true })
    changeSource({ in_trash: false })
    changeSource({ parent: { type: 'database_id', database_id: database } })
    const view = newView()
    send(`PATCH /v1/views/${view}`, { name: 'Other' })
    send(`DELETE /v1/views/${view}`)
    const upload = { mode: 'external_url', filename: 'a.png' }
    send('POST /v1/file_uploads', { filename: 'a.png' })
    send('POST /v1/file_uploads', { ...upload, external_url: 'https://files.example/a.png' })
    send('POST /v1/file_uploads', { ...upload, external_url: 'https://files.invalid/a.png' })
    wired.emulator.control.advanceClock(DAY)
    const seen = new Set((await news()).map((event) => event.type))
    expect([...EVENT_TYPES].filter((type) => !seen.has(type))).toEqual(NEVER_CAUSED)
  })
})
