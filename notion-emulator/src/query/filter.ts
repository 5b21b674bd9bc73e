import { isObject } from '../validation/check.ts'
import { refuse, type Refused } from './message.ts'
import { OPERATORS, type FilterContext, type Operators, type Test } from './operators.ts'
import { asArray, asObject, findProperty, payload, type Row, type Schema } from './values.ts'

/** A filter that can be asked about rows. */
export interface CompiledFilter {
  ok: true
  matches(row: Row): boolean
}

/** An `and` or `or` may hold groups, whose members may not be groups again. */
const DEEPEST_GROUP = 2
/** Longest array that a request may carry. */
const GROUP_LIMIT = 100

interface Scope {
  schema: Schema
  context: FilterContext
}

type Compiled<T> = { ok: true; test: T } | Refused
type RowTest = (row: Row) => boolean

/**
 * Compiles the `filter` of a data source query. Undefined and null let every row pass. `now` anchors the relative
 * dates; `me` is the user that `"me"` stands for. A refused filter carries the text of the 400 `validation_error`.
 */
export function compileFilter(
  filter: unknown,
  schema: Schema,
  now: Date | string | number,
  me?: string,
): CompiledFilter | Refused {
  if (filter === undefined || filter === null) return { ok: true, matches: () => true }
  const compiled = compileNode(filter, 'body.filter', 1, { schema, context: { now: new Date(now), me } })
  return compiled.ok ? { ok: true, matches: compiled.test } : compiled
}

function compileNode(node: unknown, path: string, level: number, scope: Scope): Compiled<RowTest> {
  if (!isObject(node)) return refuse({ path, expectation: 'an object', value: node })
  const group = ['and', 'or'].find((key) => node[key] !== undefined)
  if (group === undefined) return compileLeaf(node, path, level, scope)
  const surplus = Object.keys(node).find((key) => key !== group && node[key] !== undefined)
  if (surplus !== undefined) return refuseKey(node, path, surplus)
  if (level > DEEPEST_GROUP) return refuseKey(node, path, group)
  return compileGroup(node[group], `${path}.${group}`, level, { ...scope, every: group === 'and' })
}

function compileGroup(
  members: unknown,
  path: string,
  level: number,
  { every, ...scope }: Scope & { every: boolean },
): Compiled<RowTest> {
  if (!Array.isArray(members)) return refuse({ path, expectation: 'an array', value: members })
  if (members.length > GROUP_LIMIT) {
    return refuse({ path: `${path}.length`, expectation: `≤ \`${GROUP_LIMIT}\``, value: members.length })
  }
  const tests: RowTest[] = []
  for (const [index, member] of members.entries()) {
    const compiled = compileNode(member, `${path}[${index}]`, level + 1, scope)
    if (!compiled.ok) return compiled
    tests.push(compiled.test)
  }
  const test: RowTest = every ? (row) => tests.every((one) => one(row)) : (row) => tests.some((one) => one(row))
  return { ok: true, test }
}

const TIMESTAMPS = ['created_time', 'last_edited_time'] as const
const LEAF_TYPES = [...Object.keys(OPERATORS), 'formula', 'rollup']

function compileLeaf(
  leaf: Record<string, unknown>,
  path: string,
  level: number,
  { schema, context }: Scope,
): Compiled<RowTest> {
  const { timestamp, property, type: _declared, ...conditions } = leaf
  if (timestamp !== undefined) return compileTimestamp(timestamp, conditions, path, context)
  const groups = level > DEEPEST_GROUP ? [] : ['or', 'and']
  const chosen = chooseKey(conditions, path, LEAF_TYPES, groups)
  if (!chosen.ok) return chosen
  if (typeof property !== 'string') {
    const expectation = property === undefined ? 'defined' : 'a string'
    return refuse({ path: `${path}.property`, expectation, value: property })
  }
  const found = findProperty(schema, property)
  if (!found) return { ok: false, message: `Could not find property with name or id: ${property}` }
  if (!accepts(found.type, chosen.key)) {
    const message =
      'The property type in the database does not match the property type of the filter provided: ' +
      `database property ${found.type} does not match filter ${chosen.key}`
    return { ok: false, message }
  }
  const compiled = compileCondition(chosen.key, conditions[chosen.key], `${path}.${chosen.key}`, context)
  if (!compiled.ok) return compiled
  return { ok: true, test: (row) => compiled.test(payload(row.properties[found.name])) }
}

function compileTimestamp(
  timestamp: unknown,
  conditions: Record<string, unknown>,
  path: string,
  context: FilterContext,
): Compiled<RowTest> {
  const name = TIMESTAMPS.find((known) => known === timestamp)
  if (!name) {
    const expectation = TIMESTAMPS.map((known) => `\`"${known}"\``).join(' or ')
    return refuse({ path: `${path}.timestamp`, expectation, value: timestamp })
  }
  const chosen = chooseKey(conditions, path, [name])
  if (!chosen.ok) return chosen
  const compiled = compileCondition(name, conditions[name], `${path}.${name}`, context)
  return compiled.ok ? { ok: true, test: (row) => compiled.test(row[name]) } : compiled
}

