import { describe, expect, it } from 'vitest'
import { brief, CHANNEL_TOOLS, decideOn, DOCUMENT_TOOLS, knowledgeWith, PAGE } from '#test/support/router-tools.ts'
import { helpAskedIn } from './help.ts'
import { replyTo } from './reply.ts'

/** A conversation about one page, whose address the answer gave. */
const ABOUT_A_PAGE = [
  'Find the travel policy',
  `I found 1 result:\n- [Travel policy](https://docs.example/Travel-${PAGE})`,
]

function reply(message: string, tools = DOCUMENT_TOOLS): string {
  const decision = decideOn(message, ABOUT_A_PAGE, tools)
  if (decision.kind === 'call') throw new Error('a call was made')
  return replyTo(decision, { history: [], message }, knowledgeWith(tools), {})
}

describe('a question for help', () => {
  it.each([
    'What can you do?',
    'what else can you do for me',
    'Help',
    'Help!',
    'help me please',
    'Can you help me?',
    'How can you help me?',
    'Hi, what do you do?',
    'What are you able to do?',
    'What can I ask you?',
    'Which tools do you have?',
    "What's Chaveiro?",
    'How does this work?',
    'Who are you?',
  ])('is heard in English: %s', (message) => {
    expect(helpAskedIn(message)).toBe('en')
    expect(brief(decideOn(message, ABOUT_A_PAGE))).toBe('help')
  })

  it.each([
    'O que você pode fazer?',
    'o que vc consegue fazer por mim',
    'Oi, o que você sabe fazer?',
    'O que você faz?',
    'Ajuda',
    'me ajuda',
    'Preciso de ajuda.',
    'Você pode me ajudar?',
    'Como você pode me ajudar?',
    'O que eu posso pedir?',
    'O que dá pra fazer aqui?',
    'Quais são as suas ferramentas?',
    'Como funciona?',
    'Como isso funciona?',
    'Quem é você?',
  ])('is heard in Portuguese: %s', (message) => {
    expect(helpAskedIn(message)).toBe('pt')
    expect(brief(decideOn(message, ABOUT_A_PAGE))).toBe('help')
  })

  it.each([
    'Help me find the travel policy',
    'Can you help me rename it?',
    'What can you do about the blocks in it?',
    'Ajuda a achar a política de viagens',
    'What are the options of the column Status?',
    'Como funciona a política de viagens?',
  ])('is none where something is asked for: %s', (message) => {
    expect(helpAskedIn(message)).toBeUndefined()
  })

  it('is answered with what the tools on offer do, a line for each service, in its own language', () => {
    const tools = [...DOCUMENT_TOOLS, ...CHANNEL_TOOLS]
    expect(reply('Help', tools)).toMatch(/^I turn one plain sentence/)
    expect(reply('Help', tools).match(/^- .*/gm)).toEqual([
      `- docs: ${DOCUMENT_TOOLS.map(({ title }) => title.en).join(', ')}`,
      '- talk: list channels, send message',
    ])
    expect(reply('Ajuda', tools)).toMatch(/^Transformo uma frase simples/)
    expect(reply('Ajuda', CHANNEL_TOOLS)).toMatch(/\n- talk: list channels \(pt\), send message \(pt\)$/)
  })

  it('is told that there are no tools where there are none', () => {
    expect(reply('O que você pode fazer?', [])).toMatch(/^Este agente não tem ferramentas\./)
  })
})
