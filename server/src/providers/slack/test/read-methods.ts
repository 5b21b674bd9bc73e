import type {
  AuthTestResponse,
  ConversationsHistoryResponse,
  ConversationsInfoResponse,
  ConversationsListResponse,
  ConversationsRepliesResponse,
  SearchMessagesResponse,
  UsersInfoResponse,
  UsersListResponse,
} from '@slack/web-api'
import {
  conversationScopes,
  isVisible,
  limitOf,
  messageAt,
  pageOf,
  Refusal,
  visibleChannel,
  type Call,
  type Method,
} from './call.ts'
import type { StoredChannel, StoredMessage } from './workspace.ts'

/** Slack's methods that change nothing, as far as the tools use them. */

export const READ_METHODS: Readonly<Record<string, Method>> = {
  'auth.test': { scopes: () => [], run: authTest },
  'conversations.list': { scopes: typeScopes, run: (call) => listChannels(call, false) },
  'users.conversations': { scopes: typeScopes, run: (call) => listChannels(call, true) },
  'conversations.info': { scopes: conversationScopes('read'), run: channelInfo },
  'conversations.history': { scopes: conversationScopes('history'), run: history },
  'conversations.replies': { scopes: conversationScopes('history'), run: replies },
  'search.messages': { scopes: () => ['search:read'], run: search },
  'users.list': { scopes: () => ['users:read'], run: listUsers },
  'users.info': { scopes: () => ['users:read'], run: userInfo },
  'users.lookupByEmail': { scopes: () => ['users:read.email'], run: lookupByEmail },
}

function authTest({ workspace, token }: Call): AuthTestResponse {
  const { id, name, domain, members } = workspace
  return {
    ok: true,
    url: `https://${domain}.slack.com/`,
    team: name,
    user: members.get(token.user)?.name ?? '',
    team_id: id,
    user_id: token.user,
    is_enterprise_install: false,
    ...(token.kind === 'bot' ? { bot_id: 'B0BOT0001' } : {}),
  }
}

const TYPE_SCOPES: Readonly<Record<string, string>> = {
  public_channel: 'channels:read',
  private_channel: 'groups:read',
  im: 'im:read',
  mpim: 'mpim:read',
}

/** Every kind that is asked for needs its own scope; the first that is missing is named. */
function typeScopes({ given, token }: Call): readonly string[] {
  const needed = typesOf(given).map((type) => TYPE_SCOPES[type] ?? '')
  const missing = needed.find((scope) => !token.scopes.includes(scope))
  return missing === undefined ? [] : [missing]
}

function typesOf(given: Call['given']): string[] {
  const types = (given['types'] ?? 'public_channel').split(',')
  if (types.some((type) => !(type in TYPE_SCOPES))) throw new Refusal('invalid_types')
  return types
}

function typeOf({ facts }: StoredChannel): string {
  if (facts.is_im === true) return 'im'
  return facts.is_private === true ? 'private_channel' : 'public_channel'
}

function listChannels(call: Call, mine: boolean): ConversationsListResponse {
  const { workspace, token, given } = call
  const types = typesOf(given)
  const channels = [...workspace.channels.values()].filter(
    (each) =>
      types.includes(typeOf(each)) &&
      (mine ? each.members.has(token.user) : isVisible(each, token.user)) &&
      !(given['exclude_archived'] === 'true' && each.facts.is_archived === true),
  )
  const { items, response_metadata } = pageOf(channels, given)
  return { ok: true, channels: items.map((each) => described(each, call)), response_metadata }
}

/** A channel as the token's user sees it. */
export function described({ facts, members }: StoredChannel, { token }: Call) {
  const { name, ...unnamed } = facts
  if (facts.is_im === true) return { ...unnamed, user: [...members].find((id) => id !== token.user) ?? token.user }
  return { ...unnamed, name: name ?? '', is_member: members.has(token.user), num_members: members.size }
}

function channelInfo(call: Call): ConversationsInfoResponse {
  return { ok: true, channel: described(visibleChannel(call), call) }
}

/** A bot sees nothing of a channel that it is not in; a user reads every public one. */
function readableChannel(call: Call): StoredChannel {
  const found = visibleChannel(call)
  if (call.token.kind === 'bot' && !found.members.has(call.token.user)) throw new Refusal('not_in_channel')
  return found
}

