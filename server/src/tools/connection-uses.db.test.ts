import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { createWholeApp, type TestUser, type WholeApp } from '#test/support/whole-app.ts'

describeOnEachEngine('who worked with a connection', (open) => {
  let database: TestDatabase
  let app: WholeApp
  let ana: TestUser
  let bruno: TestUser

  beforeAll(async () => {
    database = await open()
    app = await createWholeApp(database)
    ana = await app.signUp('Ana', 'ana@example.com')
    bruno = await app.signUp('Bruno', 'bruno@example.com')
  })
  afterAll(async () => {
    await app.close()
    await database.close()
  })

  /** A call, that many days ago. */
  const call = (
    { id }: TestUser,
    days: number,
    { connection = 7, agent = 'null', via = 'session', by = 'null' } = {},
  ) =>
    database.asOwner(`insert into tool_calls (user_id, tool, provider, connection_id, agent_id, via, via_id, arguments_digest, status, started_at)
      values (${id}, 'notion_list_users', 'notion', ${connection}, ${agent}, '${via}', ${by}, '', 'succeeded', now() - interval '${days} days')`)

  const usesOf = async ({ token }: TestUser) =>
    (await app.request('GET', '/api/mcp/connection-uses', { token })).json()['uses'] as Record<string, unknown>[]

  it('is told of the last thirty days, by agent, client, program and person, and of nobody else’s calls', async () => {
    await call(ana, 1)
    await call(ana, 2, { agent: '3' })
    await call(ana, 3, { agent: '3' })
    await call(ana, 4, { via: 'oauth_client', by: "'12'" })
    await call(ana, 4, { agent: '3', via: 'oauth_client', by: "'12'" })
    await call(ana, 5, { connection: 8, via: 'api_token', by: "'5'" })
    await call(ana, 6, { connection: 8, via: 'api_token', by: "'6'" })
    await call(ana, 7, { connection: 8, via: 'external_jwt', by: "'somebody'" })
    await call(ana, 31, { connection: 9 })
    await call(bruno, 1, { agent: '4' })
    const uses = await usesOf(ana)
    expect(uses.map(({ connection_id, kind, id, calls }) => [connection_id, kind, id, calls])).toEqual([
      [7, 'you', null, 1],
      [7, 'agent', '3', 3],
      [7, 'client', '12', 1],
      [8, 'token', '5', 1],
      [8, 'token', '6', 1],
      [8, 'token', null, 1],
    ])
    expect(await usesOf(bruno)).toMatchObject([{ connection_id: 7, kind: 'agent', id: '4', calls: 1 }])
  })
})
