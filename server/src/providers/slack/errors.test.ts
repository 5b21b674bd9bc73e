import { describe, expect, test } from 'vitest'
import { PROBLEMS } from '#kernel/problem.ts'
import { PLATFORM_PROBLEMS } from './error-table.ts'
import { platformFault, readProblem, writeProblem } from './errors.ts'

const operation = { scope: 'chat:write', check: 'Look first.' }

function refusedWith(error: string, more: Record<string, unknown> = {}) {
  return readProblem(platformFault({ ok: false, error, ...more }), operation)
}

describe('what Slack refuses', () => {
  test.each([
    ['invalid_auth', 'reauthorize'],
    ['token_expired', 'reauthorize'],
    ['token_revoked', 'reauthorize'],
    ['account_inactive', 'reauthorize'],
    ['not_authed', 'reauthorize'],
    ['channel_not_found', 'not_found'],
    ['not_in_channel', 'not_found'],
    ['message_not_found', 'not_found'],
    ['user_not_found', 'not_found'],
    ['restricted_action', 'forbidden_by_provider'],
    ['not_allowed_token_type', 'forbidden_by_provider'],
    ['msg_too_long', 'invalid_arguments'],
    ['ratelimited', 'rate_limited'],
    ['invalid_arguments', 'internal_error'],
    ['something_new', 'invalid_arguments'],
  ])('%s is %s', (error, code) => {
    expect(refusedWith(error)).toMatchObject({ code, reason: error })
  })

  test.each(Object.entries(PLATFORM_PROBLEMS))('%s has a code of ours and advice', (error, [code, detail]) => {
    expect(Object.keys(PROBLEMS)).toContain(code)
    expect(detail).toMatch(/^[A-Z].+\.$/)
    expect(refusedWith(error).detail).toContain(`(Slack: ${error})`)
    expect(writeProblem(platformFault({ error }), operation)).toEqual(refusedWith(error))
  })

  test('for want of a scope names it, and what there is', () => {
    const problem = refusedWith('missing_scope', { needed: 'groups:history', provided: 'chat:write,users:read' })
    expect(problem).toMatchObject({ code: 'forbidden_by_provider', extra: { missing_permission: 'groups:history' } })
    expect(problem.detail).toContain('It has: chat:write,users:read.')
  })

  test('for want of a scope that Slack does not name, names the one of the tool', () => {
    expect(refusedWith('missing_scope').extra).toEqual({ missing_permission: 'chat:write' })
  })

  test.each(['__proto__', 'constructor', 'toString'])('%s is no entry of the table', (error) => {
    expect(refusedWith(error).code).not.toBeUndefined()
    expect(refusedWith(error).detail).not.toContain('native code')
  })

  test('is not repeated where it is no code of Slack', () => {
    const hostile = ['xoxp-secret <script>', 'a b', '\n', 'x'.repeat(200), { a: 1 }, null, undefined]
    for (const error of hostile) {
      const problem = readProblem(platformFault({ error, needed: 'a<b>', provided: 'x\ny' }), operation)
      expect(problem).toMatchObject({ code: 'provider_unavailable', reason: 'unknown_error' })
      expect(JSON.stringify(problem)).not.toContain('secret')
    }
  })
})

describe('what became of a write', () => {
  test.each(['connection', 'timeout', 'unreadable', 'status'] as const)('after %s is not known', (kind) => {
    const problem = writeProblem({ kind, reason: 'r' }, operation)
    expect(problem.code).toBe('outcome_unknown')
    expect(problem.detail).toContain('Do not repeat it blindly. Look first.')
    expect(readProblem({ kind, reason: 'r' }, operation).code).toBe('provider_unavailable')
  })

  test.each(['ratelimited', 'service_unavailable', 'team_added_to_org', 'request_timeout'])(
    'after %s is nothing',
    (error) => {
      expect(writeProblem(platformFault({ error }), operation).code).toMatch(/^(?:rate_limited|provider_unavailable)$/)
    },
  )
})
