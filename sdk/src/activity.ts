import type { PageQuery } from './agents.ts'
import type { Abortable, Transport } from './transport.ts'

export interface ActivityEvent {
  readonly id: number
  readonly type: string
  readonly outcome: 'success' | 'failure' | 'denied'
  readonly actor: Readonly<Record<string, unknown>>
  readonly target: Readonly<Record<string, unknown>>
  readonly details: Readonly<Record<string, unknown>>
  readonly request_id: string | null
  readonly at: string
}

export interface EventPage<Event> {
  readonly events: readonly Event[]
  readonly next_cursor: number | null
}

/** How somebody came in; `via_id` is the one session, token or client. */
export type ViaKind = 'session' | 'api_token' | 'oauth_client' | 'external_jwt' | 'remote_server'

/** What tells events, and calls, from others. */
type Narrowing = {
  readonly provider?: string
  readonly tool?: string
  readonly agent_id?: number
  readonly via?: ViaKind
  /** Needs `via`. */
  readonly via_id?: string
  /** RFC 3339, the first moment. */
  readonly from?: string
  /** RFC 3339, the first moment after. */
  readonly to?: string
}

export type ActivityFilter = Narrowing & {
  /** Event types with commas between them. */
  readonly type?: string
  /** None of these. */
  readonly except?: string
  readonly outcome?: ActivityEvent['outcome']
}

export type ActivityQuery = PageQuery & ActivityFilter

export type UsageGrouping = 'provider' | 'tool' | 'agent' | 'client'
export type UsageInterval = 'hour' | 'day'

export type UsageQuery = Narrowing & {
  /** Hours up to three days, else days. */
  readonly interval?: UsageInterval
  /** Of the IANA database; UTC where it is left out. */
  readonly time_zone?: string
  readonly by?: UsageGrouping
}

export interface UsageFigures {
  readonly calls: number
  /** Calls that failed, or whose outcome is not known. */
  readonly errors: number
  readonly p50_ms: number | null
  readonly p95_ms: number | null
  /** Null where runs cannot be told apart by what was asked for. */
  readonly runs: number | null
  readonly input_tokens: number | null
  readonly output_tokens: number | null
  /** US dollars, of the runs whose model had a price; null where none had. */
  readonly cost_usd: number | null
}

export interface UsageReport {
  readonly from: string
  readonly to: string
  readonly interval: UsageInterval
  readonly time_zone: string
  readonly by: UsageGrouping
  readonly totals: UsageFigures
  /** Every hour or day, those without a call too. The first may begin before `from`. */
  readonly buckets: readonly (UsageFigures & { readonly at: string })[]
  /** Largest first. By client, a key is `oauth_client:<id>`, `api_token:<id>` or how else the calls came in. */
  readonly groups: readonly (UsageFigures & { readonly key: string | null })[]
  /** Groups that are left out. */
  readonly more_groups: number
  /** The largest groups over time; a stretch without a call is left out. */
  readonly series: readonly {
    readonly key: string | null
    readonly at: string
    readonly calls: number
    readonly errors: number
  }[]
}

/** What was done in the name of whoever asks. */
export function activityOf({ call, text }: Transport) {
  return {
    list: (query: ActivityQuery = {}) => call<EventPage<ActivityEvent>>('GET', '/api/activity', { query }),
    /** All pages as the text of one file; a JSON file says whether it was cut. In CSV no cell begins a formula. */
    export: (
      query: ActivityFilter & { readonly format?: 'csv' | 'json'; readonly cursor?: number } = {},
      options: Abortable = {},
    ) => text('GET', '/api/activity/export', { query, ...options }),
  }
}

/** How much was done in the name of whoever asks. */
export function usageOf({ call }: Transport) {
  return {
    get: (query: UsageQuery = {}) => call<UsageReport>('GET', '/api/usage', { query }),
  }
}
