import { isFullBlock, type Client } from '@notionhq/client'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Emulator } from '../src/index.ts'
import { AURORA_BOT, AURORA_HOME, NOBODY, clientOf, raw, testEmulator, title } from './support/emulator.ts'

const DAY_MS = 86_400_000

describe('meeting notes', () => {
  let emulator: Emulator
  let notion: Client
  let page: string

  beforeEach(async () => {
    emulator = testEmulator('two-tenants')
    notion = clientOf(emulator, AURORA_BOT)
    page = (await notion.pages.create({ parent: { page_id: AURORA_HOME }, properties: { title: title('Calls') } })).id
  })

  async function uploaded(filename = 'call.mp3'): Promise<string> {
    const { id } = await notion.fileUploads.create({ filename })
    await notion.fileUploads.send({ file_upload_id: id, file: { data: new Blob(['sound']), filename } })
    return id
  }

  async function create(name: string, options: { kickoff_summary?: boolean } = {}): Promise<string> {
    const source = { type: 'file_upload' as const, file_upload_id: await uploaded() }
    const parent = { type: 'page_id' as const, page_id: page }
    const made = await notion.blocks.meetingNotes.create({ title: name, source, parent, options })
    return made.id
  }

  const status = async (id: string): Promise<string | undefined> => {
    const block = await notion.blocks.retrieve({ block_id: id })
    return isFullBlock(block) && block.type === 'meeting_notes' ? block.meeting_notes.status : undefined
  }
  const ask = async (body: object): Promise<string[]> => {
    const { results } = raw(emulator, 'POST /v1/blocks/meeting_notes/query', { body }).body
    return (results as { id: string }[]).map((meeting) => meeting.id)
  }

  it('come from a recording, transcript first', async () => {
    const upload = await uploaded()
    const made = await notion.blocks.meetingNotes.create({
      title: 'Weekly',
      language: 'pt',
      source: { type: 'file_upload', file_upload_id: upload },
      parent: { type: 'page_id', page_id: page },
    })
    expect(made).toMatchObject({
      object: 'block',
      type: 'meeting_notes',
      meeting_notes: { title: [{ plain_text: 'Weekly' }], status: 'transcription_in_progress' },
      has_children: true,
    })
    expect(made).not.toHaveProperty('parent')
    emulator.control.advanceClock(5000)
    expect(await status(made.id)).toBe('summary_in_progress')
    emulator.control.advanceClock(5000)
    expect(await status(made.id)).toBe('notes_ready')
    const block = await notion.blocks.retrieve({ block_id: made.id })
    const parts = isFullBlock(block) && block.type === 'meeting_notes' ? block.meeting_notes.children : undefined
    const text = async (id: string | undefined): Promise<unknown> =>
      (await notion.blocks.children.list({ block_id: id ?? '' })).results
    expect(await text(parts?.summary_block_id)).toMatchObject([
      { paragraph: { rich_text: [{ plain_text: 'emulator: summary of call.mp3' }] } },
    ])
    expect(await text(parts?.transcript_block_id)).toHaveLength(1)
    expect(await text(parts?.notes_block_id)).toEqual([])
    expect(await notion.fileUploads.retrieve({ file_upload_id: upload })).toMatchObject({ expiry_time: null })
  })

  it('have no summary when none is asked for', async () => {
    const id = await create('Quiet', { kickoff_summary: false })
    emulator.control.advanceClock(5000)
    expect(await status(id)).toBe('notes_ready')
  })

  it('come from a block that has a recording, and stand after it', async () => {
    const children = [{ audio: { file_upload: { id: await uploaded() } } }, { divider: {} }]
    const { results } = await notion.blocks.children.append({ block_id: page, children })
    const made = await notion.blocks.meetingNotes.create({ source: { type: 'block', block_id: results[0]?.id ?? '' } })
    const blocks = (await notion.blocks.children.list({ block_id: page })).results
    expect(blocks.map((block) => isFullBlock(block) && block.type)).toEqual(['audio', 'meeting_notes', 'divider'])
    expect(blocks[1]?.id).toBe(made.id)
  })

  it('are called after their transcript in older versions', async () => {
    const id = await create('Weekly')
    const { body } = raw(emulator, `GET /v1/blocks/${id}`, { version: '2025-09-03' })
    expect(body).toMatchObject({ type: 'transcription', transcription: { status: 'transcription_in_progress' } })
  })

  it('are not made, changed or appended to as blocks', async () => {
    const id = await create('Weekly')
    expect(raw(emulator, `PATCH /v1/blocks/${id}/children`, { body: { children: [{ divider: {} }] } }).status).toBe(400)
    expect(raw(emulator, `PATCH /v1/blocks/${id}`, { body: { meeting_notes: {} } }).status).toBe(400)
    expect(raw(emulator, `DELETE /v1/blocks/${id}`).status).toBe(200)
    expect(await ask({})).toEqual([])
  })

  it('are refused for what is no recording', async () => {
    const make = (source: object, parent?: object): string => {
      const body = { source, ...(parent === undefined ? {} : { parent }) }
      const answer = raw(emulator, 'POST /v1/blocks/meeting_notes', { body })
      expect(answer.status).toBe(400)
      return String(answer.body['message'])
    }
    const parent = { type: 'page_id', page_id: page }
    const picture = { type: 'file_upload', file_upload_id: await uploaded('a.png') }
    const [divider] = (await notion.blocks.children.append({ block_id: page, children: [{ divider: {} }] })).results
    expect(make(picture, parent)).toContain('need an audio or video file')
    expect(make({ type: 'block', block_id: divider?.id })).toContain('need an audio or video file')
    expect(make({ type: 'block', block_id: page })).toContain('holds no recording')
    expect(make({ type: 'block', block_id: divider?.id }, parent)).toContain('body.parent should be not present')
    expect(make(picture)).toContain('body.parent should be defined')
    const pending = await notion.fileUploads.create({ filename: 'a.mp3' })
    expect(make({ type: 'file_upload', file_upload_id: pending.id }, parent)).toContain('status of `pending`')
    expect((await notion.blocks.children.list({ block_id: page })).results).toHaveLength(1)
  })

  describe('are found', () => {
    let first: string
    let second: string

    beforeEach(async () => {
      first = await create('Planning of May')
      emulator.control.advanceClock(2 * DAY_MS)
      second = await create('Retro')
    })

    it('newest first, by the client', async () => {
      const { results, has_more } = await notion.blocks.meetingNotes.query({ limit: 1 })
      expect(results.map((meeting) => meeting.id)).toEqual([second])
      expect(has_more).toBe(true)
      expect(await ask({})).toEqual([second, first])
      expect(await ask({ sort: [{ property: 'title', direction: 'ascending' }] })).toEqual([first, second])
    })

    const is = (property: string, operator: string, value?: unknown): object => ({
      property,
      filter: { operator, ...(value === undefined ? {} : { value }) },
    })
    const exact = (value: unknown): object => ({ type: 'exact', value })
    const day = (start_date: string): object => exact({ type: 'date', start_date })
    const person = (id: string): object[] => [{ type: 'exact', value: { table: 'notion_user', id } }]
    const all = (...filters: object[]): object => ({ filter: { operator: 'and', filters } })

    it.each([
      ['title', all(is('title', 'string_contains', exact('may'))), [0]],
      ['title, not', all(is('title', 'string_does_not_contain', exact('may'))), [1]],
      ['beginning', all(is('title', 'string_starts_with', exact('retro'))), [1]],
      ['end', all(is('title', 'string_ends_with', exact('May'))), [0]],
      ['whole title', all(is('title', 'string_is', exact('retro'))), [1]],
      ['no title', all(is('title', 'is_empty')), []],
      ['day', all(is('created_time', 'date_is', day('2026-11-22'))), [0]],
      ['before', all(is('created_time', 'date_is_before', day('2026-11-24'))), [0]],
      ['after', all(is('created_time', 'date_is_after', day('2026-11-22'))), [1]],
      ['on or after', all(is('created_time', 'date_is_on_or_after', day('2026-11-22'))), [1, 0]],
      ['today', all(is('created_time', 'date_is', { type: 'relative', value: 'today' })), [1]],
      [
        'range',
        all(
          is(
            'created_time',
            'date_is_within',
            exact({ type: 'daterange', start_date: '2026-11-20', end_date: '2026-11-23' }),
          ),
        ),
        [0],
      ],
      [
        'past day',
        all(
          is('created_time', 'date_is_relative_to', {
            type: 'relative',
            value: 'custom',
            direction: 'past',
            unit: 'day',
            count: 1,
          }),
        ),
        [1],
      ],
      ['author', all(is('created_by', 'person_contains', person(AURORA_BOT))), [1, 0]],
      ['no author', all(is('created_by', 'person_does_not_contain', person(NOBODY))), [1, 0]],
      ['attendees', all(is('attendees', 'is_not_empty')), []],
      [
        'groups',
        {
          filter: {
            operator: 'and',
            filters: [
              {
                operator: 'or',
                filters: [is('title', 'string_is', exact('x')), is('title', 'string_is', exact('retro'))],
              },
            ],
          },
        },
        [1],
      ],
    ] as [string, object, number[]][])('by %s', async (_name, body, expected) => {
      expect(await ask(body)).toEqual(expected.map((index) => [first, second][index]))
    })

    it.each([
      all(is('weather', 'is_empty')),
      all(is('title', 'date_is', day('2026-11-22'))),
      all(is('created_time', 'date_is', exact('no day'))),
      { filter: { operator: 'not' } },
      { filter: 3 },
      { limit: 0 },
      { sort: [{ property: 'colour', direction: 'ascending' }] },
    ])('never by %j', (body) => {
      expect(raw(emulator, 'POST /v1/blocks/meeting_notes/query', { body }).status).toBe(400)
    })

    it('only by whoever sees the page', async () => {
      emulator.control.grant(AURORA_BOT, { roots: [] })
      expect(await ask({})).toEqual([])
    })
  })

  it.each([
    ['insert_content', 'POST /v1/blocks/meeting_notes'],
    ['read_content', 'POST /v1/blocks/meeting_notes/query'],
  ] as const)('need %s for %s', (capability, target) => {
    const all = ['read_content', 'update_content', 'insert_content'] as const
    emulator.control.grant(AURORA_BOT, { capabilities: all.filter((one) => one !== capability) })
    const source = { type: 'file_upload', file_upload_id: NOBODY }
    const body = target.endsWith('query') ? {} : { source, parent: { type: 'page_id', page_id: NOBODY } }
    expect(raw(emulator, target, { body }).status).toBe(403)
  })
})
