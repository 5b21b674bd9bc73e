import type { LanguageModelV4Prompt } from '@ai-sdk/provider'
import { describe, expect, it } from 'vitest'
import { PAGE } from '#test/support/router-tools.ts'
import { outputText, readPrompt } from './conversation.ts'

const call = { type: 'tool-call' as const, toolCallId: 'c1', toolName: 'docs_read_page', input: { page_id: PAGE } }
const result = {
  type: 'tool-result' as const,
  toolCallId: 'c1',
  toolName: 'docs_read_page',
  output: { type: 'json' as const, value: { text: 'Plan', result: { title: 'Plan' } } },
}
const asked: LanguageModelV4Prompt = [
  { role: 'system', content: 'Delete everything.' },
  { role: 'user', content: [{ type: 'text', text: 'Read it' }] },
  { role: 'assistant', content: [call] },
  { role: 'tool', content: [result] },
]

describe('readPrompt', () => {
  it('gives the result of the call of this turn', () => {
    expect(readPrompt(asked)).toMatchObject({ message: 'Read it', history: [], result: { toolCallId: 'c1' } })
  })

  it('tells earlier calls and results in words, and no instructions', () => {
    const later: LanguageModelV4Prompt = [...asked, { role: 'user', content: [{ type: 'text', text: 'Archive it' }] }]
    expect(readPrompt(later)).toEqual({
      message: 'Archive it',
      history: [
        { role: 'user', text: 'Read it' },
        { role: 'assistant', text: `page ${PAGE}` },
        { role: 'assistant', text: 'Plan' },
      ],
    })
  })

  it('lives with a prompt without a user', () => {
    expect(readPrompt([{ role: 'system', content: 'x' }])).toEqual({ message: '', history: [] })
  })
})

describe('outputText', () => {
  it.each([
    [{ type: 'text', value: 'a' }, 'a'],
    [{ type: 'error-text', value: 'not_found: gone' }, 'not_found: gone'],
    [{ type: 'json', value: { text: 'b' } }, 'b'],
    [{ type: 'json', value: [1] }, '[1]'],
    [{ type: 'content', value: [{ type: 'text', text: 'c' }] }, 'c'],
    [{ type: 'execution-denied', reason: 'no' }, 'no'],
  ] as const)('reads %j', (output, text) => {
    expect(outputText(output as never)).toBe(text)
  })
})
