import { describe, expect, it, test } from 'vitest'
import type { ClientGrant, ClientScope, PendingAuthorization } from '#oauth/authorization-server.ts'
import { agreedTo, offerOf, type OwnConnection, type SentConsent } from './consent.ts'

const BOTH: readonly ClientScope[] = ['tools:read', 'tools:write']
const CONNECTIONS: readonly OwnConnection[] = [1, 2].map((id) => {
  return { id, provider: 'Example', label: `Connection ${id}`, isActive: true }
})
const PENDING: PendingAuthorization = {
  uid: 'u1',
  client: {
    id: 'c1',
    name: 'Claude',
    host: 'claude.ai',
    uri: undefined,
    redirectUri: 'https://claude.ai/callback',
    redirectHost: 'claude.ai',
    isLoopbackOnly: false,
    kind: 'dynamic',
  },
  scopes: BOTH,
  resource: 'http://localhost:8001/mcp',
  locales: [],
}

function grant(changes: Partial<ClientGrant>): ClientGrant {
  return {
    id: 1,
    clientId: 'c1',
    clientName: 'Claude',
    clientHost: 'claude.ai',
    clientKind: 'dynamic',
    scopes: ['tools:read'],
    connectionIds: null,
    createdAt: new Date(0),
    lastUsedAt: null,
    expiresAt: new Date(1),
    ...changes,
  }
}

describe('what is filled in', () => {
  it('is all that was asked for, with every connection', () => {
    const offer = offerOf(PENDING, [], CONNECTIONS)
    expect(offer).toEqual({ isKnown: false, scopes: new Set(BOTH), connectionIds: null })
  })

  it('is what this client got the last time, as far as it still exists', () => {
    const grants = [grant({ id: 9, connectionIds: [2, 77] }), grant({ id: 8, connectionIds: [1] })]
    expect(offerOf(PENDING, grants, CONNECTIONS)).toMatchObject({ isKnown: true, connectionIds: new Set([2]) })
    expect(offerOf(PENDING, [grant({})], CONNECTIONS)).toMatchObject({ isKnown: true, connectionIds: null })
  })

  it('never becomes every connection because the chosen ones are gone', () => {
    expect(offerOf(PENDING, [grant({ connectionIds: [77] })], CONNECTIONS).connectionIds).toEqual(new Set())
  })

  it('owes nothing to another client', () => {
    const grants = [grant({ clientId: 'c2', connectionIds: [2] })]
    expect(offerOf(PENDING, grants, CONNECTIONS)).toMatchObject({ isKnown: false, connectionIds: null })
  })
})

describe('what came back', () => {
  const sent: SentConsent = { access: 'all', scopes: ['tools:write'], connections: [] }
  const agree = (changes: Partial<SentConsent>, scopes = BOTH) =>
    agreedTo({ ...sent, ...changes }, { userId: 3, scopes }, CONNECTIONS)

  it('is every connection where that was chosen, whatever boxes were ticked', () => {
    const consent = { userId: 3, scopes: BOTH, connectionIds: null }
    expect(agree({})).toEqual({ ok: true, consent })
    expect(agree({ connections: ['1'] })).toEqual({ ok: true, consent })
  })

  it('is only the connections that were chosen, each once', () => {
    const agreed = agree({ access: 'some', connections: ['2', '2'] })
    expect(agreed).toMatchObject({ ok: true, consent: { connectionIds: [2] } })
  })

  it('lacks a connection where some were to be chosen and none was', () => {
    expect(agree({ access: 'some' })).toEqual({ ok: false, reason: 'lacks_connection' })
  })

  test.each([['3'], ['1', '999'], ['-1'], ['1 '], ['01'], ['1e0'], [''], ['null'], ['__proto__']])(
    'is refused with %j among the connections',
    (...connections) => {
      expect(agree({ access: 'some', connections })).toEqual({ ok: false, reason: 'malformed' })
    },
  )

  test.each(['', 'ALL', 'every', 'null'])('is refused with access %j', (access) => {
    expect(agree({ access, connections: ['1'] })).toEqual({ ok: false, reason: 'malformed' })
  })

  it('never holds a scope that was not asked for', () => {
    const agreed = agree({ scopes: ['tools:write', 'admin', 'account'] }, ['tools:read'])
    expect(agreed).toMatchObject({ ok: true, consent: { scopes: ['tools:read'] } })
  })

  it('loses what was unticked, and never the first', () => {
    expect(agree({ scopes: [] })).toMatchObject({ ok: true, consent: { scopes: ['tools:read'] } })
    expect(agree({ scopes: [] }, ['tools:write'])).toMatchObject({ ok: true, consent: { scopes: ['tools:write'] } })
  })
})
