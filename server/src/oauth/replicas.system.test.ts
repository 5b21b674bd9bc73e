import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { createTestUser, openTestDatabase, type TestDatabase } from '#test/support/database.ts'
import {
  authorizationAddress,
  Browser,
  exchange,
  obtainCode,
  refresh,
  register,
  startOauthApp,
  type OauthApp,
  type TestClient,
  type TokenAnswer,
} from '#test/support/oauth.ts'
import { testVault } from '#test/support/house.ts'
import { currentSigningKeys } from '#oauth/tokens/signing-keys.ts'

const AT_ONCE = 8

/** Two servers on one PostgreSQL: the embedded database has one session and would hide every race. */
describe('two replicas on PostgreSQL', () => {
  let database: TestDatabase
  let apps: readonly [OauthApp, OauthApp]
  let client: TestClient
  let userId = 0
  beforeAll(async () => {
    database = await openTestDatabase('postgres')
    userId = await createTestUser(database, 'ana@example.com')
    const first = await startOauthApp(database, { userId })
    apps = [first, await startOauthApp(database, { userId, publicUrl: first.url })]
    client = await register(first)
  })
  afterAll(async () => {
    for (const app of apps) await app.close()
    await database.close()
  })
  beforeEach(() => database.asOwner('delete from audit_events'))

  const one = (index: number): OauthApp => (index % 2 === 0 ? apps[0] : apps[1])
  const spread = (ask: (app: OauthApp) => Promise<TokenAnswer>) =>
    Promise.all(Array.from({ length: AT_ONCE }, (_, index) => ask(one(index))))
  const reuses = () => database.asOwner("select * from audit_events where type = 'client.token_reused'")
  const isAccepted = async (answer: TokenAnswer): Promise<boolean> => {
    const verdicts = await Promise.all(apps.map(({ verifier }) => verifier.verify(answer.body.access_token, '/mcp')))
    return verdicts.every(({ ok }) => ok)
  }
  const freshTokens = async () => exchange(apps[0], client, await obtainCode(apps[1], client))

  it.each([1, 2, 3])(
    'give one answer to a code that is sent eight times at once, and its tokens live (%s)',
    async () => {
      const code = await obtainCode(apps[0], client)
      const answers = await spread((app) => exchange(app, client, code))
      const won = answers.filter(({ status }) => status === 200)
      expect(won).toHaveLength(1)
      expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(AT_ONCE - 1)
      const [winner] = won as [TokenAnswer]
      expect(await isAccepted(winner)).toBe(true)
      expect((await refresh(apps[1], client, winner.body.refresh_token)).status).toBe(200)
      expect(await reuses()).toEqual([])
    },
  )

  it.each([1, 2, 3])('give every sender of one refresh token the same successor, and it lives (%s)', async () => {
    const { body } = await freshTokens()
    const answers = await spread((app) => refresh(app, client, body.refresh_token))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: AT_ONCE }, () => 200))
    const successors = new Set(answers.map((answer) => answer.body.refresh_token))
    expect(successors.size).toBe(1)
    expect(successors.has(body.refresh_token)).toBe(false)
    for (const answer of answers) expect(await isAccepted(answer)).toBe(true)
    expect((await refresh(apps[0], client, [...successors][0] ?? '')).status).toBe(200)
    expect(await reuses()).toEqual([])
  })

  it('end the family of a code that comes again after its answer, once, and say so once', async () => {
    const code = await obtainCode(apps[0], client)
    const first = await exchange(apps[0], client, code)
    const answers = await spread((app) => exchange(app, client, code))
    expect(answers.every(({ body }) => body.error === 'invalid_grant')).toBe(true)
    expect((await refresh(apps[1], client, first.body.refresh_token)).body.error).toBe('invalid_grant')
    expect(await apps[1].verifier.verify(first.body.access_token, '/mcp')).toMatchObject({
      ok: false,
      problem: { code: 'revoked_token' },
      userId,
    })
    expect(await reuses()).toMatchObject([{ user_id: userId, outcome: 'denied', actor: { kind: 'client' } }])
  })

  it('end the family of a refresh token that comes again after its successor was used', async () => {
    const first = await freshTokens()
    const second = await refresh(apps[0], client, first.body.refresh_token)
    const third = await refresh(apps[1], client, second.body.refresh_token)
    const answers = await spread((app) => refresh(app, client, first.body.refresh_token))
    expect(answers.every(({ body }) => body.error === 'invalid_grant')).toBe(true)
    expect((await refresh(apps[0], client, third.body.refresh_token)).body.error).toBe('invalid_grant')
    expect(await apps[0].verifier.verify(third.body.access_token, '/mcp')).toMatchObject({ ok: false })
    expect(await reuses()).toHaveLength(1)
  })

  it('repeat a lost answer within the grace, and end the family after it', async () => {
    const first = await freshTokens()
    const lost = await refresh(apps[0], client, first.body.refresh_token)
    const again = await refresh(apps[1], client, first.body.refresh_token)
    expect(again).toMatchObject({ status: 200, body: { refresh_token: lost.body.refresh_token } })
    await database.asOwner("update oauth_records set consumed_at = consumed_at - interval '31 seconds'")
    expect((await refresh(apps[0], client, first.body.refresh_token)).body.error).toBe('invalid_grant')
    expect((await refresh(apps[0], client, lost.body.refresh_token)).body.error).toBe('invalid_grant')
    expect(await reuses()).toHaveLength(1)
  })

  it('refuse a revoked client and a suspended user on the other one at once', async () => {
    const { body } = await freshTokens()
    const verify = () => apps[1].verifier.verify(body.access_token, '/mcp')
    expect(await verify()).toMatchObject({ ok: true })
    await database.asOwner(`update users set banned = true where id = ${userId}`)
    await expect.poll(verify, { timeout: 1_000, interval: 20 }).toMatchObject({ problem: { code: 'revoked_token' } })
    expect((await refresh(apps[1], client, body.refresh_token)).body.error).toBe('invalid_grant')
    await database.asOwner(`update users set banned = false where id = ${userId}`)
    await expect.poll(verify, { timeout: 1_000, interval: 20 }).toMatchObject({ ok: true })
    const grants = await apps[0].server.listGrants(userId)
    const principal = { userId, role: 'user', scopes: new Set<never>(), via: { kind: 'session', id: '1' } } as const
    expect(await apps[0].server.revokeGrant(principal, grants[0]?.id ?? 0)).toBe(true)
    await expect.poll(verify, { timeout: 1_000, interval: 20 }).toMatchObject({ problem: { code: 'revoked_token' } })
    expect((await refresh(apps[1], client, body.refresh_token)).body.error).toBe('invalid_grant')
    expect(await apps[0].server.revokeGrant(principal, grants[0]?.id ?? 0)).toBe(false)
  })

  it('follow a new signing key at once, and know the old one until its tokens have expired', async () => {
    const kids = async (app: OauthApp) =>
      ((await (await fetch(`${app.url}/oauth/jwks`)).json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
    const old = await freshTokens()
    const [before] = await kids(apps[0])
    await database.asOwner("update oauth_signing_keys set created_at = created_at - interval '31 days'")
    // Any replica that looks replaces it; the others are told by the database.
    await currentSigningKeys({ database, vault: testVault(), clock: systemClock })
    await expect.poll(() => kids(apps[1]), { timeout: 2_000, interval: 20 }).toEqual([expect.any(String), before])
    await expect.poll(() => kids(apps[0]), { timeout: 2_000, interval: 20 }).toEqual(await kids(apps[1]))
    expect((await kids(apps[0]))[0]).not.toBe(before)
    expect(await isAccepted(old)).toBe(true)
    const renewed = await refresh(apps[1], client, old.body.refresh_token)
    const header = JSON.parse(atob(renewed.body.access_token.split('.')[0] ?? '')) as { kid: string }
    expect(header.kid).toBe((await kids(apps[0]))[0])
    expect(await isAccepted(renewed)).toBe(true)
  })

  it('carry an authorization that another one began', async () => {
    const browser = new Browser()
    const begun = new URL(authorizationAddress(apps[0], client))
    const first = await fetch(begun, { redirect: 'manual' })
    browser.keep(first, begun)
    const page = new URL(first.headers.get('location') ?? '', apps[1].url)
    const answered = await browser.open(page.href)
    const { url } = await browser.open(answered.url.href)
    expect(url.searchParams.get('iss')).toBe(apps[0].url)
    expect((await exchange(apps[0], client, url.searchParams.get('code') ?? '')).status).toBe(200)
  })
})
