import { InvalidPathParameterError, RequestTimeoutError } from '@notionhq/client'
import { describe, expect, test } from 'vitest'
import {
  committedBy,
  ConnectionFault,
  faultOf,
  readProblem,
  turnedAway,
  writeProblem,
  type AnswerFault,
  type Capability,
  type Operation,
} from './errors.ts'

const READ: Operation = { needs: 'read', noun: 'page' }
const WRITE: Operation = { needs: 'insert', noun: 'page', check: 'Search for it first.' }

function answer(status: number, code: string | undefined, more: Partial<AnswerFault> = {}): AnswerFault {
  return { kind: 'answer', status, code, message: '', additional: {}, retryAfterSeconds: undefined, ...more }
}

describe('faultOf', () => {
  test.each([
    [new ConnectionFault('connection', 'reset'), 'connection'],
    [new ConnectionFault('timeout', 'slow'), 'timeout'],
    [new RequestTimeoutError(), 'timeout'],
    [new InvalidPathParameterError(), 'path'],
    [new SyntaxError('Unexpected end of JSON input'), 'unreadable'],
  ])('%s is a fault', (error, kind) => {
    expect(faultOf(error)).toMatchObject({ kind })
  })

  test.each([new TypeError('x is not a function'), new Error('?'), 'text', undefined])('%s is none', (error) => {
    expect(faultOf(error)).toBeUndefined()
  })
})

describe('messages', () => {
  const details = [
    readProblem(answer(401, 'unauthorized'), READ),
    readProblem(answer(403, 'restricted_resource'), READ),
    readProblem(answer(404, 'object_not_found'), READ),
    readProblem(answer(404, 'object_not_found'), { needs: 'user_information', noun: 'user' }),
    readProblem(answer(400, 'validation_error', { message: 'body.x should be defined.' }), READ),
    readProblem(answer(400, 'missing_version'), READ),
    readProblem(answer(409, 'conflict_error'), READ),
    readProblem(answer(409, 'row_limit_exceeded', { message: 'Too many rows.' }), READ),
    readProblem(answer(413, undefined), READ),
    readProblem(answer(429, 'rate_limited', { retryAfterSeconds: 9 }), READ),
    readProblem(answer(500, 'internal_server_error'), READ),
    readProblem({ kind: 'timeout', reason: '' }, READ),
    readProblem({ kind: 'path', reason: '' }, READ),
    writeProblem(answer(502, undefined), WRITE),
    writeProblem({ kind: 'connection', reason: '' }, WRITE),
    writeProblem({ kind: 'unreadable', reason: '' }, WRITE),
  ]

  test.each(details)('$code: $detail', ({ detail }) => {
    expect(detail).toMatch(/[.]$/)
    expect(detail).toMatch(/retry|again|correct|smaller|repeat|Read it/i)
    expect(detail.length).toBeLessThan(330)
  })

  test.each<[Capability, string]>([
    ['read', 'Read content'],
    ['insert', 'Insert content'],
    ['update', 'Update content'],
    ['read_comments', 'Read comments'],
    ['insert_comments', 'Insert comments'],
    ['user_information', 'Read user information'],
  ])('a missing capability (%s) is called as Notion calls it', (needs, name) => {
    const problem = readProblem(answer(403, 'restricted_resource'), { needs, noun: 'page' })
    expect(problem.detail).toContain(`"${name}"`)
    expect(problem.extra).toEqual({ missing_permission: needs })
  })

  test('a limit of the plan is told in the words of Notion', () => {
    const fault = answer(403, 'restricted_resource', { message: 'Your workspace has reached its block limit.' })
    expect(writeProblem(fault, WRITE).detail).toContain('reached its block limit')
  })

  test('a refusal of arguments repeats what Notion says of them', () => {
    const fault = answer(400, 'validation_error', { message: 'Prazo is expected to be date.' })
    expect(readProblem(fault, READ)).toMatchObject({ code: 'invalid_arguments' })
    expect(readProblem(fault, READ).detail).toContain('Prazo is expected to be date.')
  })

  test('a request that this server got wrong is not laid at the door of the caller', () => {
    expect(readProblem(answer(400, 'invalid_request_url'), READ).code).toBe('internal_error')
  })

  test('a blocked integration is not told to try again', () => {
    const fault = answer(429, 'rate_limited', { additional: { rate_limit_reason: 'public_api_request_blocked' } })
    const problem = readProblem(fault, READ)
    expect(problem.code).toBe('forbidden_by_provider')
    expect(problem.retryAfterSeconds).toBeUndefined()
  })

  test('the private reason stands apart and is short', () => {
    expect(readProblem(answer(503, 'service_unavailable'), READ).reason).toBe('HTTP 503 service_unavailable')
    expect(readProblem(answer(502, undefined), READ).reason).toBe('HTTP 502 without a code')
  })
})

describe('a write', () => {
  test.each([500, 502, 503, 504])('has an unknown outcome after a %i, and says how to find out', (status) => {
    const problem = writeProblem(answer(status, undefined), WRITE)
    expect(problem.code).toBe('outcome_unknown')
    expect(problem.detail).toContain('Do not repeat it blindly. Search for it first.')
  })

  test('says how to find out even where the operation does not', () => {
    const problem = writeProblem({ kind: 'timeout', reason: '' }, { needs: 'update', noun: 'page' })
    expect(problem.detail).toContain('Look at the object in Notion first.')
  })

  test('repeats the advice of Notion where it does not name what it saved', () => {
    const fault = answer(503, 'service_unavailable', { additional: { retry_guidance: ['Read it before you retry.'] } })
    expect(writeProblem(fault, WRITE).detail).toContain('Search for it first. Notion says: Read it before you retry.')
  })

  test.each([400, 401, 403, 404, 409, 429, 529])('is known not to have happened after a %i', (status) => {
    expect(writeProblem(answer(status, 'some_code'), WRITE).code).not.toBe('outcome_unknown')
  })
})

describe('what Notion saved all the same', () => {
  test('is read from the answer', () => {
    const fault = answer(503, 'service_unavailable', {
      additional: { committed_resource_id: 'a', committed_child_ids: ['b', 7, 'c'] },
    })
    expect(committedBy(fault)).toEqual({ id: 'a', childIds: ['b', 'c'] })
  })

  test('may be only what was added inside something', () => {
    const fault = answer(503, 'service_unavailable', { additional: { committed_child_ids: ['b'] } })
    expect(committedBy(fault)).toEqual({ id: undefined, childIds: ['b'] })
  })

  test.each([answer(503, 'service_unavailable'), { kind: 'timeout', reason: '' } as const])(
    'is nothing in %j',
    (fault) => {
      expect(committedBy(fault)).toBeUndefined()
    },
  )
})

test('only 429 and 529 turn a request away untouched', () => {
  expect([429, 529].every((status) => turnedAway(answer(status, 'x')))).toBe(true)
  expect([400, 500, 503].some((status) => turnedAway(answer(status, 'x')))).toBe(false)
  expect(turnedAway({ kind: 'connection', reason: '' })).toBe(false)
})
