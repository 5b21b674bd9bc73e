import { timingSafeEqual } from 'node:crypto'
import type { RequestListener } from 'node:http'
import type { Control, GrantChange } from '../control/control.ts'
import type { Fault } from '../control/faults.ts'
import type { RateLimitSettings, Settings } from '../core/settings.ts'
import { tokenHash } from '../core/tokens.ts'
import { builtinSeed } from '../seeds/builtin.ts'
import type { Seed } from '../seeds/format.ts'
import { loadSeed } from '../seeds/load.ts'
import { isObject } from '../validation/check.ts'
import { readBody } from './body.ts'

type Body = Record<string, unknown>
type Action = (control: Control, body: Body, rest: string) => unknown

/** What the control plane does, by method and first part of the path. */
const ACTIONS: Record<string, Action> = {
  'GET /installs': (control) => ({ installs: control.installs() }),
  'GET /workspaces': (control) => ({ workspaces: control.workspaces() }),
  'POST /workspaces': (control, body) => {
    control.addWorkspace(loadSeed(body['seed']))
    return { workspaces: control.workspaces() }
  },
  'GET /requests': (control) => ({ requests: control.requests() }),
  'GET /state': (control, _body, id) => control.stateOf(id),
  'POST /reset': (control, body) => {
    control.reset(seedsOf(body['seed']))
    return { installs: control.installs() }
  },
  'POST /tokens': (control, body) => ({
    token: control.mintToken(text(body, 'bot_id'), typeof body['fixed'] === 'string' ? body['fixed'] : undefined),
  }),
  'POST /revoke': (control, body) => ({ revoked: control.revokeToken(text(body, 'token')) }),
  'POST /expire': (control, body) => ({
    found: control.expireToken(text(body, 'token'), Number(body['milliseconds'] ?? 0)),
  }),
  'POST /grants': (control, body) => {
    control.grant(text(body, 'bot_id'), grantOf(body))
    return { installs: control.installs() }
  },
  'POST /faults': (control, body) => {
    control.injectFault(body as unknown as Fault)
    return {}
  },
  'DELETE /faults': (control) => {
    control.clearFaults()
    return {}
  },
  'DELETE /requests': (control) => {
    control.clearRequests()
    return {}
  },
  'POST /limits': (control, body) => {
    control.setLimits(body as Partial<RateLimitSettings>)
    return {}
  },
  'POST /settings': (control, body) => {
    control.configure(body as Partial<Omit<Settings, 'rateLimit'>>)
    return {}
  },
  'POST /clock': (control, body) => ({ now: control.advanceClock(Number(body['advance'] ?? 0)) }),
}

/** Largest body of the control plane, in bytes: a seed of a small company fits. */
const MAX_CONTROL_BYTES = 1_000_000

/** Serves the control functions as JSON over HTTP, to whoever knows the secret. */
export function controlListener(control: Control, secret: string): RequestListener {
  return (incoming, outgoing) => {
    const reply = (status: number, body: unknown): void => {
      outgoing.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
      outgoing.end(JSON.stringify(body))
    }
    if (!knowsSecret(incoming.headers.authorization, secret)) {
      reply(401, { error: 'The control plane needs its bearer secret.' })
      return
    }
    readBody(incoming, MAX_CONTROL_BYTES)
      .then((body) =>
        reply(...perform(control, `${incoming.method ?? 'GET'} ${incoming.url ?? '/'}`, body.toString('utf8'))),
      )
      .catch((error: unknown) => reply(400, { error: error instanceof Error ? error.message : 'Bad request' }))
  }
}

function perform(control: Control, target: string, body: string): [status: number, body: unknown] {
  const match = /^(\w+ \/\w+)\/?([^?]*)/.exec(target)
  const action = ACTIONS[match?.[1] ?? '']
  if (action === undefined) return [404, { error: `No such control action. Known: ${Object.keys(ACTIONS).join(', ')}` }]
  const parsed: unknown = body === '' ? {} : JSON.parse(body)
  return [200, action(control, isObject(parsed) ? parsed : {}, match?.[2] ?? '')]
}

/** Compares digests, which are equally long whatever was sent. */
function knowsSecret(authorization: string | undefined, secret: string): boolean {
  const given = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? ''
  return timingSafeEqual(Buffer.from(tokenHash(given)), Buffer.from(tokenHash(secret)))
}

function text(body: Body, name: string): string {
  const value = body[name]
  if (typeof value !== 'string') throw new TypeError(`${name} must be a string.`)
  return value
}

function seedsOf(value: unknown): Seed[] | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string') return builtinSeed(value)
  return Array.isArray(value) ? value.map(loadSeed) : [loadSeed(value)]
}

function grantOf(body: Body): GrantChange {
  const list = (name: string): string[] | undefined => {
    const value = body[name]
    return Array.isArray(value) ? value.map(String) : undefined
  }
  const roots = list('roots')
  const readonlyRoots = list('readonly_roots')
  const capabilities = list('capabilities') as GrantChange['capabilities']
  return {
    ...(roots === undefined ? {} : { roots }),
    ...(readonlyRoots === undefined ? {} : { readonlyRoots }),
    ...(capabilities === undefined ? {} : { capabilities }),
  }
}
