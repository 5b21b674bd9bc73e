import { describe, expect, it } from 'vitest'
import { brief, decideOn, knowledgeWith, OTHER, PAGE } from '#test/support/router-tools.ts'
import { decide } from './decide.ts'

describe('a thing named by its title', () => {
  it.each([
    ['archive the page called Old roadmap', 'Old roadmap'],
    ['Rename the page "Standup" to "Daily"', 'Standup'],
    ['delete the Old roadmap page', 'Old roadmap'],
    ['apaga a página chamada Rascunho velho', 'Rascunho velho'],
    ['Mude o Status da página "Orçamento" para Feito', 'Orçamento'],
    ['Comment on the page Budget saying hello', 'Budget'],
    ['Create a page "New" under the page "Projects"', 'Projects'],
  ])('is searched for first: %j', (message, title) => {
    expect(brief(decideOn(message))).toBe(`docs_search_pages {"query":"${title}"}`)
  })

  it.each([
    ['no title', 'archive the page'],
    ['a title for what is new', 'Create a page "New"'],
  ])('is asked for where there is %s', (_, message) => {
    expect(decideOn(message).kind).toBe('ask')
  })

  it('is asked for where several were spoken of', () => {
    expect(brief(decideOn('Archive it', ['Find rules', `"A" (${PAGE})\n"B" (${OTHER})`]))).toBe('ask page_id')
  })

  it('is asked for where nothing can search', () => {
    const { profiles, ...rest } = knowledgeWith()
    const knowledge = { ...rest, profiles: profiles.filter(({ deed }) => deed !== 'search') }
    expect(decide({ history: [], message: 'archive the page called Old roadmap' }, knowledge).kind).toBe('ask')
  })
})
