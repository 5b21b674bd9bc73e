import { beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, loadSeed, type Emulator, type NewIntegration } from '../src/index.ts'
import {
  AURORA_BOT,
  AURORA_CLIENTS,
  AURORA_HOME,
  NOBODY,
  paragraph,
  raw,
  testEmulator,
  title,
} from './support/emulator.ts'
import { ANA, CALLBACK, credentialsOf, post, visit, authorizePath } from './support/oauth.ts'

const AURORA = '995e1da0-dad0-4bf6-aa3a-dfbea098e740'
const BOREAL_HOME = 'b85873b2-07ef-409e-b8f2-915a1006ea43'
const BOREAL_ANA = 'fd5688ef-6ed5-47b3-bcb6-1510668df6a7'

let emulator: Emulator

beforeEach(() => {
  emulator = testEmulator('two-tenants')
})

describe('a world made by the control functions alone', () => {
  it('has a workspace, a person, an integration and an install that the API answers for', () => {
    const { control, ...rest } = createEmulator()
    const workspace = control.createWorkspace({ name: 'Nova', plan: 'plus' })
    const person = control.createUser({ workspaceId: workspace.id, name: 'Eva', email: 'eva@nova.example' })
    const integration = control.createIntegration({ name: 'Bot', kind: 'internal', homeWorkspace: workspace.id })
    const made = control.actAs(person.id, {
      method: 'POST',
      path: '/v1/pages',
      body: { parent: { workspace: true }, properties: { title: title('Home') } },
    })
    const { id } = made.body as { id: string }
    const install = control.install({ integrationId: integration.id, workspaceId: workspace.id })
    expect(install).toEqual({ botId: expect.any(String), accessToken: expect.any(String), refreshToken: null })
    const world: Emulator = { control, ...rest }
    const token = install.accessToken
    expect(raw(world, `GET /v1/pages/${id}`, { token }).body).toMatchObject({ created_by: { id: person.id } })
    expect(raw(world, 'GET /v1/users', { token }).body['results']).toMatchObject([
      { id: person.id, type: 'person', person: { email: 'eva@nova.example' } },
      { id: install.botId, type: 'bot', name: 'Bot', bot: { workspace_name: 'Nova', owner: { type: 'workspace' } } },
    ])
    expect(control.users().map(({ name }) => name)).toEqual(['Eva', 'Bot'])
  })

  it('forgets it all with a reset, and its tokens with it', () => {
    const { id } = emulator.control.createIntegration({ name: 'Extra', kind: 'public', redirectUris: [CALLBACK] })
    const { accessToken } = emulator.control.install({ integrationId: id, workspaceId: AURORA, userId: ANA })
    expect(raw(emulator, 'GET /v1/users/me', { token: accessToken }).status).toBe(200)
    emulator.control.reset()
    expect(raw(emulator, 'GET /v1/users/me', { token: accessToken }).status).toBe(401)
    expect(emulator.control.integrations().some((integration) => integration.id === id)).toBe(false)
  })
})

