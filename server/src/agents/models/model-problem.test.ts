import { APICallError, LoadAPIKeyError } from '@ai-sdk/provider'
import { RetryError } from 'ai'
import { describe, expect, it } from 'vitest'
import { EgressError } from '#kernel/egress-error.ts'
import { ProblemError } from '#kernel/problem.ts'
import { modelProblem } from './model-problem.ts'

function callError(statusCode: number | undefined, responseHeaders: Record<string, string> = {}): APICallError {
  return new APICallError({
    message: 'sk-secret was refused',
    url: 'https://api.model.example/v1?key=sk-secret',
    requestBodyValues: { prompt: 'private words' },
    responseBody: 'sk-secret',
    responseHeaders,
    ...(statusCode === undefined ? {} : { statusCode }),
  })
}

describe('the problem of a model', () => {
  it.each([
    [400, 'model_failed'],
    [401, 'model_failed'],
    [403, 'model_failed'],
    [404, 'model_failed'],
    [408, 'unavailable'],
    [413, 'model_failed'],
    [429, 'rate_limited'],
    [500, 'unavailable'],
    [529, 'unavailable'],
    [undefined, 'unavailable'],
  ] as const)('of status %s is %s and says nothing of what was sent', (status, code) => {
    const problem = modelProblem(callError(status))
    expect(problem.code).toBe(code)
    expect(JSON.stringify(problem)).not.toMatch(/sk-secret|private words/)
    expect(problem.reason).toContain('api.model.example')
  })

  it.each([
    ['12', 12],
    ['0.4', 1],
    ['999999', 3_600],
    ['Wed, 21 Oct 2026 07:28:00 GMT', 30],
    ['-5', 30],
  ])('waits as long as it is told, within reason: %s → %i', (told, seconds) => {
    expect(modelProblem(callError(429, { 'retry-after': told })).retryAfterSeconds).toBe(seconds)
  })

  it.each([
    ['network', 'unavailable'],
    ['timeout', 'unavailable'],
    ['egress_refused', 'model_failed'],
    ['too_large', 'model_failed'],
  ] as const)('of the way there: %s is %s', (code, expected) => {
    expect(modelProblem(new EgressError(code, 'word'))).toMatchObject({ code: expected, reason: `${code}: word` })
  })

  it('is that of the last attempt after several', () => {
    const errors = [callError(500), callError(429)]
    const error = new RetryError({ message: 'm', reason: 'maxRetriesExceeded', errors })
    expect(modelProblem(error).code).toBe('rate_limited')
  })

  it('is the problem itself where it already is one', () => {
    const problem = { code: 'denied', detail: 'No.' } as const
    expect(modelProblem(new ProblemError(problem))).toBe(problem)
  })

  it.each([new LoadAPIKeyError({ message: 'sk-secret' }), new TypeError('sk-secret'), 'sk-secret'])(
    'of anything else keeps its words to itself: %s',
    (error) => {
      const problem = modelProblem(error)
      expect(problem.code).toBe('model_failed')
      expect(JSON.stringify(problem)).not.toContain('sk-secret')
    },
  )
})
