import { describe, expect, it } from 'vitest'
import type { CallQuestion, WaitingCaller } from '#providers/waiting-caller.ts'
import { readQuestion } from './question.ts'
import { answerInputs, createQuestions } from './questions.ts'

const SERVER = { label: 'Wiki', host: 'wiki.example' }
const URL_OF_SERVER = 'https://wiki.example/mcp'
const form = (properties: object, more: object = {}) => ({
  message: 'Which page?',
  requestedSchema: { type: 'object', properties, ...more },
})
const WORD = form({ word: { type: 'string', title: 'Word', unknown: 1 } }, { required: ['word'] })

describe('a question of a stranger', () => {
  it.each([
    ['a form whose fields are plain', WORD],
    [
      'choices',
      form({ a: { type: 'string', enum: ['x', 'y'] }, b: { type: 'string', oneOf: [{ const: 'x', title: 'X' }] } }),
    ],
    ['several choices', form({ a: { type: 'array', items: { type: 'string', enum: ['x'] } } })],
    ['numbers and switches', form({ a: { type: 'integer', minimum: 1 }, b: { type: 'boolean', default: true } })],
    ['a page over TLS', { mode: 'url', message: 'Sign in', url: 'https://login.example/x' }],
    ['a page of its own', { mode: 'url', message: 'Sign in', url: 'https://wiki.example/x' }],
  ])('is shown where it is %s', (_case, params) => {
    expect(readQuestion(params, URL_OF_SERVER)).not.toBeNull()
  })

  it.each([
    ['an object inside', form({ a: { type: 'object', properties: {} } })],
    ['a field that is required and missing', form({}, { required: ['a'] })],
    [
      'more fields than anybody fills in',
      form(Object.fromEntries([...Array(31).keys()].map((at) => [`f${at}`, { type: 'string' }]))),
    ],
    ['a value with what cannot be seen', form({ a: { type: 'string', enum: ['x\u202ey'] } })],
    ['a page without TLS', { mode: 'url', message: 'x', url: 'http://login.example/' }],
    ['a script', { mode: 'url', message: 'x', url: 'javascript:alert(1)' }],
    ['a name in the address', { mode: 'url', message: 'x', url: 'https://wiki.example@evil.example/' }],
    ['no question', { message: 7 }],
  ])('is shown to nobody where it has %s', (_case, params) => {
    expect(readQuestion(params, URL_OF_SERVER)).toBeNull()
  })

  it('is bounded and cleaned, and keeps nothing beyond the protocol', () => {
    const read = readQuestion({ ...WORD, message: `Which\u202e ${'x'.repeat(5_000)}` }, URL_OF_SERVER)
    expect(read).toMatchObject({ schema: { properties: { word: { type: 'string', title: 'Word' } } } })
    expect(JSON.stringify(read)).not.toMatch(/\u202e|unknown/)
    expect(read?.message.length).toBe(2_000)
  })
})

/** A user who gives every answer that a test says, and what they were asked. */
function person(answer: Awaited<ReturnType<NonNullable<WaitingCaller['ask']>>>) {
  const asked: CallQuestion[] = []
  const caller: WaitingCaller = {
    async ask(question) {
      asked.push(question)
      return answer
    },
  }
  return { asked, questions: createQuestions(SERVER, URL_OF_SERVER, caller) }
}

describe('a server', () => {
  it('is named in what it asks, and given the fields that it asked for', async () => {
    const content = { word: 'yes', more: 'no', __proto__: 'x', nested: { a: 1 } }
    const { asked, questions } = person({ action: 'accept', content })
    expect(await questions.answer(WORD)).toEqual({ action: 'accept', content: { word: 'yes' } })
    expect(asked[0]?.message).toMatch(/^The remote server "Wiki" \(wiki\.example\) that you connected asks/)
    expect(questions.unasked()).toEqual([])
  })

  it('is told no where nobody can be asked, and what it asked is kept to be said', async () => {
    const { questions } = person(null)
    expect(await questions.answer(WORD)).toEqual({ action: 'decline' })
    expect(await createQuestions(SERVER, URL_OF_SERVER, undefined).answer(WORD)).toEqual({ action: 'decline' })
    expect(questions.unasked()).toEqual(['Which page?'])
  })

  it('asks a few times, and then nobody any more', async () => {
    const { asked, questions } = person({ action: 'accept', content: {} })
    for (let count = 0; count < 50; count += 1) await questions.answer(WORD)
    expect(asked).toHaveLength(5)
  })

  it('of 2026-07-28 has its questions answered together with its state', async () => {
    const { questions } = person({ action: 'accept', content: { word: 'yes' } })
    const required = { inputRequests: { q: { method: 'elicitation/create', params: WORD } }, requestState: 'opaque' }
    expect(await answerInputs(questions, required)).toEqual({
      inputResponses: { q: { action: 'accept', content: { word: 'yes' } } },
      requestState: 'opaque',
    })
  })

  it.each(['sampling/createMessage', 'roots/list'])('is refused %s, and asks nobody with it', async (method) => {
    const { asked, questions } = person({ action: 'accept', content: {} })
    const inputRequests = { a: { method: 'elicitation/create', params: WORD }, b: { method, params: {} } }
    await expect(answerInputs(questions, { inputRequests })).rejects.toThrow('not given')
    expect(asked).toEqual([])
  })
})
