import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { adjustableClock, createEmulator, type Emulator, type EmulatorResponse } from '../src/index.ts'
import {
  AURORA_BOT,
  AURORA_CLIENTS,
  AURORA_HOME,
  AURORA_TASKS_DATABASE,
  NOBODY,
  raw,
  testEmulator,
} from './support/emulator.ts'
import { ANA, CALLBACK, authorizePath, codeFor, post, submit, tokensFor, visit } from './support/oauth.ts'

const BOREAL_HOME = 'b85873b2-07ef-409e-b8f2-915a1006ea43'

let emulator: Emulator

beforeEach(() => {
  emulator = testEmulator('two-tenants')
})

const isPage = (response: EmulatorResponse): boolean =>
  response.headers['content-type'] === 'text/html; charset=utf-8' && response.headers['location'] === undefined

/** Where a redirect leads, its parameters in order. */
function destination(response: EmulatorResponse): [address: string, parameters: [string, string][]] {
  expect(response.status).toBe(302)
  const [address = '', search] = (response.headers['location'] ?? '').split('?')
  return [address, [...new URLSearchParams(search)]]
}

describe('the consent page', () => {
  it('asks who somebody is first, in every workspace', () => {
    const response = visit(emulator, authorizePath(emulator))
    expect([response.status, isPage(response)]).toEqual([200, true])
    expect(response.body).toContain('Agent platform asks for access')
    for (const text of ['Estúdio Aurora', 'Boreal Advocacia', 'ana@aurora.example', 'ana@boreal.example']) {
      expect(response.body).toContain(text)
    }
    expect(response.body).not.toContain('Agent platform internal')
  })

  it('then shows what can be shared in the workspace of that person, and where the answer goes', () => {
    const first = visit(emulator, authorizePath(emulator)).body
    const link = /href="(\?[^"]*)"[^>]*>Ana Souza</.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect(new URLSearchParams(link).get('person')).toBe(ANA)
    const response = visit(emulator, `/v1/oauth/authorize${link}`)
    expect(response.body).toContain('Agent platform asks for access to Estúdio Aurora')
    for (const text of [AURORA_HOME, AURORA_CLIENTS, AURORA_TASKS_DATABASE, 'Read pages and databases', CALLBACK]) {
      expect(response.body).toContain(text)
    }
    expect(response.body).not.toContain(BOREAL_HOME)
    expect(response.body).not.toMatch(/boreal/i)
  })

  it('has the roots of the last time chosen already', async () => {
    await tokensFor(emulator, { roots: [AURORA_CLIENTS] })
    const { body } = visit(emulator, authorizePath(emulator, { person: ANA }))
    const checked = [...body.matchAll(/value="([^"]+)"\s+checked/g)].map((match) => match[1])
    expect(checked).toEqual([AURORA_CLIENTS])
  })

  it('lists neither rows, templates nor what lies in the trash', () => {
    const token = emulator.control.mintToken(AURORA_BOT)
    raw(emulator, `PATCH /v1/pages/${AURORA_CLIENTS}`, { token, body: { in_trash: true } })
    const { body } = visit(emulator, authorizePath(emulator, { person: ANA }))
    const offered = [...body.matchAll(/name="roots"\s+value="([^"]+)"/g)].map((match) => match[1] ?? '')
    expect(offered).toContain(AURORA_HOME)
    for (const id of offered) {
      expect(emulator.control.stateOf(id)).toMatchObject({ inTrash: false })
      expect(emulator.control.stateOf(id)?.parent.type).not.toBe('data_source')
    }
    expect(offered).not.toContain(AURORA_CLIENTS)
    expect(offered).toHaveLength(new Set(offered).size)
  })

  it('says so when there is more than it lists', () => {
    const token = emulator.control.mintToken(AURORA_BOT)
    for (let count = 0; count < 500; count += 1) {
      raw(emulator, 'POST /v1/pages', { token, body: { parent: { page_id: AURORA_HOME } } })
    }
    const { body } = visit(emulator, authorizePath(emulator, { person: ANA }))
    expect([...body.matchAll(/name="roots"/g)]).toHaveLength(500)
    expect(body).toContain('There are more')
  })

  it('returns with a code and the state as it came, also where the address has a query already', () => {
    const state = 'a b&c=d"é\n+%00'
    const answer = submit(emulator, authorizePath(emulator, { state }), [
      ['person', ANA],
      ['roots', AURORA_HOME],
      ['decision', 'allow'],
    ])
    expect(destination(answer)).toEqual([
      CALLBACK,
      [
        ['code', expect.any(String)],
        ['state', state],
      ],
    ])
    const [integration] = emulator.control.integrations().filter(({ kind }) => kind === 'public')
    emulator.control.changeIntegration(integration?.id ?? '', { redirectUris: [`${CALLBACK}?tenant=1`] })
    const path = authorizePath(emulator, { state: null, redirect_uri: null })
    const other = submit(emulator, path, [
      ['person', ANA],
      ['decision', 'allow'],
    ])
    expect(destination(other)[1].map(([name]) => name)).toEqual(['tenant', 'code'])
  })

  it('returns with a refusal when somebody cancels, before or after they said who they are', () => {
    for (const fields of [[], [['person', ANA]]] as [string, string][][]) {
      const answer = submit(emulator, authorizePath(emulator), [...fields, ['decision', 'cancel']])
      expect(destination(answer)).toEqual([
        CALLBACK,
        [
          ['error', 'access_denied'],
          ['state', 'xyz'],
        ],
      ])
    }
  })

  it.each([
    ['nobody', [['decision', 'allow']]],
    [
      'a bot',
      [
        ['person', AURORA_BOT],
        ['decision', 'allow'],
      ],
    ],
    ['no decision', [['person', ANA]]],
    ...[BOREAL_HOME, NOBODY, 'nonsense', '7a6a8f71-054b-4df1-990e-3e99f4868d36'].map((root) => [
      `the root ${root}`,
      [
        ['person', ANA],
        ['roots', AURORA_HOME],
        ['roots', root],
        ['decision', 'allow'],
      ],
    ]),
  ] as [string, [string, string][]][])('takes no form with %s', (_name, fields) => {
    const answer = submit(emulator, authorizePath(emulator), fields)
    expect([answer.status, isPage(answer)]).toEqual([400, true])
  })
})

