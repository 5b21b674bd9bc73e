import { randomBytes } from 'node:crypto'
import { readJsonIfThere, writePrivateJson } from './private-file.ts'

/** A demo user, known to the server and to whoever reads `demo.json`. */
export interface DemoUser {
  readonly name: string
  readonly email: string
  readonly password: string
  readonly apiToken: string
}

export interface Profile {
  readonly name: string
  readonly email: string
}

/** What is kept of a user between two demos on one data directory. */
interface Kept {
  readonly password: string
  readonly apiToken?: string
}

/** 144 bits: random for each data directory, so that no demo that is left open has a password that somebody knows. */
const PASSWORD_BYTES = 18

/**
 * The demo's users with a token each, made through the public API where they are not there yet.
 * @param path file that keeps passwords and tokens
 * @throws Error where the server refuses, for example because the file was lost and the users were not
 */
export async function ensureUsers(baseUrl: string, path: string, profiles: readonly Profile[]): Promise<DemoUser[]> {
  const kept = (readJsonIfThere(path) ?? {}) as Record<string, Kept>
  const users: DemoUser[] = []
  // One after the other: the first to sign up owns the instance.
  for (const profile of profiles) {
    const password = kept[profile.email]?.password ?? randomBytes(PASSWORD_BYTES).toString('base64url')
    const isNew = kept[profile.email] === undefined
    // Kept before it is used: a demo that is stopped in between finds its user again.
    kept[profile.email] = { ...kept[profile.email], password }
    if (isNew) writePrivateJson(path, kept)
    const apiToken = await ensureToken(baseUrl, profile, kept[profile.email] as Kept)
    kept[profile.email] = { password, apiToken }
    users.push({ ...profile, password, apiToken })
  }
  writePrivateJson(path, kept)
  return users
}

async function ensureToken(baseUrl: string, { name, email }: Profile, { password, apiToken }: Kept): Promise<string> {
  if (apiToken !== undefined && (await isValid(baseUrl, apiToken))) return apiToken
  const session =
    (await post(baseUrl, '/api/auth/sign-up/email', { name, email, password })) ??
    (await post(baseUrl, '/api/auth/sign-in/email', { email, password }))
  if (session === null) {
    throw new Error(
      `The demo cannot sign in as ${email}: the data directory holds that user with another password. ` +
        'Remove the directory, or set CHAVEIRO_DATA_DIR to another one.',
    )
  }
  const created = await post(baseUrl, '/api/tokens', { name: 'demo', expires_in_days: null }, session.token)
  if (created === null) throw new Error(`The demo cannot make an API token for ${email}.`)
  return created.token
}

async function isValid(baseUrl: string, apiToken: string): Promise<boolean> {
  const response = await fetch(`${baseUrl}/api/me`, { headers: { authorization: `Bearer ${apiToken}` } })
  await response.arrayBuffer()
  return response.ok
}

/** @returns what was answered, or null where the server refuses (4xx) */
async function post(baseUrl: string, path: string, body: object, token?: string): Promise<{ token: string } | null> {
  const response = await fetch(baseUrl + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (response.ok) return JSON.parse(text) as { token: string }
  if (response.status >= FIRST_SERVER_ERROR) throw new Error(`${path} answered ${response.status}: ${text}`)
  return null
}

const FIRST_SERVER_ERROR = 500
