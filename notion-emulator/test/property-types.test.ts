import { isFullDatabase, isFullDataSource, isFullPage, type Client } from '@notionhq/client'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Emulator } from '../src/index.ts'
import { AURORA_BOT, AURORA_HOME, clientOf, raw, testEmulator, title } from './support/emulator.ts'

type Json = Record<string, unknown>
type InitialSource = NonNullable<Parameters<Client['databases']['create']>[0]['initial_data_source']>
type Properties = NonNullable<InitialSource['properties']>

const DAY_MS = 86_400_000

/** Every property type that the official client can create. */
const TYPES: [type: string, config: Json, kept: Json][] = [
  ['rich_text', {}, {}],
  ['number', {}, { format: 'number' }],
  ['number', { format: 'real' }, { format: 'real' }],
  ['select', {}, { options: [] }],
  ['multi_select', {}, { options: [] }],
  ['status', {}, { options: expect.any(Array), groups: expect.any(Array) }],
  ['date', {}, {}],
  ['people', {}, {}],
  ['files', {}, {}],
  ['checkbox', {}, {}],
  ['url', {}, {}],
  ['email', {}, {}],
  ['phone_number', {}, {}],
  ['formula', { expression: 'prop("Name")' }, { expression: expect.any(String) }],
  ['created_time', {}, {}],
  ['created_by', {}, {}],
  ['last_edited_time', {}, {}],
  ['last_edited_by', {}, {}],
  ['unique_id', { prefix: 'TASK' }, { prefix: 'TASK' }],
  ['unique_id', {}, { prefix: null }],
  ['button', {}, {}],
  ['verification', {}, {}],
  ['place', {}, {}],
  ['location', {}, {}],
  ['last_visited_time', {}, {}],
]

describe('property types', () => {
  let emulator: Emulator
  let notion: Client

  beforeEach(() => {
    emulator = testEmulator('tenant-aurora')
    notion = clientOf(emulator, AURORA_BOT)
  })

  async function sourceWith(properties: Json): Promise<string> {
    const database = await notion.databases.create({
      parent: { type: 'page_id', page_id: AURORA_HOME },
      initial_data_source: { properties: { Name: { title: {} }, ...properties } as unknown as Properties },
    })
    return (isFullDatabase(database) && database.data_sources[0]?.id) || ''
  }

  it.each(TYPES)('%s with %j is part of a schema', async (type, config, kept) => {
    const source = await sourceWith({ P: { description: 'why', [type]: config } })
    const read = await notion.dataSources.retrieve({ data_source_id: source })
    const property = isFullDataSource(read) ? read.properties['P'] : undefined
    expect(property).toEqual({ id: expect.any(String) as string, name: 'P', description: 'why', type, [type]: kept })
    const row = await notion.pages.create({ parent: { data_source_id: source }, properties: { Name: title('Row') } })
    const value = isFullPage(row) ? row.properties['P'] : undefined
    expect(value).toMatchObject({ id: property?.id, type })
    expect(value).toHaveProperty(type)
    const item = await notion.pages.properties.retrieve({ page_id: row.id, property_id: property?.id ?? '' })
    expect(JSON.stringify(item)).toContain(`"type":"${type}"`)
  })

  it.each(['location', 'last_visited_time', 'button', 'unique_id', 'created_by', 'formula'])(
    '%s is not written by a row',
    async (type) => {
      const source = await sourceWith({ P: { [type]: type === 'formula' ? { expression: '1' } : {} } })
      const body = { parent: { data_source_id: source }, properties: { P: { [type]: {} } } }
      const answer = raw(emulator, 'POST /v1/pages', { body })
      expect(answer.status).toBe(400)
      expect(answer.body['message']).toContain('read-only')
    },
  )

  describe('verification', () => {
    async function verify(value: Json | null): Promise<{ page: string; shown: () => Promise<unknown> }> {
      const source = await sourceWith({ Check: { verification: {} } })
      const properties = value === null ? {} : { Check: { verification: value } }
      const row = raw(emulator, 'POST /v1/pages', { body: { parent: { data_source_id: source }, properties } })
      const page = String(row.body['id'])
      const shown = async (): Promise<unknown> => {
        const read = await notion.pages.retrieve({ page_id: page })
        const check = isFullPage(read) ? read.properties['Check'] : undefined
        expect(check?.id).toBe('verification')
        return check?.type === 'verification' ? check.verification : undefined
      }
      return { page, shown }
    }

    it('says that nobody verified a page', async () => {
      const unverified = { state: 'unverified', verified_by: null, date: null }
      expect(await (await verify(null)).shown()).toEqual(unverified)
      expect(await (await verify({ state: 'unverified' })).shown()).toEqual(unverified)
    })

    it('says who verified a page, and expires by the clock', async () => {
      const date = { start: '2026-11-22', end: '2026-11-24' }
      const { page, shown } = await verify({ state: 'verified', date })
      expect(await shown()).toMatchObject({
        state: 'verified',
        verified_by: { object: 'user', id: AURORA_BOT },
        date: { ...date, time_zone: null },
      })
      emulator.control.advanceClock(2 * DAY_MS)
      expect(await shown()).toMatchObject({ state: 'expired' })
      const properties = { Check: { verification: { state: 'unverified' as const } } }
      await notion.pages.update({ page_id: page, properties })
      expect(await shown()).toMatchObject({ state: 'unverified', verified_by: null })
    })

    it('lasts without a date, and is found by filters', async () => {
      const { page, shown } = await verify({ state: 'verified' })
      emulator.control.advanceClock(1000 * DAY_MS)
      expect(await shown()).toMatchObject({ state: 'verified', date: null })
      const read = await notion.pages.retrieve({ page_id: page })
      const parent = isFullPage(read) && read.parent.type === 'data_source_id' ? read.parent.data_source_id : ''
      const found = async (status: 'verified' | 'expired' | 'none'): Promise<number> => {
        const filter = { property: 'Check', verification: { status } }
        return (await notion.dataSources.query({ data_source_id: parent, filter })).results.length
      }
      expect([await found('verified'), await found('expired'), await found('none')]).toEqual([1, 0, 0])
    })
  })
})
