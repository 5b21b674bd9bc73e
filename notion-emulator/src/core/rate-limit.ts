import type { Install, Workspace } from '../state/model.ts'
import { ApiFailure } from './failure.ts'
import type { RateLimitSettings } from './settings.ts'

/** Requests per window that an install has, by the plan of its workspace (documentation of autumn 2026). */
const PLAN_LIMITS: Record<Workspace['plan'], number> = { free: 180, plus: 180, business: 600, enterprise: 600 }
const MILLISECONDS_PER_SECOND = 1000

/** Requests counted in the current window, by budget. */
export interface Usage {
  windowStart: number
  counts: Map<string, number>
}

/** A budget without use. */
export function emptyUsage(): Usage {
  return { windowStart: 0, counts: new Map() }
}

interface Spending {
  install: Install
  workspace: Workspace
  isSearch: boolean
  now: number
}

/** Counts a request and refuses it when one of its budgets is spent. */
export function spend(usage: Usage, settings: RateLimitSettings, spending: Spending): void {
  if (!settings.enabled) return
  const { install, workspace, isSearch, now } = spending
  const windowLength = settings.windowSeconds * MILLISECONDS_PER_SECOND
  if (now >= usage.windowStart + windowLength) {
    usage.windowStart = now
    usage.counts.clear()
  }
  const wait = Math.max(1, Math.ceil((usage.windowStart + windowLength - now) / MILLISECONDS_PER_SECOND))
  const searchLimit = isSearch ? settings.searchLimit : null
  const budgets = [
    [`install/${install.botId}`, settings.limit ?? PLAN_LIMITS[workspace.plan], 'public_api_request_rate_limit'],
    [`workspace/${workspace.id}`, settings.workspaceLimit, 'public_api_space_request_rate_limit'],
    [`search/${install.botId}`, searchLimit, 'public_api_endpoint_rate_limit'],
  ] as const
  for (const [name, limit, reason] of budgets) {
    const used = usage.counts.get(name) ?? 0
    if (limit !== null && used >= limit) throw rateLimited(reason, wait)
  }
  for (const [name] of budgets) usage.counts.set(name, (usage.counts.get(name) ?? 0) + 1)
}

/** The 429 with its reason and the seconds to wait. */
function rateLimited(reason: string, retryAfterSeconds: number): ApiFailure {
  return new ApiFailure('rate_limited', 'You have been rate limited. Please try again in a few minutes.', {
    rate_limit_reason: reason,
    retry_after: String(retryAfterSeconds),
  })
}
