import type { WordKey } from '../language.ts'

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
  'client.granted': 'event.client.granted',
  'client.revoked': 'event.client.revoked',
  'connection.changed': 'event.connection.changed',
  'connection.created': 'event.connection.created',
  'connection.deleted': 'event.connection.deleted',
  'connection.needs_reauthorization': 'event.connection.needs_reauthorization',
  'connection.recovered': 'event.connection.recovered',
  'connection.rejected': 'event.connection.rejected',
  'connection.replaced': 'event.connection.replaced',
  'credential.used': 'event.credential.used',
  'policy.changed': 'event.policy.changed',
  'tool.called': 'event.tool.called',
  'user.sign_in_failed': 'event.user.sign_in_failed',
  'user.signed_in': 'event.user.signed_in',
  'user.signed_out': 'event.user.signed_out',
  'user.signed_up': 'event.user.signed_up',
}

/** Kinds to filter by; the rest is found without a filter. */
export const FILTERED_TYPES = [
  'tool.called',
  'approval.approved',
  'approval.denied',
  'connection.created',
  'connection.deleted',
  'agent.created',
  'user.signed_in',
] as const

/** Who acted, as the event says it. */
export function actorWord(actor: Readonly<Record<string, unknown>>): WordKey {
  if (actor['kind'] === 'agent') return 'actor.agent'
  if (actor['via'] === 'oauth_client') return 'actor.client'
  if (actor['via'] === 'api_token') return 'actor.api_token'
  return actor['kind'] === 'user' ? 'actor.you' : 'actor.other'
}

/** Names in the event, for the line under it: the connection, the agent's name. */
export function targetNames(target: Readonly<Record<string, unknown>>): string[] {
  return ['label', 'name'].map((key) => target[key]).filter((value) => typeof value === 'string')
}
