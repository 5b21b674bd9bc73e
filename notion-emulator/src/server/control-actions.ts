import type { GrantChange } from '../control/control.ts'
import { faultOfRequest } from '../control/fault-check.ts'
import { builtinSeed } from '../seeds/builtin.ts'
import type { Seed } from '../seeds/format.ts'
import { loadSeed } from '../seeds/load.ts'
import { array, optional, uuid } from '../validation/check.ts'
import { draftOf, duration, text, type Action } from './control-body.ts'
import { capabilities, TENANT_ACTIONS } from './control-tenants.ts'
import { WEBHOOK_ACTIONS } from './control-webhooks.ts'

const ids = optional(array(uuid))
const grantMembers = { botId: uuid, roots: ids, readonlyRoots: ids, capabilities }

/** What the control plane does, by method and path; what follows the path is an id. */
export const ACTIONS: Record<string, Action> = {
  ...TENANT_ACTIONS,
  ...WEBHOOK_ACTIONS,
  'GET /requests': (control) => ({ requests: control.requests() }),
  'DELETE /requests': (control) => {
    control.clearRequests()
    return {}
  },
  'GET /state': (control, _body, id) => control.stateOf(id),
  'POST /reset': (control, body) => {
    control.reset(seedsOf(body['seed']))
    return { installs: control.installs() }
  },
  'POST /tokens': (control, body) => ({
    token: control.mintToken(text(body, 'bot_id'), typeof body['fixed'] === 'string' ? body['fixed'] : undefined),
  }),
  'POST /tokens/expire': (control, body) => {
    const milliseconds = duration(body, 'milliseconds')
    if (body['bot_id'] !== undefined) return { found: control.expireAccessTokens(text(body, 'bot_id'), milliseconds) }
    return { found: control.expireToken(text(body, 'token'), milliseconds) }
  },
  'POST /revoke': (control, body) => ({ revoked: control.revokeToken(text(body, 'token')) }),
  'POST /grants': (control, body) => {
    const { botId, ...change } = draftOf<GrantChange & { botId: string }>(grantMembers, body)
    control.grant(botId, change)
    return { installs: control.installs() }
  },
  'POST /faults': (control, body) => {
    control.injectFault(faultOfRequest(body))
    return {}
  },
  'DELETE /faults': (control) => {
    control.clearFaults()
    return {}
  },
  'POST /limits': (control, body) => {
    control.setLimits(body)
    return {}
  },
  'GET /settings': (control) => control.settings(),
  'POST /settings': (control, body) => {
    control.configure(body)
    return control.settings()
  },
  'POST /clock': (control, body) => ({ now: control.advanceClock(duration(body, 'advance')) }),
}

function seedsOf(value: unknown): Seed[] | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string') return builtinSeed(value)
  return Array.isArray(value) ? value.map(loadSeed) : [loadSeed(value)]
}
