import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Install, Workspace } from '../state/model.ts'
import { ApiFailure } from './failure.ts'
import { emptyUsage, spend, type Usage } from './rate-limit.ts'
import { defaultSettings, type RateLimitSettings } from './settings.ts'

const SECOND = 1000
const START = Date.parse('2026-11-22T12:00:00Z')

function install(botId: string, workspaceId = 'aurora'): Install {
  return {
    botId,
    workspaceId,
    integrationId: 'integration',
    owner: { type: 'workspace' },
    roots: new Set(),
    readonlyRoots: new Set(),
    capabilities: new Set(),
    revoked: false,
  }
}

const workspace = (plan: Workspace['plan'] = 'free', id = 'aurora'): Workspace => ({
  id,
  plan,
  name: id,
  icon: null,
})

let usage: Usage
let settings: RateLimitSettings

beforeEach(() => {
  usage = emptyUsage()
  settings = { ...defaultSettings().rateLimit, enabled: true }
})

interface Asking {
  botId?: string
  isSearch?: boolean
  /** Seconds after the start. */
  at?: number
  in?: Workspace
}

/** Null when the request passes, else why not and how many seconds to wait. */
function ask({ botId = 'bot', isSearch = false, at = 0, in: home = workspace() }: Asking = {}): unknown {
  try {
    spend(usage, settings, { install: install(botId, home.id), workspace: home, isSearch, now: START + at * SECOND })
    return null
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    expect([error.status, error.code]).toEqual([429, 'rate_limited'])
    return error.additional
  }
}

const refusal = (reason: string, seconds: number): unknown => ({
  rate_limit_reason: reason,
  retry_after: String(seconds),
})

describe('the budget of an install', () => {
  it.each([
    ['free', 180],
    ['plus', 180],
    ['business', 600],
    ['enterprise', 600],
  ] as const)('on the plan %s is %i requests, which may come at once', (plan, limit) => {
    const answers = Array.from({ length: limit + 1 }, () => ask({ in: workspace(plan) }))
    expect(answers.slice(0, -1)).toEqual(answers.slice(0, -1).map(() => null))
    expect(answers.at(-1)).toEqual(refusal('public_api_request_rate_limit', 60))
  })

  it('is whole again when its own window ends, counted from its first request', () => {
    settings.limit = 1
    expect(ask({ botId: 'first' })).toBeNull()
    expect(ask({ botId: 'second', at: 30 })).toBeNull()
    expect(ask({ botId: 'first', at: 59 })).toEqual(refusal('public_api_request_rate_limit', 1))
    expect(ask({ botId: 'first', at: 60 })).toBeNull()
    expect(ask({ botId: 'second', at: 60 })).toEqual(refusal('public_api_request_rate_limit', 30))
    expect(ask({ botId: 'second', at: 90 })).toBeNull()
  })

  it('is not spent by what is refused', () => {
    settings.limit = 1
    settings.workspaceLimit = 3
    expect([ask(), ask(), ask(), ask({ botId: 'other' })]).toMatchObject([
      null,
      { rate_limit_reason: 'public_api_request_rate_limit' },
      { rate_limit_reason: 'public_api_request_rate_limit' },
      null,
    ])
  })

  it('may be nothing', () => {
    settings.limit = 0
    expect(ask()).toEqual(refusal('public_api_request_rate_limit', 60))
  })

  it('lets exactly the limit through in any window, whenever requests come', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 40 }), { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (gaps, limit) => {
        usage = emptyUsage()
        settings.limit = limit
        let at = 0
        let windowStart = -Infinity
        let passed = 0
        for (const gap of gaps) {
          at += gap
          if (at >= windowStart + 60) [windowStart, passed] = [at, 0]
          const answer = ask({ at })
          expect(answer).toEqual(
            passed < limit ? null : refusal('public_api_request_rate_limit', windowStart + 60 - at),
          )
          if (answer === null) passed += 1
        }
      }),
    )
  })
})

describe('the other budgets', () => {
  it('all installs of a workspace share one, and those of another have their own', () => {
    settings.workspaceLimit = 2
    expect([ask({ botId: 'a' }), ask({ botId: 'b' })]).toEqual([null, null])
    expect(ask({ botId: 'c' })).toEqual(refusal('public_api_space_request_rate_limit', 60))
    expect(ask({ botId: 'c', in: workspace('free', 'boreal') })).toBeNull()
  })

  it('searches have one of their own, 30 unless set', () => {
    const answers = Array.from({ length: 31 }, () => ask({ isSearch: true }))
    expect(answers.filter((answer) => answer === null)).toHaveLength(30)
    expect(answers.at(-1)).toEqual(refusal('public_api_endpoint_rate_limit', 60))
    expect(ask()).toBeNull()
    expect(ask({ isSearch: true, botId: 'other' })).toBeNull()
  })
})

describe('who is blocked', () => {
  it.each([['bot'], ['aurora']])('(%s) is refused everything, with no time to wait, limits or not', (id) => {
    settings.blocked = [id]
    settings.enabled = false
    expect(ask()).toEqual({ rate_limit_reason: 'public_api_request_blocked' })
    expect(ask({ at: 3600 })).toEqual({ rate_limit_reason: 'public_api_request_blocked' })
    expect(ask({ botId: 'other', in: workspace('free', 'boreal') })).toBeNull()
  })
})

describe('limits that are off', () => {
  it('count nothing', () => {
    settings.enabled = false
    settings.limit = 0
    expect(ask()).toBeNull()
    expect(usage.counts.size).toBe(0)
  })
})
