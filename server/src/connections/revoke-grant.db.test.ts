import { afterAll, beforeAll, expect, it } from 'vitest'
import { success } from '#kernel/problem.ts'
import type { OAuthAppAccess, OAuthMethod } from '#providers/contract.ts'
import { createTestUser, describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { exampleProvider } from '#test/support/example-provider.ts'
import { createTestHouse, type TestHouse } from '#test/support/house.ts'
import { insertOAuthConnection, type TestRow } from '#test/support/oauth-connection.ts'
import { createRevokeGrant, type RevokeGrant } from './revoke-grant.ts'

describeOnEachEngine('what is ended at a provider', (open) => {
  let database: TestDatabase
  let house: TestHouse
  let revoke: RevokeGrant
  const extents: OAuthAppAccess['extent'][] = []
  const credential = { access_token: 'ended' }
  let rows: TestRow[]

  const method: Pick<OAuthMethod, 'kind' | 'revoke'> = {
    kind: 'oauth2',
    async revoke({ extent }) {
      extents.push(extent)
      return success(null)
    },
  }

  beforeAll(async () => {
    database = await open()
    house = await createTestHouse(database)
    const provider = { ...exampleProvider, auth: [method as OAuthMethod] }
    revoke = createRevokeGrant({
      ...house.deps,
      log: { warn: () => {} },
      registry: { ...house.deps.registry, provider: () => provider },
      checkBlock: () => success(null),
      findApp: async () => success({ clientId: 'id', clientSecret: 'secret' }),
      acrossUsers: (work) => database.asSystem('test', work),
    })
    const users = await Promise.all(['ana', 'bruno'].map((name) => createTestUser(database, `${name}@example.com`)))
    rows = await Promise.all(
      users.map((userId) =>
        insertOAuthConnection(house.deps, { userId, provider: 'example', credential, now: house.clock.now() }),
      ),
    )
    await database.asOwner(`update mcp_connections set account_id = 'shared'`)
  })
  afterAll(async () => {
    await house.close()
    await database.close()
  })

  const shared = { provider: 'example', account_id: 'shared' }
  const last = () => extents.at(-1)

  it('is no more than the tokens while somebody else lives on a grant of the same account', async () => {
    expect(await revoke(shared, credential)).toBe(true)
    expect(last()).toBe('tokens')
  })

  it('is the grant where nobody does, or only at another provider, by a key, or no more', async () => {
    await revoke({ ...shared, account_id: 'of nobody else' }, credential)
    expect(last()).toBe('grant')
    await revoke({ ...shared, provider: 'other' }, credential)
    expect(last()).toBe('grant')
    const [one, other] = rows
    await database.asOwner(`update mcp_connections set method = 'api_key' where id = ${one?.id}`)
    await database.asOwner(`update mcp_connections set status = 'needs_reauthorization' where id = ${other?.id}`)
    await revoke(shared, credential)
    expect(last()).toBe('grant')
  })

  it('is no more than the tokens where the account is not known', async () => {
    await revoke({ ...shared, account_id: null }, credential)
    expect(last()).toBe('tokens')
  })
})