const TEXT_TYPES = new Set(['title', 'rich_text', 'url', 'email', 'phone_number'])
const TIME_TYPES = new Set<string>(TIMESTAMPS)
const AUTHOR_TYPES = new Set(['created_by', 'last_edited_by'])

/** Whether a condition under `key` may be put to a property of this type; text-like ones are interchangeable (recorded). */
function accepts(type: string, key: string): boolean {
  if (type === key) return true
  if (TEXT_TYPES.has(type)) return TEXT_TYPES.has(key)
  return (TIME_TYPES.has(type) && key === 'date') || (AUTHOR_TYPES.has(type) && key === 'people')
}

function compileCondition(key: string, condition: unknown, path: string, context: FilterContext): Compiled<Test> {
  if (!isObject(condition)) return refuse({ path, expectation: 'an object', value: condition })
  if (key === 'formula') return compileFormula(condition, path, context)
  if (key === 'rollup') return compileRollup(condition, path, context)
  return compileOperator(OPERATORS[key] ?? {}, condition, path, context)
}

function compileOperator(
  operators: Operators,
  condition: Record<string, unknown>,
  path: string,
  context: FilterContext,
): Compiled<Test> {
  const chosen = chooseKey(condition, path, Object.keys(operators))
  if (!chosen.ok) return chosen
  const operator = operators[chosen.key]
  const test = operator?.compile(condition[chosen.key], context)
  if (test) return { ok: true, test }
  const expectation = operator?.expectation ?? 'defined'
  return refuse({ path: `${path}.${chosen.key}`, expectation, value: condition[chosen.key] })
}

/** A formula's answer is `{type, <type>: result}`; each key of its filter looks at one type of result. */
const FORMULA_RESULTS = new Map([
  ['string', { operators: 'rich_text', result: 'string' }],
  ['checkbox', { operators: 'checkbox', result: 'boolean' }],
  ['number', { operators: 'number', result: 'number' }],
  ['date', { operators: 'date', result: 'date' }],
])

function compileFormula(condition: Record<string, unknown>, path: string, context: FilterContext): Compiled<Test> {
  const chosen = chooseKey(condition, path, [...FORMULA_RESULTS.keys()])
  if (!chosen.ok) return chosen
  const { operators, result } = FORMULA_RESULTS.get(chosen.key) ?? { operators: '', result: '' }
  const compiled = compileCondition(operators, condition[chosen.key], `${path}.${chosen.key}`, context)
  return compiled.ok ? { ok: true, test: (value) => compiled.test(asObject(value)[result]) } : compiled
}

const AGGREGATES = ['number', 'date']
const QUANTIFIERS = ['any', 'none', 'every']
/** The types that a filter on the items of a rollup may use, as the official types list them. */
const ITEM_TYPES = [
  'rich_text',
  'number',
  'checkbox',
  'select',
  'multi_select',
  'relation',
  'date',
  'people',
  'files',
  'status',
]

function compileRollup(condition: Record<string, unknown>, path: string, context: FilterContext): Compiled<Test> {
  const chosen = chooseKey(condition, path, [...QUANTIFIERS, ...AGGREGATES])
  if (!chosen.ok) return chosen
  const inner = condition[chosen.key]
  const innerPath = `${path}.${chosen.key}`
  if (AGGREGATES.includes(chosen.key)) {
    const compiled = compileCondition(chosen.key, inner, innerPath, context)
    return compiled.ok ? { ok: true, test: (value) => compiled.test(asObject(value)[chosen.key]) } : compiled
  }
  if (!isObject(inner)) return refuse({ path: innerPath, expectation: 'an object', value: inner })
  const type = chooseKey(inner, innerPath, ITEM_TYPES)
  if (!type.ok) return type
  const compiled = compileCondition(type.key, inner[type.key], `${innerPath}.${type.key}`, context)
  if (!compiled.ok) return compiled
  return { ok: true, test: quantify(chosen.key, compiled.test) }
}

function quantify(quantifier: string, test: Test): Test {
  const itemsOf = (value: unknown) => asArray(asObject(value)['array'])
  const holds = (item: unknown) => test(payload(item))
  if (quantifier === 'any') return (value) => itemsOf(value).some(holds)
  if (quantifier === 'none') return (value) => !itemsOf(value).some(holds)
  // Recorded: a rollup over nothing is not matched by `every`.
  return (value) => itemsOf(value).length > 0 && itemsOf(value).every(holds)
}

/** The single key of the object that is among those known; refuses none, an unknown one and a second one. */
function chooseKey(
  object: Record<string, unknown>,
  path: string,
  known: string[],
  alternatives: string[] = [],
): { ok: true; key: string } | Refused {
  const present = Object.keys(object).filter((key) => object[key] !== undefined)
  const key = present.find((candidate) => known.includes(candidate))
  if (key === undefined) {
    const wanted = [...alternatives, ...known]
    return refuse(...wanted.map((name) => ({ path: `${path}.${name}`, expectation: 'defined', value: undefined })))
  }
  const surplus = present.find((candidate) => candidate !== key)
  return surplus === undefined ? { ok: true, key } : refuseKey(object, path, surplus)
}

function refuseKey(object: Record<string, unknown>, path: string, key: string): Refused {
  return refuse({ path: `${path}.${key}`, expectation: 'not present', value: object[key] })
}
