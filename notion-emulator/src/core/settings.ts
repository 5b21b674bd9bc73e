import { MEBIBYTE } from './body-limits.ts'

/** Behaviour that tests and demos may switch. */
export interface Settings {
  /** Answer requests without a `Notion-Version` header as 2026-03-11 instead of refusing them. */
  lenientVersion: boolean
  /** How long after creation search starts to find an object, in milliseconds. */
  indexDelayMs: number
  /** Rows that one query can reach before it answers `incomplete`. The real API says 10,000. */
  queryResultLimit: number
  /** Blocks that one Markdown read shows before the rest becomes `<unknown>` tags. */
  markdownBlockLimit: number
  /** At most this many users on one page of the users list, however large `page_size` is. */
  usersPerPage: number
  /** How long an access token of OAuth lives, in milliseconds; null for ever. Notion documents no lifetime. */
  accessTtlMs: number | null
  /** How long an authorization code lives, in milliseconds. */
  codeTtlMs: number
  /** Takes `emulator_user` and `emulator_roots` in the authorize address as consent, without a page. */
  consentByQuery: boolean
  /** Which keys an OAuth error has: those of the API's errors, those of RFC 6749, or both. */
  oauthErrorBody: 'both' | 'notion' | 'oauth'
  /** What ends when a token is revoked: it alone, or every token of the same authorization. */
  revocationEnds: 'token' | 'authorization'
  /** How long webhook events wait for others to be put together with them, in milliseconds. Notion: up to a minute. */
  webhookWindowMs: number
  /** Sends webhook events that are due together in the wrong order. */
  webhookOutOfOrder: boolean
  /** After how many polls background work is done; without polls it takes two seconds for each of them. */
  asyncPolls: number
  /** How long each step takes from a recording to notes (transcript, then summary), in milliseconds. */
  meetingStepMs: number
  /** How long an import from an external address takes, in milliseconds. */
  importDelayMs: number
  /** Bytes that all uploads together may hold, since the emulator keeps them in memory. */
  uploadMemoryBytes: number
  rateLimit: RateLimitSettings
}

export interface RateLimitSettings {
  enabled: boolean
  windowSeconds: number
  /** Requests per window and install; null takes the number of the workspace's plan. */
  limit: number | null
  /** Requests per window over all installs of a workspace; null is no limit. */
  workspaceLimit: number | null
  /** Searches per window and install; null is no limit. */
  searchLimit: number | null
  /** Bots, and workspaces, whose every request is refused, whether limits are on or off. */
  blocked: string[]
}

/** Page size that the API grants when none is asked for, and the largest that it accepts. */
export const MAX_PAGE_SIZE = 100
const QUERY_RESULT_LIMIT = 10_000
/** About what the documentation names for one Markdown read. */
const MARKDOWN_BLOCK_LIMIT = 20_000
const WINDOW_SECONDS = 60
/** Notion names no number; a guess that leaves the rest of the budget of an install to other requests. */
const SEARCH_LIMIT = 30
/** Ten minutes, the most that RFC 6749 section 4.1.2 recommends. */
const CODE_TTL_MS = 600_000

/** One poll that finds work under way, and one that finds it done. */
const ASYNC_POLLS = 2
/** Long enough to be seen in a demo, short enough to wait for. */
const MEETING_STEP_MS = 5000
/** Files are kept in memory; this leaves a test or a demo the rest of it. */
const UPLOAD_MEMORY_BYTES = 256 * MEBIBYTE

/** What holds unless `createEmulator` or the control plane says otherwise. */
export function defaultSettings(): Settings {
  return {
    lenientVersion: false,
    indexDelayMs: 0,
    queryResultLimit: QUERY_RESULT_LIMIT,
    markdownBlockLimit: MARKDOWN_BLOCK_LIMIT,
    usersPerPage: MAX_PAGE_SIZE,
    accessTtlMs: null,
    codeTtlMs: CODE_TTL_MS,
    consentByQuery: false,
    oauthErrorBody: 'both',
    revocationEnds: 'token',
    webhookWindowMs: 0,
    webhookOutOfOrder: false,
    asyncPolls: ASYNC_POLLS,
    meetingStepMs: MEETING_STEP_MS,
    importDelayMs: 0,
    uploadMemoryBytes: UPLOAD_MEMORY_BYTES,
    rateLimit: {
      enabled: false,
      windowSeconds: WINDOW_SECONDS,
      limit: null,
      workspaceLimit: null,
      searchLimit: SEARCH_LIMIT,
      blocked: [],
    },
  }
}
