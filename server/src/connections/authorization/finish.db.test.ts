import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { authorizingHouse, ISSUER, tokensFor, type AuthorizingHouse } from '#test/support/authorizing-provider.ts'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { createTestHouse, principalOf, type TestHouse } from '#test/support/house.ts'
import type { Principal } from '#kernel/principal.ts'
import { authorize, type AuthorizeInput } from './authorize.ts'
import { finish } from './finish.ts'

const PAGE = 'http://localhost:8001/connect/first'
const TEN_MINUTES_MS = 600_000

describeOnEachEngine('the way to a provider and back', (open) => {
  let database: TestDatabase
  let house: TestHouse
  let world: AuthorizingHouse
  let ana: Principal
  let bruno: Principal

  beforeAll(async () => {
    database = await open()
    ana = principalOf(await createTestUser(database, 'ana@example.com'))
    bruno = principalOf(await createTestUser(database, 'bruno@example.com'))
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    house = await createTestHouse(database)
    world = authorizingHouse(house)
  })
  afterEach(async () => {
    await house.close()
    await database.asOwner(
      'delete from mcp_connections; delete from authorization_transactions; delete from audit_events',
    )
  })

  async function begin(principal = ana, input: Partial<AuthorizeInput> = {}): Promise<URLSearchParams> {
    const begun = await authorize(world.deps, principal, { provider: 'first', ...input })
    if (!begun.ok) throw new Error(begun.problem.detail)
    return new URL(begun.value.authorize_url).searchParams
  }

  const stateOf = async (principal?: Principal, input?: Partial<AuthorizeInput>): Promise<string> =>
    (await begin(principal, input)).get('state') ?? ''

  const good = (state: string) => ({ code: 'the-code', iss: ISSUER, state })

  async function comeBack(parameters: Record<string, string> | URLSearchParams, more: Partial<Back> = {}) {
    const { principal = ana, provider = 'first' } = more
    const callback = { provider, parameters: new URLSearchParams(parameters), requestId: 'request-1' }
    const address = new URL(await finish(world.deps, principal, callback))
    return { address, error: address.searchParams.get('connect_error') }
  }

  interface Back {
    readonly principal: Principal | null
    readonly provider: string
  }

  const rows = () => database.asOwner('select * from mcp_connections order by id')
  const openOnes = () => database.asOwner('select * from authorization_transactions order by id')

  async function events(): Promise<string[]> {
    await house.settle()
    const found = await database.asOwner<{ type: string; details: { code?: string; reason?: string } }>(
      'select type, details from audit_events order by id',
    )
    return found.map(({ type, details }) => [type, details.code ?? details.reason].filter(Boolean).join(' '))
  }

  it('stores what was granted, and nothing of the way', async () => {
    const asked = await begin()
    expect(Object.fromEntries(asked)).toMatchObject({
      client_id: 'client-1',
      redirect_uri: 'http://localhost:8001/api/mcp/first/callback',
      scope: 'notes:read notes:write',
      code_challenge_method: 'S256',
    })
    const { address } = await comeBack(good(asked.get('state') ?? ''))
    const [row] = await rows()
    expect(address.href).toBe(`${PAGE}?connected=${String(row?.['id'])}`)
    expect(row).toMatchObject({ method: 'oauth2', account_id: 'account-a', scopes: ['notes:read', 'notes:write'] })
    expect(row?.['expires_at']).toEqual(new Date(house.clock.now().getTime() + 3_600_000))
    expect(row?.['refresh_at']).not.toBeNull()
    expect(world.backend.asked.map(Object.fromEntries)).toEqual([
      expect.objectContaining({ code: 'the-code', client_secret: 'secret-1', code_verifier: expect.any(String) }),
    ])
    expect(await openOnes()).toEqual([])
    expect(await events()).toEqual(['connection.created'])
  })

  it('keeps no state, verifier or address in clear', async () => {
    const state = await stateOf(ana, { returnTo: '/settings?tab=keys' })
    const [row] = await openOnes()
    expect(row).toMatchObject({ user_id: ana.userId, provider: 'first' })
    const text = JSON.stringify(row)
    for (const secret of [state, 'settings', 'client-1', 'callback']) expect(text).not.toContain(secret)
  })

  it('takes the same account in the place of what it had, and another beside it', async () => {
    await comeBack(good(await stateOf()))
    await comeBack(good(await stateOf()))
    world.backend.accounts.set('at-other', 'account-b')
    world.backend.token = () => tokensFor('at-other', { scope: 'notes:read,notes:extra', expires_in: undefined })
    await comeBack(good(await stateOf()))
    const found = await rows()
    expect(found.map(({ account_id, version, scopes }) => [account_id, version, scopes])).toEqual([
      ['account-a', 2, ['notes:read', 'notes:write']],
      ['account-b', 1, ['notes:read', 'notes:extra']],
    ])
    expect(await events()).toEqual(['connection.created', 'connection.replaced', 'connection.created'])
  })

  it('leads back to where it was asked to, with how it ended', async () => {
    const asked = 'https://app.example.org/settings?tab=keys#top'
    const { address } = await comeBack(good(await stateOf(ana, { returnTo: asked })))
    const [row] = await rows()
    expect(address.href).toBe(`https://app.example.org/settings?tab=keys&connected=${String(row?.['id'])}#top`)
    const denied = await comeBack({
      error: 'access_denied',
      iss: ISSUER,
      state: await stateOf(ana, { returnTo: asked }),
    })
    expect(denied.address.href).toContain('https://app.example.org/settings?tab=keys&connect_error=denied')
  })

  describe('connects nothing', () => {
    afterEach(async () => {
      expect(await rows()).toEqual([])
    })

    it.each([
      ['denied', { error: 'access_denied', iss: ISSUER }],
      ['refused_by_provider', { error: 'server_error', iss: ISSUER }],
      ['wrong_issuer', { code: 'c', iss: 'https://evil.example' }],
      ['wrong_issuer', { code: 'c' }],
      ['wrong_issuer', { error: 'access_denied', iss: 'https://evil.example' }],
      ['malformed', { iss: ISSUER }],
      ['malformed', { code: 'c', iss: ISSUER, access_token: 't' }],
      ['malformed', { code: '', iss: ISSUER }],
    ])('and sends nothing: %s after %j', async (error, parameters) => {
      const result = await comeBack({ ...parameters, state: await stateOf() })
      expect([result.error, world.backend.asked.length, await openOnes()]).toEqual([error, 0, []])
      const denial = error === 'wrong_issuer' ? ['access.denied authorization_wrong_issuer'] : []
      expect(await events()).toEqual([...denial, `connection.rejected ${error}`])
    })

    it.each([
      ['provider_unavailable', 'a 500', () => Response.json({ error: 'invalid_grant' }, { status: 500 })],
      ['provider_unavailable', 'a page', () => new Response('<html>')],
      ['provider_unavailable', 'a megabyte', () => new Response('x'.repeat(1_000_000))],
      ['provider_unavailable', 'no token', () => Response.json({ token_type: 'bearer' })],
      ['provider_unavailable', 'no answer', () => Promise.reject(new TypeError('fetch failed'))],
      ['refused_by_provider', 'a refused code', () => Response.json({ error: 'invalid_grant' }, { status: 400 })],
      ['app_refused', 'a refused app', () => Response.json({ error: 'invalid_client' }, { status: 401 })],
      ['rate_limited', 'a limit', () => Response.json({ error: 'slow' }, { status: 429 })],
      ['credential_rejected', 'a token that nobody takes', () => tokensFor('at-unknown')],
    ])('and says %s where the token endpoint gives %s', async (error, _name, token) => {
      world.backend.token = token
      const state = await stateOf()
      expect((await comeBack(good(state))).error).toBe(error)
      expect([world.backend.asked.length, await openOnes()]).toEqual([1, []])
      expect(await events()).toEqual([`connection.rejected ${error}`])
      expect((await comeBack(good(state))).error).toBe('unknown')
      expect(world.backend.asked).toHaveLength(1)
    })

    it('for another user, whose way it is not', async () => {
      const state = await stateOf(ana)
      expect((await comeBack(good(state), { principal: bruno })).error).toBe('unknown')
      expect(world.backend.asked).toEqual([])
      expect(await events()).toEqual(['access.denied authorization_unknown'])
      expect(await openOnes()).toHaveLength(1)
    })

    it.each([
      ['other_browser', () => ({ principal: { ...ana, via: { kind: 'session', id: 'elsewhere' } } as Principal })],
      ['other_provider', () => ({ provider: 'second' })],
    ])('and cannot be used again: %s', async (error, more) => {
      const state = await stateOf()
      expect((await comeBack(good(state), more())).error).toBe(error)
      expect((await comeBack(good(state))).error).toBe('unknown')
      expect([world.backend.asked, await openOnes()]).toEqual([[], []])
      expect(await events()).toEqual([`access.denied authorization_${error}`, 'access.denied authorization_unknown'])
    })

    it('for a program, which has no browser', async () => {
      const state = await stateOf()
      const program: Principal = { ...ana, via: { kind: 'api_token', id: '1' } }
      expect((await comeBack(good(state), { principal: program })).error).toBe('other_browser')
      expect(world.backend.asked).toEqual([])
    })

    it('without a state, with an unknown one, or with two', async () => {
      const state = await stateOf()
      for (const parameters of [{ code: 'c' }, { code: 'c', state: 'x' }, { code: 'c', state: 'x'.repeat(10_000) }]) {
        expect((await comeBack(parameters)).error).toBe('unknown')
      }
      const twice = new URLSearchParams([...Object.entries(good(state)), ['state', state]])
      expect((await comeBack(twice)).error).toBe('unknown')
      expect(world.backend.asked).toEqual([])
    })

    it('when it took too long', async () => {
      const state = await stateOf(ana, { returnTo: '/late' })
      house.clock.advance(TEN_MINUTES_MS)
      const { address } = await comeBack(good(state))
      expect(address.href).toBe('http://localhost:8001/late?connect_error=expired')
      expect([world.backend.asked, await openOnes()]).toEqual([[], []])
    })

    it.each([
      ['its user', (id: number) => `user_id = ${id}`],
      ['its provider', () => `provider = 'second'`],
      ['its browser', () => `session_hash = 'x'`],
      ['its text', () => `encrypted_transaction = reverse(encrypted_transaction)`],
    ])('when the row was given another for %s', async (_name, change) => {
      const state = await stateOf()
      await database.asOwner(`update authorization_transactions set ${change(bruno.userId)}`)
      for (const principal of [ana, bruno])
        for (const provider of ['first', 'second']) await comeBack(good(state), { principal, provider })
      expect(world.backend.asked).toEqual([])
    })

    it.each([
      ['another client id', { clientId: 'client-2', clientSecret: 'secret-1' }, 'changed'],
      ['nothing', undefined, 'not_configured'],
    ])('where the app became %s meanwhile', async (_name, app, error) => {
      const state = await stateOf()
      if (app === undefined) world.settings.delete('first')
      else world.settings.set('first', app)
      expect((await comeBack(good(state))).error).toBe(error)
      expect(world.backend.asked).toEqual([])
    })
  })

  it('waits for whoever is not signed in', async () => {
    const state = await stateOf()
    expect((await comeBack(good(state), { principal: null })).error).toBe('signed_out')
    expect(await openOnes()).toHaveLength(1)
    expect((await comeBack(good(state))).error).toBeNull()
  })

  it('lets a program begin what its user finishes in any session', async () => {
    const program: Principal = { ...ana, via: { kind: 'api_token', id: '1' } }
    expect((await comeBack(good(await stateOf(program)), { principal: bruno })).error).toBe('unknown')
    const session: Principal = { ...ana, via: { kind: 'session', id: 'another' } }
    expect((await comeBack(good(await stateOf(program)), { principal: session })).error).toBeNull()
  })

  it('redeems once what comes back ten times at once', async () => {
    const state = await stateOf()
    const results = await Promise.all(Array.from({ length: 10 }, () => comeBack(good(state))))
    expect(results.filter(({ error }) => error === null)).toHaveLength(1)
    expect(results.filter(({ error }) => error === 'unknown')).toHaveLength(9)
    expect(world.backend.asked).toHaveLength(1)
  })

  it('keeps the newest ten that are open, of each user', async () => {
    const first = await stateOf()
    const theirs = await stateOf(bruno)
    for (let count = 0; count < 10; count += 1) await stateOf()
    expect(await openOnes()).toHaveLength(11)
    expect((await comeBack(good(first))).error).toBe('unknown')
    expect((await comeBack(good(theirs), { principal: bruno })).error).toBeNull()
    house.clock.advance(TEN_MINUTES_MS)
    await stateOf()
    expect(await openOnes()).toHaveLength(1)
  })

  describe('renewing a connection', () => {
    async function connected(): Promise<number> {
      await comeBack(good(await stateOf()))
      return Number((await rows())[0]?.['id'])
    }

    it('takes the same account', async () => {
      const connectionId = await connected()
      await database.asOwner(`update mcp_connections set status = 'needs_reauthorization', last_error = 'x'`)
      expect((await comeBack(good(await stateOf(ana, { connectionId })))).error).toBeNull()
      expect(await rows()).toEqual([
        expect.objectContaining({ id: connectionId, status: 'connected', last_error: null }),
      ])
    })

    it('takes no other, and says so', async () => {
      const connectionId = await connected()
      const before = await rows()
      world.backend.accounts.set('at-other', 'account-b')
      world.backend.token = () => tokensFor('at-other')
      expect((await comeBack(good(await stateOf(ana, { connectionId })))).error).toBe('other_account')
      expect(await rows()).toEqual(before)
      expect((await events()).at(-1)).toBe('connection.rejected other_account')
    })

    it('knows no connection of another user or provider', async () => {
      const connectionId = await connected()
      const asked = [
        authorize(world.deps, bruno, { provider: 'first', connectionId }),
        authorize(world.deps, bruno, { provider: 'first', connectionId: 2_000_000_000 }),
        authorize(world.deps, ana, { provider: 'second', connectionId }),
      ]
      const answers = await Promise.all(asked)
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
      expect(answers[0]).toMatchObject({ ok: false, problem: { code: 'not_found' } })
    })
  })

  it.each([
    [{ provider: 'third' }, 'not_found'],
    [{ returnTo: 'https://evil.example/' }, 'invalid_request'],
  ])('does not begin with %j', async (input, code) => {
    const refused = await authorize(world.deps, ana, { provider: 'first', ...input })
    expect(refused).toMatchObject({ ok: false, problem: { code } })
    expect(await openOnes()).toEqual([])
  })

  it('does not begin without an app, or beyond the budget', async () => {
    house.budget.connects = 0
    expect(await authorize(world.deps, ana, { provider: 'first' })).toMatchObject({ problem: { code: 'rate_limited' } })
    world.settings.clear()
    expect(await authorize(world.deps, ana, { provider: 'first' })).toMatchObject({ problem: { code: 'conflict' } })
    expect(await openOnes()).toEqual([])
  })
})
