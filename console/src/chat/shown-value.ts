/** What is shown of a value of a call: text as text, anything else as JSON that can be read. */
export function shownValue(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '')
}

/** The arguments of a call, one by one; none where it has none. */
export function shownArguments(input: unknown): readonly (readonly [string, string])[] {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return []
  return Object.entries(input).map(([name, value]) => [name, shownValue(value)])
}

/** How many things a result holds, where it is a list of them. */
export function resultCount(result: unknown): number | null {
  if (typeof result !== 'object' || result === null) return null
  const list = 'results' in result ? result.results : result
  return Array.isArray(list) ? list.length : null
}
