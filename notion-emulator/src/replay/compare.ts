import type { JsonObject } from '../state/model.ts'
import { isObject } from '../validation/check.ts'
import type { Names } from './translate.ts'

/**
 * What two answers differ in. `value` alone does not make them unequal: they have the same keys and types, and one of
 * the values that are neither id nor time nor address is another.
 */
export type DifferenceKind = 'status' | 'missing' | 'extra' | 'type' | 'length' | 'rows' | 'order' | 'value'

export interface Difference {
  kind: DifferenceKind
  /** Where, with indices and property names left out, so that equal causes give equal places. */
  place: string
  recorded: string
  emulated: string
}

const MASKED = /^(?:request_id|next_cursor|url|href|public_url|next_url|upload_url|id|name_id|.*_id|.*_ids|.*_time)$/
const ADDRESS = /^https?:\/\//
const TIME = /^\d{4}-\d{2}-\d{2}T/
const SHOWN_LENGTH = 80

/** Compares two JSON values and remembers which recorded ids stand for which emulated ones. */
export function compareValues(recorded: unknown, emulated: unknown, names: Names): Difference[] {
  const found: Difference[] = []
  walk({ recorded, emulated, place: '', member: '' }, { names, found })
  return found
}

interface Pair {
  recorded: unknown
  emulated: unknown
  place: string
  /** The member under which both stand. */
  member: string
}

interface Walk {
  names: Names
  found: Difference[]
}

function walk(pair: Pair, context: Walk): void {
  const { recorded, emulated, place } = pair
  const types = [typeOf(recorded), typeOf(emulated)]
  if (types[0] !== types[1]) note(context, 'type', place, pair)
  else if (Array.isArray(recorded) && Array.isArray(emulated)) walkList(pair, recorded, emulated, context)
  else if (isObject(recorded) && isObject(emulated)) walkObject(pair, recorded, emulated, context)
  else compareScalars(pair, context)
}

function walkList(pair: Pair, recorded: unknown[], emulated: unknown[], context: Walk): void {
  if (recorded.length !== emulated.length) note(context, 'length', `${pair.place}[]`, pair)
  const place = `${pair.place}[]`
  for (const [index, entry] of recorded.entries()) {
    if (index < emulated.length) walk({ ...pair, recorded: entry, emulated: emulated[index], place }, context)
  }
}

function walkObject(pair: Pair, recorded: JsonObject, emulated: JsonObject, context: Walk): void {
  for (const key of Object.keys(recorded)) {
    const place = placeOf(pair, key, recorded[key])
    if (!(key in emulated)) note(context, 'missing', place, { recorded: recorded[key], emulated: undefined })
    else walk({ recorded: recorded[key], emulated: emulated[key], place, member: key }, context)
  }
  for (const key of Object.keys(emulated)) {
    const place = placeOf(pair, key, emulated[key])
    if (!(key in recorded)) note(context, 'extra', place, { recorded: undefined, emulated: emulated[key] })
  }
}

/** Names that people gave are no part of a place; what counts of a property is its type. */
function placeOf(pair: Pair, key: string, value: unknown): string {
  const dot = pair.place === '' ? '' : '.'
  if (pair.member !== 'properties') return `${pair.place}${dot}${key}`
  const type = isObject(value) && typeof value['type'] === 'string' ? value['type'] : '?'
  return `${pair.place}{${type}}`
}

function compareScalars(pair: Pair, context: Walk): void {
  const { recorded, emulated, member, place } = pair
  if (typeof recorded !== 'string' || typeof emulated !== 'string') {
    if (recorded !== emulated) note(context, 'value', place, pair)
    return
  }
  if (MASKED.test(member)) {
    context.names.learn(recorded, emulated)
    return
  }
  if (ADDRESS.test(recorded) && ADDRESS.test(emulated)) return
  if (TIME.test(recorded) && TIME.test(emulated) && member !== 'start' && member !== 'end') return
  if (withoutWorkspace(context.names.text(recorded)) !== withoutWorkspace(emulated)) note(context, 'value', place, pair)
}

/** Formulas name the workspace with each property; whichever it is. */
function withoutWorkspace(text: string): string {
  return text.replace(/(\{\{notion:block_property:[^:}]+:[^:}]+:)[^}]+/g, '$1')
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}

function note(
  { found }: Walk,
  kind: DifferenceKind,
  place: string,
  pair: { recorded: unknown; emulated: unknown },
): void {
  found.push({ kind, place, recorded: shown(pair.recorded), emulated: shown(pair.emulated) })
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text
}
