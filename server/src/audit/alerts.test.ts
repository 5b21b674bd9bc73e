import { describe, expect, it } from 'vitest'
import { alertsOf } from './alerts.ts'

const NOW = Date.parse('2026-11-23T12:00:00.000Z')

interface Given {
  readonly type: string
  readonly userId?: number | null
  readonly address?: string
  readonly reason?: string
}

/** Newest first, a second apart. */
function failures(count: number, { type, userId = null, address, reason }: Given) {
  return Array.from({ length: count }, (_, index) => ({
    type,
    user_id: userId,
    actor: address === undefined ? { kind: 'user', user_id: userId } : { kind: 'anonymous', address },
    details: reason === undefined ? {} : { reason },
    at: new Date(NOW - index * 1_000),
  }))
}

describe('what is unusual', () => {
  it('is nothing where people mistype and tools fail', () => {
    const usual = [
      ...failures(9, { type: 'user.sign_in_failed', userId: 3, address: '192.0.2.1' }),
      ...failures(10, { type: 'token.rejected', address: '192.0.2.1' }),
      ...failures(500, { type: 'tool.called', userId: 4 }),
    ]
    expect(alertsOf(usual)).toEqual([])
  })

  it.each([
    ['many_from_address', failures(20, { type: 'token.rejected', address: '192.0.2.1' }), '192.0.2.1', null],
    ['many_of_user', failures(10, { type: 'access.denied', userId: 3 }), null, 3],
    [
      'many_failures',
      failures(1, { type: 'user.sign_in_failed', userId: 3, address: '192.0.2.1', reason: 'many_failures' }),
      null,
      3,
    ],
    ['token_reused', failures(1, { type: 'client.token_reused', userId: 3, address: '192.0.2.1' }), '192.0.2.1', 3],
    ['credential_unreadable', failures(2, { type: 'credential.unreadable', userId: 3 }), null, 3],
    ['chain_broken', failures(1, { type: 'audit.verified', userId: 1 }), null, null],
  ])('is %s', (kind, events, address, userId) => {
    expect(alertsOf(events)).toEqual([
      {
        kind,
        count: events.length,
        address,
        user_id: userId,
        first_at: new Date(NOW - (events.length - 1) * 1_000).toISOString(),
        last_at: new Date(NOW).toISOString(),
      },
    ])
  })

  it('is told of addresses and of accounts apart: one address that tries many accounts, many that try one', () => {
    const stuffing = Array.from({ length: 20 }, (_, index) =>
      failures(1, { type: 'user.sign_in_failed', userId: index, address: '192.0.2.1' }),
    )
    expect(alertsOf(stuffing.flat())).toMatchObject([{ kind: 'many_from_address', count: 20 }])
    const spread = Array.from({ length: 12 }, (_, index) =>
      failures(1, { type: 'user.sign_in_failed', userId: 7, address: `192.0.2.${index}` }),
    )
    expect(alertsOf(spread.flat())).toMatchObject([{ kind: 'many_of_user', user_id: 7, count: 12 }])
  })
})
