import type { EventView } from './event-view.ts'

/** Events as a table for spreadsheets (RFC 4180). */

const COLUMNS: Readonly<Record<string, (event: EventView) => unknown>> = {
  id: ({ id }) => id,
  at: ({ at }) => at,
  type: ({ type }) => type,
  outcome: ({ outcome }) => outcome,
  code: ({ details }) => details['code'] ?? details['reason'],
  actor: ({ actor }) => actor['kind'],
  agent_id: ({ actor }) => actor['agent_id'],
  via: ({ actor }) => actor['via'],
  via_id: ({ actor }) => actor['via_id'],
  address: ({ actor }) => actor['address'],
  target: ({ target }) => target['kind'],
  target_id: ({ target }) => target['id'],
  label: ({ target }) => target['label'] ?? target['name'],
  provider: ({ target }) => target['provider'],
  tool: ({ target, details }) => details['tool'] ?? target['tool'],
  run_id: ({ details }) => details['run_id'],
  duration_ms: ({ details }) => details['duration_ms'],
  request_id: ({ request_id: id }) => id,
}

/** The first line: so that spreadsheets take it for UTF-8, it begins with a byte order mark. */
export const CSV_HEAD = `\uFEFF${Object.keys(COLUMNS).join(',')}\r\n`

/** One event with the end of its line. No cell begins a formula. */
export function csvLine(event: EventView): string {
  const cells = Object.values(COLUMNS).map((read) => cell(read(event)))
  return `${cells.join(',')}\r\n`
}

/** What a spreadsheet would run as a formula (OWASP, CSV injection); leading blanks do not hold it back. */
const FORMULA = /^\s*[=+\-@\t\r]/

/** Labels and names are written by strangers: an apostrophe keeps a spreadsheet from computing them. */
function cell(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const tame = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame
}
