import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query'
import { client } from '../api.ts'

const PAGE_SIZE = 100

/** What every list of conversations is known by, searched or not. */
export const THREAD_PAGES_KEY = ['threads', 'pages'] as const

/** Conversations, newest first; those in which each word of a search was said. */
export const threadPagesQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: [...THREAD_PAGES_KEY, search],
    queryFn: ({ pageParam }) =>
      client.threads.list({
        limit: PAGE_SIZE,
        ...(search === '' ? {} : { search }),
        ...(pageParam === null ? {} : { cursor: pageParam }),
      }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  })
