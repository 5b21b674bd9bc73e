import { Client, collectPaginatedAPI, isFullDatabase, isFullPage, LogLevel } from '@notionhq/client'

/**
 * The official client as a program of its own: every operation that the 21 tools use, over a socket, with nothing of
 * the emulator in this process. Usage: official-client.ts <base URL> <token> <version>. Prints what it found as JSON.
 */

const [, , baseUrl = '', auth = '', notionVersion = ''] = process.argv
const notion = new Client({ auth, notionVersion, baseUrl, logLevel: LogLevel.ERROR })
const text = (content: string) => [{ type: 'text' as const, text: { content } }]

async function pages(home: string) {
  const page = await notion.pages.create({ parent: { page_id: home }, properties: { title: { title: text('Hut') } } })
  const page_id = page.id
  await notion.pages.update({ page_id, icon: { type: 'emoji', emoji: '🛖' } })
  await notion.pages.updateMarkdown({ page_id, type: 'insert_content', insert_content: { content: '# Plan\n- Roof' } })
  const { markdown } = await notion.pages.retrieveMarkdown({ page_id })
  await notion.pages.update({ page_id, in_trash: true })
  const trashed = await notion.pages.retrieve({ page_id })
  await notion.pages.update({ page_id, in_trash: false })
  const restored = await notion.pages.retrieve({ page_id })
  return { page_id, markdown, states: [trashed, restored].map((state) => isFullPage(state) && state.in_trash) }
}

async function blocks(block_id: string) {
  const added = await notion.blocks.children.append({
    block_id,
    children: [{ paragraph: { rich_text: text('one') } }, { divider: {} }],
  })
  const [first, second] = added.results
  await notion.blocks.update({ block_id: first?.id ?? '', paragraph: { rich_text: text('two') } })
  const changed = await notion.blocks.retrieve({ block_id: first?.id ?? '' })
  await notion.blocks.delete({ block_id: second?.id ?? '' })
  const left = await collectPaginatedAPI(notion.blocks.children.list, { block_id, page_size: 1 })
  return { changed: JSON.stringify(changed).includes('"two"'), blocks: left.length }
}

async function databases(home: string) {
  const created = await notion.databases.create({
    parent: { type: 'page_id', page_id: home },
    title: text('Tools'),
    initial_data_source: { properties: { Tool: { title: {} }, Weight: { number: {} } } },
  })
  const database = await notion.databases.retrieve({ database_id: created.id })
  const data_source_id = (isFullDatabase(database) && database.data_sources[0]?.id) || ''
  await notion.databases.update({ database_id: created.id, description: text('All of them') })
  await notion.dataSources.update({
    data_source_id,
    properties: { Kind: { select: { options: [{ name: 'Sharp' }] } } },
  })
  const schema = await notion.dataSources.retrieve({ data_source_id })
  for (const [name, weight] of [
    ['Saw', 3],
    ['Axe', 5],
  ] as const) {
    await notion.pages.create({
      parent: { data_source_id },
      properties: { Tool: { title: text(name) }, Weight: { number: weight }, Kind: { select: { name: 'Sharp' } } },
    })
  }
  const heavy = await notion.dataSources.query({
    data_source_id,
    filter: { property: 'Weight', number: { greater_than: 4 } },
  })
  return { properties: Object.keys(schema.properties).toSorted(), heavy: heavy.results.length }
}

async function people() {
  const me = await notion.users.me({})
  const users = await collectPaginatedAPI(notion.users.list, { page_size: 2 })
  const same = await notion.users.retrieve({ user_id: me.id })
  return { users: users.length, self: same.id === me.id && me.type === 'bot' }
}

async function comments(page_id: string) {
  await notion.comments.create({ parent: { page_id }, rich_text: text('Nice hut') })
  return (await notion.comments.list({ block_id: page_id })).results.length
}

async function refusal(): Promise<string> {
  try {
    await notion.pages.retrieve({ page_id: '11111111-2222-4333-8444-555555555555' })
    return 'none'
  } catch (error) {
    return error instanceof Error && 'code' in error ? `${error.name} ${String(error.code)}` : 'unknown'
  }
}

const found = await notion.search({ query: 'reuniões', filter: { property: 'object', value: 'page' } })
const home = found.results[0]?.id ?? ''
const page = await pages(home)
const report = {
  ...page,
  ...(await blocks(page.page_id)),
  ...(await databases(page.page_id)),
  ...(await people()),
  comments: await comments(page.page_id),
  refusal: await refusal(),
}
console.log(JSON.stringify(report))
