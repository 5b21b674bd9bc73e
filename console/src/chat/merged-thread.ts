import type { ThreadWithMessages } from '@chaveiro/sdk'

/** The newest page, after the earlier messages that were there before it, where the two meet. */
export function mergedThread(before: ThreadWithMessages | undefined, fresh: ThreadWithMessages): ThreadWithMessages {
  const [first] = fresh.messages
  const meet = before?.messages.findIndex(({ id }) => id === first?.id) ?? -1
  if (before === undefined || meet <= 0) return fresh
  const messages = [...before.messages.slice(0, meet), ...fresh.messages]
  return { ...fresh, messages, next_cursor: before.next_cursor }
}
