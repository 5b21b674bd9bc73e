import type { Install, Workspace } from '../state/model.ts'
import { MILLISECONDS_PER_SECOND } from './clock.ts'
import { ApiFailure } from './failure.ts'
import type { RateLimitSettings } from './settings.ts'

/** Requests per window that an install has, by the plan of its workspace (documentation of autumn 2026). */
const PLAN_LIMITS: Record<Workspace['plan'], number> = { free: 180, plus: 180, business: 600, enterprise: 600 }

/** Requests counted in the window of a budget, which begins with the first of them. */
interface Bucket {
  /** Milliseconds since the epoch. */
  start: number
  count: number
}

/** What was spent so far, by budget. */
export interface Usage {
  counts: Map<string, Bucket>
}

/** A budget without use. */
export function emptyUsage(): Usage {
  return { counts: new Map() }
}

interface Spending {
  install: Install
  workspace: Workspace
  isSearch: boolean
  now: number
}

/** Counts a request and refuses it when one of its budgets is spent. What is refused is not counted. */
export function spend(usage: Usage, settings: RateLimitSettings, spending: Spending): void {
  const { install, workspace, now } = spending
  if (settings.blocked.some((id) => id === install.botId || id === workspace.id)) {
    throw rateLimited('public_api_request_blocked', null)
  }
  if (!settings.enabled) return
  const windowLength = settings.windowSeconds * MILLISECONDS_PER_SECOND
  const budgets = budgetsOf(settings, spending).map(({ name, limit, reason }) => {
    const { start = now, count = 0 } = bucketAt(usage, name, now - windowLength) ?? {}
    return { name, limit, reason, start, count }
  })
  const spent = budgets.find(({ limit, count }) => limit !== null && count >= limit)
  if (spent !== undefined) {
    throw rateLimited(spent.reason, Math.ceil((spent.start + windowLength - now) / MILLISECONDS_PER_SECOND))
  }
  for (const { name, start, count } of budgets) usage.counts.set(name, { start, count: count + 1 })
}

interface Budget {
  name: string
  /** Requests per window; null is no limit. */
  limit: number | null
  reason: string
}

function budgetsOf(settings: RateLimitSettings, { install, workspace, isSearch }: Spending): Budget[] {
  const own = settings.limit ?? PLAN_LIMITS[workspace.plan]
  const search = {
    name: `search/${install.botId}`,
    limit: settings.searchLimit,
    reason: 'public_api_endpoint_rate_limit',
  }
  return [
    { name: `install/${install.botId}`, limit: own, reason: 'public_api_request_rate_limit' },
    {
      name: `workspace/${workspace.id}`,
      limit: settings.workspaceLimit,
      reason: 'public_api_space_request_rate_limit',
    },
    ...(isSearch ? [search] : []),
  ]
}

/** The window of a budget that still runs: one that began after a moment. */
function bucketAt(usage: Usage, name: string, begunAfter: number): Bucket | null {
  const bucket = usage.counts.get(name)
  return bucket === undefined || bucket.start <= begunAfter ? null : bucket
}

/** The 429 with its reason and the seconds to wait; null where no wait helps. */
function rateLimited(reason: string, retryAfterSeconds: number | null): ApiFailure {
  return new ApiFailure('rate_limited', 'You have been rate limited. Please try again in a few minutes.', {
    rate_limit_reason: reason,
    ...(retryAfterSeconds === null ? {} : { retry_after: String(retryAfterSeconds) }),
  })
}
