import { describe, expect, it } from 'vitest'
import { brief, decideOn, DOCUMENT_TOOLS, OTHER, PAGE } from '#test/support/router-tools.ts'
import { profileOf, takesTitle } from './tools.ts'
import type { JsonSchema, RouterTool } from './tools.ts'

const SAYS_TITLE = { page_id: 'id, URL or title', database_id: 'id, URL or title', parent_id: 'page or database' }
const BLOCK_ID = { append_blocks: 'page or block', update_block: 'id or URL', delete_block: 'id or URL' }

/** The same tools, which say that they take titles. */
const TOOLS: readonly RouterTool[] = DOCUMENT_TOOLS.map((tool) => {
  const schema = tool.input_schema as JsonSchema
  const properties = Object.entries(schema.properties ?? {}).map(([name, each]) => {
    const block = Object.entries(BLOCK_ID).find(([verb]) => tool.name.endsWith(verb))?.[1]
    const description = name === 'block_id' ? block : SAYS_TITLE[name as keyof typeof SAYS_TITLE]
    return [name, description === undefined ? each : { ...each, description }]
  })
  return { ...tool, input_schema: { ...schema, properties: Object.fromEntries(properties) } }
})

function decided(message: string, ...before: readonly string[]): string {
  return brief(decideOn(message, before, TOOLS))
}

describe('a title goes where an id would', () => {
  it.each([
    ['Open the page "Drawings"', 'read_page_content {"page_id":"Drawings"}'],
    ['Abra a página Reunião de obra', 'read_page_content {"page_id":"Reunião de obra"}'],
    ['Read "Welcome" and summarise it', 'read_page_content {"page_id":"Welcome"}'],
    ['Query the database Site visits', 'query_database {"database_id":"Site visits"}'],
    ['Open the database Suppliers', 'query_database {"database_id":"Suppliers"}'],
    ['What columns does the Suppliers database have?', 'get_database {"database_id":"Suppliers"}'],
    ['Quais são as colunas da base Fornecedores?', 'get_database {"database_id":"Fornecedores"}'],
    ['Comment on Clients: call them', 'create_comment {"page_id":"Clients","text":"call them"}'],
    ['Comente em "Casa": falta a ART', 'create_comment {"page_id":"Casa","text":"falta a ART"}'],
    ['Add "Bring water" to the page Sports day', 'append_blocks {"block_id":"Sports day","content":"Bring water"}'],
    ['archive the page called Old roadmap', 'archive_page {"page_id":"Old roadmap"}'],
    ['Rename the page "Standup" to "Daily"', 'update_page {"page_id":"Standup","title":"Daily"}'],
    [
      'Mude o Status da página "Orçamento" para Feito',
      'update_page {"page_id":"Orçamento","properties":{"Status":"Feito"}}',
    ],
    ['Create a page "New" under the page "Projects"', 'create_page {"parent_id":"Projects","title":"New"}'],
    ['Mande "Grade antiga" para a lixeira', 'archive_page {"page_id":"Grade antiga"}'],
  ])('%s', (message, call) => {
    expect(decided(message)).toBe(`docs_${call}`)
  })
})

describe('a page moves to a place named by title', () => {
  it.each([
    [`Move https://docs.example/Plan-${PAGE.replaceAll('-', '')} to Archive 2025`, PAGE, 'Archive 2025'],
    [`Mova https://docs.example/Proposta-${PAGE.replaceAll('-', '')} para Clientes`, PAGE, 'Clientes'],
    [`Move the page ${PAGE} into "After-school clubs"`, PAGE, 'After-school clubs'],
    ['Move "Parents evening" to Events 2027', 'Parents evening', 'Events 2027'],
    ['Coloque a página "Festa" dentro de Eventos', 'Festa', 'Eventos'],
    [`Can you move ${PAGE} to the Closed cases page?`, PAGE, 'Closed cases'],
  ])('%s', (message, page, parent) => {
    expect(decided(message)).toBe(`docs_move_page ${JSON.stringify({ page_id: page, parent_id: parent })}`)
  })

  it.each([
    ['a state is no place', `Move ${PAGE} to Done`, 'docs_update_page'],
    ['nor is it for what has states', `Move the deal ${PAGE} to Negotiation B`, 'docs_update_page'],
    ['nor is the trash', `Move "Plan" to the trash`, 'docs_archive_page'],
  ])('but %s', (_, message, tool) => {
    expect(decided(message)).toContain(`${tool} `)
  })

  it('and is not taken for a new value where the place has no capital letter', () => {
    expect(decided(`Move page ${PAGE} to the old things`)).not.toMatch(/update/)
  })
})

describe('what only looks like a title', () => {
  it.each([
    ['is new', 'Create a page "New"'],
    ['is a person', 'Remove Tom from the workspace'],
    ['is a person with a role', 'Muda o papel do Tom para administrador'],
    ['is money', 'Transfer 50 euros to Rui'],
    ['is another product', 'Open a GitHub issue'],
    ['has not been said', 'archive the page'],
  ])('changes nothing where it %s', (_, message) => {
    expect(decided(message)).not.toMatch(/^docs_(?!search|read|get|list|query)/)
  })

  it('is what was spoken of, by its id', () => {
    expect(decided('Open the page "Plan"', 'Find the plan', `"Plan" (${PAGE})\n"Rules" (${OTHER})`)).toBe(
      `docs_read_page_content {"page_id":"${PAGE}"}`,
    )
  })

  it('is looked for where the tool takes ids alone', () => {
    expect(brief(decideOn('archive the page called Old roadmap'))).toBe('docs_search_pages {"query":"Old roadmap"}')
  })
})

describe('takesTitle', () => {
  const profiles = TOOLS.map(profileOf)
  const of = (name: string) => profiles.find(({ tool }) => tool.name === `docs_${name}`)!

  it.each([
    ['says so', 'read_page', 'page_id', true],
    ['names a thing that may be given so', 'append_blocks', 'block_id', true],
    ['names a thing as its place', 'create_page', 'parent_id', true],
    ['says that it takes no title', 'update_block', 'block_id', false],
    ['is of a thing that has none', 'get_user', 'user_id', false],
  ])('an argument that %s: %s %s', (_, tool, argument, expected) => {
    expect(takesTitle(of(tool), argument, profiles)).toBe(expected)
  })

  it('does not listen to other providers', () => {
    const stranger = profileOf({ ...DOCUMENT_TOOLS[0]!, name: 'other_read_page', provider: 'other' })
    expect(takesTitle(stranger, 'page_id', [...profiles, stranger])).toBe(false)
  })
})