describe('integrations', () => {
  it('of a seed are one per name when public, and one per workspace when internal', () => {
    const summaries = emulator.control.integrations().map(({ name, kind, botIds }) => [name, kind, botIds.length])
    expect(summaries).toEqual([
      ['Agent platform', 'public', 6],
      ['Agent platform internal', 'internal', 1],
      ['Agent platform internal', 'internal', 1],
    ])
    for (const { kind, clientId, clientSecret, homeWorkspace } of emulator.control.integrations()) {
      expect([typeof clientId, typeof clientSecret, typeof homeWorkspace]).toEqual(
        kind === 'public' ? ['string', 'string', 'undefined'] : ['undefined', 'undefined', 'string'],
      )
    }
    expect(credentialsOf(emulator).client_secret).toMatch(/^secret_[A-Za-z0-9]{43}$/)
    expect(credentialsOf(testEmulator('tenant-boreal'))).toEqual(credentialsOf(emulator))
  })

  it.each(['demo', 'tenant-aurora', 'tenant-boreal', 'two-tenants', 'large'])(
    'of the seed %s can be tried at once',
    (seed) => {
      const fresh = testEmulator(seed)
      const found = fresh.control.integrations().filter(({ kind }) => kind === 'public')
      expect(found).toMatchObject([{ name: 'Agent platform', redirectUris: [CALLBACK] }])
      expect(found[0]?.capabilities).toContain('read_content')
      expect(visit(fresh, authorizePath(fresh)).status).toBe(200)
    },
  )

  it('of a seed have the credentials and addresses that it says, those of all seeds together', () => {
    const seed = (id: string, more: object) =>
      loadSeed({
        format: 'notion-seed/1',
        workspace: { id, name: id },
        users: [],
        integrations: [{ name: 'Mine', kind: 'public', ...more }],
        installs: [],
        pages: [],
      })
    const fresh = createEmulator({
      seeds: [
        seed('one', { client_id: 'mine', client_secret: 'hush', redirect_uris: [CALLBACK] }),
        seed('two', { redirect_uris: [CALLBACK, 'app://back'], capabilities: [] }),
      ],
    })
    expect(fresh.control.integrations()).toMatchObject([
      { name: 'Mine', clientId: 'mine', clientSecret: 'hush', redirectUris: [CALLBACK, 'app://back'] },
    ])
    expect(fresh.control.integrations()[0]?.capabilities).toHaveLength(6)
  })

  it('keep their credentials when they change', () => {
    const { id, clientId, clientSecret } = emulator.control.createIntegration({
      name: 'Mine',
      kind: 'public',
      clientId: 'my-client',
      clientSecret: 'my-secret',
    })
    const changed = emulator.control.changeIntegration(id, { name: 'Renamed', redirectUris: [CALLBACK] })
    expect(changed).toMatchObject({ id, name: 'Renamed', clientId, clientSecret, redirectUris: [CALLBACK] })
    const mine = { client_id: 'my-client', client_secret: 'my-secret' }
    expect(post(emulator, 'introspect', { token: 'x' }, mine).status).toBe(200)
    expect(visit(emulator, authorizePath(emulator, { client_id: 'my-client' })).body).toContain('Renamed')
  })

  it.each([
    ['an internal one without a home', { kind: 'internal' }],
    ['an internal one of no workspace', { kind: 'internal', homeWorkspace: NOBODY }],
    ['a public one with a home', { kind: 'public', homeWorkspace: AURORA }],
    ['one that is there', { kind: 'internal', homeWorkspace: AURORA, id: 'taken' }],
    ['a path to return to', { kind: 'public', redirectUris: ['/callback'] }],
    ['a fragment to return to', { kind: 'public', redirectUris: [CALLBACK, `${CALLBACK}#there`] }],
    ['a space to return to', { kind: 'public', redirectUris: [`${CALLBACK} b`] }],
    ['a header to return to', { kind: 'public', redirectUris: [`${CALLBACK}\r\nset-cookie: a=b`] }],
  ] as [string, Omit<NewIntegration, 'name'>][])('are refused: %s', (_name, draft) => {
    const before = emulator.control.createIntegration({ id: 'taken', name: 'Taken', kind: 'public' })
    expect(() => emulator.control.createIntegration({ name: 'X', ...draft })).toThrow(RangeError)
    expect(emulator.control.integrations().at(-1)).toEqual(before)
  })
})

describe('installs', () => {
  const publicId = () => emulator.control.integrations().find(({ kind }) => kind === 'public')?.id ?? ''

  it('are changed when their owner has one already, and see what they are given', () => {
    const draft = { integrationId: publicId(), workspaceId: AURORA, userId: ANA }
    const { botId, accessToken: token, refreshToken } = emulator.control.install({ ...draft, roots: [AURORA_CLIENTS] })
    expect(emulator.control.installs()).toHaveLength(8)
    const status = (id: string): number => raw(emulator, `GET /v1/pages/${id}`, { token }).status
    expect([status(AURORA_CLIENTS), status(AURORA_HOME), status(BOREAL_HOME)]).toEqual([200, 404, 404])
    const body = { grant_type: 'refresh_token', refresh_token: refreshToken }
    expect(post(emulator, 'token', body).body).toMatchObject({ bot_id: botId })
    emulator.control.install({ ...draft, capabilities: ['insert_content'] })
    expect(status(AURORA_HOME)).toBe(200)
    expect(raw(emulator, 'POST /v1/search', { token, body: {} }).status).toBe(403)
  })

  it('are refused where they do not fit', () => {
    const internal = emulator.control.integrations().find(({ homeWorkspace }) => homeWorkspace === AURORA)?.id ?? ''
    const boreal = emulator.control.workspaces().at(-1)?.id ?? ''
    const unfit = [
      { integrationId: NOBODY, workspaceId: AURORA, userId: ANA },
      { integrationId: publicId(), workspaceId: NOBODY, userId: ANA },
      { integrationId: publicId(), workspaceId: AURORA },
      { integrationId: publicId(), workspaceId: AURORA, userId: AURORA_BOT },
      { integrationId: publicId(), workspaceId: AURORA, userId: BOREAL_ANA },
      { integrationId: publicId(), workspaceId: AURORA, userId: ANA, roots: [BOREAL_HOME] },
      { integrationId: internal, workspaceId: boreal },
    ]
    for (const draft of unfit) expect(() => emulator.control.install(draft)).toThrow(RangeError)
    expect(emulator.control.installs()).toHaveLength(8)
  })

  it('that are removed answer 401, whatever token is made for them', () => {
    const before = emulator.control.mintToken(AURORA_BOT)
    emulator.control.uninstall(AURORA_BOT)
    const after = emulator.control.mintToken(AURORA_BOT)
    for (const token of [before, after]) expect(raw(emulator, 'GET /v1/users/me', { token }).status).toBe(401)
    expect(() => emulator.control.uninstall(NOBODY)).toThrow(RangeError)
  })
})

