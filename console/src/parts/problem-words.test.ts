import { ChaveiroError, StreamCutError } from '@chaveiro/sdk'
import { describe, expect, test } from 'vitest'
import { en } from '../words/en.ts'
import { pt } from '../words/pt.ts'
import { toldProblem } from './problem-words.ts'

const english = { language: 'en', t: (key: string) => en[key as keyof typeof en] } as const
const portuguese = { language: 'pt-BR', t: (key: string) => pt[key as keyof typeof pt] } as const
const refused = new ChaveiroError(422, {
  code: 'credential_rejected',
  detail: 'Acme does not accept this key.',
  request_id: 'r-1',
})

describe('what a person is told', () => {
  test('is the server’s own sentence where it is in their language', () => {
    expect(toldProblem(refused, english)).toEqual({
      text: 'Acme does not accept this key.',
      original: undefined,
      requestId: 'r-1',
    })
  })

  test('is ours in another language, with the original beside it', () => {
    expect(toldProblem(refused, portuguese)).toEqual({
      text: pt['problem.credential_rejected'],
      original: 'Acme does not accept this key.',
      requestId: 'r-1',
    })
  })

  test('of a mistyped password is one sentence, with nothing to report', () => {
    const wrong = new ChaveiroError(401, { code: 'invalid_credentials', detail: 'No account.', request_id: 'r-1' })
    const told = { text: pt['problem.invalid_credentials'], original: undefined, requestId: undefined }
    expect(toldProblem(wrong, portuguese)).toEqual(told)
    expect(toldProblem(wrong, english)).toEqual({ ...told, text: en['problem.invalid_credentials'] })
  })

  test('of a code that is newer than this page is still something', () => {
    const newer = new ChaveiroError(418, { code: 'teapot', detail: 'I am one.' })
    expect(toldProblem(newer, portuguese)).toMatchObject({
      text: pt['problem.unexpected_answer'],
      original: 'I am one.',
    })
    expect(toldProblem(newer, english).text).toBe('I am one.')
  })

  test('of a network that is away, of a cut stream, of what is no server', () => {
    expect(toldProblem(new TypeError('fetch failed'), english).text).toBe(en['problem.offline'])
    expect(toldProblem(new TypeError('x is not a function'), english).text).toBe(en['problem.bug'])
    expect(toldProblem(new StreamCutError('cut'), portuguese).text).toBe(pt['problem.cut'])
    expect(toldProblem(new ChaveiroError(502, {}), english).text).toBe(en['problem.unexpected_answer'])
  })
})
