import type { ActivityFilter, ViaKind } from '@chaveiro/sdk'
import { only, type ActivitySearch } from './search.ts'

/** What the filters in the address ask the server for. */

const HOUR_MS = 3_600_000
const PERIOD_MS = { '24h': 24 * HOUR_MS, '7d': 7 * 24 * HOUR_MS, '30d': 30 * 24 * HOUR_MS } as const

const TYPES = {
  calls: ['tool.called', 'access.denied', 'credential.used', 'credential.unreadable'],
  approvals: ['approval.requested', 'approval.approved', 'approval.denied', 'policy.changed'],
  connections: [
    'connection.created',
    'connection.replaced',
    'connection.rejected',
    'connection.checked',
    'connection.changed',
    'connection.link_created',
    'connection.needs_reauthorization',
    'connection.recovered',
    'connection.renewed',
    'connection.renewal_discarded',
    'connection.tools_changed',
    'connection.tools_accepted',
    'connection.deleted',
    'connection.imported',
    'connection.exported',
  ],
  agents: ['agent.created', 'agent.changed', 'agent.deleted'],
  access: [
    'client.registered',
    'client.granted',
    'client.revoked',
    'client.token_reused',
    'api_token.created',
    'api_token.revoked',
    'token.rejected',
  ],
  account: [
    'user.signed_up',
    'user.signed_in',
    'user.sign_in_failed',
    'user.signed_out',
    'user.created',
    'user.changed',
    'invitation.created',
    'invitation.withdrawn',
  ],
} as const

/** Each call brings one along, which says little more than the call. */
const USES = 'credential.used'

export function filterOf(search: ActivitySearch, now: Date): ActivityFilter {
  const { outcome, kind, provider, tool, agent, client, uses } = search
  const [via, viaId] = splitClient(client)
  return only({
    outcome,
    type: kind === undefined ? undefined : TYPES[kind].join(','),
    except: uses === true ? undefined : USES,
    provider,
    tool,
    agent_id: agent,
    via,
    via_id: viaId,
    ...timesOf(search, now),
  })
}

/** `oauth_client:7` is a kind and an id; an id may hold a colon. */
export function splitClient(client: string | undefined): [ViaKind | undefined, string | undefined] {
  if (client === undefined) return [undefined, undefined]
  const at = client.indexOf(':')
  return at === -1 ? [client as ViaKind, undefined] : [client.slice(0, at) as ViaKind, client.slice(at + 1)]
}

/** Days are the reader's own: from the midnight before the first to the midnight after the last. */
export function timesOf(
  { since, from, to }: Pick<ActivitySearch, 'since' | 'from' | 'to'>,
  now: Date,
): { readonly from?: string; readonly to?: string } {
  if (since !== undefined) return { from: new Date(now.getTime() - PERIOD_MS[since]).toISOString() }
  return only({ from: midnight(from, 0), to: midnight(to, 1) })
}

function midnight(day: string | undefined, later: number): string | undefined {
  if (day === undefined) return undefined
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const moment = new Date(year, month - 1, date + later)
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString()
}
