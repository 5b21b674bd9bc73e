import { z } from 'zod'
import { failure, success } from '#kernel/problem.ts'
import { defineTool } from '#providers/contract.ts'
import { findChannel } from '#providers/slack/channels.ts'
import type { SlackApi } from '#providers/slack/client.ts'
import { escaped } from '#providers/slack/mrkdwn.ts'

/** Slack refuses longer topics (docs.slack.dev, conversations.setTopic). */
const TOPIC_CHARACTERS = 250

const channel = z.string().min(1).describe('#name, id or link')

export const joinChannel = defineTool({
  name: 'slack_join_channel',
  title: { en: 'Join channel', pt: 'Entrar no canal' },
  description: 'Join a public channel. Private ones need an invitation by somebody in them.',
  input: z.strictObject({ channel }),
  annotations: { readOnly: false, destructive: false, idempotent: true, openWorld: true },
  needs: ['join_channels'],
  intent: {
    verbs: { en: ['join', 'enter'], pt: ['entrar', 'participar'] },
    nouns: { en: ['channel', 'room'], pt: ['canal', 'sala'] },
  },
  run: async (api: SlackApi, input) => {
    const place = await findChannel(api, input.channel)
    if (!place.ok) return place
    const { id, label } = place.value
    const joined = await api.write((slack) => slack.conversations.join({ channel: id }), {
      scope: 'channels:write',
      check: `See with slack_get_channel on ${id} whether the user is in it.`,
    })
    if (!joined.ok) return joined
    return success({ text: api.words.joined(label), value: { channel: id } })
  },
})

export const setTopic = defineTool({
  name: 'slack_set_topic',
  title: { en: 'Set topic', pt: 'Definir tópico' },
  description: 'Set the topic of a channel in place of the one it has; empty removes it. At most 250 characters.',
  input: z.strictObject({ channel, topic: z.string() }),
  annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: true },
  needs: ['manage_channels'],
  intent: {
    verbs: { en: ['set', 'change', 'update'], pt: ['definir', 'mudar', 'alterar', 'trocar'] },
    nouns: { en: ['topic', 'channel topic'], pt: ['tópico', 'tópico do canal'] },
  },
  run: async (api: SlackApi, input) => {
    if (input.topic.length > TOPIC_CHARACTERS) {
      const detail = `The topic is longer than ${TOPIC_CHARACTERS} characters. Shorten it.`
      return failure('invalid_arguments', detail, { path: 'arguments.topic' })
    }
    const place = await findChannel(api, input.channel)
    if (!place.ok) return place
    const { id, label } = place.value
    const done = await api.write(
      (slack) => slack.conversations.setTopic({ channel: id, topic: escaped(input.topic) }),
      {
        scope: 'channels:write',
        check: `See with slack_get_channel on ${id} what the topic is now.`,
      },
    )
    if (!done.ok) return done
    return success({ text: api.words.topicSet(label), value: { channel: id, topic: input.topic } })
  },
})
