import type {
  AuthRevokeResponse,
  ChatDeleteResponse,
  ChatPostMessageResponse,
  ChatScheduleMessageResponse,
  ChatUpdateResponse,
  ConversationsJoinResponse,
  ConversationsOpenResponse,
  ConversationsSetTopicResponse,
  ReactionsAddResponse,
} from '@slack/web-api'
import { conversationScopes, messageAt, ownChannel, Refusal, visibleChannel, type Call, type Method } from './call.ts'
import { described } from './read-methods.ts'
import type { StoredMessage, Workspace } from './workspace.ts'

/** Slack's methods that change something, as far as the tools use them. */

/** Slack cuts longer texts off. */
const LONGEST_TEXT = 40_000
const LONGEST_TOPIC = 250
const SECONDS_OF_120_DAYS = 120 * 24 * 60 * 60

const chat = (): readonly string[] => ['chat:write']
const react = (): readonly string[] => ['reactions:write']

export const WRITE_METHODS: Readonly<Record<string, Method>> = {
  'auth.revoke': { scopes: () => [], run: revoke },
  'chat.postMessage': { scopes: chat, run: post },
  'chat.update': { scopes: chat, run: update },
  'chat.delete': { scopes: chat, run: remove },
  'chat.scheduleMessage': { scopes: chat, run: schedule },
  'reactions.add': { scopes: react, run: addReaction },
  'reactions.remove': { scopes: react, run: removeReaction },
  'conversations.join': { scopes: joinScopes, run: join },
  'conversations.setTopic': { scopes: topicScopes, run: setTopic },
  'conversations.open': { scopes: () => ['im:write'], run: open },
}

/** `revoked` is in Slack's documentation and missing from its types. */
function revoke(call: Call): AuthRevokeResponse & { revoked: boolean } {
  call.revoke()
  return { ok: true, revoked: true }
}

function textIn({ given }: Call): string {
  const text = given['text'] ?? ''
  if (text === '') throw new Refusal('no_text')
  return text.slice(0, LONGEST_TEXT)
}

function post(call: Call): ChatPostMessageResponse {
  const { workspace, token, given } = call
  const channel = ownChannel(call)
  const text = textIn(call)
  const { thread_ts } = given
  const head = thread_ts === undefined ? undefined : messageAt(channel, thread_ts, 'thread_not_found')
  const message: StoredMessage = { type: 'message', user: token.user, ts: call.newStamp(), text, team: workspace.id }
  if (head !== undefined) {
    // An answer to an answer goes to the head of the thread.
    const headTs = head.thread_ts ?? head.ts
    message.thread_ts = headTs
    const top = messageAt(channel, headTs)
    top.thread_ts = headTs
    top.reply_count = (top.reply_count ?? 0) + 1
  }
  channel.messages.push(message)
  notify(workspace, text, given['link_names'] === 'true' || given['parse'] === 'full')
  return { ok: true, channel: channel.facts.id, ts: message.ts, message: { type: 'message', user: token.user, text } }
}

/** `<!channel>` and `<@U...>` call somebody; so do plain words, where Slack is let to make names out of them. */
function notify(workspace: Workspace, text: string, fromWords: boolean): void {
  for (const [, code = ''] of text.matchAll(/<[!@]([A-Za-z0-9]+)(?:\|[^>]*)?>/g)) workspace.notified.push(code)
  if (!fromWords) return
  for (const [, word = ''] of text.matchAll(/@(channel|here|everyone)\b/g)) workspace.notified.push(word)
}

function update(call: Call): ChatUpdateResponse {
  const { workspace, token, given } = call
  const channel = ownChannel(call)
  const text = textIn(call)
  const message = messageAt(channel, given['ts'])
  if (message.user !== token.user) throw new Refusal('cant_update_message')
  message.text = text
  message.edited = { user: token.user, ts: call.newStamp() }
  // Unlike elsewhere, words are made into names unless `parse` says not to.
  notify(workspace, text, given['parse'] !== 'none')
  return { ok: true, channel: channel.facts.id, ts: message.ts, text }
}

function remove(call: Call): ChatDeleteResponse {
  const channel = visibleChannel(call)
  const message = messageAt(channel, call.given['ts'])
  if (message.user !== call.token.user) throw new Refusal('cant_delete_message')
  channel.messages.splice(channel.messages.indexOf(message), 1)
  return { ok: true, channel: channel.facts.id, ts: message.ts }
}

