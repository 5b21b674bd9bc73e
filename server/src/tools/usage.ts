/** How much was done in a user's name. */

/** What figures are told apart by. */
export const GROUPINGS = ['provider', 'tool', 'agent', 'client'] as const
export type Grouping = (typeof GROUPINGS)[number]

export const INTERVALS = ['hour', 'day'] as const
export type Interval = (typeof INTERVALS)[number]

/** Which calls, and how they are laid out. */
export interface UsageQuestion {
  readonly from: Date
  /** The first moment after. */
  readonly to: Date
  readonly interval: Interval
  /** Of the IANA database: it says when an hour and a day begin. */
  readonly timeZone: string
  readonly by: Grouping
  readonly provider?: string | undefined
  readonly tool?: string | undefined
  readonly agentId?: number | undefined
  readonly via?: string | undefined
  readonly viaId?: string | undefined
}

/** What a row of figures is about: everything, a stretch of time, a group, or a group within a stretch of time. */
export interface UsagePlace {
  /** When the hour or day begins; null for the whole time. */
  readonly bucket: Date | null
  /** Of the group: a provider, a tool, an agent's id, a way of coming in. Null for what has none, as calls without an agent. */
  readonly key: string | null
  /** False for figures of all groups together, whose key is null too. */
  readonly isOfGroup: boolean
}

/** Figures of tool calls. */
export interface CallFigures extends UsagePlace {
  readonly calls: number
  /** That failed, or whose outcome is not known. */
  readonly errors: number
  /** Milliseconds; null where no call has ended. */
  readonly p50_ms: number | null
  readonly p95_ms: number | null
}
