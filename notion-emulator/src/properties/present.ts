import type { Call } from '../core/call.ts'
import { minuteTime } from '../core/clock.ts'
import { objectsOf, stringOf, stringsOf } from '../core/json.ts'
import { presentFile } from '../present/files.ts'
import { presentRichText } from '../present/rich-text.ts'
import { mentionedUser } from '../present/users.ts'
import { findVisible } from '../state/access.ts'
import type { JsonObject, PageNode, PropertySchema } from '../state/model.ts'
import { sourceOfRow } from '../state/tree.ts'
import { isObject } from '../validation/check.ts'
import { formulaValue } from './formula.ts'
import { orderedProperties, wireId } from './present-schema.ts'
import { rollUp, type RolledValue } from './rollup.ts'

/** Items of a relation, people or similar list that a page shows; the rest is behind the property endpoint. */
const MAX_SHOWN_REFERENCES = 25

/**
 * The properties of a page by name; a page that is no row has only its title.
 * @param only raw or encoded ids or names to show; all when undefined
 */
export function presentProperties(call: Call, page: PageNode, only?: string[]): JsonObject {
  const source = sourceOfRow(call.state, page)
  if (source === null) {
    const title = { id: 'title', type: 'title', title: presentRichText(call, objectsOf(page.values['title'])) }
    return only === undefined || only.includes('title') ? { title } : {}
  }
  const wanted = orderedProperties(source).filter(
    (property) =>
      only === undefined || only.some((key) => [property.id, wireId(property.id), property.name].includes(key)),
  )
  return Object.fromEntries(wanted.map((property) => [property.name, presentProperty(call, page, property)]))
}

/** One property value: `{id, type, <type>: value}`. */
function presentProperty(call: Call, page: PageNode, property: PropertySchema): JsonObject {
  const head = { id: wireId(property.id), type: property.type }
  if (property.type === 'relation') {
    const ids = visibleRelations(call, page, property)
    return {
      ...head,
      relation: ids.slice(0, MAX_SHOWN_REFERENCES).map((id) => ({ id })),
      has_more: ids.length > MAX_SHOWN_REFERENCES,
    }
  }
  return { ...head, [property.type]: propertyValue(call, page, property) }
}

/** Ids of the related pages that the caller may see, in order. */
export function visibleRelations(call: Call, page: PageNode, property: PropertySchema): string[] {
  return stringsOf(page.values[property.id]).filter((id) => {
    const target = findVisible(call.state, call.install, id)
    return target !== null && !target.inTrash
  })
}

type Reader = (call: Call, page: PageNode, property: PropertySchema) => unknown

const READERS: Record<string, Reader> = {
  title: (call, page, property) => presentRichText(call, objectsOf(page.values[property.id])),
  rich_text: (call, page, property) => presentRichText(call, objectsOf(page.values[property.id])),
  checkbox: (_call, page, property) => page.values[property.id] === true,
  files: (call, page, property) => objectsOf(page.values[property.id]).map((file) => presentFile(call, file)),
  people: (call, page, property) => stringsOf(page.values[property.id]).map((id) => mentionedUser(call, id)),
  select: (_call, page, property) => optionOf(property, page.values[property.id]),
  status: (_call, page, property) => optionOf(property, page.values[property.id]),
  multi_select: (_call, page, property) =>
    stringsOf(page.values[property.id]).flatMap((id) => optionOf(property, id) ?? []),
  created_time: (_call, page) => minuteTime(page.createdTime),
  last_edited_time: (_call, page) => minuteTime(page.editedTime),
  created_by: (call, page) => mentionedUser(call, page.createdBy),
  last_edited_by: (call, page) => mentionedUser(call, page.editedBy),
  unique_id: (_call, page, property) => ({ prefix: property.config['prefix'] ?? null, number: page.rowNumber }),
  relation: (call, page, property) => visibleRelations(call, page, property).map((id) => ({ id })),
  verification: (call, page, property) => presentVerification(call, page.values[property.id]),
  button: () => ({}),
  formula: (call, page, property) => keptResult(page, property) ?? computedFormula(call, page, property),
  rollup: (call, page, property) =>
    keptResult(page, property) ?? rollUp(stringOf(property.config['function']), rolledValues(call, page, property)),
}

/** What a computed property of imported rows gave where its definition did not come with them. */
function keptResult(page: PageNode, { id, config }: PropertySchema): JsonObject | null {
  const isDefined = typeof config['expression'] === 'string' || typeof config['function'] === 'string'
  const kept = page.values[id]
  return !isDefined && isObject(kept) ? kept : null
}

/** The value of a property without its head. Types that hold a plain value are shown as they are kept. */
export function propertyValue(call: Call, page: PageNode, property: PropertySchema): unknown {
  const reader = READERS[property.type]
  return reader === undefined ? (page.values[property.id] ?? null) : reader(call, page, property)
}

/** A verification with an end is expired from then on. */
function presentVerification(call: Call, value: unknown): JsonObject {
  if (!isObject(value)) return { state: 'unverified', verified_by: null, date: null }
  const date = isObject(value['date']) ? value['date'] : null
  const end = Date.parse(stringOf(date?.['end']))
  const state = call.now >= end ? 'expired' : 'verified'
  const { verified_by: by } = value
  return { state, verified_by: mentionedUser(call, stringOf(isObject(by) ? by['id'] : by)), date }
}

/** Options of a select, multi_select or status property. */
function optionsOf(property: PropertySchema): JsonObject[] {
  return objectsOf(property.config['options'])
}

function optionOf(property: PropertySchema, id: unknown): JsonObject | null {
  const option = optionsOf(property).find((candidate) => candidate['id'] === id)
  return option === undefined ? null : { id: option['id'], name: option['name'], color: option['color'] }
}

/** Values of the related pages that the caller may see. */
function rolledValues(call: Call, page: PageNode, property: PropertySchema): RolledValue[] {
  const { relation_property_id: relationId, rollup_property_id: rolledId } = property.config
  const relation = sourceOfRow(call.state, page)?.properties.find((entry) => entry.id === relationId)
  if (relation === undefined) return []
  return visibleRelations(call, page, relation).flatMap((id) => {
    const related = call.state.nodes.get(id)
    if (related?.kind !== 'page') return []
    const rolled = sourceOfRow(call.state, related)?.properties.find((entry) => entry.id === rolledId)
    // A rollup of a rollup could go round in circles; the real API refuses to make one.
    if (rolled === undefined || rolled.type === 'rollup') return []
    const isFormula = rolled.type === 'formula'
    const value = isFormula
      ? computedFormula(call, related, rolled, { ...OUTERMOST, insideRollup: true })
      : propertyValue(call, related, rolled)
    return [{ type: rolled.type, value }]
  })
}

/** How a formula came to be computed. */
interface Nesting {
  depth: number
  insideRollup: boolean
}

/** A formula may read formulas; one that reads itself, by whatever way, ends here. */
const MAX_FORMULA_DEPTH = 8
const OUTERMOST: Nesting = { depth: 0, insideRollup: false }

function computedFormula(call: Call, page: PageNode, property: PropertySchema, nesting = OUTERMOST): JsonObject {
  const source = sourceOfRow(call.state, page)
  if (source === null || nesting.depth >= MAX_FORMULA_DEPTH) return { type: 'string', string: null }
  const valueOf = (other: PropertySchema): unknown => {
    if (other.type === 'formula') return computedFormula(call, page, other, { ...nesting, depth: nesting.depth + 1 })
    return other.type === 'rollup' && nesting.insideRollup ? null : propertyValue(call, page, other)
  }
  return formulaValue(property, { source, now: call.now, valueOf })
}
