import type { ImportedConnection } from '@chaveiro/sdk'
import { CommandFailure, EXIT } from './failure.ts'

/** Rows of a moved `mcp_connections` table: JSON Lines or one JSON array, as `row_to_json` or our own export writes them. */

type Row = Readonly<Record<string, unknown>>
/** Id of a user there → e-mail address of the user here. */
export type UserMap = ReadonlyMap<string, string>

/** @throws CommandFailure that names every user without an account, else the first row that cannot be read; nothing has been sent then */
export function parseRows(content: string, users: UserMap): ImportedConnection[] {
  const values = content.trimStart().startsWith('[') ? parseArray(content) : parseLines(content)
  if (values.length === 0) throw unreadable('The file holds no rows.')
  const rows = values.map(({ where, value }) => {
    if (!isRecord(value)) throw unreadable(`${where} is no JSON object.`)
    return { where, row: value }
  })
  refuseUnmapped(rows, users)
  return rows.map(({ where, row }) => connectionOf(row, users, where))
}

/** Names all of them at once: a table of thousands is mapped in one go, not one id a run. */
function refuseUnmapped(rows: readonly { where: string; row: Row }[], users: UserMap): void {
  const unmapped = new Map<string, { first: string; more: number }>()
  for (const { where, row } of rows) {
    const id = userIdOf(row)
    if (id === undefined || users.has(id)) continue
    const seen = unmapped.get(id)
    if (seen === undefined) unmapped.set(id, { first: where, more: 0 })
    else seen.more += 1
  }
  if (unmapped.size === 0) return
  const lines = [...unmapped].map(
    ([id, { first, more }]) => `  ${id} (${first}${more === 0 ? '' : `, and ${more} more`})`,
  )
  const noun = unmapped.size === 1 ? 'this user_id' : `these ${unmapped.size} user_ids`
  throw unreadable(`--users has no e-mail address for ${noun}; nothing was sent:\n${lines.join('\n')}`)
}

/** The id that must be looked up; undefined where the row names its user itself, or not at all. */
function userIdOf({ user_email: email, user_id: id }: Row): string | undefined {
  if (typeof email === 'string' && email !== '') return undefined
  return typeof id === 'number' || typeof id === 'string' ? String(id) : undefined
}

/** @throws CommandFailure */
export function parseUserMap(content: string): UserMap {
  const value = parseJson(content, 'The map of users')
  if (!isRecord(value)) throw unreadable('The map of users must be a JSON object: {"17": "ana@example.com"}.')
  return new Map(
    Object.entries(value).map(([id, email]) => {
      if (typeof email !== 'string') throw unreadable(`The map of users has no e-mail address for ${id}.`)
      return [id, email]
    }),
  )
}

interface Located {
  readonly where: string
  readonly value: unknown
}

function parseArray(content: string): Located[] {
  const value = parseJson(content, 'The file')
  return (value as unknown[]).map((each, index) => ({ where: `Row ${index + 1}`, value: each }))
}

function parseLines(content: string): Located[] {
  return content.split('\n').flatMap((line, index) => {
    const where = `Line ${index + 1}`
    return line.trim() === '' ? [] : [{ where, value: parseJson(line, where) }]
  })
}

function parseJson(content: string, where: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    // The parser's own message would show a piece of the content.
    throw unreadable(`${where} is no valid JSON.`)
  }
}

function connectionOf(row: Row, users: UserMap, where: string): ImportedConnection {
  const metadata = metadataOf(row['metadata'], where)
  const connectedAt = timeOf(row['connected_at'], `${where}: connected_at`)
  const expiresAt = timeOf(row['expires_at'], `${where}: expires_at`)
  return {
    user_email: emailOf(row, users, where),
    provider: textOf(row, 'provider', where),
    encrypted_credentials: textOf(row, 'encrypted_credentials', where),
    ...(typeof row['is_active'] === 'boolean' ? { is_active: row['is_active'] } : {}),
    ...(connectedAt === undefined ? {} : { connected_at: connectedAt }),
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(typeof row['label'] === 'string' && row['label'] !== '' ? { label: row['label'] } : {}),
  }
}

function emailOf(row: Row, users: UserMap, where: string): string {
  const id = userIdOf(row)
  const email = id === undefined ? row['user_email'] : users.get(id)
  if (typeof email !== 'string' || email === '') throw unreadable(`${where} has neither user_email nor user_id.`)
  return email
}

function textOf(row: Row, name: string, where: string): string {
  const value = row[name]
  if (typeof value !== 'string' || value === '') throw unreadable(`${where} has no ${name}.`)
  return value
}

function metadataOf(value: unknown, where: string): Row | undefined {
  const metadata = typeof value === 'string' ? parseJson(value, `${where}: metadata`) : value
  if (metadata === null || metadata === undefined) return undefined
  if (!isRecord(metadata)) throw unreadable(`${where}: metadata is no JSON object.`)
  return metadata
}

const TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}(?::?\d{2})?)?$/

/** ISO 8601 in UTC of what PostgreSQL and Python print. A time without a zone is UTC, as such tables keep it. */
function timeOf(value: unknown, where: string): string | undefined {
  if (value === null || value === undefined) return undefined
  const [, day, time, zone = 'Z'] = TIME.exec(typeof value === 'string' ? value : '') ?? []
  const full = /^[+-]\d{2}$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')
  const date = new Date(`${day}T${time}${full}`)
  if (Number.isNaN(date.getTime())) throw unreadable(`${where} is no time such as 2025-01-31T12:00:00Z.`)
  return date.toISOString()
}

function isRecord(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function unreadable(message: string): CommandFailure {
  return new CommandFailure(EXIT.unreadable, message)
}
