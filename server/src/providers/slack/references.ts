import { failure, success, type Outcome } from '#kernel/problem.ts'
import { findChannel, type Place } from './channels.ts'
import type { SlackApi } from './client.ts'

/** Which message a call means: Slack tells them apart by channel and time stamp. */
export interface MessageReference {
  readonly channel: Place
  readonly ts: string
  /** The head of its thread, where the link names it. */
  readonly threadTs: string | undefined
}

const LINK =
  /^https:\/\/[a-z0-9.-]+\/archives\/([CGD][A-Z0-9]{8,20})\/p(\d{10})(\d{6})(?:\?(?:[^#\s]*&)?thread_ts=(\d{10}\.\d{6}))?[^\s]*$/i
const STAMP = /^(\d{10})\.(\d{6})$/
const COMPACT_STAMP = /^p?(\d{10})(\d{6})$/

interface ReferenceParts {
  readonly ts: string
  readonly channelId?: string
  readonly threadTs?: string
}

/** Reads a link to a message, or its time stamp; undefined where it is neither. */
function referenceIn(text: string): ReferenceParts | undefined {
  const given = text.trim()
  const link = LINK.exec(given)
  if (link !== null) {
    const [, channelId = '', seconds, micros, threadTs] = link
    return { ts: `${seconds}.${micros}`, channelId, ...(threadTs === undefined ? {} : { threadTs }) }
  }
  const stamp = STAMP.exec(given) ?? COMPACT_STAMP.exec(given)
  return stamp === null ? undefined : { ts: `${stamp[1]}.${stamp[2]}` }
}

/** The time stamp in a link to a message or in its time stamp; undefined where it is neither. */
export function stampIn(text: string): string | undefined {
  return referenceIn(text)?.ts
}

/** Finds out which message is meant. */
export async function findMessage(
  api: SlackApi,
  input: { readonly message: string; readonly channel?: string | undefined },
): Promise<Outcome<MessageReference>> {
  const parts = referenceIn(input.message)
  if (parts === undefined) {
    return failure(
      'invalid_arguments',
      'Give the link of the message, or its ts (like 1700000000.123456) and channel.',
      {
        path: 'arguments.message',
      },
    )
  }
  const { ts, channelId, threadTs } = parts
  if (channelId !== undefined && input.channel === undefined) {
    return success({ channel: { id: channelId, label: channelId }, ts, threadTs })
  }
  if (input.channel === undefined) {
    return failure('invalid_arguments', 'Give the channel of the message too, or the link of the message.', {
      path: 'arguments.channel',
    })
  }
  const channel = await findChannel(api, input.channel)
  if (!channel.ok) return channel
  if (channelId !== undefined && channel.value.id !== channelId) {
    return failure('invalid_arguments', 'The link of the message is of another channel. Leave the channel out.', {
      path: 'arguments.channel',
    })
  }
  return success({ channel: channel.value, ts, threadTs })
}
