/** A JSON object, as against an array, null or a plain value. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text, or null where there is none. */
export function stringOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
