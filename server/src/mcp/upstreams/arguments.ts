import { isRecord } from '#kernel/json-values.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { JsonObject } from './definitions.ts'

/**
 * Checks arguments against a stranger's JSON Schema, so that a model hears of a mistake before anything is sent. The schema
 * is read, never compiled, and never for long: patterns are not run (one of them can hold the process for minutes), and
 * after a number of steps the rest is left to the server that wrote it, which checks anyway.
 */

/** Comparisons for one call; honest schemas and arguments take hundreds. */
const STEPS_MAXIMUM = 20_000
/** References and levels inside each other. */
const DEPTH_MAXIMUM = 64

interface Reading {
  readonly root: JsonObject
  steps: number
}

interface Fault {
  readonly path: string
  readonly detail: string
}

export function readArguments(schema: JsonObject, given: unknown): Outcome<Record<string, unknown>> {
  if (!isRecord(given)) return failure('invalid_arguments', 'The arguments must be an object.', { path: 'arguments' })
  const fault = faultOf({ root: schema, steps: 0 }, schema, { value: given, path: 'arguments', depth: 0 })
  if (fault === undefined) return success(given)
  return failure('invalid_arguments', `${fault.path}: ${fault.detail}`, { path: fault.path })
}

interface Place {
  readonly value: unknown
  readonly path: string
  readonly depth: number
}

type Check = (reading: Reading, schema: JsonObject, place: Place) => Fault | undefined

/** The first thing that is wrong, or undefined where nothing is or the reading has gone on for too long. */
function faultOf(reading: Reading, schema: unknown, place: Place): Fault | undefined {
  reading.steps += 1
  if (reading.steps > STEPS_MAXIMUM || place.depth > DEPTH_MAXIMUM) return undefined
  if (schema === false) return { path: place.path, detail: 'this is not allowed here.' }
  if (!isRecord(schema)) return undefined
  for (const check of CHECKS) {
    const fault = check(reading, schema, place)
    if (fault !== undefined) return fault
  }
  return undefined
}

const checkReference: Check = (reading, { $ref }, place) => {
  const target = typeof $ref === 'string' ? resolve(reading.root, $ref) : undefined
  return target === undefined ? undefined : faultOf(reading, target, { ...place, depth: place.depth + 1 })
}

const checkType: Check = (_reading, { type }, { value, path }) => {
  const types = (Array.isArray(type) ? type : [type]).filter((each) => typeof each === 'string')
  if (types.length === 0 || types.some((each) => isOfType(value, each))) return undefined
  return { path, detail: `must be ${types.join(' or ')}.` }
}

/** Values of an enumeration that are named to whoever missed them. */
const NAMED_VALUES = 12

const checkValues: Check = (reading, schema, { value, path }) => {
  const values = 'const' in schema ? [schema['const']] : schema['enum']
  if (!Array.isArray(values)) return undefined
  reading.steps += values.length
  const text = JSON.stringify(value)
  if (values.some((each) => JSON.stringify(each) === text)) return undefined
  const named = values.slice(0, NAMED_VALUES).map((each) => JSON.stringify(each))
  return {
    path,
    detail: `must be ${named.join(', ')}${values.length > NAMED_VALUES ? ' or another that is listed' : ''}.`,
  }
}

const checkObject: Check = (reading, schema, { value, path, depth }) => {
  if (!isRecord(value)) return undefined
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const missing = required.find((name) => typeof name === 'string' && !Object.hasOwn(value, name))
  if (missing !== undefined) return { path: `${path}.${String(missing)}`, detail: 'is required.' }
  const properties = isRecord(schema['properties']) ? schema['properties'] : {}
  const allowsMore = isRecord(schema['patternProperties']) || schema['unevaluatedProperties'] !== undefined
  for (const [name, member] of Object.entries(value)) {
    const known = Object.hasOwn(properties, name)
    const inner = known ? properties[name] : schema['additionalProperties']
    if (inner === undefined || (!known && allowsMore)) continue
    const fault = faultOf(reading, inner, { value: member, path: `${path}.${name}`, depth: depth + 1 })
    if (fault !== undefined) return fault
  }
  return undefined
}

