import { z } from 'zod'
import { success, type Outcome } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import { findChannel, type Place } from '#providers/slack/channels.ts'
import type { SlackApi } from '#providers/slack/client.ts'
import { toMarkdown } from '#providers/slack/markdown.ts'
import { composeText, MENTIONS } from '#providers/slack/mrkdwn.ts'
import { permalinkOf } from '#providers/slack/permalinks.ts'
import { findMessage } from '#providers/slack/references.ts'

/**
 * What every message is sent with. `parse` and `link_names` keep Slack from making mentions out of words; previews of links
 * are off, since Slack's servers would fetch whatever address a text from outside brought in.
 */
export const PLAIN = { parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false } as const

export const mentions = z
  .array(z.string().min(1))
  .max(MENTIONS)
  .optional()
  .describe('people to notify (@name, e-mail, id), or here, channel, everyone; nobody else is')

export const sendMessage = defineTool({
  name: 'slack_send_message',
  title: { en: 'Send message', pt: 'Enviar mensagem' },
  description: 'Send a message (Markdown) to a channel or person. To answer a message use slack_reply_thread.',
  input: z.strictObject({
    channel: z.string().min(1).describe('#name, id or link; @name for a direct message'),
    text: z.string().min(1),
    mentions,
  }),
  annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: true },
  needs: ['write_messages'],
  intent: {
    verbs: {
      en: ['send', 'post', 'write', 'tell', 'message', 'announce', 'say'],
      pt: ['enviar', 'mandar', 'postar', 'escrever', 'avisar', 'dizer', 'publicar'],
    },
    nouns: {
      en: ['message', 'channel', 'direct message', 'dm', 'announcement', 'note'],
      pt: ['mensagem', 'canal', 'mensagem direta', 'dm', 'aviso', 'recado'],
    },
  },
  run: async (api: SlackApi, input) => {
    const text = await composeText(api, input.text, input.mentions)
    if (!text.ok) return text
    const place = await findChannel(api, input.channel, true)
    if (!place.ok) return place
    return post(api, place.value, { text: text.value })
  },
})

export const replyThread = defineTool({
  name: 'slack_reply_thread',
  title: { en: 'Reply in thread', pt: 'Responder na conversa' },
  description: 'Reply (Markdown) in the thread of a message. Takes a message link, or its ts and channel.',
  input: z.strictObject({
    message: z.string().min(1).describe('link or ts of any message of the thread'),
    channel: z.string().optional().describe('needed with a ts'),
    text: z.string().min(1),
    mentions,
    also_to_channel: z.boolean().optional().describe('show the reply in the channel too'),
  }),
  annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: true },
  needs: ['write_messages'],
  intent: {
    verbs: { en: ['reply', 'answer', 'respond'], pt: ['responder', 'replicar'] },
    nouns: { en: ['thread', 'message', 'reply', 'answer'], pt: ['thread', 'mensagem', 'resposta', 'conversa'] },
  },
  run: async (api: SlackApi, input) => {
    const text = await composeText(api, input.text, input.mentions)
    if (!text.ok) return text
    const reference = await findMessage(api, input)
    if (!reference.ok) return reference
    const { channel, ts, threadTs } = reference.value
    const reply_broadcast = input.also_to_channel ?? false
    return post(api, channel, { text: text.value, thread: { thread_ts: threadTs ?? ts, reply_broadcast } })
  },
})

interface Posting {
  readonly text: string
  readonly thread?: { readonly thread_ts: string; readonly reply_broadcast: boolean }
}

type SentMessage = { channel: string; text: string } & typeof PLAIN

/** Slack's types have `reply_broadcast` as one literal or the other. */
function inThread(message: SentMessage, { thread_ts, reply_broadcast }: NonNullable<Posting['thread']>) {
  return reply_broadcast
    ? { ...message, thread_ts, reply_broadcast: true as const }
    : { ...message, thread_ts, reply_broadcast: false as const }
}

async function post(api: SlackApi, place: Place, { text, thread }: Posting): Promise<Outcome<ToolResult>> {
  const look = thread === undefined ? `slack_read_messages on ${place.id}` : `slack_read_thread on ${thread.thread_ts}`
  const plain = { channel: place.id, text, ...PLAIN }
  const message = thread === undefined ? plain : inThread(plain, thread)
  const [teamUrl, sent] = await Promise.all([
    api.teamUrl(),
    api.write(
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's method, not a window's
      (slack) => slack.chat.postMessage(message),
      { scope: 'chat:write', check: `See with ${look} whether it is there.` },
    ),
  ])
  if (!sent.ok) return sent
  const { ts = '', channel = place.id } = sent.value
  const permalink = permalinkOf(teamUrl, { channel, ts, threadTs: thread?.thread_ts })
  const { words } = api
  const said = thread === undefined ? words.sent(place.label) : words.sentInThread(place.label)
  const shown = toMarkdown(text, new Map())
  return success({
    text: `${said} [${ts}]${permalink === null ? '.' : `: ${permalink}`}`,
    value: { channel, ts, thread_ts: thread?.thread_ts ?? null, text: shown, permalink },
  })
}
