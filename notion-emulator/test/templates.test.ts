import { describe, expect, it } from 'vitest'
import { builtinSeed, type Seed } from '../src/index.ts'
import { AURORA_TASKS, raw, testEmulator, title } from './support/emulator.ts'

const TEMPLATE = '0f0f0f0f-1111-4222-8333-444444444444'

function seedWithTemplate(): Seed[] {
  const [seed] = builtinSeed('tenant-aurora')
  if (seed === undefined) throw new Error('no seed')
  const [source] = seed.databases?.[0]?.data_sources ?? []
  if (source !== undefined) {
    source.templates = [
      { id: TEMPLATE, name: 'Weekly', is_default: true, markdown: '## Agenda\n- [ ] topic\n\t- detail' },
    ]
  }
  return [seed]
}

describe('templates', () => {
  const emulator = testEmulator('empty', { seeds: seedWithTemplate() })
  const create = (template: object, extra: object = {}) =>
    raw(emulator, 'POST /v1/pages', {
      body: { parent: { data_source_id: AURORA_TASKS }, properties: { Tarefa: title('New') }, template, ...extra },
    }).body
  const markdown = (id: unknown) => raw(emulator, `GET /v1/pages/${String(id)}/markdown`).body['markdown']

  it('are listed without the envelope of other lists, and are no rows', () => {
    const { body } = raw(emulator, `GET /v1/data_sources/${AURORA_TASKS}/templates`)
    expect(body).toEqual({
      templates: [{ id: TEMPLATE, name: 'Weekly', is_default: true }],
      has_more: false,
      next_cursor: null,
    })
    expect(raw(emulator, `GET /v1/data_sources/${AURORA_TASKS}/templates?name=x`).body['templates']).toEqual([])
    const rows = raw(emulator, `POST /v1/data_sources/${AURORA_TASKS}/query`, { body: {} }).body['results'] as {
      id: string
    }[]
    expect(rows.map((row) => row.id)).not.toContain(TEMPLATE)
  })

  it.each([{ type: 'default' }, { type: 'template_id', template_id: TEMPLATE }])(
    'give a new row their content: %j',
    (template) => {
      expect(markdown(create(template)['id'])).toBe('## Agenda\n- [ ] topic\n\t- detail')
    },
  )

  it('give nothing when none is wanted, and exclude other content', () => {
    expect(markdown(create({ type: 'none' })['id'])).toBe('')
    expect(create({ type: 'default' }, { markdown: 'x' })).toMatchObject({ status: 400 })
  })

  it('can be put below what a page holds already', () => {
    const page = create({ type: 'none' }, { markdown: 'before' })
    raw(emulator, `PATCH /v1/pages/${String(page['id'])}`, { body: { template: { type: 'default' } } })
    expect(markdown(page['id'])).toBe('before\n## Agenda\n- [ ] topic\n\t- detail')
  })
})