const checkItems: Check = (reading, schema, { value, path, depth }) => {
  if (!Array.isArray(value)) return undefined
  const first = Array.isArray(schema['prefixItems']) ? schema['prefixItems'] : []
  for (const [index, item] of value.entries()) {
    const inner: unknown = index < first.length ? first[index] : schema['items']
    if (inner === undefined) continue
    const fault = faultOf(reading, inner, { value: item, path: `${path}[${index}]`, depth: depth + 1 })
    if (fault !== undefined) return fault
  }
  return sizeFault({ path, size: value.length, unit: 'items' }, schema['minItems'], schema['maxItems'])
}

const checkText: Check = (_reading, schema, { value, path }) =>
  typeof value === 'string'
    ? sizeFault({ path, size: lengthOf(value), unit: 'characters' }, schema['minLength'], schema['maxLength'])
    : undefined

/** Characters as JSON Schema counts them: code points. */
function lengthOf(text: string): number {
  return Array.from(text).length
}

const checkNumber: Check = (_reading, schema, { value, path }) => {
  if (typeof value !== 'number') return undefined
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  const faults = [
    typeof minimum === 'number' && value < minimum && `must be at least ${minimum}.`,
    typeof maximum === 'number' && value > maximum && `must be at most ${maximum}.`,
    typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum && `must be more than ${exclusiveMinimum}.`,
    typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum && `must be less than ${exclusiveMaximum}.`,
  ]
  const detail = faults.find((fault) => typeof fault === 'string')
  return detail === undefined ? undefined : { path, detail }
}

const checkAll: Check = (reading, { allOf }, place) => {
  for (const each of Array.isArray(allOf) ? allOf : []) {
    const fault = faultOf(reading, each, { ...place, depth: place.depth + 1 })
    if (fault !== undefined) return fault
  }
  return undefined
}

/** Of several that fit, `oneOf` would allow none: which of them is meant is the server's to say. */
const checkAny: Check = (reading, { anyOf, oneOf }, place) => {
  for (const choices of [anyOf, oneOf].filter((each) => Array.isArray(each))) {
    const faults = choices.map((each: unknown) => faultOf(reading, each, { ...place, depth: place.depth + 1 }))
    const closest = faults.reduce((best, fault) => (depthOf(fault) > depthOf(best) ? fault : best), faults[0])
    if (faults.length > 0 && faults.every((fault) => fault !== undefined)) return closest
  }
  return undefined
}

const CHECKS: readonly Check[] = [
  checkReference,
  checkType,
  checkValues,
  checkObject,
  checkItems,
  checkText,
  checkNumber,
  checkAll,
  checkAny,
]

/** The fault that lies deepest belongs to the choice that was meant. */
function depthOf(fault: Fault | undefined): number {
  return fault === undefined ? 0 : fault.path.split(/[.[]/).length
}

interface Size {
  readonly path: string
  readonly size: number
  readonly unit: string
}

function sizeFault({ path, size, unit }: Size, least: unknown, most: unknown): Fault | undefined {
  if (typeof least === 'number' && size < least) return { path, detail: `must have at least ${least} ${unit}.` }
  if (typeof most === 'number' && size > most) return { path, detail: `must have at most ${most} ${unit}.` }
  return undefined
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isRecord(value)
  if (type === 'integer') return Number.isInteger(value)
  return ['string', 'number', 'boolean'].includes(type) ? typeof value === type : true
}

/** A JSON Pointer inside the same schema (RFC 6901). */
function resolve(root: JsonObject, reference: string): unknown {
  if (!reference.startsWith('#/')) return reference === '#' ? root : undefined
  let place: unknown = root
  for (const part of reference.slice(2).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof place !== 'object' || place === null || !Object.hasOwn(place, key)) return undefined
    place = (place as JsonObject)[key]
  }
  return place
}
