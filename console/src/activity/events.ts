import type { ActivityEvent } from '@chaveiro/sdk'
import type { WordKey } from '../language.ts'
import type { Names } from './names.ts'

/** What each kind of event is called; a kind that is newer than this page shows its own name. */
export const EVENT_WORDS: Readonly<Record<string, WordKey | undefined>> = {
  'access.denied': 'event.access.denied',
  'agent.changed': 'event.agent.changed',
  'agent.created': 'event.agent.created',
  'agent.deleted': 'event.agent.deleted',
  'api_token.created': 'event.api_token.created',
  'api_token.revoked': 'event.api_token.revoked',
  'approval.approved': 'event.approval.approved',
  'approval.denied': 'event.approval.denied',
  'approval.requested': 'event.approval.requested',
  'audit.verified': 'event.audit.verified',
  'client.granted': 'event.client.granted',
  'client.registered': 'event.client.registered',
  'client.revoked': 'event.client.revoked',
  'client.token_reused': 'event.client.token_reused',
  'connection.changed': 'event.connection.changed',
  'connection.checked': 'event.connection.checked',
  'connection.created': 'event.connection.created',
  'connection.deleted': 'event.connection.deleted',
  'connection.exported': 'event.connection.exported',
  'connection.imported': 'event.connection.imported',
  'connection.link_created': 'event.connection.link_created',
  'connection.needs_reauthorization': 'event.connection.needs_reauthorization',
  'connection.recovered': 'event.connection.recovered',
  'connection.rejected': 'event.connection.rejected',
  'connection.renewal_discarded': 'event.connection.renewal_discarded',
  'connection.renewed': 'event.connection.renewed',
  'connection.replaced': 'event.connection.replaced',
  'connection.tools_accepted': 'event.connection.tools_accepted',
  'connection.tools_changed': 'event.connection.tools_changed',
  'credential.unreadable': 'event.credential.unreadable',
  'credential.used': 'event.credential.used',
  'invitation.created': 'event.invitation.created',
  'invitation.withdrawn': 'event.invitation.withdrawn',
  'keys.rotated': 'event.keys.rotated',
  'policy.changed': 'event.policy.changed',
  'provider.blocked': 'event.provider.blocked',
  'provider.unblocked': 'event.provider.unblocked',
  'provider_app.deleted': 'event.provider_app.deleted',
  'provider_app.set': 'event.provider_app.set',
  'token.rejected': 'event.token.rejected',
  'tool.called': 'event.tool.called',
  'user.changed': 'event.user.changed',
  'user.created': 'event.user.created',
  'user.deleted': 'event.user.deleted',
  'user.sign_in_failed': 'event.user.sign_in_failed',
  'user.signed_in': 'event.user.signed_in',
  'user.signed_out': 'event.user.signed_out',
  'user.signed_up': 'event.user.signed_up',
}

/** Members of an event are whatever its kind has: each is read with care. */
const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
const numberOf = (value: unknown) => (typeof value === 'number' ? value : undefined)

/** An event as people read it. */
export interface ToldEvent {
  readonly actor: string
  readonly action: string
  /** What it was done to, the most exact first. */
  readonly target: readonly string[]
  readonly code: string | undefined
  readonly durationMs: number | undefined
  /** The address of a computer, where it is known. */
  readonly address: string | undefined
  readonly runId: number | undefined
  readonly approvalId: number | undefined
  /** Through what the actor came in. */
  readonly via: string | undefined
}

type Translate = (key: WordKey) => string

export function toldEvent(event: ActivityEvent, names: Names, t: Translate): ToldEvent {
  const { actor, details, target, type } = event
  const key = EVENT_WORDS[type]
  const tool = textOf(details['tool']) ?? textOf(target['tool'])
  const provider = textOf(target['provider'])
  const parts = [
    tool === undefined ? undefined : names.tool(tool),
    textOf(target['label']) ?? textOf(target['name']),
    provider === undefined ? undefined : names.provider(provider),
    target['kind'] === 'agent' && typeof target['id'] === 'number' ? names.agent(target['id']) : undefined,
  ]
  return {
    actor: actorOf(actor, names, t),
    action: key === undefined ? type : t(key),
    target: [...new Set(parts.filter((text) => text !== undefined))],
    code: textOf(details['code']) ?? textOf(details['reason']),
    durationMs: numberOf(details['duration_ms']),
    address: textOf(actor['address']),
    runId: numberOf(details['run_id']),
    approvalId: target['kind'] === 'approval' ? numberOf(target['id']) : undefined,
    via: viaOf(actor, names),
  }
}

function actorOf(actor: ActivityEvent['actor'], names: Names, t: Translate): string {
  if (typeof actor['agent_id'] === 'number') return names.agent(actor['agent_id'])
  const via = viaOf(actor, names)
  if (via !== undefined && actor['via'] !== 'session') return via
  return actor['kind'] === 'user' ? t('actor.you') : t('actor.other')
}

function viaOf(actor: ActivityEvent['actor'], names: Names): string | undefined {
  const via = textOf(actor['via'])
  const id = textOf(actor['via_id'])
  if (via === undefined) return undefined
  return names.client(via === 'session' || id === undefined ? via : `${via}:${id}`)
}
