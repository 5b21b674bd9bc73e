import { Client, LogLevel } from '@notionhq/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Emulator, RunningServer } from '../src/index.ts'
import { AURORA_ANA, AURORA_BOT, AURORA_CLIENTS, AURORA_HOME, NOBODY, testEmulator } from './support/emulator.ts'
import { ANA, CALLBACK, authorizePath, codeFor, credentialsOf } from './support/oauth.ts'

const SECRET = 'control-secret'
const AURORA = '995e1da0-dad0-4bf6-aa3a-dfbea098e740'

let emulator: Emulator
let server: RunningServer

beforeEach(async () => {
  emulator = testEmulator('two-tenants')
  server = await emulator.listen({ controlPort: 0, controlSecret: SECRET })
})

afterEach(async () => {
  await server.close()
})

interface Answer {
  status: number
  body: Record<string, unknown>
}

async function control(target: string, body?: unknown): Promise<Answer> {
  const [method = 'GET', path = ''] = target.split(' ')
  const response = await fetch(`${server.controlUrl ?? ''}${path}`, {
    method,
    headers: { authorization: `Bearer ${SECRET}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function me(token: unknown): Promise<number> {
  const headers = { authorization: `Bearer ${String(token)}`, 'notion-version': '2026-03-11' }
  return (await fetch(`${server.url}/v1/users/me`, { headers })).status
}

describe('OAuth over HTTP', () => {
  it.each(['', '/behind/a/prefix'])('goes from the first page to a working client at "%s"', async (prefix) => {
    const notion = new Client({
      notionVersion: '2026-03-11',
      baseUrl: server.url + prefix,
      retry: false,
      logLevel: LogLevel.ERROR,
    })
    const start = server.url + prefix + authorizePath(emulator)
    const first = await (await fetch(start)).text()
    const link = /href="([^"]*)"[^>]*>Ana Souza</.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
    // The form has no address of its own, so a browser sends it where it stands.
    const formAddress = new URL(link, start)
    const form = await (await fetch(formAddress)).text()
    expect(form).toMatch(/<form method="post">/)
    const body = new URLSearchParams([
      ['person', /name="person" value="([^"]+)"/.exec(form)?.[1] ?? ''],
      ['roots', AURORA_CLIENTS],
      ['decision', 'allow'],
    ])
    const answer = await fetch(formAddress, { method: 'POST', body, redirect: 'manual' })
    expect(answer.status).toBe(302)
    const back = new URL(answer.headers.get('location') ?? '')
    expect([back.origin + back.pathname, back.searchParams.get('state')]).toEqual([CALLBACK, 'xyz'])

    const credentials = credentialsOf(emulator)
    const tokens = await notion.oauth.token({
      ...credentials,
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      redirect_uri: CALLBACK,
    })
    expect(tokens).toMatchObject({ bot_id: AURORA_ANA, workspace_id: AURORA })
    const auth = tokens.access_token
    expect(await notion.pages.retrieve({ auth, page_id: AURORA_CLIENTS })).toMatchObject({ id: AURORA_CLIENTS })
    await expect(notion.pages.retrieve({ auth, page_id: AURORA_HOME })).rejects.toMatchObject({ status: 404 })
    await notion.oauth.revoke({ ...credentials, token: auth })
    expect(await me(auth)).toBe(401)
  })

  it('answers a refusal with JSON for programs and a page for people', async () => {
    const page = await fetch(`${server.url}/v1/oauth/authorize?client_id=${NOBODY}`, { redirect: 'manual' })
    expect([page.status, page.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8'])
    const token = await fetch(`${server.url}/v1/oauth/token`, { method: 'POST', body: '{}' })
    expect([token.status, token.headers.get('content-type')]).toEqual([401, 'application/json; charset=utf-8'])
    expect(token.headers.get('x-notion-request-id')).toBe(((await token.json()) as { request_id: string }).request_id)
  })

  it('has one winner among many who refresh at once', async () => {
    const { client_id, client_secret } = credentialsOf(emulator)
    const ask = async (body: object) =>
      await fetch(`${server.url}/v1/oauth/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}` },
        body: JSON.stringify(body),
      })
    const code = codeFor(emulator)
    const first = await ask({ grant_type: 'authorization_code', code, redirect_uri: CALLBACK })
    const { refresh_token } = (await first.json()) as { refresh_token: string }
    const answers = await Promise.all(
      Array.from({ length: 5 }, async () => await ask({ grant_type: 'refresh_token', refresh_token })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(4)
  })
})

describe('the control plane over HTTP', () => {
  it('makes a workspace, a person, a page of theirs, an integration and an install', async () => {
    const workspace = await control('POST /workspaces', { name: 'Nova' })
    const person = await control('POST /users', { workspace_id: workspace.body['id'], name: 'Eva' })
    const edit = { method: 'POST', path: '/v1/pages', body: { parent: { workspace: true } } }
    const made = await control('POST /act-as', { user: person.body['id'], op: edit })
    expect(made.body).toMatchObject({ status: 200, body: { created_by: { id: person.body['id'] } } })
    const integration = await control('POST /integrations', { name: 'Bot', kind: 'public', redirect_uris: [CALLBACK] })
    const install = await control('POST /installs', {
      integration_id: integration.body['id'],
      workspace_id: workspace.body['id'],
      user_id: person.body['id'],
      capabilities: ['read_content'],
    })
    expect(await me(install.body['accessToken'])).toBe(200)
    const { users } = (await control('GET /users')).body as { users: { name: string }[] }
    expect(users.slice(-2).map(({ name }) => name)).toEqual(['Eva', 'Bot'])
    expect((await control(`DELETE /installs/${String(install.body['botId'])}`)).status).toBe(200)
    expect(await me(install.body['accessToken'])).toBe(401)
  })

  it('shows integrations with what OAuth needs, and changes where they return to', async () => {
    const { integrations } = (await control('GET /integrations')).body as { integrations: Record<string, unknown>[] }
    const { client_id: clientId, client_secret: clientSecret } = credentialsOf(emulator)
    expect(integrations[0]).toMatchObject({ kind: 'public', clientId, clientSecret, redirectUris: [CALLBACK] })
    const id = String(integrations[0]?.['id'])
    const changed = await control(`PATCH /integrations/${id}`, { redirect_uris: ['http://localhost:9/x'] })
    expect(changed.body).toMatchObject({ id, clientSecret, redirectUris: ['http://localhost:9/x'] })
    expect((await fetch(server.url + authorizePath(emulator))).status).toBe(400)
  })

  it('lets tokens expire, one or all of an install', async () => {
    const [first, second] = [emulator.control.mintToken(AURORA_BOT), emulator.control.mintToken(AURORA_BOT)]
    expect((await control('POST /tokens/expire', { token: first })).body).toEqual({ found: true })
    expect([await me(first), await me(second)]).toEqual([401, 200])
    expect((await control('POST /tokens/expire', { bot_id: AURORA_BOT })).body).toEqual({ found: 1 })
    expect(await me(second)).toBe(401)
  })

  it('switches consent without the page on, shows settings and grants', async () => {
    const path = `${server.url}${authorizePath(emulator)}&emulator_user=${ANA}`
    expect((await fetch(path, { redirect: 'manual' })).status).toBe(400)
    expect((await control('POST /settings', { consentByQuery: true })).body).toMatchObject({ consentByQuery: true })
    expect((await fetch(path, { redirect: 'manual' })).status).toBe(302)
    expect((await control('GET /settings')).body).toMatchObject({ consentByQuery: true, accessTtlMs: null })
    await control('POST /grants', { bot_id: AURORA_BOT, roots: [AURORA_CLIENTS], readonly_roots: [] })
    expect(emulator.control.installs()[0]?.roots).toEqual([AURORA_CLIENTS])
  })

  it.each([
    ['POST /workspaces', {}, 'name'],
    ['POST /users', { workspaceId: NOBODY, name: 'X' }, NOBODY],
    ['POST /users', { workspace_id: AURORA, name: 'X', membership: 'king' }, 'membership'],
    ['POST /integrations', { name: 'X', kind: 'secret' }, 'kind'],
    ['POST /integrations', { name: 'X', kind: 'public', redirect_uri: CALLBACK }, 'redirectUri'],
    [`PATCH /integrations/${NOBODY}`, { name: 'X' }, NOBODY],
    ['POST /installs', { integration_id: NOBODY, workspace_id: AURORA }, NOBODY],
    [`DELETE /installs/${NOBODY}`, undefined, NOBODY],
    ['POST /act-as', { user: ANA }, 'op'],
    ['POST /act-as', { user: ANA, op: { method: 'PUT', path: '/v1/pages' } }, 'method'],
    ['POST /act-as', { user: NOBODY, op: { method: 'GET', path: '/v1/users/me' } }, NOBODY],
    ['POST /settings', { unknown: 1 }, 'unknown'],
    ['POST /limits', { limit: 'many' }, 'limit'],
    ['POST /grants', { bot_id: AURORA_BOT, roots: 'all' }, 'roots'],
    ['POST /tokens/expire', { token: 'x', milliseconds: 'soon' }, 'milliseconds'],
    ['POST /clock', { advance: 'far' }, 'advance'],
  ])('refuses %s with %j and names what is wrong', async (target, body, named) => {
    const answer = await control(target, body)
    expect(answer.status).toBe(400)
    expect(answer.body['error']).toContain(named)
  })

  it('knows no action by the name of something else', async () => {
    for (const target of ['GET /users/me/more', 'GET /constructor', 'GET /', 'PUT /users', 'POST /tokens/revoke/x']) {
      expect((await control(target, target.startsWith('GET') ? undefined : {})).status).toBe(404)
    }
  })
})
