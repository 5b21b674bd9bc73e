import { beforeEach, describe, expect, it } from 'vitest'
import type { Emulator } from '../src/index.ts'
import { AURORA_BOT, AURORA_HOME, NOBODY, raw, testEmulator, title } from './support/emulator.ts'

type Json = Record<string, unknown>

describe('properties', () => {
  let emulator: Emulator

  beforeEach(() => {
    emulator = testEmulator('tenant-aurora')
  })

  const send = (target: string, body?: unknown): Json => raw(emulator, target, { body }).body

  function database(properties: Json, name = 'Things'): string {
    const made = send('POST /v1/databases', {
      parent: { type: 'page_id', page_id: AURORA_HOME },
      title: [{ text: { content: name } }],
      initial_data_source: { properties: { Name: { title: {} }, ...properties } },
    })
    return (made['data_sources'] as { id: string }[])[0]?.id ?? JSON.stringify(made)
  }

  const schema = (source: string) => send(`GET /v1/data_sources/${source}`)['properties'] as Record<string, Json>
  function optionsOf(source: string, name: string): { id: string; name: string }[] {
    const { options = [] } = (schema(source)[name]?.['select'] ?? {}) as { options?: { id: string; name: string }[] }
    return options
  }
  const change = (source: string, properties: Json) => send(`PATCH /v1/data_sources/${source}`, { properties })
  const row = (source: string, properties: Json = {}) =>
    send('POST /v1/pages', { parent: { data_source_id: source }, properties: { Name: title('Row'), ...properties } })
  const values = (page: Json) => page['properties'] as Record<string, Json>

  describe('values', () => {
    it.each<[type: string, config: Json, given: unknown, answered: unknown]>([
      [
        'rich_text',
        {},
        [{ text: { content: 'words' } }],
        [expect.objectContaining({ plain_text: 'words', href: null })],
      ],
      ['number', {}, 12.5, 12.5],
      ['checkbox', {}, true, true],
      ['url', {}, 'https://example.com', 'https://example.com'],
      ['email', {}, 'a@b.example', 'a@b.example'],
      ['phone_number', {}, '+55 81', '+55 81'],
      [
        'select',
        { options: [{ name: 'A', color: 'red' }] },
        { name: 'A' },
        expect.objectContaining({ name: 'A', color: 'red' }),
      ],
      [
        'multi_select',
        {},
        [{ name: 'x' }, { name: 'y' }],
        [expect.objectContaining({ name: 'x' }), expect.objectContaining({ name: 'y' })],
      ],
      ['status', {}, { name: 'Done' }, expect.objectContaining({ name: 'Done', color: 'green' })],
      ['date', {}, { start: '2026-01-02' }, { start: '2026-01-02', end: null, time_zone: null }],
      [
        'files',
        {},
        [{ external: { url: 'https://x.example/a.pdf' } }],
        [{ name: 'a.pdf', type: 'external', external: { url: 'https://x.example/a.pdf' } }],
      ],
      [
        'place',
        {},
        { lat: 1, lon: 2 },
        { lat: 1, lon: 2, name: null, address: null, aws_place_id: null, google_place_id: null },
      ],
    ])('%s is kept and answered with its id and type', (type, config, given, answered) => {
      const source = database({ P: { [type]: config } })
      const id = schema(source)['P']?.['id']
      expect(values(row(source, { P: { [type]: given } }))['P']).toEqual({ id, type, [type]: answered })
    })

    it('are all there in an answer, empty ones as null, [] or false', () => {
      const types = [
        'rich_text',
        'number',
        'select',
        'multi_select',
        'date',
        'people',
        'files',
        'checkbox',
        'url',
        'email',
      ]
      const source = database(Object.fromEntries(types.map((type) => [type, { [type]: {} }])))
      const { Name: _name, ...rest } = values(row(source))
      expect(
        Object.fromEntries(Object.values(rest).map((value) => [value['type'], value[String(value['type'])]])),
      ).toEqual({
        rich_text: [],
        number: null,
        select: null,
        multi_select: [],
        date: null,
        people: [],
        files: [],
        checkbox: false,
        url: null,
        email: null,
      })
    })

    it('come in the order of their ids, which are four characters, percent-encoded', () => {
      const source = database(
        Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`P${index}`, { number: {} }])),
      )
      const ids = Object.values(schema(source)).map((property) => decodeURIComponent(String(property['id'])))
      expect(ids).toEqual(ids.toSorted())
      for (const id of ids) expect(id).toMatch(/^(title|[!-~]{4})$/)
      expect(Object.keys(values(row(source)))).toEqual(Object.keys(schema(source)))
    })

    it('can be named by id and asked for one by one', () => {
      const source = database({ A: { number: {} }, B: { number: {} } })
      const id = String(schema(source)['A']?.['id'])
      const page = row(source, { [id]: { number: 3 } })
      expect(values(page)['A']?.['number']).toBe(3)
      const one = send(`GET /v1/pages/${String(page['id'])}?filter_properties=${encodeURIComponent(id)}`)
      expect(Object.keys(values(one))).toEqual(['A'])
      const two = send(`GET /v1/pages/${String(page['id'])}?filter_properties[]=A&filter_properties[]=title`)
      expect(Object.keys(values(two)).toSorted()).toEqual(['A', 'Name'])
      expect(send(`GET /v1/pages/${String(page['id'])}/properties/${encodeURIComponent(id)}`)).toMatchObject({
        number: 3,
      })
    })

    it.each<[given: Json, start: string]>([
      [{ start: '2026-06-27T17:57:32.424991', time_zone: 'Europe/London' }, '2026-06-27T17:57:00.000+01:00'],
      [{ start: '2026-07-25T16:57:28.513237Z', time_zone: 'UTC' }, '2026-07-25T16:57:00.000+00:00'],
      [{ start: '2026-01-02T03:04:05-03:00' }, '2026-01-02T03:04:00.000-03:00'],
      [{ start: '2026-01-02T12:00:00' }, '2026-01-02T12:00:00.000+00:00'],
    ])('cut times to the minute and turn zones into offsets: %j', (given, start) => {
      const source = database({ When: { date: {} } })
      expect(values(row(source, { When: { date: given } }))['When']?.['date']).toEqual({
        start,
        end: null,
        time_zone: null,
      })
    })

    it('a select that meets a new name takes it into the schema, a status never', () => {
      const source = database({ S: { select: { options: [{ name: 'old' }] } }, T: { status: {} } })
      row(source, { S: { select: { name: 'new' } } })
      const options = optionsOf(source, 'S')
      expect(options.map((option) => option.name)).toEqual(['old', 'new'])
      expect(row(source, { T: { status: { name: 'new' } } })).toMatchObject({ status: 400 })
    })

    it('a status that is cleared falls back to its first option; a select is empty', () => {
      const source = database({ S: { select: { options: [{ name: 'a' }] } }, T: { status: {} } })
      const page = row(source, { S: { select: { name: 'a' } }, T: { status: { name: 'Done' } } })
      const cleared = send(`PATCH /v1/pages/${String(page['id'])}`, {
        properties: { S: { select: null }, T: { status: null } },
      })
      expect(values(cleared)['S']?.['select']).toBeNull()
      expect(values(cleared)['T']?.['status']).toMatchObject({ name: 'Not started' })
    })

    it('that are computed follow the page and cannot be written', () => {
      const source = database({
        Made: { created_time: {} },
        By: { created_by: {} },
        No: { unique_id: { prefix: 'T' } },
      })
      row(source)
      const second = values(row(source))
      expect(second['Made']?.['created_time']).toBe('2026-11-22T12:34:00.000Z')
      expect(second['By']?.['created_by']).toMatchObject({ id: AURORA_BOT, type: 'bot', bot: {} })
      expect(second['No']?.['unique_id']).toEqual({ prefix: 'T', number: 2 })
      expect(row(source, { No: { unique_id: { number: 9 } } })).toMatchObject({ status: 400, code: 'validation_error' })
    })
  })

  describe('schemas', () => {
    it('take new properties, new names and new types, and forget what was removed', () => {
      const source = database({ A: { number: {} }, B: { rich_text: {} } })
      const page = row(source, { A: { number: 1 } })
      change(source, { A: { name: 'C' }, B: null, D: { checkbox: {} } })
      expect(Object.keys(schema(source)).toSorted()).toEqual(['C', 'D', 'Name'])
      expect(values(send(`GET /v1/pages/${String(page['id'])}`))['C']?.['number']).toBe(1)
      change(source, { C: { rich_text: {} } })
      expect(values(send(`GET /v1/pages/${String(page['id'])}`))['C']).toMatchObject({
        type: 'rich_text',
        rich_text: [],
      })
    })

    it('keep the ids of options that stay', () => {
      const source = database({ S: { select: { options: [{ name: 'a' }, { name: 'b' }] } } })
      const options = () => optionsOf(source, 'S')
      const before = options()
      change(source, { S: { select: { options: [{ name: 'b' }, { name: 'c', color: 'pink' }] } } })
      expect(options().map((option) => option.name)).toEqual(['b', 'c'])
      expect(options()[0]).toEqual(before[1])
    })

    it('get a title when none was given', () => {
      const made = send('POST /v1/databases', { parent: { page_id: AURORA_HOME } })
      const source = (made['data_sources'] as { id: string; name: string }[])[0]
      expect(source?.name).toBe('New database')
      expect(schema(source?.id ?? '')).toEqual({
        Name: { id: 'title', name: 'Name', description: null, type: 'title', title: {} },
      })
    })

    it('of a creation that is refused leave nothing behind', () => {
      const before = emulator.control.stateOf(AURORA_HOME)
      const properties = { Name: { title: {} }, R: { relation: { data_source_id: NOBODY, single_property: {} } } }
      expect(
        send('POST /v1/databases', { parent: { page_id: AURORA_HOME }, initial_data_source: { properties } }),
      ).toMatchObject({ status: 404 })
      expect(emulator.control.stateOf(AURORA_HOME)).toEqual(before)
    })
  })

  describe('relations', () => {
    let items: string
    let buyers: string

    beforeEach(() => {
      items = database({ Price: { number: {} } }, 'Items')
      buyers = database({ Bought: { relation: { data_source_id: items, dual_property: {} } } }, 'Buyers')
    })

    const related = (page: Json, name: string) => {
      const entries = (values(page)[name]?.['relation'] ?? []) as { id: string }[]
      return entries.map((entry) => entry.id)
    }
    const read = (page: Json) => send(`GET /v1/pages/${String(page['id'])}`)

    it('with two sides name each other, and stay in step', () => {
      const back = 'Related to Buyers (Bought)'
      expect(schema(buyers)['Bought']?.['relation']).toMatchObject({
        data_source_id: items,
        type: 'dual_property',
        dual_property: { synced_property_name: back },
      })
      const item = row(items)
      const buyer = row(buyers, { Bought: { relation: [{ id: item['id'] }] } })
      expect(related(read(item), back)).toEqual([buyer['id']])
      send(`PATCH /v1/pages/${String(item['id'])}`, { properties: { [back]: { relation: [] } } })
      expect(related(read(buyer), 'Bought')).toEqual([])
    })

    it('lose their other side with the property, and only then', () => {
      change(buyers, { Bought: null })
      expect(Object.keys(schema(items)).toSorted()).toEqual(['Name', 'Price'])
    })

    it('show 25 at once; the rest is behind the property', () => {
      const ids = Array.from({ length: 30 }, () => ({ id: row(items)['id'] }))
      const buyer = row(buyers, { Bought: { relation: ids } })
      expect(related(buyer, 'Bought')).toHaveLength(25)
      expect(values(buyer)['Bought']?.['has_more']).toBe(true)
      const path = `GET /v1/pages/${String(buyer['id'])}/properties/Bought`
      const first = send(`${path}?page_size=20`)
      const rest = send(`${path}?page_size=20&start_cursor=${String(first['next_cursor'])}`)
      const shown = [first, rest].flatMap((part) => part['results'] as { relation: { id: string } }[])
      expect(shown.map((entry) => ({ id: entry.relation.id }))).toEqual(ids)
      expect((first['property_item'] as Json)['next_url']).toContain(`start_cursor=${String(first['next_cursor'])}`)
      expect(rest['has_more']).toBe(false)
    })

    it('take rows of their data source only', () => {
      expect(row(buyers, { Bought: { relation: [{ id: AURORA_HOME }] } })).toMatchObject({ status: 400 })
      expect(row(buyers, { Bought: { relation: [{ id: NOBODY }] } })).toMatchObject({ status: 404 })
    })

    it('leave out what lies in the trash', () => {
      const item = row(items)
      const buyer = row(buyers, { Bought: { relation: [{ id: item['id'] }] } })
      send(`DELETE /v1/blocks/${String(item['id'])}`)
      expect(related(read(buyer), 'Bought')).toEqual([])
    })

    it.each<[name: string, answer: Json]>([
      ['count', { type: 'number', number: 2 }],
      ['sum', { type: 'number', number: 30 }],
      ['average', { type: 'number', number: 15 }],
      ['median', { type: 'number', number: 15 }],
      ['max', { type: 'number', number: 20 }],
      ['range', { type: 'number', number: 10 }],
      ['percent_not_empty', { type: 'number', number: 1 }],
      [
        'show_original',
        {
          type: 'array',
          array: [
            { type: 'number', number: 10 },
            { type: 'number', number: 20 },
          ],
        },
      ],
    ])('can be rolled up: %s', (name, answer) => {
      change(buyers, {
        Total: { rollup: { function: name, relation_property_name: 'Bought', rollup_property_name: 'Price' } },
      })
      const ids = [10, 20].map((price) => ({ id: row(items, { Price: { number: price } })['id'] }))
      const buyer = row(buyers, { Bought: { relation: ids } })
      expect(values(buyer)['Total']?.['rollup']).toEqual({ ...answer, function: name })
      expect(schema(buyers)['Total']?.['rollup']).toMatchObject({
        relation_property_name: 'Bought',
        rollup_property_name: 'Price',
        function: name,
      })
    })
  })

  it('that roll up are read item by item, as items of the property that they roll up', () => {
    const items = database({ Price: { number: {} } })
    const buyers = database({ Bought: { relation: { data_source_id: items, single_property: {} } } })
    const rollup = { function: 'show_original', relation_property_name: 'Bought', rollup_property_name: 'Price' }
    change(buyers, { Prices: { rollup } })
    const bought = row(items, { Price: { number: 10 } })
    const buyer = row(buyers, { Bought: { relation: [{ id: bought['id'] }] } })
    const id = String(values(buyer)['Prices']?.['id'])
    const list = send(`GET /v1/pages/${String(buyer['id'])}/properties/${id}`)
    const price = values(bought)['Price']?.['id']
    expect(list['results']).toEqual([{ object: 'property_item', type: 'number', id: price, number: 10 }])
    expect(list['property_item']).toMatchObject({ id, type: 'rollup', rollup: { type: 'array', array: [] } })
  })

  it('take options that nobody made yet, without a color', () => {
    const source = database({ Kind: { select: { options: [{ name: 'Old' }] } } })
    for (const name of ['New', 'Old']) {
      const made = row(source, { Kind: { select: { name } } })
      expect(values(made)['Kind']?.['select']).toMatchObject({ name, color: 'default' })
    }
  })

  describe('formulas', () => {
    const formula = (source: string, expression: string, given: Json = {}): unknown => {
      change(source, { F: { formula: { expression } } })
      return values(row(source, given))['F']?.['formula']
    }

    it('are kept by the ids of what they read, so that a rename does not break them', () => {
      const source = database({ Price: { number: {} }, Twice: { formula: { expression: 'prop("Price") * 2' } } })
      const id = String(schema(source)['Price']?.['id'])
      const { expression } = (schema(source)['Twice']?.['formula'] ?? {}) as { expression?: string }
      expect(expression).toMatch(new RegExp(`^\\{\\{notion:block_property:${id.replace(/[^\w%]/g, '.')}:${source}:`))
      change(source, { Price: { name: 'Cost' } })
      expect(values(row(source, { Cost: { number: 4 } }))['Twice']?.['formula']).toEqual({ type: 'number', number: 8 })
    })

    it('answer text, numbers, truth and dates, each with its type', () => {
      const source = database({ Price: { number: {} }, Due: { date: {} } })
      expect(formula(source, 'prop("Name") + "!"')).toEqual({ type: 'string', string: 'Row!' })
      expect(formula(source, 'prop("Price") > 3', { Price: { number: 4 } })).toEqual({ type: 'boolean', boolean: true })
      const due = { Due: { date: { start: '2026-01-31' } } }
      expect(formula(source, 'dateAdd(prop("Due"), 1, "months")', due)).toEqual({
        type: 'date',
        date: { start: '2026-02-28', end: null, time_zone: null },
      })
      expect(formula(source, 'now()')).toEqual({
        type: 'date',
        date: { start: '2026-11-22T12:34:00.000+00:00', end: null, time_zone: null },
      })
    })

    it('are empty in the type that they would have', () => {
      const source = database({ Due: { date: {} } })
      expect(formula(source, 'prop("Due")')).toEqual({ type: 'date', date: null })
      expect(formula(source, '""')).toEqual({ type: 'string', string: null })
      expect(formula(source, 'no such thing')).toEqual({ type: 'string', string: null })
      // As a spreadsheet would have it.
      expect(formula(source, '=1 + 1')).toEqual({ type: 'string', string: null })
    })

    it('end when they read themselves', () => {
      const source = database({ F: { formula: { expression: '1' } }, G: { formula: { expression: 'prop("F")' } } })
      expect(formula(source, 'prop("G")')).toEqual({ type: 'string', string: null })
      change(source, { R: { relation: { data_source_id: source, single_property: {} } } })
      change(source, {
        U: { rollup: { function: 'show_original', relation_property_name: 'R', rollup_property_name: 'F' } },
      })
      change(source, { F: { formula: { expression: 'prop("U")' } } })
      const page = row(source)
      const related = send(`PATCH /v1/pages/${String(page['id'])}`, {
        properties: { R: { relation: [{ id: page['id'] }] } },
      })
      expect(values(related)['U']?.['rollup']).toMatchObject({ type: 'array' })
    })

    it('can be filtered by', () => {
      const source = database({ Price: { number: {} }, Twice: { formula: { expression: 'prop("Price") * 2' } } })
      for (const price of [1, 2, 3]) row(source, { Price: { number: price } })
      const { results } = send(`POST /v1/data_sources/${source}/query`, {
        filter: { property: 'Twice', formula: { number: { greater_than: 3 } } },
      })
      expect(results).toHaveLength(2)
    })
  })
})
