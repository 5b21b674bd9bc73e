import { describe, expect, it } from 'vitest'
import {
  brief,
  CHANNEL_TOOLS,
  CODE_TOOLS,
  decideOn,
  DOCUMENT_TOOLS,
  knowledgeWith,
  PAGE,
} from '#test/support/router-tools.ts'
import { decide } from './decide.ts'

const ALL = [...DOCUMENT_TOOLS, ...CODE_TOOLS, ...CHANNEL_TOOLS]

function decided(message: string, ...before: readonly string[]): string {
  return brief(decideOn(message, before, ALL))
}

/** What an agent decides that holds the tools of one provider, where the server knows those of all. */
function decidedWith(provider: string, message: string): string {
  const knowledge = knowledgeWith(ALL)
  const profiles = knowledge.profiles.filter(({ tool }) => tool.provider === provider)
  return brief(decide({ history: [], message }, { ...knowledge, profiles }))
}

describe('an agent with tools of several services', () => {
  it.each([
    ['List the issues of acme/site', 'hub_list_issues {"repository":"acme/site"}'],
    ['Quais issues existem em acme/site?', 'hub_list_issues {"repository":"acme/site"}'],
    ['Show me issue acme/site#12', 'hub_read_issue {"issue":"acme/site#12"}'],
    [
      'Create an issue in acme/site: Login is broken',
      'hub_create_issue {"repository":"acme/site","title":"Login is broken"}',
    ],
    [
      'Crie uma issue "Login quebrado" em acme/site',
      'hub_create_issue {"repository":"acme/site","title":"Login quebrado"}',
    ],
    ['Find the repository parser', 'hub_search_repositories {"query":"repository parser"}'],
    ['List the channels', 'talk_list_channels {}'],
    ['Mande a mensagem "Oi"', 'talk_send_message {"message":"Oi"}'],
    [`Archive page ${PAGE}`, `docs_archive_page {"page_id":"${PAGE}"}`],
    [`Leia a página ${PAGE}`, `docs_read_page_content {"page_id":"${PAGE}"}`],
    [`Create a page "Issue triage" in page ${PAGE}`, `docs_create_page {"parent_id":"${PAGE}","title":"Issue triage"}`],
    ['Find the page about release channels', 'docs_search_pages {"query":"release channels"}'],
  ])('takes the one whose things are spoken of: %j', (message, call) => {
    expect(decided(message)).toBe(call)
  })

  it.each([
    [`Comment on page ${PAGE}: see the issue`, /^docs_create_comment/],
    ['Comment on issue acme/site#12: fixed', /^hub_comment_issue \{"issue":"acme\/site#12","text":"fixed"\}/],
  ])('tells comments apart by what they are on: %j', (message, call) => {
    expect(decided(message)).toMatch(call)
  })

  it.each([
    `There is a typo on ${PAGE}: change "recieve" to "receive"`,
    `On ${PAGE} change the word "Sunday" to "Monday"`,
  ])('reads no words of other services into what is said of an id: %j', (message) => {
    const [template] = CHANNEL_TOOLS
    if (template === undefined) throw new Error('There are no tools of channels')
    const nouns = { en: ['message', 'typo', 'change', 'word'], pt: ['mensagem', 'erro'] }
    const other = { ...template, name: 'talk_fix_message', intent: { verbs: { en: ['fix'], pt: ['corrigir'] }, nouns } }
    const alone = brief(decideOn(message))
    expect(alone).toMatch(/^docs_edit_page_content/)
    expect(brief(decideOn(message, [], [...ALL, other]))).toBe(alone)
  })

  it('takes the one whose tool takes the id that is named', () => {
    expect(decided(`Comment "Great" on ${PAGE}`)).toBe(`docs_create_comment {"page_id":"${PAGE}","text":"Great"}`)
    expect(decided(`Set the Issue of ${PAGE} to "Open"`)).toMatch(/^docs_update_page/)
  })

  it('asks where nothing tells which is meant', () => {
    expect(decided('List all users')).toBe('choose')
  })

  it.each([
    ['List all users on hub', 'hub_list_users {}'],
    ['Liste os usuários no docs', 'docs_list_users {}'],
    ['Who is in our docs workspace?', 'docs_list_users {}'],
    ['In docs find the plan', 'docs_search_pages {"query":"plan"}'],
  ])('takes the one that is named: %j', (message, call) => {
    expect(decided(message)).toBe(call)
  })
})

describe('a service that is named', () => {
  it.each([
    ['hub', `Archive page ${PAGE} on hub`],
    ['hub', 'Create a page "Plan" on hub'],
    ['talk', `No talk, comenta em ${PAGE}: oi`],
    ['talk', 'Create an issue "Broken" in talk'],
    ['docs', 'Send the message "Hello" on docs'],
    ['docs', 'List the issues of acme/site in docs'],
    ['hub', `Delete https://hub.example/acme/site/${PAGE}`],
  ])('never has a tool of another chosen: %s in %j', (service, message) => {
    expect(decided(message)).not.toMatch(new RegExp(`^(?!${service}_)[a-z]+_`))
  })

  it.each([
    ['docs', 'Post "closed" in the hub channel'],
    ['docs', 'Open an issue on hub'],
    ['hub', `Archive page ${PAGE} in docs`],
    ['talk', 'Find the plan in docs'],
  ])('whose tools are not at hand is declined: an agent of %s, %j', (provider, message) => {
    expect(decidedWith(provider, message)).toMatch(/^decline/)
  })

  it('is not meant where its name is part of what is written or sought', () => {
    expect(decidedWith('docs', `Comment on page ${PAGE}: moved to hub`)).toMatch(/^docs_create_comment/)
    expect(decidedWith('docs', 'Find pages about hub')).toMatch(/^docs_search_pages/)
  })
})
