import { Client, LogLevel } from '@notionhq/client'
import type { Emulator, EmulatorResponse } from '../../src/index.ts'

/** Where the built-in seeds let the public integration return to. */
export const CALLBACK = 'http://localhost:3000/callback'

/** Ana of Aurora: her install sees everything. */
export const ANA = 'b5468f5c-c230-4499-8a06-8da86c3c8ec4'

/** What a client of OAuth knows of itself. */
export interface Credentials {
  client_id: string
  client_secret: string
}

/** The credentials of the public integration with this name. */
export function credentialsOf(emulator: Emulator, name = 'Agent platform'): Credentials {
  const found = emulator.control.integrations().find((integration) => integration.name === name)
  return { client_id: found?.clientId ?? '', client_secret: found?.clientSecret ?? '' }
}

/** The path of an authorize address; null leaves a parameter out. */
export function authorizePath(emulator: Emulator, parameters: Record<string, string | null> = {}): string {
  const all = {
    client_id: credentialsOf(emulator).client_id,
    redirect_uri: CALLBACK,
    response_type: 'code',
    owner: 'user',
    state: 'xyz',
    ...parameters,
  }
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null)
  return `/v1/oauth/authorize?${new URLSearchParams(given).toString()}`
}

/** What a browser gets at an authorize address. */
export function visit(emulator: Emulator, path: string): EmulatorResponse {
  return emulator.handle({ method: 'GET', path, headers: {}, body: '' })
}

/** What a browser gets for the form of the page. */
export function submit(emulator: Emulator, path: string, fields: [string, string][]): EmulatorResponse {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return emulator.handle({ method: 'POST', path, headers, body: new URLSearchParams(fields).toString() })
}

/** What somebody agrees to. */
export interface Consent {
  person?: string
  roots?: string[]
  parameters?: Record<string, string | null>
}

/** Agrees on the page and gives the code that the client's address gets. */
export function codeFor(emulator: Emulator, { person = ANA, roots = [], parameters = {} }: Consent = {}): string {
  const fields: [string, string][] = [
    ['person', person],
    ...roots.map((root): [string, string] => ['roots', root]),
    ['decision', 'allow'],
  ]
  const answer = submit(emulator, authorizePath(emulator, parameters), fields)
  return new URL(answer.headers['location'] ?? '').searchParams.get('code') ?? ''
}

/** The official client in this process, with a token or without. */
export function officialClient(emulator: Emulator, auth?: string): Client {
  return new Client({
    ...(auth === undefined ? {} : { auth }),
    notionVersion: '2026-03-11',
    fetch: emulator.fetch,
    retry: false,
    logLevel: LogLevel.ERROR,
  })
}

/** Tokens as the official client gives them, for what somebody agreed to. */
export async function tokensFor(emulator: Emulator, consent: Consent = {}) {
  const code = codeFor(emulator, consent)
  return await officialClient(emulator).oauth.token({
    ...credentialsOf(emulator),
    grant_type: 'authorization_code',
    code,
    redirect_uri: CALLBACK,
  })
}

/** An answer of the token, introspect or revoke address. */
export interface OAuthAnswer {
  status: number
  body: Record<string, unknown>
}

/** One request as a client without a library sends it; null leaves the credentials out. */
export function post(
  emulator: Emulator,
  path: 'token' | 'introspect' | 'revoke',
  body: unknown,
  credentials: Credentials | null = credentialsOf(emulator),
): OAuthAnswer {
  const basic = Buffer.from(`${credentials?.client_id ?? ''}:${credentials?.client_secret ?? ''}`).toString('base64')
  const response = emulator.handle({
    method: 'POST',
    path: `/v1/oauth/${path}`,
    headers: {
      'content-type': 'application/json',
      ...(credentials === null ? {} : { authorization: `Basic ${basic}` }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, body: JSON.parse(response.body) as Record<string, unknown> }
}
