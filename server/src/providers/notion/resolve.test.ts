import { beforeEach, describe, expect, test } from 'vitest'
import { emulatedNotion } from '#test/support/notion.ts'
import { success } from '#kernel/problem.ts'
import { createNotionApi, type NotionApi } from './client.ts'
import { findParent } from './parents.ts'
import { resolveBlock, resolvePage } from './resolve.ts'
import { findDatabase, resolveDatabase } from './sources.ts'
import { wordsIn } from './words.ts'

const notion = emulatedNotion('two-tenants')
const demo = emulatedNotion('demo')
const AURORA = '35c7c896-a391-4df1-8c3d-4ec253946bfd'
const BOREAL = 'ef86bc05-e596-4669-8410-8172dab634e5'
/** Sees only the page of meetings, and those in it. */
const PEDRO = '146314cd-2af0-4a03-b522-b16f3423555e'
const DEMO = 'b5653801-8c5a-406b-8f08-78632da13d91'
const HOME = 'd953f1bb-466c-4409-9517-ea2f03d92eba'

const api = (botId: string, on = notion) => createNotionApi(on.access(botId))

beforeEach(() => {
  notion.fresh()
  demo.fresh()
})

describe('a page', () => {
  test.each([
    ['35c7c896-a391-4df1-8c3d-4ec253946bfd'],
    ['35C7C896A3914DF18C3D4EC253946BFD'],
    ['https://www.notion.so/Plano-35c7c896a3914df18c3d4ec253946bfd?pvs=4'],
    ['collection://35c7c896-a391-4df1-8c3d-4ec253946bfd'],
    ['collection://35c7c896a3914df18c3d4ec253946bfd'],
    ['<page url="https://app.notion.com/p/35c7c896a3914df18c3d4ec253946bfd">Plano</page>'],
    ['[Plano](https://app.notion.com/p/35c7c896a3914df18c3d4ec253946bfd)'],
  ])('by %s costs nothing', async (text) => {
    expect(await resolvePage(api(AURORA), text, 'page_id')).toEqual({
      ok: true,
      value: '35c7c896-a391-4df1-8c3d-4ec253946bfd',
    })
    expect(notion.asked()).toEqual([])
  })

  test.each([
    [AURORA, '45d14593-b561-43e3-8107-0e09a72b80e3'],
    [BOREAL, '6541756f-e6ed-4037-a709-f9979452d3d0'],
  ])('by its title is the one of the caller (%s), though another workspace has the same', async (bot, id) => {
    expect(await resolvePage(api(bot), 'Roadmap 2027', 'page_id')).toEqual({ ok: true, value: id })
    expect(notion.asked()).toEqual(['POST /v1/search'])
  })

  test('that the caller may not see has no title to go by', async () => {
    const outcome = await resolvePage(api(PEDRO), 'Salary bands', 'page_id')
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'not_found', path: 'arguments.page_id' } })
    expect(JSON.stringify(outcome)).not.toContain('09fb5aac')
    expect(JSON.stringify(outcome)).not.toContain('6a13991d')
  })

  test.each(['orçamento q4', 'ORÇAMENTO Q4', ' "Orçamento Q4" ', 'orcamento  Q4', 'Orçamento Q4'.normalize('NFD')])(
    'by its title written as %j',
    async (title) => {
      expect(await resolvePage(api(AURORA), title, 'page_id')).toEqual({
        ok: true,
        value: '2a28ac12-10dc-441a-a432-f4f973306108',
      })
    },
  )

  test('whose title has no word in common without its accents is found among what was edited last', async () => {
    const outcome = await resolvePage(api(AURORA), 'ferias', 'page_id')
    expect(outcome).toEqual({ ok: true, value: '18a1fe49-a336-4705-a168-dc52e2375e89' })
  })

  test('is never the first hit that merely shares a word: those are listed', async () => {
    const outcome = await resolvePage(api(AURORA), 'Weekly meeting', 'page_id')
    expect(outcome).toMatchObject({
      ok: false,
      problem: {
        code: 'not_found',
        extra: {
          candidates: [
            { title: 'Prepare weekly meeting' },
            { title: 'Weekly meeting 2026-11-09' },
            { title: 'Weekly meeting 2026-11-16' },
          ],
        },
      },
    })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('d5aea91b-0098-4e33-8b24-6c36635368bb')
  })

  test('of a title that several have is refused with all of them', async () => {
    const write = { parent_id: HOME, title: 'roadmap 2027' }
    const made = await notion.done(AURORA, 'notion_create_page', write)
    const outcome = await resolvePage(api(AURORA), 'Roadmap 2027', 'page_id')
    expect(outcome).toMatchObject({
      ok: false,
      problem: { code: 'ambiguous', path: 'arguments.page_id', extra: { candidates: [{}, {}] } },
    })
    const detail = outcome.ok ? '' : outcome.problem.detail
    expect(detail).toContain('2 pages or databases are called "Roadmap 2027"')
    expect(detail).toContain(made.value.id)
    expect(detail).toContain('45d14593-b561-43e3-8107-0e09a72b80e3')
  })

  test('in the trash goes by its title too, where it is looked for there', async () => {
    await notion.done(AURORA, 'notion_archive_page', { page_id: 'Ideias' })
    expect(await resolvePage(api(AURORA), 'Ideias', 'page_id')).toMatchObject({ ok: false })
    expect(await resolvePage(api(AURORA), 'Ideias', 'page_id', { inTrash: true })).toEqual({
      ok: true,
      value: '17f64992-e351-41e9-8e8a-f98e71e68593',
    })
    const restored = await notion.done(AURORA, 'notion_restore_page', { page_id: 'Ideias' })
    expect(restored.value).toMatchObject({ title: 'Ideias', in_trash: false })
  })

  test.each(['', '   ', '35c7c896-a391-4df1-8c3d', 'https://app.notion.com/p/Plans', '../users/me', 'x'.repeat(2_001)])(
    'cannot be %j, and Notion is not asked',
    async (text) => {
      const outcome = await resolvePage(api(AURORA), text, 'page_id')
      expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments', path: 'arguments.page_id' } })
      expect(outcome.ok ? 0 : outcome.problem.detail.length).toBeLessThan(300)
      expect(notion.asked()).toEqual([])
    },
  )

  test('among more titles than can be looked through is refused rather than guessed', async () => {
    let asked = 0
    const page = { object: 'page', id: HOME, url: 'https://app.notion.com/p/x', parent: { type: 'workspace' } }
    const titled = { ...page, last_edited_time: '2026-11-01T09:00:00.000Z', properties: titleOf('Notas') }
    const endless: NotionApi = {
      words: wordsIn('en'),
      read: (async () => {
        asked += 1
        return success({ results: asked === 1 ? [titled] : [], next_cursor: `c${asked}`, has_more: true })
      }) as NotionApi['read'],
      write: () => Promise.reject(new Error('Nothing is written here')),
    }
    const outcome = await resolvePage(endless, 'notas', 'page_id')
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'ambiguous', extra: { candidates: [{ id: HOME }] } } })
    expect(asked).toBe(3)
  })
})

