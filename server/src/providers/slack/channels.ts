import type { ConversationsInfoResponse, ConversationsListResponse } from '@slack/web-api'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { SlackApi } from './client.ts'
import type { Operation } from './errors.ts'
import { nextOf, SLACK_PAGE, walkPages, type SlackPage } from './lists.ts'
import { matchesOf, quoted, shownName } from './names.ts'
import { findPerson, userIdIn } from './people.ts'
import type { Words } from './words.ts'

export type Channel =
  | NonNullable<ConversationsListResponse['channels']>[number]
  | NonNullable<ConversationsInfoResponse['channel']>

/** Where a call goes: by id, with the name where it is known. */
export interface Place {
  readonly id: string
  /** `#general`, `@ana`, or the id. */
  readonly label: string
}

export const READ_CHANNELS: Operation = { scope: 'channels:read' }

/** Nine characters at least: shorter ones in capitals are names. */
const CHANNEL_ID = /^[CGD][A-Z0-9]{8,20}$/
const CHANNEL_MENTION = /^<#([CG][A-Z0-9]{8,20})(?:\|([^<>]*))?>$/
const CHANNEL_LINK =
  /^https:\/\/(?:[a-z0-9.-]+\/archives\/|app\.slack\.com\/client\/[A-Z0-9]+\/)([CGD][A-Z0-9]{8,20})(?:[/?#].*)?$/i
/** Channels named in an answer that could not decide. */
const CANDIDATES_SHOWN = 5

/** The id in what names a channel, where it holds one. */
export function channelIdIn(text: string): string | undefined {
  const given = text.trim()
  if (CHANNEL_ID.test(given)) return given
  return CHANNEL_MENTION.exec(given)?.[1] ?? CHANNEL_LINK.exec(given)?.[1]
}

/** Whether the direct messages with somebody are meant. */
export function namesPerson(given: string): boolean {
  const text = given.trim()
  return text.startsWith('@') || text.toLowerCase() === 'me' || userIdIn(text) !== undefined
}

/** The channel's name as people know it. */
export function channelLabel(channel: Channel): string {
  const name = shownName(channel.name ?? '')
  if (name !== '' && channel.is_im !== true) return `#${name}`
  return channel.id ?? 'unknown'
}

/**
 * Finds a channel by id, link, mention, name or #name; by @name, the direct messages with that person.
 * @param mayOpen whether direct messages that are not there yet may be started
 */
export async function findChannel(api: SlackApi, given: string, mayOpen = false): Promise<Outcome<Place>> {
  const text = given.trim()
  const id = channelIdIn(text)
  if (id !== undefined) return success({ id, label: id })
  if (namesPerson(text)) {
    return findDirect(api, text, mayOpen)
  }
  return findByName(api, text.replace(/^#/, ''))
}

type Types = 'public_channel' | 'public_channel,private_channel' | 'im'

/** Channels that the caller is in come first: there are fewer of them, and they are what is mostly meant. */
async function findByName(api: SlackApi, name: string): Promise<Outcome<Place>> {
  const own = await allChannels(api, 'mine')
  const found = own.ok ? placeNamed(own.value, name) : undefined
  if (found !== undefined) return found
  const every = await allChannels(api, 'all')
  if (!every.ok) return every
  return placeNamed(every.value, name) ?? notThere(name)
}

function notThere(name: string) {
  return failure(
    'not_found',
    `Slack has no channel called ${quoted(name)} that this connection can see. Do not retry; look at slack_list_channels, or have the user be invited to it.`,
    { path: 'arguments.channel' },
  )
}

function placeNamed(channels: readonly Channel[], name: string): Outcome<Place> | undefined {
  const matches = matchesOf(channels, (channel) => [channel.name ?? ''], name)
  const [first] = matches
  if (first?.id === undefined) return undefined
  if (matches.length > 1) {
    const shown = matches.slice(0, CANDIDATES_SHOWN).map((each) => `${channelLabel(each)} (${each.id ?? ''})`)
    const detail = `Several channels are called ${quoted(name)}: ${shown.join(', ')}. Call again with the id.`
    return failure('ambiguous', detail, { path: 'arguments.channel' })
  }
  return success({ id: first.id, label: channelLabel(first) })
}

async function allChannels(api: SlackApi, which: 'mine' | 'all'): Promise<Outcome<readonly Channel[]>> {
  const walked = await walkPages<Channel>({
    startCursor: undefined,
    limit: Number.POSITIVE_INFINITY,
    wanted: () => true,
    page: (cursor) => channelsPage(api, which, cursor),
  })
  return walked.ok ? success(walked.value.items) : walked
}

/** One page of channels. A connection that may not see private ones is shown the public ones. */
export async function channelsPage(
  api: SlackApi,
  which: 'mine' | 'all',
  cursor: string | undefined,
): Promise<Outcome<SlackPage<Channel>>> {
  const answer = await requestChannels(api, which, 'public_channel,private_channel', cursor)
  if (answer.ok || answer.problem.extra?.['missing_permission'] === undefined) return answer
  return requestChannels(api, which, 'public_channel', cursor)
}

async function requestChannels(
  api: SlackApi,
  which: 'mine' | 'all',
  types: Types,
  cursor: string | undefined,
): Promise<Outcome<SlackPage<Channel>>> {
  const page = { types, limit: SLACK_PAGE, exclude_archived: true, ...(cursor === undefined ? {} : { cursor }) }
  const answer = await api.read(
    (slack) => (which === 'mine' ? slack.users.conversations(page) : slack.conversations.list(page)),
    READ_CHANNELS,
  )
  if (!answer.ok) return answer
  const items: readonly Channel[] = answer.value.channels ?? []
  return success({ items, next: nextOf(answer.value) })
}

async function findDirect(api: SlackApi, text: string, mayOpen: boolean): Promise<Outcome<Place>> {
  const person = await findPerson(api, text, 'arguments.channel')
  if (!person.ok) return person
  const label = `@${person.value.name}`
  if (mayOpen) {
    // Opening what is open changes nothing; Slack then answers with the same conversation.
    const opened = await api.write((slack) => slack.conversations.open({ users: person.value.id }), {
      scope: 'im:write',
      check: 'Nothing was sent yet; call again.',
    })
    if (!opened.ok) return opened
    const id = opened.value.channel?.id
    return id === undefined ? noConversation(label) : success({ id, label })
  }
  const walked = await walkPages<Channel>({
    startCursor: undefined,
    limit: 1,
    wanted: (channel) => 'user' in channel && channel.user === person.value.id,
    page: (cursor) => requestChannels(api, 'mine', 'im', cursor),
  })
  if (!walked.ok) return walked
  const id = walked.value.items[0]?.id
  return id === undefined ? noConversation(label) : success({ id, label })
}

function noConversation(label: string) {
  return failure('not_found', `There are no direct messages with ${label} yet. Send one with slack_send_message.`, {
    path: 'arguments.channel',
  })
}

/** Channel as JSON. */
export function channelValue(channel: Channel): Record<string, unknown> {
  const { id = null, name = null, is_private = false, is_archived = false } = channel
  const { is_member = null, num_members: members = null } = channel
  const [topic, purpose] = [channel.topic, channel.purpose].map((text) => shownName(text?.value ?? '') || null)
  return { id, name, is_private, is_member, is_archived, members, topic, purpose }
}

/** Channel as one line. */
export function channelLine(words: Words, channel: Channel): string {
  const facts = [
    channel.is_private === true ? words.private : '',
    channel.is_member === false ? words.notMember : '',
    channel.is_archived === true ? words.archived : '',
    channel.num_members === undefined ? '' : words.members(channel.num_members),
  ].filter((fact) => fact !== '')
  const topic = shownName(channel.topic?.value ?? channel.purpose?.value ?? '')
  const about = topic === '' ? '' : `: ${topic}`
  return `${channelLabel(channel)} (${[channel.id ?? '', ...facts].join(', ')})${about}`
}
