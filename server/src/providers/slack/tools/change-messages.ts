import { z } from 'zod'
import { success } from '#kernel/problem.ts'
import { defineTool } from '#providers/contract.ts'
import type { SlackApi } from '#providers/slack/client.ts'
import { composeText } from '#providers/slack/mrkdwn.ts'
import { findMessage } from '#providers/slack/references.ts'
import { mentions } from './send-messages.ts'

const message = z.string().min(1).describe('link or ts')
const channel = z.string().optional().describe('needed with a ts')

export const updateMessage = defineTool({
  name: 'slack_update_message',
  title: { en: 'Change message', pt: 'Alterar mensagem' },
  description: 'Replace the text (Markdown) of a message that the user wrote.',
  input: z.strictObject({ message, channel, text: z.string().min(1), mentions }),
  annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: true },
  needs: ['write_messages'],
  intent: {
    verbs: { en: ['change', 'edit', 'correct', 'update', 'fix'], pt: ['alterar', 'editar', 'corrigir', 'mudar'] },
    nouns: { en: ['message', 'text', 'typo'], pt: ['mensagem', 'texto', 'erro'] },
  },
  run: async (api: SlackApi, input) => {
    const text = await composeText(api, input.text, input.mentions)
    if (!text.ok) return text
    const reference = await findMessage(api, input)
    if (!reference.ok) return reference
    const { channel: place, ts } = reference.value
    const changed = await api.write(
      (slack) => slack.chat.update({ channel: place.id, ts, text: text.value, parse: 'none', link_names: false }),
      { scope: 'chat:write', check: `See with slack_read_thread on ${ts} what it says now.` },
    )
    if (!changed.ok) return changed
    return success({ text: `${api.words.changed(place.label)} [${ts}].`, value: { channel: place.id, ts } })
  },
})

export const deleteMessage = defineTool({
  name: 'slack_delete_message',
  title: { en: 'Delete message', pt: 'Excluir mensagem' },
  description: 'Delete a message that the user wrote, for good. Replies to it stay.',
  input: z.strictObject({ message, channel }),
  annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: true },
  needs: ['write_messages'],
  intent: {
    verbs: { en: ['delete', 'remove', 'take back'], pt: ['excluir', 'apagar', 'remover', 'deletar'] },
    nouns: { en: ['message'], pt: ['mensagem'] },
  },
  run: async (api: SlackApi, input) => {
    const reference = await findMessage(api, input)
    if (!reference.ok) return reference
    const { channel: place, ts } = reference.value
    const deleted = await api.write((slack) => slack.chat.delete({ channel: place.id, ts }), {
      scope: 'chat:write',
      check: `See with slack_read_thread on ${ts} whether it is still there.`,
    })
    if (!deleted.ok) return deleted
    return success({ text: `${api.words.deleted(place.label)} [${ts}].`, value: { channel: place.id, ts } })
  },
})
