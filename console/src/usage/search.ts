/** What the figures are about, as it stands in the address. */

export const RANGES = ['24h', '7d', '30d', '90d'] as const
export type Range = (typeof RANGES)[number]
export const GROUPINGS = ['provider', 'tool', 'agent', 'client'] as const

export interface UsageSearch {
  readonly range?: Range
  readonly by?: (typeof GROUPINGS)[number]
}

export function usageSearch(raw: Readonly<Record<string, unknown>>): UsageSearch {
  const range = RANGES.find((one) => one === raw['range'])
  const by = GROUPINGS.find((one) => one === raw['by'])
  return { ...(range === undefined ? {} : { range }), ...(by === undefined ? {} : { by }) }
}
