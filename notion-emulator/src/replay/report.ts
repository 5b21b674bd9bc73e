import type { Difference } from './compare.ts'
import type { Driven, Outcome } from './drive.ts'
import { isOlderThanItsVersion, withoutLaterMembers } from './older.ts'
import { reasonFor } from './reasons.ts'

/** Percentage of equal answers of the tools' operations below which a replay fails. */
export const BAR_PERCENT = 98

/** How many of how many. */
export interface Share {
  equal: number
  of: number
}

/** One kind of difference and why it is there. */
export interface DifferenceGroup extends Difference {
  operation: string
  /** Interactions that have it. */
  interactions: string[]
  /** Null where nobody has looked into it. */
  reason: string | null
}

/** What a replay found. */
export interface Report {
  interactions: number
  sessions: number
  /** Of the operations in use most, all but the older answers: the bar holds for these. */
  tools: Share
  /** Of the same operations those with a recorded answer that is older than its version; see older.ts. */
  older: Share
  /** Both together, and every member counts: what a reader gets who trusts the version beside each answer. */
  strict: Share
  /** Operations that sessions need besides. */
  others: Share
  /** Equal to every value, ids, times and addresses left out. */
  toTheValue: Share
  filters: Share
  /** Filters on addresses that the recording replaced after Notion had looked at them: no rows follow from these. */
  filtersOnReplaced: number
  searches: Share
  /** Searches that were compared without the rows that Notion's index had not followed. */
  searchesWithOpenRows: number
  byOperation: Record<string, Share>
  notDriven: Record<string, number>
  differences: DifferenceGroup[]
}

/** Sums up what became of recorded requests. */
export function summarize(outcomes: Outcome[]): Report {
  const driven = outcomes.filter((outcome) => outcome.driven)
  const all = driven.filter(({ operation }) => operation.isTool)
  const older = all.filter(({ interaction }) => isOlderThanItsVersion(interaction))
  const tools = all.filter((outcome) => !older.includes(outcome))
  const filters = all.filter(
    ({ interaction }) => interaction.path.endsWith('/query') && names(interaction.body, 'filter'),
  )
  const searches = all.filter(({ interaction }) => interaction.path === '/v1/search')
  const notDriven: Record<string, number> = {}
  for (const outcome of outcomes) if (!outcome.driven) notDriven[outcome.why] = (notDriven[outcome.why] ?? 0) + 1
  return {
    interactions: outcomes.length,
    sessions: new Set(outcomes.map(({ interaction }) => interaction.session)).size,
    tools: share(tools, isEqual),
    older: share(older, ({ differences }) => isEqual({ differences: withoutLaterMembers(differences) })),
    strict: share(all, isEqual),
    others: share(
      driven.filter(({ operation }) => !operation.isTool),
      isEqual,
    ),
    toTheValue: share(tools, ({ differences }) => differences.length === 0),
    filters: share(filters, hasSameRows),
    filtersOnReplaced: filters.filter((outcome) => !hasSameRows(outcome) && outcome.looksAtReplaced).length,
    searches: share(searches, hasSameRows),
    searchesWithOpenRows: searches.filter(({ undetermined }) => undetermined > 0).length,
    byOperation: byOperation(driven),
    notDriven,
    differences: groups(driven),
  }
}

function names(body: unknown, member: string): boolean {
  return typeof body === 'object' && body !== null && member in body
}

function share(driven: Driven[], test: (outcome: Driven) => boolean): Share {
  return { equal: driven.filter(test).length, of: driven.length }
}

/** Whether status, keys and types are those of the recording, and the rows where it determines them. */
function isEqual({ differences }: Pick<Driven, 'differences'>): boolean {
  return differences.every(({ kind }) => kind === 'value')
}

function hasSameRows({ differences }: Driven): boolean {
  return !differences.some(({ kind }) => ['status', 'rows', 'order'].includes(kind))
}

function byOperation(driven: Driven[]): Record<string, Share> {
  const shares: Record<string, Share> = {}
  for (const outcome of driven) {
    const { equal = 0, of = 0 } = shares[outcome.operation.name] ?? {}
    shares[outcome.operation.name] = { equal: equal + (isEqual(outcome) ? 1 : 0), of: of + 1 }
  }
  return shares
}

