import { timingSafeEqual } from 'node:crypto'
import type { RequestListener } from 'node:http'
import type { Control } from '../control/control.ts'
import { tokenHash } from '../core/tokens.ts'
import { isObject } from '../validation/check.ts'
import { readBody } from './body.ts'
import { ACTIONS } from './control-actions.ts'

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
      .then((body) => perform(control, `${incoming.method ?? 'GET'} ${incoming.url ?? '/'}`, body.toString('utf8')))
      .then(([status, answer]) => reply(status, answer))
      .catch((error: unknown) => reply(400, { error: error instanceof Error ? error.message : 'Bad request' }))
  }
}

async function perform(control: Control, target: string, body: string): Promise<[status: number, body: unknown]> {
  const [path = ''] = target.split('?')
  // `POST /tokens/expire` is an action of its own, `DELETE /installs/<id>` is one with an id.
  const [name, id] = Object.hasOwn(ACTIONS, path) ? [path, ''] : splitAtId(path)
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
  if (action === undefined) return [404, { error: `No such control action. Known: ${Object.keys(ACTIONS).join(', ')}` }]
  const parsed: unknown = body === '' ? {} : JSON.parse(body)
  return [200, await action(control, isObject(parsed) ? parsed : {}, id)]
}

function splitAtId(path: string): [name: string, id: string] {
  const end = path.lastIndexOf('/')
  return [path.slice(0, end), path.slice(end + 1)]
}

/** Compares digests, which are equally long whatever was sent. */
function knowsSecret(authorization: string | undefined, secret: string): boolean {
  const given = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? ''
  return timingSafeEqual(Buffer.from(tokenHash(given)), Buffer.from(tokenHash(secret)))
}
