import { describe, expect, test } from 'vitest'
import { ChaveiroError } from './error.ts'

describe('an error of the server', () => {
  test('carries everything that the problem says', () => {
    const problem = {
      title: 'Too many requests',
      detail: 'Try again in 7 seconds.',
      code: 'rate_limited',
      path: 'arguments.page_id',
      retry_after: 7,
      request_id: 'r-1',
      connect_url: 'https://keys.example.com/connect',
    }
    const error = new ChaveiroError(429, problem)
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name: 'ChaveiroError',
      message: 'Try again in 7 seconds.',
      status: 429,
      code: 'rate_limited',
      path: 'arguments.page_id',
      retryAfterSeconds: 7,
      requestId: 'r-1',
    })
    expect(error.problem['connect_url']).toBe('https://keys.example.com/connect')
  })

  test.each([
    [{ title: 'Denied' }, 'Denied'],
    [{ title: 'Denied', detail: '' }, 'Denied'],
    [{}, 'The server answered 502.'],
    [{ detail: 5, title: null }, 'The server answered 502.'],
  ])('finds words in %j', (problem, message) => {
    const error = new ChaveiroError(502, problem)
    expect(error.message).toBe(message)
    expect(error.code).toBe('unexpected_answer')
    expect([error.path, error.requestId, error.retryAfterSeconds]).toEqual([undefined, undefined, undefined])
  })
})
