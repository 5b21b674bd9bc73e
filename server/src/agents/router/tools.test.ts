import { describe, expect, it } from 'vitest'
import { brief, CHANNEL_TOOLS, decideOn, DOCUMENT_TOOLS, PAGE, situationOf } from '#test/support/router-tools.ts'
import { matchTool } from './match.ts'
import { profileOf } from './tools.ts'

const profiles = DOCUMENT_TOOLS.map(profileOf)

describe('profileOf', () => {
  it.each([
    ['docs_read_page', 'read page'],
    ['docs_read_page_content', 'read content'],
    ['docs_get_block_children', 'read children'],
    ['docs_append_blocks', 'append block'],
    ['docs_archive_page', 'delete page'],
    ['docs_get_bot_user', 'read bot'],
    ['docs_list_users', 'list user'],
    ['docs_query_database', 'query database'],
  ])('reads %s as %s', (name, pair) => {
    const profile = profiles.find(({ tool }) => tool.name === name)
    expect(`${profile?.deed} ${profile?.thing}`).toBe(pair)
  })

  it('keeps words that no list knows', () => {
    expect(CHANNEL_TOOLS.map(profileOf)).toMatchObject([
      { deed: 'list', thing: '=channel' },
      { deed: '=send', thing: '=message' },
    ])
  })
})

describe('matchTool', () => {
  it('lets another tool stand in for a read', () => {
    const some = profiles.filter(({ thing }) => thing !== 'content')
    expect(matchTool({ deed: 'read', thing: 'content' }, some, situationOf('Read it'))).toMatchObject({
      profile: { tool: { name: 'docs_get_block_children' } },
    })
  })

  it('lets no other tool stand in for a change', () => {
    const some = profiles.filter(({ deed }) => deed !== 'delete')
    expect(matchTool({ deed: 'delete', thing: 'page' }, some, situationOf('Delete it')).kind).toBe('none')
    expect(matchTool({ deed: 'delete', thing: 'database' }, profiles, situationOf('Delete it')).kind).toBe('none')
  })

  it('asks which of two providers is meant, unless one is named', () => {
    const other = DOCUMENT_TOOLS.map((tool) => ({ ...tool, name: tool.name.replace('docs', 'wiki'), provider: 'wiki' }))
    const both = [...DOCUMENT_TOOLS, ...other]
    expect(decideOn('Find the plan', [], both).kind).toBe('choose')
    expect(brief(decideOn('Find the plan in wiki', [], both))).toBe('wiki_search_pages {"query":"plan"}')
  })
})

describe('tools of other things than documents', () => {
  it.each([
    ['List the channels', 'talk_list_channels {}'],
    ['Quais canais existem?', 'talk_list_channels {}'],
    ['Send the message "Hello"', 'talk_send_message {"message":"Hello"}'],
    ['Mande a mensagem "Oi"', 'talk_send_message {"message":"Oi"}'],
  ])('are found by their own words: %j', (message, call) => {
    expect(brief(decideOn(message, [], CHANNEL_TOOLS))).toBe(call)
  })

  it('are foreign to an agent that has none of them', () => {
    expect(brief(decideOn('Send the message "Hello"'))).toBe('decline beyond')
  })

  it('do not take over what documents are asked for', () => {
    expect(brief(decideOn(`Archive page ${PAGE}`, [], [...DOCUMENT_TOOLS, ...CHANNEL_TOOLS]))).toMatch(
      /^docs_archive_page/,
    )
  })
})
