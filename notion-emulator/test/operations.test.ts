import { isFullBlock, isFullDatabase, isFullDataSource, isFullPage, isFullUser } from '@notionhq/client'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Emulator } from '../src/index.ts'
import {
  AURORA_BOT,
  AURORA_HOME,
  AURORA_TASKS,
  AURORA_TASKS_DATABASE,
  clientOf,
  paragraph,
  plain,
  testEmulator,
  title,
  titleText,
} from './support/emulator.ts'

describe.each(['2026-03-11', '2025-09-03'])('the operations behind the tools, at %s', (version) => {
  let emulator: Emulator
  let notion: ReturnType<typeof clientOf>

  beforeEach(() => {
    emulator = testEmulator('two-tenants')
    notion = clientOf(emulator, AURORA_BOT, version)
  })

  async function newPage(name = 'Draft'): Promise<string> {
    const page = await notion.pages.create({ parent: { page_id: AURORA_HOME }, properties: { title: title(name) } })
    return page.id
  }

  it('tells who the bot is', async () => {
    const me = await notion.users.me({})
    expect(me).toMatchObject({
      object: 'user',
      id: AURORA_BOT,
      type: 'bot',
      name: 'Agent platform internal',
      bot: { owner: { type: 'workspace', workspace: true }, workspace_name: 'Estúdio Aurora' },
    })
  })

  it('lists and reads users; other bots show nothing of themselves', async () => {
    const { results } = await notion.users.list({})
    expect(results).toHaveLength(8)
    const others = results.filter((user) => user.type === 'bot' && user.id !== AURORA_BOT)
    expect(others.map((user) => 'bot' in user && user.bot)).toEqual([{}, {}, {}])
    const person = results.find((user) => user.type === 'person')
    const read = await notion.users.retrieve({ user_id: person?.id ?? '' })
    expect(isFullUser(read) && read.type === 'person' && read.person.email).toBe('ana@aurora.example')
  })

  it('searches pages and data sources by title', async () => {
    const pages = await notion.search({ query: 'clientes', filter: { property: 'object', value: 'page' } })
    expect(pages.results.map(titleText)).toContain('Clientes')
    const sources = await notion.search({ filter: { property: 'object', value: 'data_source' } })
    expect(sources.results.every((result) => result.object === 'data_source')).toBe(true)
    expect(sources.results).toHaveLength(2)
  })

  it('reads a page and its content', async () => {
    const page = await notion.pages.retrieve({ page_id: AURORA_HOME })
    expect(isFullPage(page) && page.parent).toEqual({ type: 'workspace', workspace: true })
    expect(isFullPage(page) && page.created_time).toBe('2026-02-01T13:42:00.000Z')
    const { markdown, truncated } = await notion.pages.retrieveMarkdown({ page_id: AURORA_HOME })
    expect(markdown.split('\n')[0]).toMatch(/^Estúdio Aurora: identidade visual/)
    expect(truncated).toBe(false)
  })

  it('creates a page with blocks, and another from Markdown whose heading becomes the title', async () => {
    const id = await newPage()
    const created = await notion.pages.create({
      parent: { page_id: id },
      properties: { title: title('With blocks') },
      icon: { emoji: '🧪' },
      children: [paragraph('one'), { to_do: { rich_text: [{ text: { content: 'two' } }], checked: true } }],
    })
    const { results } = await notion.blocks.children.list({ block_id: created.id })
    expect(results.map((block) => isFullBlock(block) && block.type)).toEqual(['paragraph', 'to_do'])
    const written = await notion.pages.create({ parent: { page_id: id }, markdown: '# Plan\n\nFirst **step**' })
    expect(titleText(written)).toBe('Plan')
    expect((await notion.pages.retrieveMarkdown({ page_id: written.id })).markdown).toBe('First **step**')
  })

  it('changes, archives and restores a page', async () => {
    const id = await newPage()
    const renamed = await notion.pages.update({ page_id: id, properties: { title: title('Final') }, is_locked: true })
    expect(isFullPage(renamed) && renamed.is_locked).toBe(true)
    const trashed = await notion.pages.update({ page_id: id, in_trash: true })
    expect(isFullPage(trashed) && trashed.in_trash).toBe(true)
    expect(isFullPage(trashed) && 'archived' in trashed).toBe(version === '2025-09-03')
    const read = await notion.pages.retrieve({ page_id: id })
    expect(isFullPage(read) && read.in_trash).toBe(true)
    const restored = await notion.pages.update({ page_id: id, in_trash: false })
    expect(isFullPage(restored) && restored.in_trash).toBe(false)
  })

  it('appends, reads, changes and deletes blocks', async () => {
    const id = await newPage()
    const { results } = await notion.blocks.children.append({
      block_id: id,
      children: [paragraph('a'), paragraph('b')],
    })
    const [first, second] = results
    const read = await notion.blocks.retrieve({ block_id: first?.id ?? '' })
    expect(isFullBlock(read) && read.parent).toEqual({ type: 'page_id', page_id: id })
    const changed = await notion.blocks.update({ block_id: first?.id ?? '', ...paragraph('changed') })
    expect(isFullBlock(changed) && changed.type === 'paragraph' && plain(changed.paragraph.rich_text)).toBe('changed')
    const deleted = await notion.blocks.delete({ block_id: second?.id ?? '' })
    expect(isFullBlock(deleted) && deleted.in_trash).toBe(true)
    const left = await notion.blocks.children.list({ block_id: id })
    expect(left.results.map((block) => block.id)).toEqual([first?.id])
  })

  it('reads a database and the schema of its data source', async () => {
    const database = await notion.databases.retrieve({ database_id: AURORA_TASKS_DATABASE })
    expect(isFullDatabase(database) && database.data_sources).toEqual([{ id: AURORA_TASKS, name: 'Tarefas' }])
    expect(isFullDatabase(database) && database.created_time).toMatch(/\.000\+00:00$/)
    const source = await notion.dataSources.retrieve({ data_source_id: AURORA_TASKS })
    expect(isFullDataSource(source) && Object.keys(source.properties).toSorted()).toEqual(
      ['Nota', 'Prazo', 'Responsável', 'Situação', 'Tarefa', 'Valor'].toSorted(),
    )
  })

  it('creates a database, changes it and its schema', async () => {
    const created = await notion.databases.create({
      parent: { type: 'page_id', page_id: AURORA_HOME },
      title: [{ text: { content: 'Leads' } }],
      initial_data_source: { properties: { Company: { title: {} }, Size: { number: { format: 'number' } } } },
    })
    const sourceId = (isFullDatabase(created) && created.data_sources[0]?.id) || ''
    const renamed = await notion.databases.update({
      database_id: created.id,
      title: [{ text: { content: 'Prospects' } }],
    })
    expect(isFullDatabase(renamed) && plain(renamed.title)).toBe('Prospects')
    const changed = await notion.dataSources.update({
      data_source_id: sourceId,
      properties: { Size: { name: 'Seats' }, Stage: { select: { options: [{ name: 'New' }] } } },
    })
    expect(isFullDataSource(changed) && Object.keys(changed.properties).toSorted()).toEqual([
      'Company',
      'Seats',
      'Stage',
    ])
  })

  it('names a database after its only data source, as long as the two share a name', async () => {
    const created = await notion.databases.create({
      parent: { type: 'page_id', page_id: AURORA_HOME },
      initial_data_source: { properties: { Company: { title: {} } } },
    })
    const sourceId = (isFullDatabase(created) && created.data_sources[0]?.id) || ''
    const nameSource = (content: string) =>
      notion.dataSources.update({ data_source_id: sourceId, title: content === '' ? [] : [{ text: { content } }] })
    const databaseTitle = async (): Promise<string> => {
      const database = await notion.databases.retrieve({ database_id: created.id })
      return isFullDatabase(database) ? plain(database.title) : ''
    }
    await nameSource('Leads')
    expect(await databaseTitle()).toBe('Leads')
    await nameSource('')
    expect(await databaseTitle()).toBe('New database')
    await notion.dataSources.create({ parent: { database_id: created.id }, properties: { Name: { title: {} } } })
    await nameSource('Apart')
    expect(await databaseTitle()).toBe('New database')
  })

  it('queries with a filter and a sort', async () => {
    const { results } = await notion.dataSources.query({
      data_source_id: AURORA_TASKS,
      filter: { property: 'Valor', number: { greater_than: 350 } },
      sorts: [{ property: 'Valor', direction: 'descending' }],
    })
    const values = results.map((row) =>
      isFullPage(row) && row.properties['Valor']?.type === 'number' ? row.properties['Valor'].number : null,
    )
    expect(values.length).toBeGreaterThan(2)
    expect(values).toEqual(values.toSorted((left, right) => (right ?? 0) - (left ?? 0)))
    expect(Math.min(...values.map((value) => value ?? 0))).toBeGreaterThan(350)
  })

  it('answers rows newest first when no sort is asked for', async () => {
    const make = async (name: string): Promise<string> => {
      const row = await notion.pages.create({
        parent: { data_source_id: AURORA_TASKS },
        properties: { Tarefa: title(name) },
      })
      return row.id
    }
    const ids = [await make('first'), await make('second')]
    const { results } = await notion.dataSources.query({ data_source_id: AURORA_TASKS, page_size: 2 })
    expect(results.map((row) => row.id)).toEqual(ids.toReversed())
  })

  it('creates and lists comments; comments on a page share its discussion', async () => {
    const id = await newPage()
    const first = await notion.comments.create({ parent: { page_id: id }, rich_text: [{ text: { content: 'Hello' } }] })
    const second = await notion.comments.create({ parent: { page_id: id }, markdown: '**bold** words' })
    const { results } = await notion.comments.list({ block_id: id })
    expect(results.map((comment) => plain(comment.rich_text))).toEqual(['Hello', 'bold words'])
    expect(new Set(results.map((comment) => comment.discussion_id)).size).toBe(1)
    expect(results.map((comment) => comment.id)).toEqual([first.id, second.id])
  })

  it('moves a page and reads single properties', async () => {
    const id = await newPage('Row to be')
    const moved = await notion.pages.move({ page_id: id, parent: { data_source_id: AURORA_TASKS } })
    expect(isFullPage(moved) && moved.parent).toEqual({
      type: 'data_source_id',
      data_source_id: AURORA_TASKS,
      database_id: AURORA_TASKS_DATABASE,
    })
    const item = await notion.pages.properties.retrieve({ page_id: id, property_id: 'title' })
    expect(item).toMatchObject({ object: 'list', type: 'property_item', property_item: { type: 'title', id: 'title' } })
    const single = await notion.pages.properties.retrieve({ page_id: id, property_id: 'Valor' })
    expect(single).toMatchObject({ object: 'property_item', type: 'number', number: null })
  })
})
