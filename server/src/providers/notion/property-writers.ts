import { isRecord } from '#kernel/json-values.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { NotionApi } from './client.ts'
import { readDate, type Calendar } from './dates.ts'
import { idIn, titleIn } from './ids.ts'
import { folded } from './names.ts'
import { readNumber } from './numbers.ts'
import type { People } from './people.ts'
import { RANGE_SEPARATOR } from './property-values.ts'
import { RICH_TEXT_ITEMS, richTextOf } from './rich-text.ts'
import { findRow } from './rows.ts'
import { findOption, optionOf, type Column } from './schema.ts'

/** What a value is written with. */
export interface WritingContext {
  readonly api: NotionApi
  readonly calendar: Calendar
  readonly people: People
  /** Takes a sentence for the result. */
  readonly note: (text: string) => void
}

/** One value → Notion's form without the type, or what would be right. */
export type ValueWriter = (
  column: Column,
  value: unknown,
  context: WritingContext,
) => Outcome<unknown> | Promise<Outcome<unknown>>

/** Refuses a value, with what the property takes. */
export function refuseValue(column: Column, fault: string): Outcome<never> {
  return failure('invalid_arguments', `"${column.name}" ${fault}.`, { path: `arguments.properties.${column.name}` })
}

/** What clears a property where null does not. */
export const EMPTY_VALUES: Readonly<Record<string, unknown>> = {
  title: [],
  rich_text: [],
  multi_select: [],
  people: [],
  relation: [],
  files: [],
  checkbox: false,
}

const writeText: ValueWriter = (column, value) => {
  if (typeof value !== 'string' && typeof value !== 'number') return refuseValue(column, 'takes a text')
  const items = richTextOf(String(value))
  return items.length <= RICH_TEXT_ITEMS ? success(items) : refuseValue(column, 'takes at most 200,000 characters')
}

const writeString: ValueWriter = (column, value) => {
  if (typeof value !== 'string') return refuseValue(column, 'takes a text')
  return success(value === '' ? null : value)
}

const writeNumber: ValueWriter = (column, value) => {
  const isShare = column.format === 'percent'
  const number = typeof value === 'string' ? readNumber(value, isShare) : value
  return typeof number === 'number' && Number.isFinite(number)
    ? success(number)
    : refuseValue(
        column,
        'takes a number, such as 12.5 or "R$ 1.234,56"; what could be read two ways, as "1.234", is not taken',
      )
}

const TRUE_WORDS = new Set(
  'true yes y sim s verdadeiro on ligado checked marcado done feito concluido x ✓ ✔ ✅ ☑ 1 __yes__'.split(' '),
)
const FALSE_WORDS = new Set(
  'false no n nao falso off desligado unchecked desmarcado undone pendente ☐ ❌ 0 __no__'.split(' '),
)

/** A checkbox in words, if it is one. */
export function readCheckbox(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const word = folded(String(value)).replaceAll('\uFE0F', '')
  if (TRUE_WORDS.has(word)) return true
  return FALSE_WORDS.has(word) ? false : undefined
}

const writeCheckbox: ValueWriter = (column, value) => {
  const checked = readCheckbox(value)
  return checked === undefined ? refuseValue(column, 'takes true or false, yes or no, sim or não') : success(checked)
}

/** Notion's limit for the name of an option. */
const OPTION_CHARACTERS = 100

/** An option that exists, or a new one: Notion adds it to the schema as the value is written. */
function optionToWrite(column: Column, value: unknown, note: (text: string) => void): Outcome<{ name: string }> {
  const given: unknown = isRecord(value) ? value['name'] : value
  if (typeof given !== 'string' && typeof given !== 'number') return refuseValue(column, 'takes names of options')
  const name = String(given).trim()
  const known = column.options === undefined ? undefined : optionOf(column, name)
  if (known !== undefined) return success({ name: known })
  if (name === '' || name.length > OPTION_CHARACTERS || name.includes(',')) {
    return refuseValue(column, `takes names of options: 1 to ${OPTION_CHARACTERS} characters, without commas`)
  }
  if (column.options !== undefined) note(`"${column.name}": added the new option "${name}".`)
  return success({ name })
}

const writeSelect: ValueWriter = (column, value, { note }) => {
  const isOne = typeof value === 'string' || (isRecord(value) && typeof value['name'] === 'string')
  if (!isOne) return refuseValue(column, 'takes the name of one option')
  return optionToWrite(column, value, note)
}

const writeStatus: ValueWriter = (column, value) => {
  const name: unknown = isRecord(value) ? value['name'] : value
  if (typeof name !== 'string') return refuseValue(column, 'takes the name of one option')
  const option = findOption(column, name)
  return option.ok ? success({ name: option.value }) : option
}

const writeOptions: ValueWriter = (column, value, { note }) => {
  const names = listOf(value)
  if (names === undefined || typeof value === 'number') return refuseValue(column, 'takes a list of option names')
  const options: { name: string }[] = []
  for (const name of names) {
    const option = optionToWrite(column, name, note)
    if (!option.ok) return option
    if (!options.some((other) => other.name === option.value.name)) options.push(option.value)
  }
  return success(options)
}

