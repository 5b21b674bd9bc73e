/**
 * The input of a tool in one line, for a model that is about to call it: `page_id: string (id or URL), title?: string`.
 * A third of the tokens of its JSON Schema; what is left out are rules whose breach the call's error explains.
 */

type Schema = Readonly<Record<string, unknown>>

/** Deeper levels are named by their kind alone. */
const DEEPEST_LEVEL = 3
/** Characters of one parameter's description. */
const DESCRIPTION_CHARACTERS = 160
/** Values of an enumeration that are listed. */
const LISTED_VALUES = 12

export function signatureOf(schema: Schema): string {
  return membersOf(schema, 0)
}

function membersOf(schema: Schema, level: number): string {
  const required = new Set(Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [])
  return Object.entries(recordOf(schema['properties']) ?? {})
    .map(([name, value]) => {
      const member = recordOf(value) ?? {}
      const description = member['description']
      const note = typeof description === 'string' ? ` (${clip(description)})` : ''
      return `${name}${required.has(name) ? '' : '?'}: ${typeOf(member, level + 1)}${note}`
    })
    .join(', ')
}

function typeOf(schema: Schema, level: number): string {
  const variants = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(variants)) {
    return [...new Set(variants.map((variant) => typeOf(recordOf(variant) ?? {}, level)))].join(' | ')
  }
  if (Array.isArray(schema['enum'])) return valuesOf(schema['enum'])
  if (schema['const'] !== undefined) return JSON.stringify(schema['const'])
  const { type } = schema
  if (Array.isArray(type)) return type.map((each) => typeOf({ ...schema, type: each as unknown }, level)).join(' | ')
  if (type === 'array') return arrayOf(schema, level)
  if (type === 'object') return objectOf(schema, level)
  if (type === 'integer' || type === 'number') return `${type}${rangeOf(schema)}`
  return typeof type === 'string' ? type : 'any'
}

function valuesOf(values: readonly unknown[]): string {
  const listed = values.slice(0, LISTED_VALUES).map((value) => JSON.stringify(value))
  return [...listed, ...(values.length > LISTED_VALUES ? ['…'] : [])].join(' | ')
}

function arrayOf(schema: Schema, level: number): string {
  const item = typeOf(recordOf(schema['items']) ?? {}, level)
  return item.includes(' | ') ? `(${item})[]` : `${item}[]`
}

function objectOf(schema: Schema, level: number): string {
  if (recordOf(schema['properties']) === undefined || level >= DEEPEST_LEVEL) return 'object'
  return `{${membersOf(schema, level)}}`
}

/** Schema libraries write the bounds of every safe integer, which nobody meant; real ones are far below. */
const LARGEST_SHOWN_BOUND = 1e9

function rangeOf({ minimum, maximum }: Schema): string {
  const shown = (bound: unknown) =>
    typeof bound === 'number' && Math.abs(bound) < LARGEST_SHOWN_BOUND ? String(bound) : ''
  const range = `${shown(minimum)}..${shown(maximum)}`
  return range === '..' ? '' : ` ${range}`
}

function clip(text: string): string {
  return text.length <= DESCRIPTION_CHARACTERS ? text : `${text.slice(0, DESCRIPTION_CHARACTERS - 1)}…`
}

function recordOf(value: unknown): Schema | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : undefined
}