it('takes no form with a root that lies in the trash, by itself or with what is above it', () => {
  const token = emulator.control.mintToken(AURORA_BOT)
  raw(emulator, `PATCH /v1/pages/${AURORA_CLIENTS}`, { token, body: { in_trash: true } })
  for (const root of [AURORA_CLIENTS, 'c9c06cb3-51cc-4d15-a386-5cc179f4a503']) {
    const fields: [string, string][] = [
      ['person', ANA],
      ['roots', root],
      ['decision', 'allow'],
    ]
    expect(submit(emulator, authorizePath(emulator), fields).status).toBe(400)
  }
})

describe('an authorize address that leads nowhere', () => {
  it.each([
    ['without a client', { client_id: null }],
    ['of an unknown client', { client_id: NOBODY }],
    ['that returns elsewhere', { redirect_uri: 'https://evil.example/callback' }],
    ['that returns almost to the right address', { redirect_uri: `${CALLBACK}/` }],
    ['that returns below the right address', { redirect_uri: `${CALLBACK}/../evil` }],
    ['that returns with a query', { redirect_uri: `${CALLBACK}?x=1` }],
    ['that returns to nothing', { redirect_uri: '' }],
  ])('is one %s', (_name, parameters) => {
    const path = authorizePath(emulator, parameters)
    for (const response of [visit(emulator, path), submit(emulator, path, [['decision', 'cancel']])]) {
      expect([response.status, isPage(response)]).toEqual([400, true])
      expect(response.body).toMatch(/Missing or invalid (?:client_id|redirect_uri)\./)
    }
  })

  it.each(['client_id', 'redirect_uri', 'state'])('is one with two of %s', (name) => {
    const response = visit(emulator, `${authorizePath(emulator)}&${name}=${encodeURIComponent(CALLBACK)}`)
    expect([response.status, isPage(response)]).toEqual([400, true])
  })

  it('is one that names no address where several are registered', () => {
    const { clientId = '' } = emulator.control.createIntegration({
      name: 'Two',
      kind: 'public',
      redirectUris: [CALLBACK, 'app://back'],
    })
    const path = (redirect: string | null) => authorizePath(emulator, { client_id: clientId, redirect_uri: redirect })
    expect(visit(emulator, path(null)).status).toBe(400)
    expect(visit(emulator, path('app://back')).status).toBe(200)
  })

  it('is one of an integration without addresses, and of an internal one', () => {
    const bare = emulator.control.createIntegration({ name: 'Bare', kind: 'public' })
    const internal = emulator.control.integrations().find(({ kind }) => kind === 'internal')
    for (const clientId of [bare.clientId, internal?.clientId ?? '', internal?.id]) {
      expect(visit(emulator, authorizePath(emulator, { client_id: clientId ?? '' })).status).toBe(400)
    }
  })
})

describe('a client that asks for something else', () => {
  it.each([
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['no response type', { response_type: null }, 'invalid_request'],
    ['another owner', { owner: 'workspace' }, 'invalid_request'],
    ['no owner', { owner: null }, 'invalid_request'],
  ])('hears of %s at its own address', (_name, parameters, error) => {
    expect(destination(visit(emulator, authorizePath(emulator, parameters)))).toEqual([
      CALLBACK,
      [
        ['error', error],
        ['error_description', expect.stringMatching(/^(?:owner|response_type) must be /)],
        ['state', 'xyz'],
      ],
    ])
  })
})

