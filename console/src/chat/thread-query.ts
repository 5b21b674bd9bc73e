import { queryOptions } from '@tanstack/react-query'
import type { ThreadWithMessages } from '@chaveiro/sdk'
import { client, queryClient } from '../api.ts'
import { mergedThread } from './merged-thread.ts'

/** More than fill a screen; earlier ones come as somebody scrolls up to them. */
const PAGE_SIZE = 30

/** A conversation with its newest messages, and as many earlier ones as were asked for. */
export const threadQuery = (id: number) =>
  queryOptions({
    queryKey: ['threads', id],
    queryFn: async () => {
      const fresh = await client.threads.get(id, { limit: PAGE_SIZE })
      return mergedThread(queryClient.getQueryData<ThreadWithMessages>(['threads', id]), fresh)
    },
  })

/** Fetches what was said before what is there. */
export async function loadEarlier(id: number): Promise<void> {
  const { queryKey } = threadQuery(id)
  const cursor = queryClient.getQueryData(queryKey)?.next_cursor ?? null
  if (cursor === null) return
  const earlier = await client.threads.get(id, { limit: PAGE_SIZE, cursor })
  queryClient.setQueryData(queryKey, (now) => {
    // Another page may have come meanwhile: nothing is shown twice.
    if (now === undefined || now.next_cursor !== cursor) return now
    return { ...now, messages: [...earlier.messages, ...now.messages], next_cursor: earlier.next_cursor }
  })
}
