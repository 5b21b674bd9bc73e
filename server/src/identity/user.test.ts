import { describe, expect, it } from 'vitest'
import { SCOPES, type Principal } from '#kernel/principal.ts'
import { mayGrant, mayManage } from './administration.ts'
import { isBanned, normalizeEmail, scopesOf } from './user.ts'

const NOW = new Date('2026-01-01T12:00:00Z')

describe('isBanned', () => {
  it.each([
    [false, null, false],
    [false, new Date('2027-01-01'), false],
    [true, null, true],
    [true, new Date('2026-01-01T12:00:01Z'), true],
    [true, NOW, false],
    [true, new Date('2025-12-31'), false],
  ])('banned %s until %s → %s', (banned, ends, expected) => {
    expect(isBanned({ banned, ban_expires: ends }, NOW)).toBe(expected)
  })
})

describe('scopesOf', () => {
  it('gives everything to the owner and administrators, and all but the instance to users', () => {
    expect([...scopesOf('owner')]).toEqual([...SCOPES])
    expect([...scopesOf('admin')]).toEqual([...SCOPES])
    expect([...scopesOf('user')]).toEqual(SCOPES.filter((scope) => scope !== 'admin'))
  })
})

it('compares e-mail addresses without case and surrounding space', () => {
  expect(normalizeEmail('  Ana@Example.COM ')).toBe('ana@example.com')
})

function principal(role: Principal['role']): Principal {
  return { userId: 1, role, scopes: new Set(SCOPES), via: { kind: 'session', id: '1' } }
}

describe('managing users', () => {
  it.each([
    ['owner', { id: 2, role: 'user' }, true],
    ['owner', { id: 2, role: 'admin' }, true],
    ['owner', { id: 1, role: 'owner' }, false],
    ['admin', { id: 2, role: 'user' }, true],
    ['admin', { id: 2, role: 'admin' }, false],
    ['admin', { id: 2, role: 'owner' }, false],
    ['admin', { id: 1, role: 'admin' }, false],
  ] as const)('%s on %o: %s', (role, target, expected) => {
    expect(mayManage(principal(role), target).ok).toBe(expected)
  })

  it.each([
    ['owner', 'admin', true],
    ['owner', 'user', true],
    ['admin', 'admin', false],
    ['admin', 'user', true],
  ] as const)('%s gives the role %s: %s', (role, granted, expected) => {
    expect(mayGrant(principal(role), granted).ok).toBe(expected)
  })
})