describe('consent without the page', () => {
  const asked = { emulator_user: 'ana@aurora.example', emulator_roots: `${AURORA_CLIENTS},${AURORA_TASKS_DATABASE}` }
  const rootsOf = (response: EmulatorResponse): string[] | undefined => {
    const code = new URLSearchParams(response.headers['location']?.split('?')[1]).get('code')
    const { body } = post(emulator, 'token', { grant_type: 'authorization_code', code, redirect_uri: CALLBACK })
    return emulator.control.installs().find((install) => install.botId === body['bot_id'])?.roots
  }

  it('is refused until the control plane allows it', () => {
    const path = authorizePath(emulator, asked)
    expect([visit(emulator, path).status, isPage(visit(emulator, path))]).toEqual([400, true])
    emulator.control.configure({ consentByQuery: true })
    expect(rootsOf(visit(emulator, path))).toEqual([AURORA_CLIENTS, AURORA_TASKS_DATABASE])
    emulator.control.configure({ consentByQuery: false })
    expect(visit(emulator, path).status).toBe(400)
  })

  it('takes an id or an address for the person, and everything or nothing for the roots', () => {
    emulator.control.configure({ consentByQuery: true })
    const roots = (parameters: Record<string, string>) => rootsOf(visit(emulator, authorizePath(emulator, parameters)))
    expect(roots({ emulator_user: ANA })).toEqual([AURORA_HOME])
    expect(roots({ emulator_user: ANA, emulator_roots: '' })).toEqual([])
    expect(roots({ emulator_user: ANA, emulator_roots: AURORA_HOME.replaceAll('-', '') })).toEqual([AURORA_HOME])
  })

  it.each([
    ['an unknown person', { emulator_user: NOBODY }],
    ['nobody', { emulator_roots: AURORA_HOME }],
    ["a stranger's page", { emulator_user: ANA, emulator_roots: BOREAL_HOME }],
  ])('is refused with %s', (_name, parameters) => {
    emulator.control.configure({ consentByQuery: true })
    expect(visit(emulator, authorizePath(emulator, parameters)).status).toBe(400)
  })
})

describe('every page', () => {
  const NASTY = `"><script>alert('x')</script>&amp;<img src=x onerror=alert(1)>`

  it('shows names, titles and parameters as text, whatever they hold', () => {
    const fresh = createEmulator({ clock: adjustableClock(0) })
    const workspace = fresh.control.createWorkspace({ name: NASTY, icon: NASTY })
    const person = fresh.control.createUser({ workspaceId: workspace.id, name: NASTY, email: NASTY })
    const { clientId = '' } = fresh.control.createIntegration({
      name: NASTY,
      kind: 'public',
      redirectUris: [`https://x.example/'"<script>`],
    })
    const made = fresh.control.actAs(person.id, {
      method: 'POST',
      path: '/v1/pages',
      body: { parent: { workspace: true }, properties: { title: [{ text: { content: NASTY } }] } },
    })
    expect(made.status).toBe(200)
    const path = `/v1/oauth/authorize?${new URLSearchParams({ client_id: clientId, response_type: 'code', owner: 'user', state: NASTY }).toString()}`
    const pages = [visit(fresh, path), visit(fresh, `${path}&person=${person.id}`), visit(fresh, `${path}&state=`)]
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 400])
    expect(pages[1]?.body).toContain('&lt;script&gt;')
    for (const { body } of pages) {
      expect(body).not.toMatch(/<script|<img/i)
      expect(body.match(/<[^>]*\son\w+=/gi)).toBeNull()
    }
  })

  it('allows no script, no frame and nothing from elsewhere, and its style by hash only', () => {
    for (const path of [authorizePath(emulator), authorizePath(emulator, { client_id: null })]) {
      const { headers, body } = visit(emulator, path)
      const style = /<style>([\s\S]*?)<\/style>/.exec(body)?.[1] ?? ''
      const hash = createHash('sha256').update(style).digest('base64')
      expect(headers['content-security-policy']).toBe(
        `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; frame-ancestors 'none'`,
      )
      expect(headers['x-content-type-options']).toBe('nosniff')
    }
  })
})

describe('codes that nobody fetched', () => {
  it('are forgotten, and are then as unknown as any other', () => {
    const old = codeFor(emulator)
    emulator.control.advanceClock(600_000)
    codeFor(emulator)
    const body = { grant_type: 'authorization_code', code: old, redirect_uri: CALLBACK }
    expect(post(emulator, 'token', body)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })
})
