import { describe, expect, it } from 'vitest'
import { brief, decideOn, PAGE, TABLE } from '#test/support/router-tools.ts'

const FOUND = ['Find the travel policy', `I found one page: "Travel policy" (${PAGE}).`]

describe('after a page was spoken of', () => {
  it.each([
    'How are you?',
    'Are you an AI?',
    'What is your name?',
    'Who made you?',
    'What time is it?',
    'What is the capital of France?',
    'What is 2 + 2?',
    'Você é uma IA?',
    'Qual é o seu nome?',
    'Quem criou você?',
    'Tudo bem?',
    'Que horas são?',
    'Qual é a capital da França?',
  ])('a general question is none about it: %s', (message) => {
    expect(brief(decideOn(message, FOUND))).toBe('decline unclear')
  })

  it.each(['What is the limit for hotels?', 'Do you know how long the notice period is?', 'E aos domingos?'])(
    'a question that it can answer is: %s',
    (message) => {
      expect(brief(decideOn(message, FOUND))).toBe(`docs_read_page_content {"page_id":"${PAGE}"}`)
    },
  )

  it('a question that points at nothing is not for it once something else was said', () => {
    const since = [...FOUND, 'Thanks', 'You are welcome.']
    expect(brief(decideOn('What is the limit for hotels?', since))).toBe('decline unclear')
    expect(brief(decideOn('What does it say about hotels?', since))).toMatch(/^docs_read_page_content/)
  })
})

it('a general question is none about a table that was spoken of', () => {
  const found = ['Find the tasks', `I found the database Tasks (${TABLE}).`]
  expect(brief(decideOn('How are you?', found))).toBe('decline unclear')
})
