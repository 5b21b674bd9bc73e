import type { CreatePageParameters } from '@notionhq/client'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { readId } from './ids.ts'
import { isRecord } from './json.ts'
import { RANGE_SEPARATOR } from './property-values.ts'
import { richTextOf } from './rich-text.ts'
import { findColumn, findOption, type Column } from './schema.ts'

/** Properties as Notion takes them. */
export type PropertyPayloads = NonNullable<CreatePageParameters['properties']>

/** Plain JSON values by property name → Notion's form, each checked against the schema. The first fault is the answer. */
export function propertyPayloads(
  values: Readonly<Record<string, unknown>>,
  columns: readonly Column[],
): Outcome<PropertyPayloads> {
  const payloads: [string, unknown][] = []
  for (const [name, value] of Object.entries(values)) {
    const column = findColumn(columns, name)
    if (!column.ok) return column
    const payload = payloadOf(column.value, value)
    if (!payload.ok) return payload
    payloads.push([column.value.name, payload.value])
  }
  return success(Object.fromEntries(payloads) as PropertyPayloads)
}

/** The title alone. Every page takes it under the id "title" too, whatever its column is called. */
export function titlePayload(title: string, column = 'title'): PropertyPayloads {
  return { [column]: { title: richTextOf(title) } }
}

function payloadOf(column: Column, value: unknown): Outcome<unknown> {
  // Notion's own form is taken as it is: models that know the API write it.
  if (isRecord(value) && column.type in value) return success(value)
  const write = WRITERS[column.type]
  if (write === undefined) {
    return refuse(column, `is filled in by Notion (type ${column.type}) and cannot be set. Leave it out`)
  }
  const written = value === null ? success(EMPTY[column.type] ?? null) : write(column, value)
  return written.ok ? success({ [column.type]: written.value }) : written
}

type Writer = (column: Column, value: unknown) => Outcome<unknown>

/** What clears a property where null does not. */
const EMPTY: Readonly<Record<string, unknown>> = {
  title: [],
  rich_text: [],
  multi_select: [],
  people: [],
  relation: [],
  files: [],
  checkbox: false,
}

const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/

function refuse(column: Column, fault: string): Outcome<never> {
  return failure('invalid_arguments', `"${column.name}" ${fault}.`, { path: `arguments.properties.${column.name}` })
}

const writeText: Writer = (column, value) =>
  typeof value === 'string' || typeof value === 'number'
    ? success(richTextOf(String(value)))
    : refuse(column, 'takes a text')

const writeString: Writer = (column, value) =>
  typeof value === 'string' ? success(value === '' ? null : value) : refuse(column, 'takes a text')

const writeNumber: Writer = (column, value) => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number)
    ? success(number)
    : refuse(column, 'takes a number, such as 12.5')
}

const writeCheckbox: Writer = (column, value) => {
  if (typeof value === 'boolean') return success(value)
  if (value === 'true' || value === 'false') return success(value === 'true')
  return refuse(column, 'takes true or false')
}

const writeOption: Writer = (column, value) => {
  if (typeof value !== 'string') return refuse(column, 'takes the name of one option')
  const option = findOption(column, value)
  return option.ok ? success({ name: option.value }) : option
}

const writeOptions: Writer = (column, value) => {
  const names = typeof value === 'string' ? splitNames(value) : value
  if (!isStrings(names)) return refuse(column, 'takes a list of option names')
  const options: { name: string }[] = []
  for (const name of names) {
    const option = findOption(column, name)
    if (!option.ok) return option
    options.push({ name: option.value })
  }
  return success(options)
}

const writeDate: Writer = (column, value) => {
  if (isRecord(value) && typeof value['start'] === 'string') return success(value)
  const [start, end, ...rest] = typeof value === 'string' ? value.split(RANGE_SEPARATOR) : []
  const dates = end === undefined ? [start] : [start, end]
  if (rest.length > 0 || !dates.every((date) => date !== undefined && ISO_DATE.test(date))) {
    return refuse(column, 'takes an ISO 8601 date such as 2026-12-01, or a range 2026-12-01/2026-12-05')
  }
  return success({ start, ...(end === undefined ? {} : { end }) })
}

const writePeople: Writer = (column, value) =>
  writeIds(column, value, 'takes user ids; find them with notion_list_users', (id) => ({ object: 'user', id }))

const writeRelation: Writer = (column, value) => writeIds(column, value, 'takes page ids or URLs', (id) => ({ id }))

function writeIds(column: Column, value: unknown, advice: string, wrap: (id: string) => unknown): Outcome<unknown> {
  const targets = Array.isArray(value) ? value : [value]
  const written: unknown[] = []
  for (const target of targets) {
    const text: unknown = isRecord(target) ? target['id'] : target
    const id = typeof text === 'string' ? readId(text, column.name) : undefined
    if (id === undefined || !id.ok) return refuse(column, advice)
    written.push(wrap(id.value))
  }
  return success(written)
}

const writeFiles: Writer = (column, value) => {
  const addresses = Array.isArray(value) ? value : [value]
  if (!isStrings(addresses) || !addresses.every((address) => URL.canParse(address))) {
    return refuse(column, 'takes URLs of files')
  }
  return success(addresses.map((url) => ({ type: 'external', name: fileName(url), external: { url } })))
}

/** Notion wants a name of at most this length for each file. */
const FILE_NAME_CHARACTERS = 100

function fileName(url: string): string {
  const { pathname, host } = new URL(url)
  return (pathname.split('/').at(-1) || host).slice(0, FILE_NAME_CHARACTERS)
}

const WRITERS: Readonly<Record<string, Writer>> = {
  title: writeText,
  rich_text: writeText,
  number: writeNumber,
  checkbox: writeCheckbox,
  select: writeOption,
  status: writeOption,
  multi_select: writeOptions,
  date: writeDate,
  people: writePeople,
  relation: writeRelation,
  files: writeFiles,
  url: writeString,
  email: writeString,
  phone_number: writeString,
}

/** Notion allows no comma inside an option's name, so it can separate them. */
function splitNames(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
