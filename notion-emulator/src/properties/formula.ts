import { MILLISECONDS_PER_MINUTE } from '../core/clock.ts'
import { evaluate, type FormulaScope } from '../formula/evaluate.ts'
import { parseFormula, type Expression } from '../formula/parse.ts'
import { FormulaError } from '../formula/tokenize.ts'
import { isDate, toText, type FormulaDate, type FormulaValue } from '../formula/values.ts'
import { objectsOf, stringOf } from '../core/json.ts'
import { plainText } from '../core/rich-text.ts'
import type { DataSourceNode, JsonObject, PropertySchema } from '../state/model.ts'
import { isObject } from '../validation/check.ts'
import { findProperty, wireId } from './present-schema.ts'

const PROPERTY_CALL = /prop\(\s*"((?:[^"\\]|\\.)*)"\s*\)/g

/** The expression as it is answered: properties are named by id, so that renaming one does not break it. */
export function storedExpression(expression: string, source: DataSourceNode): string {
  return expression.replace(PROPERTY_CALL, (whole, name: string) => {
    const property = findProperty(source, name)
    return property === null
      ? whole
      : `{{notion:block_property:${wireId(property.id)}:${source.id}:${source.workspaceId}}}`
  })
}

/** What a formula answers on one row. */
export interface FormulaRow {
  source: DataSourceNode
  /** The answered value of a property of the row, without its head. */
  valueOf: (property: PropertySchema) => unknown
  /** Milliseconds since the epoch. */
  now: number
}

/** The answer of a formula property: `{type, <type>: result}`. A formula that fails is empty text. */
export function formulaValue(property: PropertySchema, row: FormulaRow): JsonObject {
  try {
    const expression = parseFormula(stringOf(property.config['expression']))
    return answer(evaluate(expression, scopeOf(row)), expression, row.source)
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error
    return { type: 'string', string: null }
  }
}

function scopeOf(row: FormulaRow): FormulaScope {
  const read = (key: string): FormulaValue => {
    const property = findProperty(row.source, key)
    if (property === null) throw new FormulaError(`Unknown property ${key}`)
    return formulaInput(property.type, row.valueOf(property))
  }
  return { property: read, propertyNamed: read, now: row.now }
}

/** An answered property value as formulas compute with it. */
function formulaInput(type: string, value: unknown): FormulaValue {
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (type === 'created_time' || type === 'last_edited_time') return dateInput({ start: value })
  if (typeof value === 'string') return value
  if (type === 'title' || type === 'rich_text') return plainText(objectsOf(value))
  if (Array.isArray(value)) return objectsOf(value).map((entry) => stringOf(entry['name'], stringOf(entry['id'])))
  return isObject(value) ? objectInput(type, value) : null
}

function objectInput(type: string, value: JsonObject): FormulaValue {
  if (type === 'date') return dateInput(value)
  if (type === 'unique_id') {
    const prefix = stringOf(value['prefix'])
    return `${prefix === '' ? '' : `${prefix}-`}${Number(value['number'])}`
  }
  if (type === 'formula' || type === 'rollup') {
    const inner = stringOf(value['type'])
    return formulaInput(inner === 'boolean' ? 'checkbox' : inner, value[inner])
  }
  return typeof value['name'] === 'string' ? value['name'] : null
}

function dateInput(value: JsonObject): FormulaValue {
  const start = stringOf(value['start'])
  const time = Date.parse(start)
  return Number.isNaN(time) ? null : { kind: 'date', time, hasTime: start.includes('T') }
}

function answer(value: FormulaValue, expression: Expression, source: DataSourceNode): JsonObject {
  if (value === null || value === '')
    return { type: emptyType(expression, source), [emptyType(expression, source)]: null }
  if (typeof value === 'number') return { type: 'number', number: Number.isFinite(value) ? value : null }
  if (typeof value === 'boolean') return { type: 'boolean', boolean: value }
  if (isDate(value)) return { type: 'date', date: dateAnswer(value) }
  return { type: 'string', string: toText(value) }
}

const DATE_LENGTH = 'YYYY-MM-DD'.length

function dateAnswer(value: FormulaDate): JsonObject {
  const time = Math.floor(value.time / MILLISECONDS_PER_MINUTE) * MILLISECONDS_PER_MINUTE
  const text = new Date(time).toISOString()
  return { start: value.hasTime ? text.replace('Z', '+00:00') : text.slice(0, DATE_LENGTH), end: null, time_zone: null }
}

const DATE_CALLS = ['now', 'today', 'dateAdd', 'dateSubtract', 'fromTimestamp', 'parseDate', 'dateStart', 'dateEnd']
const DATE_TYPES = ['date', 'created_time', 'last_edited_time']

/** The type of an empty result, as far as the expression tells. */
function emptyType(expression: Expression, source: DataSourceNode): string {
  if (expression.kind === 'property') {
    const type = findProperty(source, expression.id)?.type ?? ''
    return DATE_TYPES.includes(type) ? 'date' : type === 'number' ? 'number' : 'string'
  }
  if (expression.kind !== 'call') return 'string'
  if (DATE_CALLS.includes(expression.name)) return 'date'
  const branch = expression.name === 'if' ? expression.arguments[1] : undefined
  return branch === undefined ? 'string' : emptyType(branch, source)
}
