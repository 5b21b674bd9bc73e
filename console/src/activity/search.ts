/** The filters of the activity, as they stand in the address. */

export const OUTCOMES = ['success', 'failure', 'denied'] as const
export const KINDS = ['calls', 'approvals', 'connections', 'agents', 'access', 'account'] as const
export const PERIODS = ['24h', '7d', '30d'] as const

export interface ActivitySearch {
  readonly outcome?: (typeof OUTCOMES)[number]
  readonly kind?: (typeof KINDS)[number]
  readonly since?: (typeof PERIODS)[number]
  /** The first and the last day, as `2026-11-22`; they count where `since` is not set. */
  readonly from?: string
  readonly to?: string
  readonly provider?: string
  readonly tool?: string
  readonly agent?: number
  /** `session`, `oauth_client:7` or `api_token:7`. */
  readonly client?: string
  /** Each use of a key too, which calls bring along. */
  readonly uses?: true
  /** The event whose panel is open. */
  readonly event?: number
}

type Raw = Readonly<Record<string, unknown>>

const DAY = /^\d{4}-\d{2}-\d{2}$/
const CLIENT = /^(?:session|external_jwt|remote_server|(?:oauth_client|api_token)(?::.+)?)$/

const dayOf = (value: unknown) => (typeof value === 'string' && DAY.test(value) ? value : undefined)
const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
const idOf = (value: unknown) => (Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : undefined)

export function activitySearch(raw: Raw): ActivitySearch {
  const client = textOf(raw['client'])
  return only({
    outcome: OUTCOMES.find((one) => one === raw['outcome']),
    kind: KINDS.find((one) => one === raw['kind']),
    since: PERIODS.find((one) => one === raw['since']),
    from: dayOf(raw['from']),
    to: dayOf(raw['to']),
    provider: textOf(raw['provider']),
    tool: textOf(raw['tool']),
    agent: idOf(raw['agent']),
    client: client !== undefined && CLIENT.test(client) ? client : undefined,
    uses: raw['uses'] === true ? true : undefined,
    event: idOf(raw['event']),
  })
}

type Defined<Values> = { readonly [Name in keyof Values]?: Exclude<Values[Name], undefined> }

/** Without what is not set: an address has no `?outcome=`. */
export function only<Values extends object>(values: Values): Defined<Values> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<Values>
}
