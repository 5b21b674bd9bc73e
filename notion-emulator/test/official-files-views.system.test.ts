import type { Client } from '@notionhq/client'
import { describe, expect, it } from 'vitest'
import { compile } from './support/compile-answers.ts'
import {
  AURORA_BOT,
  AURORA_HOME,
  AURORA_TASKS,
  AURORA_TASKS_DATABASE,
  clientOf,
  raw,
  testEmulator,
} from './support/emulator.ts'
import { officialShape, type TypedAnswer } from './support/official-types.ts'

type Json = Record<string, unknown>

const VERSION = '2026-03-11'
const byStatus = { type: 'status', property_id: 'Situação', group_by: 'option', sort: { type: 'manual' } }
const line = { value: 3, label: 'goal', color: 'red', dash_style: 'dash' }

/** A configuration of each type of view, with everything in it that names a property. */
const CONFIGURATIONS: Record<string, Json> = {
  table: { group_by: byStatus, properties: [{ property_id: 'Nota' }], subtasks: { display_mode: 'show' } },
  board: { group_by: byStatus, cover: { type: 'property', property_id: 'Nota' } },
  calendar: { date_property_id: 'Prazo' },
  timeline: { date_property_id: 'Prazo', end_date_property_id: 'Prazo', arrows_by: { property_id: 'Nota' } },
  gallery: { properties: [{ property_id: 'Nota', visible: true }] },
  list: {},
  form: { is_form_closed: true },
  map: { map_by: 'Nota', height: 'large' },
  chart: {
    chart_type: 'bar',
    x_axis: byStatus,
    y_axis: { aggregator: 'sum', property_id: 'Valor' },
    reference_lines: [line],
  },
}

/** Answers by the method of the official client that asked, for the compiler to look at. */
class Story {
  readonly answers: TypedAnswer[] = []

  /** Notes an answer of `client.<path>`, e.g. `views.queries.create`, and hands it on. */
  async tell<T>(path: string, answer: Promise<T>): Promise<T> {
    const value = await answer
    const members = path.split('.').map((name) => `['${name}']`)
    const type = `Awaited<ReturnType<Client${members.join('')}>>`
    this.answers.push({ name: path, type, body: officialShape(value as Json, VERSION) })
    return value
  }
}

async function tellOfFiles(notion: Client, story: Story): Promise<string> {
  const { fileUploads } = notion
  const { id } = await story.tell('fileUploads.create', fileUploads.create({ filename: 'a.mp3' }))
  const file = { data: new Blob(['sound']), filename: 'a.mp3' }
  await story.tell('fileUploads.send', fileUploads.send({ file_upload_id: id, file }))
  const parts = fileUploads.create({ mode: 'multi_part', number_of_parts: 1, filename: 'a.mp3' })
  const inParts = await story.tell('fileUploads.create', parts)
  await story.tell('fileUploads.send', fileUploads.send({ file_upload_id: inParts.id, part_number: '1', file }))
  await story.tell('fileUploads.complete', fileUploads.complete({ file_upload_id: inParts.id }))
  for (const host of ['example.com', 'files.invalid']) {
    await fileUploads.create({ mode: 'external_url', filename: 'a.png', external_url: `https://${host}/a.png` })
  }
  await story.tell('fileUploads.retrieve', fileUploads.retrieve({ file_upload_id: id }))
  await story.tell('fileUploads.list', fileUploads.list({}))
  const children = [{ audio: { file_upload: { id } } }, { file: { file_upload: { id } } }]
  const { results } = await notion.blocks.children.append({ block_id: AURORA_HOME, children })
  for (const block of results) await story.tell('blocks.retrieve', notion.blocks.retrieve({ block_id: block.id }))
  const attachments = [{ file_upload_id: id }]
  const comment = notion.comments.create({ parent: { page_id: AURORA_HOME }, rich_text: [], attachments })
  await story.tell('comments.create', comment)
  return id
}

async function tellOfViews(notion: Client, story: Story): Promise<void> {
  const { views } = notion
  await story.tell('views.list', views.list({ database_id: AURORA_TASKS_DATABASE }))
  const place = { data_source_id: AURORA_TASKS, database_id: AURORA_TASKS_DATABASE, name: 'x' }
  const filter = { property: 'Valor', number: { greater_than: 1 } }
  const sorts = [{ property: 'Valor', direction: 'ascending' }]
  for (const [type, members] of Object.entries(CONFIGURATIONS)) {
    const wish = { ...place, type, filter, sorts, configuration: { type, ...members } }
    await story.tell('views.create', views.create(wish as unknown as Parameters<typeof views.create>[0]))
  }
  const dashboard = await views.create({ ...place, type: 'dashboard' })
  const widget = { data_source_id: AURORA_TASKS, view_id: dashboard.id, name: 'w', type: 'list' as const }
  const { id } = await story.tell('views.create', views.create(widget))
  await story.tell('views.retrieve', views.retrieve({ view_id: dashboard.id }))
  await story.tell('views.update', views.update({ view_id: id, name: 'y' }))
  const query = await story.tell('views.queries.create', views.queries.create({ view_id: id, page_size: 2 }))
  const path = { view_id: id, query_id: query.id }
  await story.tell('views.queries.results', views.queries.results(path))
  await story.tell('views.queries.delete', views.queries.delete(path))
  await story.tell('views.delete', views.delete({ view_id: id }))
}

async function tellOfTheRest(notion: Client, story: Story, recording: string): Promise<void> {
  const source = { type: 'file_upload' as const, file_upload_id: recording }
  const meeting = notion.blocks.meetingNotes.create({ source, parent: { type: 'page_id', page_id: AURORA_HOME } })
  const { id } = await story.tell('blocks.meetingNotes.create', meeting)
  await story.tell('blocks.meetingNotes.query', notion.blocks.meetingNotes.query({}))
  await story.tell('blocks.retrieve', notion.blocks.retrieve({ block_id: id }))
  await story.tell('customEmojis.list', notion.customEmojis.list({}))
}

describe('the official types', () => {
  it('fit every answer about files, views, meetings, emojis and background work', async () => {
    const emulator = testEmulator('two-tenants')
    const notion = clientOf(emulator, AURORA_BOT, VERSION)
    const story = new Story()
    const recording = await tellOfFiles(notion, story)
    await tellOfViews(notion, story)
    await tellOfTheRest(notion, story, recording)
    const body = { parent: { page_id: AURORA_HOME }, markdown: 'x', allow_async: true }
    const { id } = raw(emulator, 'POST /v1/pages', { body }).body
    for (let poll = 0; poll < 2; poll += 1) {
      await story.tell('asyncTasks.retrieve', notion.asyncTasks.retrieve({ task_id: String(id) }))
    }
    expect(story.answers.length).toBeGreaterThan(30)
    expect(await compile(story.answers)).toBe('')
    const [first] = story.answers
    const broken = story.answers.map((answer) =>
      answer === first ? { ...answer, body: { ...answer.body, sparkle: 1 } } : answer,
    )
    expect(await compile(broken)).toContain('sparkle')
  })
})
