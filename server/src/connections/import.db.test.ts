import { beforeEach, expect, it } from 'vitest'
import type { Principal } from '#kernel/principal.ts'
import { describeOnEachEngine } from '#test/support/database.ts'
import { principalOf, testVault, type TestHouse } from '#test/support/house.ts'
import { stageHouse } from '#test/support/house-stage.ts'
import { generateKeyText } from '#vault/keys.ts'
import { connect } from './connect.ts'
import { exportConnections } from './export.ts'
import { importConnections, type ImportedRow } from './import.ts'

describeOnEachEngine('moving connections in and out', (open) => {
  const stage = stageHouse(open)
  let house: TestHouse
  let owner: Principal
  let ana: Principal
  let bruno: Principal

  beforeEach(async () => {
    house = stage.house
    owner = principalOf(await stage.newUser('owner'))
    ana = principalOf(await stage.newUser('ana'))
    bruno = principalOf(await stage.newUser('bruno'))
    house.backend.accept('key-ana', { id: 'account-ana', label: 'Ana’s notes', notes: new Map([['1', 'ana']]) })
  })

  const bring = (...rows: ImportedRow[]) => importConnections(house.deps, owner, rows, 'request-1')
  /** A row as another deployment with the same key would have it. */
  function foreignRow(email: string, credential: Record<string, unknown> = { api_key: 'key-ana' }): ImportedRow {
    const context = { userId: 1, provider: 'elsewhere', connectionId: 1, version: 1 }
    return {
      user_email: email,
      provider: 'example',
      encrypted_credentials: house.deps.vault.seal(context, credential).token,
    }
  }
  const read = (principal: Principal) =>
    house.callTool(principal, { tool: 'example_read_note', arguments: { id: '1' }, confirmed: true })

  it('binds a row to its user, and its tools work', async () => {
    expect(await bring(foreignRow(stage.emailOf('ana')))).toMatchObject([{ outcome: 'imported' }])
    expect(await read(ana)).toMatchObject({ ok: true, value: { text: 'ana', connection: { label: 'Ana’s notes' } } })
  })

  it('takes a row with text that the database cannot hold', async () => {
    const row = { ...foreignRow(stage.emailOf('ana')), label: 'a\0', metadata: { note: 'b\0' } }
    expect(await bring(row)).toMatchObject([{ outcome: 'imported' }])
    expect(await read(ana)).toMatchObject({ ok: true, value: { connection: { label: 'a\uFFFD' } } })
  })

  it('imports nothing twice', async () => {
    const row = foreignRow(stage.emailOf('ana'))
    await bring(row)
    expect(await bring(row)).toMatchObject([{ outcome: 'exists' }])
  })

  it('keeps a row while the provider is away, and marks one that the provider refuses', async () => {
    house.backend.fault = 'down'
    expect(await bring(foreignRow(stage.emailOf('ana')))).toMatchObject([
      { outcome: 'imported', detail: expect.stringMatching(/unchecked/) },
    ])
    house.backend.fault = 'none'
    const refused = foreignRow(stage.emailOf('bruno'), { api_key: 'dead' })
    expect(await bring(refused)).toMatchObject([
      { outcome: 'imported', detail: expect.stringMatching(/connect again/) },
    ])
    expect(await read(bruno)).toMatchObject({ problem: { code: 'reauthorize' } })
  })

  it.each([
    ['an unknown provider', (row: ImportedRow) => ({ ...row, provider: 'nothing' }), /no provider/],
    ['an unknown user', (row: ImportedRow) => ({ ...row, user_email: 'nobody@example.com' }), /no user/],
    [
      'a token of another key',
      (row: ImportedRow) => ({ ...row, encrypted_credentials: sealedElsewhere() }),
      /None of the keys/,
    ],
    ['a token that is none', (row: ImportedRow) => ({ ...row, encrypted_credentials: 'gAAAAA' }), /None of the keys/],
  ])('refuses %s and goes on with the rest', async (_name, spoil, detail) => {
    const good = foreignRow(stage.emailOf('ana'))
    expect(await bring(spoil(good), good)).toMatchObject([
      { outcome: 'refused', detail: expect.stringMatching(detail) },
      { outcome: 'imported' },
    ])
  })

  it('refuses a credential without the field that the provider needs', async () => {
    const row = foreignRow(stage.emailOf('ana'), { token: 'x' })
    expect(await bring(row)).toMatchObject([{ outcome: 'refused', detail: expect.stringMatching(/no api_key/) }])
  })

  it('never binds one user’s sealed credential to another user', async () => {
    await connect(house.deps, ana, { provider: 'example', credential: { api_key: 'key-ana' } })
    const exported = await exportConnections(house.deps, owner, 'request-2')
    const stolen = exported.find((row) => row.user_email === stage.emailOf('ana'))
    const row = {
      ...foreignRow(stage.emailOf('bruno')),
      encrypted_credentials: stolen?.encrypted_credentials ?? '',
    }
    expect(await bring(row)).toMatchObject([{ outcome: 'refused', detail: expect.stringMatching(/another user/) }])
    expect(await read(bruno)).toMatchObject({ problem: { code: 'not_connected' } })
  })

  it('tells everyone whose connection was exported', async () => {
    await connect(house.deps, ana, { provider: 'example', credential: { api_key: 'key-ana' } })
    await exportConnections(house.deps, owner, 'request-3')
    const events = await stage.database.asOwner(
      `select user_id from audit_events where type = 'connection.exported' and request_id = 'request-3'`,
    )
    expect(events).toContainEqual({ user_id: ana.userId })
  })
})

function sealedElsewhere(): string {
  const context = { userId: 1, provider: 'elsewhere', connectionId: 1, version: 1 }
  return testVault(generateKeyText()).seal(context, { api_key: 'x' }).token
}
