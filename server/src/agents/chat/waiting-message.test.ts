import type { UIMessage } from 'ai'
import { describe, expect, it } from 'vitest'
import { ENTRIES } from '#test/support/agents.ts'
import { waitingMessage } from './waiting-message.ts'

const TITLES: Readonly<Record<string, { en: string; pt: string }>> = {
  delete: { en: 'Delete page', pt: 'Apagar página' },
  move: { en: 'Move page', pt: 'Mover página' },
}
const catalog = {
  entry(name: string) {
    const [first] = ENTRIES
    const title = TITLES[name]
    return first === undefined || title === undefined ? undefined : { ...first, title }
  },
}

const said = (text: string, role: UIMessage['role'] = 'user'): UIMessage => ({
  id: text,
  role,
  parts: [{ type: 'text', text }],
})
const waiting = (tools: readonly string[], ...conversation: UIMessage[]) =>
  waitingMessage(
    catalog,
    tools.map((tool) => ({ tool })),
    conversation,
  )

describe('an answer that only asks', () => {
  it('speaks the language of the last message of the user', () => {
    expect(waiting(['delete'], said('apague a página'), said('and delete the other'))).toBe(
      'This waits for your approval: Delete page.',
    )
    expect(waiting(['delete'], said('delete the page'), said('apague também a outra página'))).toBe(
      'Isto espera a sua aprovação: Apagar página.',
    )
  })

  it('does not take its language from the agent, and keeps it where the last message shows none', () => {
    const conversation = [said('apague a página'), said('which of the pages?', 'assistant'), said('42')]
    expect(waiting(['delete'], ...conversation)).toContain('Apagar página')
  })

  it('names each tool once, and one that is gone by its name', () => {
    expect(waiting(['delete', 'move', 'delete', 'gone'], said('do it all'))).toBe(
      'This waits for your approval: Delete page, Move page, gone.',
    )
  })
})
