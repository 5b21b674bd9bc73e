import { describe, expect, it } from 'vitest'
import type { Message, ThreadWithMessages } from '@chaveiro/sdk'
import { mergedThread } from './merged-thread.ts'

const thread = (ids: readonly number[], cursor: number | null): ThreadWithMessages => ({
  id: 1,
  agent_id: 1,
  title: '',
  created_at: '',
  updated_at: '',
  messages: ids.map((id) => ({ id }) as Message),
  next_cursor: cursor,
})
const ids = ({ messages }: ThreadWithMessages) => messages.map(({ id }) => id)

describe('a conversation that is fetched again', () => {
  it('keeps the earlier messages that were asked for', () => {
    const merged = mergedThread(thread([1, 2, 3, 4], null), thread([3, 4, 5], 3))
    expect(ids(merged)).toEqual([1, 2, 3, 4, 5])
    expect(merged.next_cursor).toBeNull()
  })

  it('is the newest page alone where the two do not meet: nothing is left out in silence', () => {
    expect(ids(mergedThread(thread([1, 2], null), thread([7, 8], 7)))).toEqual([7, 8])
    expect(ids(mergedThread(undefined, thread([7, 8], 7)))).toEqual([7, 8])
  })

  it('loses what a turn took the place of', () => {
    expect(ids(mergedThread(thread([1, 2, 3, 4], null), thread([1, 2, 5, 6], null)))).toEqual([1, 2, 5, 6])
    expect(ids(mergedThread(thread([1, 2, 3, 4], null), thread([5, 6], null)))).toEqual([5, 6])
  })
})