function groups(driven: Driven[]): DifferenceGroup[] {
  const byPattern = new Map<string, DifferenceGroup>()
  for (const outcome of driven) {
    const { interaction, operation, differences } = outcome
    const counted = isOlderThanItsVersion(interaction) ? withoutLaterMembers(differences) : differences
    for (const difference of counted.filter(({ kind }) => kind !== 'value')) {
      const reason = reasonFor(difference, outcome)
      const key = [operation.name, difference.kind, difference.place, reason].join(' ')
      const known = byPattern.get(key)
      if (known === undefined) {
        byPattern.set(key, { ...difference, operation: operation.name, interactions: [interaction.id], reason })
      } else if (known.interactions.at(-1) !== interaction.id) known.interactions.push(interaction.id)
    }
  }
  return [...byPattern.values()].toSorted((left, right) => right.interactions.length - left.interactions.length)
}

/** Percentage with one digit, rounded down: 97.99 is not 98. */
export function percentOf({ equal, of }: Share): number {
  const tenths = 10
  return of === 0 ? 0 : Math.floor((100 * tenths * equal) / of) / tenths
}

/** A report for people. */
export function formatReport(report: Report, bar: number): string {
  const { tools, older, strict, others, toTheValue, filters, searches } = report
  const verdict = percentOf(tools) >= bar ? 'reached' : 'NOT REACHED'
  const notDriven = Object.entries(report.notDriven).map(([why, count]) => `  ${pad(count)}  ${why}`)
  const driven = strict.of + others.of
  return [
    `${report.interactions} recorded interactions in ${report.sessions} sessions`,
    `driven: ${driven} (${strict.of} of the operations that the bar holds for, ${others.of} that sessions need besides)`,
    `not driven: ${report.interactions - driven}`,
    ...notDriven,
    '',
    `equal in status, keys, types and determined rows: ${line(tools)}; bar ${bar} %: ${verdict}`,
    `older answers than the version beside them, equal but for members that came later: ${line(older)}`,
    `the two together, later members counted: ${line(strict)}`,
    `equal to every value, ids, times and addresses masked: ${line(toTheValue)}`,
    `operations besides: ${line(others)}`,
    `filters that give the recorded rows: ${line(filters)} (${report.filtersOnReplaced} look at addresses that the recording replaced)`,
    `searches that give the recorded rows: ${line(searches)} (${report.searchesWithOpenRows} of them compared without`,
    '  objects that the session itself changed or that lay in the trash: the index follows such changes late)',
    '',
    'equal by operation:',
    ...Object.entries(report.byOperation).map(([name, entry]) => `  ${line(entry).padEnd(COLUMN)} ${name}`),
    '',
    ...formatDifferences(report.differences),
  ].join('\n')
}

const COLUMN = 22

function line(entry: Share): string {
  return `${entry.equal} of ${entry.of} (${percentOf(entry).toFixed(1)} %)`
}

function pad(count: number): string {
  const width = 5
  return String(count).padStart(width)
}

function formatDifferences(differences: DifferenceGroup[]): string[] {
  const byReason = new Map<string, DifferenceGroup[]>()
  for (const group of differences) {
    const reason = group.reason ?? 'no reason known yet'
    byReason.set(reason, [...(byReason.get(reason) ?? []), group])
  }
  return [
    'remaining differences, by reason:',
    ...[...byReason].flatMap(([reason, members]) => reasonLines(reason, members)),
  ]
}

function reasonLines(reason: string, members: DifferenceGroup[]): string[] {
  const interactions = new Set(members.flatMap((group) => group.interactions))
  return [
    `  ${interactions.size} interactions: ${reason}`,
    ...members.map(
      ({ operation, kind, place, recorded, emulated, interactions: ids }) =>
        `    ${pad(ids.length)}  ${operation}  ${kind} ${place}: ${recorded} recorded, ${emulated} here (${ids[0] ?? ''})`,
    ),
  ]
}

/** Every interaction that is not equal, with what it differs in. */
export function listDifferences(outcomes: Outcome[]): string {
  return outcomes
    .filter((outcome) => outcome.driven)
    .filter(({ differences }) => differences.length > 0)
    .map(({ interaction, operation, differences }) =>
      [
        `${interaction.id}  ${operation.name}`,
        ...differences.map(
          ({ kind, place, recorded, emulated }) => `  ${kind} ${place}: ${recorded} recorded, ${emulated} here`,
        ),
      ].join('\n'),
    )
    .join('\n')
}