function within({ oldest, latest, inclusive }: Call['given'], { ts }: StoredMessage): boolean {
  if (inclusive === 'true' && (ts === oldest || ts === latest)) return true
  return (oldest === undefined || Number(ts) > Number(oldest)) && (latest === undefined || Number(ts) < Number(latest))
}

function isReply({ ts, thread_ts }: StoredMessage): boolean {
  return thread_ts !== undefined && thread_ts !== ts
}

function history(call: Call): ConversationsHistoryResponse {
  const { messages } = readableChannel(call)
  const limit = limitOf(call.given)
  const found = messages.filter((message) => !isReply(message) && within(call.given, message)).toReversed()
  return { ok: true, messages: found.slice(0, limit), has_more: found.length > limit, pin_count: 0 }
}

function replies(call: Call): ConversationsRepliesResponse {
  const channel = readableChannel(call)
  const limit = limitOf(call.given)
  const head = messageAt(channel, call.given['ts'], 'thread_not_found')
  if (isReply(head)) return { ok: true, messages: [head], has_more: false }
  const following = channel.messages.filter(
    (message) => isReply(message) && message.thread_ts === head.ts && within(call.given, message),
  )
  const found = [head, ...following]
  return { ok: true, messages: found.slice(0, limit), has_more: found.length > limit }
}

function search(call: Call): SearchMessagesResponse {
  const { workspace, token, given } = call
  if (token.kind === 'bot') throw new Refusal('not_allowed_token_type')
  const words = (given['query'] ?? '').toLowerCase()
  if (words === '') throw new Refusal('no_query')
  const found = [...workspace.channels.values()]
    .filter((channel) => isVisible(channel, token.user))
    .flatMap(({ facts, messages }) => messages.map((message) => ({ facts, message })))
    .filter(({ message }) => (message.text ?? '').toLowerCase().includes(words))
    .sort((one, other) => Number(other.message.ts) - Number(one.message.ts))
  const count = Number(given['count'] ?? '20')
  const page = Number(given['page'] ?? '1')
  const matches = found.slice((page - 1) * count, page * count).map(({ facts, message }) => ({
    iid: `${facts.id}-${message.ts}`,
    team: workspace.id,
    channel: { id: facts.id, name: facts.name ?? '', is_private: facts.is_private ?? false },
    type: 'message',
    user: message.user ?? '',
    username: workspace.members.get(message.user ?? '')?.name ?? '',
    ts: message.ts,
    text: message.text ?? '',
    permalink: `https://${workspace.domain}.slack.com/archives/${facts.id}/p${message.ts.replace('.', '')}`,
  }))
  const pages = Math.ceil(found.length / count)
  return {
    ok: true,
    query: given['query'] ?? '',
    messages: { total: found.length, matches, paging: { count, total: found.length, page, pages } },
  }
}

function listUsers({ workspace, given }: Call): UsersListResponse {
  const { items, response_metadata } = pageOf([...workspace.members.values()], given)
  return { ok: true, members: [...items], cache_ts: 0, response_metadata }
}

function userInfo({ workspace, given }: Call): UsersInfoResponse {
  const member = workspace.members.get(given['user'] ?? '')
  if (member === undefined) throw new Refusal('user_not_found')
  const { profile, ...rest } = member
  const { display_name = '', real_name = '', email = '' } = profile ?? {}
  return { ok: true, user: { ...shared(rest), profile: { display_name, real_name, email } } }
}

function lookupByEmail({ workspace, given }: Call) {
  const member = [...workspace.members.values()].find(({ profile }) => profile?.email === given['email'])
  if (member === undefined) throw new Refusal('users_not_found')
  return { ok: true, user: member } satisfies UsersListResponse & { user: typeof member }
}

/** What `users.list` and `users.info` say alike. */
function shared(member: Omit<NonNullable<UsersListResponse['members']>[number], 'profile'>) {
  const { id = '', team_id = '', name = '', real_name = '', tz = '' } = member
  const { deleted = false, is_bot = false, is_admin = false, is_restricted = false } = member
  return { id, team_id, name, real_name, tz, deleted, is_bot, is_admin, is_restricted }
}