describe('a person who acts', () => {
  const act = (edit: Parameters<Emulator['control']['actAs']>[1]) => emulator.control.actAs(ANA, edit)

  it('is the author of what is made and changed, and reaches the whole workspace and nothing else', () => {
    const made = act({ method: 'POST', path: '/v1/pages', body: { parent: { page_id: AURORA_CLIENTS } } })
    expect(made).toMatchObject({ status: 200, body: { created_by: { id: ANA }, last_edited_by: { id: ANA } } })
    act({ method: 'PATCH', path: `/v1/blocks/${AURORA_HOME}/children`, body: { children: [paragraph('Olá')] } })
    expect(raw(emulator, `GET /v1/pages/${AURORA_HOME}`).body['last_edited_by']).toEqual({ object: 'user', id: ANA })
    expect(act({ method: 'GET', path: `/v1/pages/${BOREAL_HOME}` })).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining('shared with your integration "Ana Souza"') as string },
    })
  })

  it('comments under the own name', () => {
    const body = { parent: { page_id: AURORA_HOME }, rich_text: [{ text: { content: 'Bom dia' } }] }
    expect(act({ method: 'POST', path: '/v1/comments', body }).body).toMatchObject({
      created_by: { id: ANA },
      display_name: { type: 'user', resolved_name: 'Ana Souza' },
    })
    const { body: seen } = raw(emulator, `GET /v1/comments?block_id=${AURORA_HOME}`)
    expect(JSON.stringify(seen)).toContain('Bom dia')
  })

  it('needs no token, is no bot, and is counted by no limit', () => {
    emulator.control.setLimits({ enabled: true, limit: 0, workspaceLimit: 0, searchLimit: 0 })
    expect(act({ method: 'GET', path: '/v1/users/me' })).toMatchObject({
      status: 200,
      body: { id: ANA, type: 'person', person: { email: 'ana@aurora.example' } },
    })
    expect(act({ method: 'POST', path: '/v1/search' }).status).toBe(200)
    expect(raw(emulator, 'GET /v1/users/me').status).toBe(429)
    expect(emulator.control.installs()).toHaveLength(8)
  })

  it('is refused as the API refuses, and must be there', () => {
    expect(act({ method: 'POST', path: '/v1/pages', body: {}, version: '2025-09-03' })).toMatchObject({
      status: expect.any(Number) as number,
    })
    expect(act({ method: 'PATCH', path: `/v1/pages/${AURORA_HOME}`, body: { icon: 1 } })).toMatchObject({
      status: 400,
      body: { code: 'validation_error' },
    })
    expect(() => emulator.control.actAs(NOBODY, { method: 'GET', path: '/v1/users/me' })).toThrow(RangeError)
    expect(() => emulator.control.actAs(AURORA_BOT, { method: 'GET', path: '/v1/users/me' })).toThrow(RangeError)
  })
})

describe('settings', () => {
  it('are shown as they are, and change one by one', () => {
    emulator.control.configure({ accessTtlMs: 5000 })
    emulator.control.configure({ oauthErrorBody: 'oauth' })
    expect(emulator.control.settings()).toMatchObject({
      accessTtlMs: 5000,
      oauthErrorBody: 'oauth',
      codeTtlMs: 600_000,
    })
    emulator.control.configure({ accessTtlMs: null })
    expect(emulator.control.settings().accessTtlMs).toBeNull()
  })

  it('are refused by name when there is no such one, or its value is of another kind', () => {
    for (const wrong of [{ accessTTL: 5 }, { accessTtlMs: '5' }, { oauthErrorBody: 'none' }, { consentByQuery: 1 }]) {
      const [name = ''] = Object.keys(wrong)
      expect(() => emulator.control.configure(wrong as object)).toThrow(name)
    }
    expect(() => emulator.control.setLimits({ enabled: 'yes' } as object)).toThrow('enabled')
    expect(emulator.control.settings()).toEqual(testEmulator('empty').control.settings())
  })
})
