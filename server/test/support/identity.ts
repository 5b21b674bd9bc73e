import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import type { Audit, AuditEvent } from '../../src/audit/audit.ts'
import type { Database } from '../../src/db/database.ts'
import { createIdentity, type Identity } from '../../src/identity/identity.ts'
import type { IdentityOptions } from '../../src/identity/dependencies.ts'
import type { Passwords } from '../../src/identity/passwords.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { sendProblem, type AppEnv } from '../../src/kernel/http.ts'
import { createLimits } from '../../src/kernel/limits.ts'
import { jsonBodies } from '../../src/kernel/request.ts'
import { ProblemError, type Problem } from '../../src/kernel/problem.ts'

/** The identity routes on an app without a port, with everything that they told the audit and the log. */
export interface IdentityApp {
  readonly app: Hono<AppEnv>
  readonly identity: Identity
  readonly events: AuditEvent[]
  readonly logged: unknown[]
  readonly send: (method: string, path: string, options?: SendOptions) => Promise<Sent>
  readonly close: () => Promise<void>
}

export interface SendOptions {
  readonly body?: unknown
  readonly token?: string
  readonly headers?: Record<string, string>
  /** Of the caller; a documentation address by default. */
  readonly address?: string
}

export interface Sent {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown> & { code?: string; token?: string }
  readonly text: string
}

export const PUBLIC_URL = 'https://chaveiro.example'
export const TEST_SECRET = 'a test secret that is long enough for HMAC-SHA256'
const ADDRESS_HEADER = 'x-test-address'

export function createIdentityApp(database: Database, options: Partial<IdentityOptions> = {}): IdentityApp {
  const events: AuditEvent[] = []
  const logged: unknown[] = []
  const audit: Audit = {
    record: async (event) => {
      events.push(event)
    },
  }
  const note = (...parts: unknown[]) => void logged.push(parts)
  const limits = createLimits({ store: { kind: 'memory' }, onStoreError: note })
  const identity = createIdentity({
    database,
    audit,
    limits,
    clock: systemClock,
    log: { warn: note, error: note },
    signUpMode: 'open',
    publicUrl: PUBLIC_URL,
    authSecret: TEST_SECRET,
    passwords: QUICK_PASSWORDS,
    ...options,
  })
  const app = new Hono<AppEnv>()
  app.use(async (c, next) => {
    c.set('requestId', 'request-1')
    c.set('clientAddress', c.req.header(ADDRESS_HEADER) ?? '192.0.2.1')
    await next()
  })
  app.use(jsonBodies)
  app.onError((error, c) => {
    note(error)
    const problem: Problem =
      error instanceof ProblemError ? error.problem : { code: 'internal_error', detail: 'Unexpected' }
    return sendProblem(c, problem)
  })
  app.route('/', identity.routes())
  return {
    app,
    identity,
    events,
    logged,
    send: (method, path, sending) => send(app, method, path, sending),
    async close() {
      await identity.close()
      await limits.close()
    },
  }
}

async function send(app: Hono<AppEnv>, method: string, path: string, options: SendOptions = {}): Promise<Sent> {
  const { body, token, headers, address } = options
  const answer = await app.request(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(address === undefined ? {} : { [ADDRESS_HEADER]: address }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, text, body: parse(text) }
}

function parse(text: string): Sent['body'] {
  try {
    return JSON.parse(text) as Sent['body']
  } catch {
    return {} as Sent['body']
  }
}

/** No protection at all, but a thousand times faster than the real one: for tests that make many accounts. */
const QUICK_PASSWORDS: Passwords = {
  hash: async (password) => quickHash(password),
  verify: async ({ hash, password }) => hash === quickHash(password),
}

function quickHash(password: string): string {
  return createHash('sha256').update(`test:${password}`).digest('hex')
}

/** A cookie header from what an answer set. */
export function cookieOf(sent: Sent): string {
  return sent.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}
