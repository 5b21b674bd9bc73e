import { isRecord } from '#kernel/json-values.ts'
import type { ProviderTarget } from '#providers/contract.ts'
import { channelIdIn, namesPerson } from './channels.ts'
import { userIdIn } from './people.ts'
import { stampIn } from './references.ts'

/** Channels by their names, people by theirs: what a call that waits for its user is about. */
export const targets: readonly ProviderTarget[] = [
  {
    argument: 'channel',
    tool: 'slack_get_channel',
    titleOf: (value) => memberOf(value, 'title'),
    isId: (given) => channelIdIn(given) !== undefined || userIdIn(given) !== undefined,
    idOf: (value) => memberOf(value, 'id'),
    // A message to somebody opens the conversation with them.
    isMadeByCall: namesPerson,
    nowOf: (value) => ({ topic: memberOf(value, 'topic') ?? '' }),
  },
  {
    argument: 'user',
    tool: 'slack_get_user',
    titleOf: (value) => memberOf(value, 'name'),
    isId: (given) => userIdIn(given) !== undefined,
    idOf: (value) => memberOf(value, 'id'),
  },
  {
    argument: 'message',
    tool: 'slack_read_thread',
    within: ['channel'],
    titleOf: textOf,
    nowOf: (value, given) => ({ text: textOf(value, given) ?? '' }),
    // A link or a ts names one message for ever.
    isId: () => true,
    idOf: () => null,
  },
]

function memberOf(value: unknown, name: string): string | null {
  const member = isRecord(value) ? value[name] : undefined
  return typeof member === 'string' ? member : null
}

/** What the very message says, which may be any of its thread. */
function textOf(value: unknown, given: string): string | null {
  const messages = isRecord(value) ? value['messages'] : undefined
  const ts = stampIn(given)
  if (!Array.isArray(messages) || ts === undefined) return null
  return memberOf(
    messages.find((message) => memberOf(message, 'ts') === ts),
    'text',
  )
}
