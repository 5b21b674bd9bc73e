import { createEmulator, builtinSeed } from '@chaveiro/notion-emulator'
import { describe, expect, it } from 'vitest'
import { oauth } from './oauth.ts'

const API = 'https://api.notion.com'

describe('Notion’s OAuth', () => {
  it.each([
    [400, { object: 'error', code: 'invalid_grant' }, 'invalid_grant'],
    [401, { object: 'error', code: 'unauthorized' }, 'invalid_client'],
    [400, { error: 'invalid_grant', code: 'validation_error' }, 'invalid_grant'],
  ])('reads a refusal (%i, %j) as %s', (status, body, error) => {
    expect(oauth.normalizeAnswer?.({ status, body })).toMatchObject({ status, body: { error } })
  })

  it.each([[{ access_token: 'a' }], ['<html>'], [null]])('leaves %j as it is', (body) => {
    expect(oauth.normalizeAnswer?.({ status: 200, body })).toEqual({ status: 200, body })
  })

  it('ends both tokens, and says so only where Notion did', async () => {
    const emulator = createEmulator({ seeds: [builtinSeed('two-tenants')].flat() })
    emulator.control.configure({ consentByQuery: true })
    const redirectUri = 'https://keys.example.org/callback'
    const made = emulator.control.createIntegration({ name: 'Mine', kind: 'public', redirectUris: [redirectUri] })
    const app = { clientId: made.clientId ?? '', clientSecret: made.clientSecret ?? '' }
    const asked = new URLSearchParams({ client_id: app.clientId, redirect_uri: redirectUri, response_type: 'code' })
    asked.set('emulator_user', 'ana@aurora.example')
    const answer = await emulator.fetch(`${oauth.endpoints(API).authorization}?owner=user&state=x&${asked.toString()}`)
    if (answer.status !== 302) throw new Error(await answer.text())
    const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code')
    const basic = `Basic ${Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64')}`
    const send = (path: string, body: object) =>
      emulator.fetch(`${API}/v1/oauth/${path}`, {
        method: 'POST',
        headers: { authorization: basic, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    const redeemed = await send('token', { grant_type: 'authorization_code', code, redirect_uri: redirectUri })
    const credential = (await redeemed.json()) as Record<string, string>
    const isActive = async (token = '') =>
      ((await (await send('introspect', { token })).json()) as { active: boolean }).active
    expect(await isActive(credential['access_token'])).toBe(true)
    const access = {
      credential,
      app,
      extent: 'grant' as const,
      apiUrl: API,
      signal: new AbortController().signal,
      fetch: (input: string | URL | Request, init?: RequestInit) => emulator.fetch(input as string, init),
    }
    const wrong = await oauth.revoke?.({ ...access, app: { ...app, clientSecret: 'wrong' } })
    expect(wrong).toMatchObject({ ok: false, problem: { code: 'provider_unavailable' } })
    expect(await oauth.revoke?.(access)).toEqual({ ok: true, value: null })
    expect([await isActive(credential['access_token']), await isActive(credential['refresh_token'])]).toEqual([
      false,
      false,
    ])
  })
})
