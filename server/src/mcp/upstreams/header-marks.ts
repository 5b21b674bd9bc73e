/**
 * A schema may mark arguments that are sent in a header too (`x-mcp-header`). A tool that breaks the rules of these marks
 * is not to be called (protocol 2026-07-28, transports): what two servers read of one call could differ.
 */

const MARK = 'x-mcp-header'
/** RFC 9110 5.6.2. */
const HEADER_TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/
const MARKED_TYPES = new Set<unknown>(['string', 'integer', 'boolean'])

/**
 * @param schema of a tool's input, already bounded in depth
 * @returns what is wrong with its marks, as a sentence; undefined where nothing is
 */
export function headerMarkFault(schema: unknown): string | undefined {
  return faultIn(schema, 'root', new Set())
}

/** Where a schema stands: only a property of a property of the whole has one place in every call. */
type Place = 'root' | 'property' | 'elsewhere'

function faultIn(schema: unknown, place: Place, names: Set<string>): string | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined
  const own = MARK in schema ? markFault(schema, place, names) : undefined
  if (own !== undefined) return own
  const inner = Object.entries(schema).flatMap(([key, value]) => schemasIn(key, value, place))
  for (const [child, where] of inner) {
    const fault = faultIn(child, where, names)
    if (fault !== undefined) return fault
  }
  return undefined
}

function schemasIn(key: string, value: unknown, place: Place): (readonly [unknown, Place])[] {
  const isProperties = key === 'properties' && place !== 'elsewhere' && typeof value === 'object' && value !== null
  return isProperties ? Object.values(value).map((each) => [each, 'property'] as const) : [[value, 'elsewhere']]
}

function markFault(
  schema: { readonly [MARK]?: unknown; readonly type?: unknown },
  place: Place,
  names: Set<string>,
): string | undefined {
  const name = schema[MARK]
  if (place !== 'property') return 'Its schema sends something in a header that is no single argument.'
  if (typeof name !== 'string' || !HEADER_TOKEN.test(name)) return 'Its schema names a header that none can have.'
  if (!MARKED_TYPES.has(schema.type)) return 'Its schema sends an argument in a header that fits into none.'
  if (names.has(name.toLowerCase())) return 'Its schema sends two arguments in one header.'
  names.add(name.toLowerCase())
  return undefined
}