function schedule(call: Call): ChatScheduleMessageResponse {
  const channel = ownChannel(call)
  const text = textIn(call)
  const post_at = Number(call.given['post_at'])
  const ahead = post_at - call.now().getTime() / 1000
  if (!Number.isInteger(post_at)) throw new Refusal('invalid_time')
  if (ahead <= 0) throw new Refusal('time_in_past')
  if (ahead > SECONDS_OF_120_DAYS) throw new Refusal('time_too_far')
  const id = `Q${call.workspace.scheduled.length + 1}`
  call.workspace.scheduled.push({ id, channel: channel.facts.id, text, post_at })
  return { ok: true, channel: channel.facts.id, scheduled_message_id: id, post_at, message: { type: 'message', text } }
}

function emojiIn({ given }: Call): string {
  const name = given['name'] ?? ''
  if (!/^[a-z0-9_+'-]+(?:::skin-tone-[2-6])?$/.test(name) || name.startsWith('no_such'))
    throw new Refusal('invalid_name')
  return name
}

function addReaction(call: Call): ReactionsAddResponse {
  const name = emojiIn(call)
  const message = messageAt(visibleChannel(call), call.given['timestamp'])
  message.reactions ??= []
  const found = message.reactions.find((reaction) => reaction.name === name)
  if (found?.users?.includes(call.token.user) === true) throw new Refusal('already_reacted')
  if (found === undefined) message.reactions.push({ name, count: 1, users: [call.token.user] })
  else {
    found.users = [...(found.users ?? []), call.token.user]
    found.count = found.users.length
  }
  return { ok: true }
}

function removeReaction(call: Call): ReactionsAddResponse {
  const name = emojiIn(call)
  const message = messageAt(visibleChannel(call), call.given['timestamp'])
  const found = message.reactions?.find((reaction) => reaction.name === name)
  if (found?.users?.includes(call.token.user) !== true) throw new Refusal('no_reaction')
  found.users = found.users.filter((user) => user !== call.token.user)
  found.count = found.users.length
  message.reactions = (message.reactions ?? []).filter(({ count }) => count !== 0)
  return { ok: true }
}

function joinScopes({ token }: Call): readonly string[] {
  return [token.kind === 'bot' ? 'channels:join' : 'channels:write']
}

function join(call: Call): ConversationsJoinResponse {
  const channel = visibleChannel(call)
  if (channel.facts.is_private === true || channel.facts.is_im === true) {
    throw new Refusal('method_not_supported_for_channel_type')
  }
  if (channel.facts.is_archived === true) throw new Refusal('is_archived')
  const already = channel.members.has(call.token.user)
  channel.members.add(call.token.user)
  const { id, name } = channel.facts
  return { ok: true, channel: { id, name: name ?? '' }, ...(already ? { warning: 'already_in_channel' } : {}) }
}

function topicScopes(call: Call): readonly string[] {
  return conversationScopes(call.token.kind === 'bot' ? 'manage' : 'write')(call)
}

function setTopic(call: Call): ConversationsSetTopicResponse {
  const channel = ownChannel(call)
  const topic = call.given['topic'] ?? ''
  if (topic.length > LONGEST_TOPIC) throw new Refusal('too_long')
  channel.facts.topic = { value: topic, creator: call.token.user, last_set: Math.floor(call.now().getTime() / 1000) }
  return { ok: true, channel: { id: channel.facts.id, topic: channel.facts.topic } }
}

function open(call: Call): ConversationsOpenResponse {
  const { workspace, token, given } = call
  const other = given['users'] ?? ''
  if (!workspace.members.has(other)) throw new Refusal('user_not_found')
  const found = [...workspace.channels.values()].find(
    ({ facts, members }) => facts.is_im === true && members.has(token.user) && members.has(other),
  )
  if (found !== undefined) return { ok: true, no_op: true, already_open: true, channel: { id: found.facts.id } }
  const id = `D0NEW${String(workspace.channels.size).padStart(5, '0')}`
  const facts = { ...described({ facts: { id }, members: new Set(), messages: [] }, call), id, is_im: true }
  workspace.channels.set(id, { facts, members: new Set([token.user, other]), messages: [] })
  return { ok: true, channel: { id } }
}