function titleOf(plain_text: string): unknown {
  return { title: { id: 'title', type: 'title', title: [{ plain_text }] } }
}

describe('a block', () => {
  test('is what a URL points to, else the page of this title', async () => {
    const block = '4d098d80-e7fc-4756-9461-2a884b71e2eb'
    const url = `https://app.notion.com/p/Notas-45d14593b56143e381070e09a72b80e3#${block.replaceAll('-', '')}`
    expect(await resolveBlock(api(AURORA), url, 'block_id')).toEqual({ ok: true, value: block })
    expect(await resolveBlock(api(AURORA), 'Roadmap 2027', 'block_id')).toEqual({
      ok: true,
      value: '45d14593-b561-43e3-8107-0e09a72b80e3',
    })
  })
})

describe('a database', () => {
  test('by the title that search knows is its data source', async () => {
    expect(await findDatabase(api(AURORA), { database_id: 'tarefas' })).toEqual({
      ok: true,
      value: { kind: 'one', sourceId: '7a6a8f71-054b-4df1-990e-3e99f4868d36', database: undefined },
    })
    expect(notion.asked()).toEqual(['POST /v1/search'])
    expect(await resolveDatabase(api(AURORA), 'Tarefas', 'database_id')).toEqual({
      ok: true,
      value: '2a73081e-2719-430c-8f2d-c8e7e896fb02',
    })
  })

  test('by a title that only the database has, not what is in it', async () => {
    expect(await findDatabase(api(DEMO, demo), { database_id: 'crm — contas' })).toMatchObject({
      ok: true,
      value: { kind: 'one', sourceId: 'b1ef43b7-63cb-43fa-ac6a-3b1ad124af23' },
    })
  })

  test('with several data sources leaves the choice, by its title as by its id', async () => {
    expect(await findDatabase(api(DEMO, demo), { database_id: 'Suporte' })).toMatchObject({
      ok: true,
      value: { kind: 'several', database: { id: '2464d06f-e231-4318-8473-f3541e26e1c9' } },
    })
    expect(await findDatabase(api(DEMO, demo), { data_source_id: 'Macros' })).toMatchObject({
      ok: true,
      value: { kind: 'one', sourceId: '0f701082-4fa3-4fe7-8d2f-d41230a5b668' },
    })
  })
})

describe('a parent', () => {
  test('by the title of a database brings its columns along', async () => {
    const parent = await findParent(api(AURORA), 'Contatos')
    expect(parent.ok && parent.value.columns?.map(({ name }) => name)).toContain('Telefone')
    expect(notion.asked()).toEqual(['POST /v1/search'])
  })

  test('by the title of a page', async () => {
    expect(await findParent(api(AURORA), 'Onboarding')).toMatchObject({
      ok: true,
      value: { reference: { page_id: '49f894a6-5616-41e6-8834-d61f481b0fa1' }, columns: undefined },
    })
  })

  test('by a title that only the database has', async () => {
    expect(await findParent(api(DEMO, demo), 'CRM — Contas')).toMatchObject({
      ok: true,
      value: { reference: { data_source_id: 'b1ef43b7-63cb-43fa-ac6a-3b1ad124af23' } },
    })
  })

  test('that may be a page or a database is refused with both', async () => {
    const outcome = await findParent(api(DEMO, demo), 'Reuniões')
    expect(outcome).toMatchObject({
      ok: false,
      problem: { code: 'ambiguous', path: 'arguments.parent_id', extra: { candidates: [{}, {}] } },
    })
  })
})
