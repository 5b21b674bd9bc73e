import type { CreatePageParameters } from '@notionhq/client'
import { isRecord } from '#kernel/json-values.ts'
import { success, type Outcome, type Problem } from '#kernel/problem.ts'
import type { NotionApi } from './client.ts'
import { currentCalendar, type Calendar } from './dates.ts'
import { createPeople } from './people.ts'
import { EMPTY_VALUES, refuseValue, VALUE_WRITERS, type WritingContext } from './property-writers.ts'
import { richTextOf } from './rich-text.ts'
import { findColumn, type Column } from './schema.ts'

/** Properties as Notion takes them. */
export type PropertyPayloads = NonNullable<CreatePageParameters['properties']>

export interface PropertyWrites {
  readonly payloads: PropertyPayloads
  /** What was made of values that could have meant something else, and what is new in the schema: one sentence each. */
  readonly notes: readonly string[]
}

/**
 * Plain JSON values by property name → Notion's form, each checked against the schema before anything is written. The first
 * fault is the answer. People and rows that are given by name cost requests; everything else costs none.
 */
export async function propertyPayloads(
  values: Readonly<Record<string, unknown>>,
  columns: readonly Column[],
  api: NotionApi,
  calendar: Calendar = currentCalendar(),
): Promise<Outcome<PropertyWrites>> {
  const notes: string[] = []
  const context = { api, calendar, people: createPeople(api), note: (text: string) => void notes.push(text) }
  const payloads = new Map<string, unknown>()
  for (const [name, value] of Object.entries(values)) {
    const column = findColumn(columns, name)
    if (!column.ok) return column
    if (payloads.has(column.value.name)) return refuseValue(column.value, 'is given twice. Give it once')
    const payload = await payloadOf(column.value, value, context)
    if (!payload.ok) return { ok: false, problem: located(payload.problem, column.value) }
    payloads.set(column.value.name, payload.value)
  }
  return success({ payloads: Object.fromEntries(payloads) as PropertyPayloads, notes })
}

function located(problem: Problem, column: Column): Problem {
  return { ...problem, path: problem.path ?? `arguments.properties.${column.name}` }
}

/** The title alone. Every page takes it under the id "title" too, whatever its column is called. */
export function titlePayload(title: string, column = 'title'): PropertyPayloads {
  return { [column]: { title: richTextOf(title) } }
}

async function payloadOf(column: Column, value: unknown, context: WritingContext): Promise<Outcome<unknown>> {
  // Notion's own form is taken as it is: models that know the API write it.
  if (isRecord(value) && column.type in value) return success(value)
  const write = VALUE_WRITERS[column.type]
  if (write === undefined) {
    return refuseValue(column, `is filled in by Notion (type ${column.type}) and cannot be set. Leave it out`)
  }
  const written = value === null ? success(EMPTY_VALUES[column.type] ?? null) : await write(column, value, context)
  return written.ok ? success({ [column.type]: written.value }) : written
}
