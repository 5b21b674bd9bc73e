import type { StoredChannel, StoredMessage, Workspace } from './workspace.ts'

/** One call of a method, once its token is known to be good. */
export interface Call {
  readonly workspace: Workspace
  readonly token: IssuedToken
  readonly given: Readonly<Record<string, string>>
  readonly now: () => Date
  /** A time stamp that no message has yet. */
  readonly newStamp: () => string
  readonly revoke: () => void
}

export interface IssuedToken {
  readonly value: string
  readonly team: string
  readonly user: string
  readonly kind: 'user' | 'bot'
  readonly scopes: readonly string[]
  readonly expiresAt: Date | undefined
}

/** Slack's `ok: false`. */
export class Refusal extends Error {
  readonly error: string
  readonly more: Readonly<Record<string, string>>

  constructor(error: string, more: Readonly<Record<string, string>> = {}) {
    super(error)
    this.error = error
    this.more = more
  }
}

export interface Method {
  /** Scopes of which one is needed, by what the call is about. */
  readonly scopes: (call: Call) => readonly string[]
  readonly run: (call: Call) => object
}

/** The scopes of a family, for the kind of conversation that the call names: `channels:history`, `im:history` ... */
export function conversationScopes(suffix: string): (call: Call) => readonly string[] {
  return ({ workspace, given }) => {
    const found = workspace.channels.get(given['channel'] ?? '')
    if (found?.facts.is_im === true) return [`im:${suffix}`]
    return [`${found?.facts.is_private === true ? 'groups' : 'channels'}:${suffix}`]
  }
}

/** A channel that the token's user can see. */
export function visibleChannel({ workspace, token, given }: Call): StoredChannel {
  const found = workspace.channels.get(given['channel'] ?? '')
  if (found === undefined || !isVisible(found, token.user)) throw new Refusal('channel_not_found')
  return found
}

export function isVisible({ facts, members }: StoredChannel, user: string): boolean {
  return members.has(user) || (facts.is_private !== true && facts.is_im !== true)
}

/** A channel that the token's user is in. */
export function ownChannel(call: Call): StoredChannel {
  const found = visibleChannel(call)
  if (!found.members.has(call.token.user)) throw new Refusal('not_in_channel')
  if (found.facts.is_archived === true) throw new Refusal('is_archived')
  return found
}

export function messageAt(channel: StoredChannel, ts: string | undefined, error = 'message_not_found'): StoredMessage {
  const found = channel.messages.find((message) => message.ts === ts)
  if (found === undefined) throw new Refusal(error)
  return found
}

const LARGEST_PAGE = 1_000
const DEFAULT_PAGE = 100

export function limitOf(given: Call['given']): number {
  const limit = Number(given['limit'] ?? DEFAULT_PAGE)
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE) throw new Refusal('invalid_limit')
  return limit
}

/** A part of a list, and the cursor of the next. */
export function pageOf<Item>(items: readonly Item[], given: Call['given']) {
  const limit = limitOf(given)
  const cursor = given['cursor'] ?? ''
  const decoded = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())
  if (cursor !== '' && decoded === null) throw new Refusal('invalid_cursor')
  const start = Number(decoded?.[1] ?? 0)
  const end = start + limit
  const next_cursor = end < items.length ? Buffer.from(`next:${end}`).toString('base64') : ''
  return { items: items.slice(start, end), response_metadata: { next_cursor } }
}
