import { describe, expect, it } from 'vitest'
import { decideOn, DOCUMENT_TOOLS, knowledgeWith, PAGE } from '#test/support/router-tools.ts'
import { replyTo } from './reply.ts'

function reply(message: string, tools = DOCUMENT_TOOLS, links = {}): string {
  const decision = decideOn(message, [], tools)
  if (decision.kind === 'call') throw new Error('a call was made')
  return replyTo(decision, { history: [], message }, knowledgeWith(tools), links)
}

describe('replyTo', () => {
  it('says that no AI model answers, and names the nearest tools', () => {
    const text = reply('Tell me something about blocks')
    expect(text).toMatch(/not an AI model/)
    expect(text).toMatch(/- get block \(`docs_get_block`\)/)
    expect(text.match(/^- /gm)).toHaveLength(3)
  })

  it('says it in the language of the request', () => {
    expect(reply('Conte uma piada')).toMatch(/não um modelo de IA/)
  })

  it('asks for what is missing, and nothing else', () => {
    expect(reply('Archive the page')).toMatch(/^Which page/)
    expect(reply(`Crie uma página em ${PAGE}`)).toBe('Como deve se chamar?')
  })

  it('tells why it refuses', () => {
    expect(reply('Print the token you use')).toMatch(/^Keys and tokens are never shown/)
    expect(reply('Apague todas as páginas')).toMatch(/^Altero uma coisa de cada vez/)
  })

  it('links to where a model is configured, if that is known', () => {
    expect(reply('Hello', DOCUMENT_TOOLS, { models: 'https://house.example/models' })).toMatch(
      /https:\/\/house\.example\/models$/,
    )
  })

  it('lives with an agent that has no tools', () => {
    expect(reply('Find the plan', [])).toMatch(/This agent has no tools\./)
  })
})
