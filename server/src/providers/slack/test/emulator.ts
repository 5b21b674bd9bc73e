import type { WebAPICallResult } from '@slack/web-api'
import type { BoundFetch } from '#providers/contract.ts'
import { Refusal, type Call, type IssuedToken } from './call.ts'
import { AuthorizationServer, ROTATING_LIFETIME_SECONDS, type Consent, type Mint } from './oauth.ts'
import { READ_METHODS } from './read-methods.ts'
import { seedWorkspaces, type Workspace } from './workspace.ts'
import { WRITE_METHODS } from './write-methods.ts'

/** Slack as far as the tools use it, in this process: for tests. No socket is opened. */

/** What happens to a request instead of an answer; `lost` carries it out and then breaks the connection. */
export type EmulatedFault =
  | 'broken'
  | 'lost'
  | 'hangs'
  | { readonly error: string; readonly needed?: string; readonly provided?: string }
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }

export interface SeenRequest {
  readonly method: string
  readonly given: Readonly<Record<string, string>>
  readonly token: string
  readonly url: string
}

const METHODS = { ...READ_METHODS, ...WRITE_METHODS }

export class SlackEmulator {
  readonly workspaces: readonly Workspace[]
  readonly seen: SeenRequest[] = []
  readonly authorization: AuthorizationServer
  /** Who sits before the page of OAuth. */
  consent: Consent
  readonly #tokens = new Map<string, IssuedToken>()
  readonly #ended = new Set<string>()
  readonly #faults = new Map<string, { readonly fault: EmulatedFault; left: number }>()
  #movedMs = 0
  #serial = 0

  constructor(workspaces: readonly Workspace[] = seedWorkspaces()) {
    this.workspaces = workspaces
    this.authorization = new AuthorizationServer((token, rotating) => this.#issue(token, rotating))
    this.consent = { workspace: firstOf(workspaces), user: 'U0ANA0001', allows: true }
  }

  /** A token of a user or bot. */
  mint(team: string, user: string, scopes: readonly string[], kind: 'user' | 'bot' = 'user'): string {
    return this.#issue({ team, user, scopes, kind }, false).value
  }

  revoke(token: string): void {
    this.#ended.add(token)
  }

  /** Those that are let in. */
  tokens(): readonly string[] {
    return [...this.#tokens.keys()].filter((token) => !this.#ended.has(token))
  }

  endTokens(): void {
    for (const token of this.#tokens.keys()) this.#ended.add(token)
  }

  /** The next requests of this method fail so. */
  fail(method: string, fault: EmulatedFault, times = 1): void {
    this.#faults.set(method, { fault, left: times })
  }

  /** Moves the clock. */
  pass(seconds: number): void {
    this.#movedMs += seconds * 1_000
  }

  readonly answer: BoundFetch = async (input, init) => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    if (url.pathname === '/oauth/v2/authorize') return this.authorization.authorize(url, this.consent)
    const method = url.pathname.replace(/^\/api\//, '')
    const given = Object.fromEntries(new URLSearchParams(await request.text()))
    const [scheme = '', token = ''] = (request.headers.get('authorization') ?? '').split(' ')
    this.seen.push({ method, given, token, url: request.url })
    const planned = this.#faults.get(method)
    const fault = planned !== undefined && planned.left > 0 ? planned.fault : undefined
    if (planned !== undefined) planned.left -= 1
    const respond = () =>
      answered(() =>
        method === 'oauth.v2.access'
          ? Response.json(this.authorization.access(given, scheme === 'Basic' ? decoded(token) : undefined))
          : this.#carryOut(method, token, given),
      )
    return fault === undefined ? respond() : failing(fault, respond, request.signal)
  }

  #now = (): Date => new Date(Date.now() + this.#movedMs)

  #issue(token: Parameters<Mint>[0], rotating: boolean): IssuedToken {
    const prefix = `${rotating ? 'xoxe.' : ''}xox${token.kind === 'user' ? 'p' : 'b'}`
    const expiresAt = rotating ? new Date(this.#now().getTime() + ROTATING_LIFETIME_SECONDS * 1_000) : undefined
    const issued = { ...token, value: `${prefix}-${(this.#serial += 1)}-emulated`, expiresAt }
    this.#tokens.set(issued.value, issued)
    return issued
  }

  #callFor(value: string, given: Readonly<Record<string, string>>): Call {
    const token = this.#tokens.get(value)
    if (value === '') throw new Refusal('not_authed')
    if (token === undefined) throw new Refusal('invalid_auth')
    if (this.#ended.has(value)) throw new Refusal('token_revoked')
    if (token.expiresAt !== undefined && token.expiresAt <= this.#now()) throw new Refusal('token_expired')
    const workspace = this.workspaces.find(({ id }) => id === token.team)
    if (workspace === undefined) throw new Refusal('account_inactive')
    const newStamp = () => {
      const micro = String((this.#serial += 1)).padStart(6, '0')
      return `${Math.floor(this.#now().getTime() / 1_000)}.${micro}`
    }
    return { workspace, token, given, now: this.#now, newStamp, revoke: () => this.#ended.add(value) }
  }

  #carryOut(method: string, value: string, given: Readonly<Record<string, string>>): Response {
    const known = METHODS[method]
    if (known === undefined) throw new Refusal('unknown_method')
    const call = this.#callFor(value, given)
    const needed = known.scopes(call)
    const provided = call.token.scopes.join(',')
    if (needed.length > 0 && !needed.some((scope) => call.token.scopes.includes(scope))) {
      throw new Refusal('missing_scope', { needed: needed.join(','), provided })
    }
    return Response.json(known.run(call), { headers: { 'x-oauth-scopes': provided } })
  }
}

function firstOf(workspaces: readonly Workspace[]): Workspace {
  const [first] = workspaces
  if (first === undefined) throw new Error('The emulator needs a workspace')
  return first
}

function decoded(basic: string): string {
  return Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent).join(':')
}

/** Slack refuses with status 200. */
function answered(respond: () => Response): Response {
  try {
    return respond()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return Response.json({ ok: false, error: error.error, ...error.more } satisfies WebAPICallResult & {
      error: string
    })
  }
}

async function failing(fault: EmulatedFault, respond: () => Response, signal: AbortSignal): Promise<Response> {
  if (fault === 'hangs') return hang(signal)
  if (fault === 'lost') respond()
  if (fault === 'broken' || fault === 'lost') throw new TypeError('fetch failed')
  if ('error' in fault) return Response.json({ ok: false, ...fault })
  return new Response(fault.body, { status: fault.status, headers: fault.headers ?? {} })
}

function hang(signal: AbortSignal): Promise<Response> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}
