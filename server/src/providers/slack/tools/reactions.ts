import { z } from 'zod'
import { failure, success, type Outcome, type Problem } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import type { SlackApi } from '#providers/slack/client.ts'
import { emojiName } from '#providers/slack/emoji.ts'
import { findMessage } from '#providers/slack/references.ts'

const input = z.strictObject({
  message: z.string().min(1).describe('link or ts'),
  channel: z.string().optional().describe('needed with a ts'),
  emoji: z.string().min(1).describe('name like thumbsup, or 👍'),
})

type Direction = 'add' | 'remove'

/** Slack's way of saying that all is as it was asked to be. */
const ALREADY: Readonly<Record<Direction, string>> = { add: 'already_reacted', remove: 'no_reaction' }

export const addReaction = defineTool({
  name: 'slack_add_reaction',
  title: { en: 'Add reaction', pt: 'Adicionar reação' },
  description: 'React to a message with an emoji. Takes a message link, or its ts and channel.',
  input,
  annotations: { readOnly: false, destructive: false, idempotent: true, openWorld: true },
  needs: ['write_reactions'],
  intent: {
    verbs: { en: ['react', 'add', 'like', 'mark'], pt: ['reagir', 'adicionar', 'curtir', 'marcar'] },
    nouns: { en: ['reaction', 'emoji', 'thumbs up'], pt: ['reação', 'emoji', 'joinha'] },
  },
  run: (api: SlackApi, given) => react(api, 'add', given),
})

export const removeReaction = defineTool({
  name: 'slack_remove_reaction',
  title: { en: 'Remove reaction', pt: 'Remover reação' },
  description: "Take back the user's own reaction to a message.",
  input,
  annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: true },
  needs: ['write_reactions'],
  intent: {
    verbs: { en: ['remove', 'take back', 'undo', 'unreact'], pt: ['remover', 'tirar', 'desfazer'] },
    nouns: { en: ['reaction', 'emoji'], pt: ['reação', 'emoji'] },
  },
  run: (api: SlackApi, given) => react(api, 'remove', given),
})

async function react(api: SlackApi, direction: Direction, given: z.output<typeof input>): Promise<Outcome<ToolResult>> {
  const name = emojiName(given.emoji)
  if (name === undefined) {
    return failure('invalid_arguments', 'Give the name of one emoji, for example thumbsup.', {
      path: 'arguments.emoji',
    })
  }
  const reference = await findMessage(api, given)
  if (!reference.ok) return reference
  const { channel, ts } = reference.value
  const reaction = { channel: channel.id, timestamp: ts, name }
  const done = await api.write((slack) => slack.reactions[direction](reaction), {
    scope: 'reactions:write',
    check: `See with slack_read_thread on ${ts} which reactions it has.`,
  })
  const value = { channel: channel.id, ts, emoji: name }
  const { words } = api
  if (!done.ok) {
    if (!saysAlready(done.problem, direction)) return done
    const said = direction === 'add' ? words.reactedBefore(`:${name}:`) : words.notReacted(`:${name}:`)
    return success({ text: `${said} [${ts}].`, value: { ...value, changed: false } })
  }
  const said = direction === 'add' ? words.reacted(`:${name}:`) : words.unreacted(`:${name}:`)
  return success({ text: `${said} [${ts}].`, value: { ...value, changed: true } })
}

function saysAlready(problem: Problem, direction: Direction): boolean {
  return problem.reason === ALREADY[direction]
}
