import { z } from 'zod'
import { failure, success } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import {
  channelLabel,
  channelLine,
  channelsPage,
  channelValue,
  findChannel,
  READ_CHANNELS,
  type Channel,
} from '#providers/slack/channels.ts'
import type { SlackApi } from '#providers/slack/client.ts'
import { toMarkdown } from '#providers/slack/markdown.ts'
import { listResult, walkPages } from '#providers/slack/lists.ts'
import { folded } from '#providers/slack/names.ts'
import { timeOf } from '#providers/slack/messages.ts'
import { lookUpNames } from '#providers/slack/people.ts'

const CHANNELS_SHOWN = 50

export const listChannels = defineTool({
  name: 'slack_list_channels',
  title: { en: 'List channels', pt: 'Listar canais' },
  description:
    'List channels with ids, member counts and topics; query finds those whose name or topic contains it. Archived ones are left out.',
  input: z.strictObject({
    query: z.string().optional(),
    mine: z.boolean().optional().describe('only channels that the user is a member of'),
    start_cursor: z.string().optional(),
    limit: z.int().min(1).max(200).optional(),
  }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  needs: ['read_channels'],
  intent: {
    verbs: { en: ['list', 'show', 'find', 'which'], pt: ['listar', 'mostrar', 'encontrar', 'achar', 'quais'] },
    nouns: { en: ['channel', 'room', 'workspace'], pt: ['canal', 'sala', 'workspace'] },
  },
  run: async (api: SlackApi, input) => {
    const query = folded((input.query ?? '').replace(/^#/, ''))
    const walked = await walkPages<Channel>({
      startCursor: input.start_cursor,
      limit: input.limit ?? CHANNELS_SHOWN,
      wanted: (channel) => matches(channel, query),
      page: (cursor) => channelsPage(api, input.mine === true ? 'mine' : 'all', cursor),
    })
    if (!walked.ok) return walked
    const { items, nextCursor } = walked.value
    const lines = items.map((channel) => `- ${channelLine(api.words, channel)}`)
    if (lines.length === 0) lines.push(nextCursor === undefined ? api.words.noChannels : api.words.noChannelsYet)
    return success(listResult(api.words, lines, nextCursor, { channels: items.map(channelValue) }))
  },
})

function matches(channel: Channel, query: string): boolean {
  if (query === '') return true
  return [channel.name, channel.topic?.value, channel.purpose?.value].some((text) => folded(text ?? '').includes(query))
}

export const getChannel = defineTool({
  name: 'slack_get_channel',
  title: { en: 'Get channel', pt: 'Obter canal' },
  description: 'Get one channel: name, topic, purpose, member count, creation, whether the user is in it.',
  input: z.strictObject({ channel: z.string().min(1).describe('#name, id or link; @name for direct messages') }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  needs: ['read_channels'],
  intent: {
    verbs: { en: ['get', 'show', 'describe'], pt: ['obter', 'mostrar', 'descrever', 'consultar'] },
    nouns: { en: ['channel', 'topic', 'purpose', 'member count'], pt: ['canal', 'tópico', 'propósito', 'descrição'] },
  },
  run: async (api: SlackApi, input) => {
    const place = await findChannel(api, input.channel)
    if (!place.ok) return place
    const { id } = place.value
    const answer = await api.read(
      (slack) => slack.conversations.info({ channel: id, include_num_members: true }),
      READ_CHANNELS,
    )
    if (!answer.ok) return answer
    const { channel } = answer.value
    if (channel === undefined) return failure('provider_unavailable', 'Slack answered without the channel. Try again.')
    return success({ ...(await describe(api, channel)), place: id })
  },
})

async function describe(api: SlackApi, channel: Channel): Promise<ToolResult> {
  const { words } = api
  const other = otherPerson(channel)
  const { creator = '', created: seconds } = channel
  const names = await lookUpNames(api, [creator, other])
  const title = other === '' ? channelLabel(channel) : `@${names.get(other) ?? other}`
  const [topic = '', purpose = ''] = [channel.topic, channel.purpose].map((text) =>
    toMarkdown(text?.value ?? '', names),
  )
  const created = seconds === undefined ? null : timeOf(String(seconds))
  const lines = [
    other === '' ? channelLine(words, channel) : `${title} (${words.directMessages})`,
    topic && `${words.topic}: ${topic}`,
    purpose && `${words.purpose}: ${purpose}`,
    created && words.created(created, names.get(creator) ?? creator),
  ]
  return { text: lines.filter(Boolean).join('\n'), value: { ...channelValue(channel), title, topic, purpose, created } }
}

/** With whom direct messages are; empty for a channel. */
function otherPerson(channel: Channel): string {
  return 'user' in channel && typeof channel.user === 'string' ? channel.user : ''
}