const writeDate: ValueWriter = (column, value, { calendar, note }) => {
  const parts = isRecord(value) ? [value['start'], value['end']].filter((part) => typeof part === 'string') : [value]
  const text = parts.join(RANGE_SEPARATOR)
  const date = typeof parts[0] === 'string' ? readDate(text, calendar) : undefined
  if (date === undefined) {
    return refuseValue(
      column,
      'takes an ISO 8601 date such as 2026-12-01, a range 2026-12-01/2026-12-05, or words such as tomorrow, next friday, em 3 dias, 25 de dezembro. A date like 01/12/2026 can be read two ways and is not taken',
    )
  }
  const timeZone = isRecord(value) && typeof value['time_zone'] === 'string' ? { time_zone: value['time_zone'] } : {}
  const range = date.end === undefined ? date.start : `${date.start} to ${date.end}`
  const zone = date.time_zone ?? calendar.timeZone
  if (!/^\d{4}-\d{2}-\d{2}/.test(text))
    note(`"${column.name}": ${JSON.stringify(text)} was taken as ${range} (${zone}).`)
  return success({ ...date, ...timeZone })
}

const writePeople: ValueWriter = async (column, value, { people, note }) => {
  const names = listOf(value)
  if (names === undefined)
    return refuseValue(column, 'takes names, e-mails or user ids; find them with notion_list_users')
  const found: { object: 'user'; id: string }[] = []
  for (const name of names) {
    const text: unknown = isRecord(name) ? (name['id'] ?? name['email'] ?? name['name']) : name
    if (typeof text !== 'string') return refuseValue(column, 'takes names, e-mails or user ids')
    const person = await people.find(text, `"${column.name}"`)
    if (!person.ok) return person
    if (person.value.name !== undefined && folded(person.value.name) !== folded(text)) {
      note(`"${column.name}": ${JSON.stringify(text)} is ${person.value.name}.`)
    }
    found.push({ object: 'user', id: person.value.id })
  }
  return success(found)
}

const writeRelation: ValueWriter = async (column, value, { api }) => {
  // A title may hold commas, so a text is one row.
  const targets = typeof value === 'string' ? (jsonList(value) ?? [value]) : listOf(value)
  if (targets === undefined) return refuseValue(column, 'takes page ids, URLs or titles')
  const rows: { id: string }[] = []
  for (const target of targets) {
    const row = await relatedRow(column, target, api)
    if (!row.ok) return row
    rows.push({ id: row.value })
  }
  return success(rows)
}

async function relatedRow(column: Column, target: unknown, api: NotionApi): Promise<Outcome<string>> {
  const text: unknown = isRecord(target) ? (target['id'] ?? target['url'] ?? target['title']) : target
  if (typeof text !== 'string') return refuseValue(column, 'takes page ids, URLs or titles')
  const id = idIn(text)
  if (id !== undefined) return success(id)
  const title = titleIn(text)
  if (title === undefined || column.data_source_id === undefined) return refuseValue(column, 'takes page ids or URLs')
  const row = await findRow(api, column.data_source_id, title, `"${column.name}"`)
  return row.ok ? success(row.value.id) : row
}

const writeFiles: ValueWriter = (column, value) => {
  const addresses = Array.isArray(value) ? value : [value]
  if (!isStrings(addresses) || !addresses.every((address) => UPLOAD_ID.test(address) || URL.canParse(address))) {
    return refuseValue(column, 'takes URLs of files, or ids of files that were uploaded')
  }
  return success(
    addresses.map((address) =>
      UPLOAD_ID.test(address)
        ? { type: 'file_upload', file_upload: { id: address } }
        : { type: 'external', name: fileName(address), external: { url: address } },
    ),
  )
}

/** What notion_upload_file answers with. */
const UPLOAD_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Notion wants a name of at most this length for each file. */
const FILE_NAME_CHARACTERS = 100

function fileName(url: string): string {
  const { pathname, host } = new URL(url)
  return (pathname.split('/').at(-1) || host).slice(0, FILE_NAME_CHARACTERS)
}

/** How each type of property is written. Types that Notion fills in by itself are missing. */
export const VALUE_WRITERS: Readonly<Record<string, ValueWriter>> = {
  title: writeText,
  rich_text: writeText,
  number: writeNumber,
  checkbox: writeCheckbox,
  select: writeSelect,
  status: writeStatus,
  multi_select: writeOptions,
  date: writeDate,
  people: writePeople,
  relation: writeRelation,
  files: writeFiles,
  url: writeString,
  email: writeString,
  phone_number: writeString,
}

/** Several values: a list, a list as JSON text, or names with commas or semicolons between them. */
function listOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (isRecord(value)) return [value]
  if (typeof value !== 'string') return undefined
  return jsonList(value) ?? splitNames(value)
}

function jsonList(text: string): readonly unknown[] | undefined {
  if (!text.trim().startsWith('[')) return undefined
  try {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

function splitNames(text: string): string[] {
  return text
    .split(/[,;]/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
