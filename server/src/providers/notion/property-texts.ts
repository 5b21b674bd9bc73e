import { compactId } from './ids.ts'
import { valueText, type PlainValue } from './property-values.ts'

/** Types whose values are times, or may be. */
const TIMED: ReadonlySet<string> = new Set(['date', 'created_time', 'last_edited_time', 'formula', 'rollup'])
const WHOLE_MINUTE = /(T\d\d:\d\d):00(?:\.000)?(Z|[+-]\d\d:\d\d)/g

/** A property in words: what a model reads in tables and of a page. */
export function propertyText(type: string, value: PlainValue): string {
  const text = valueText(value)
  if (type === 'relation') return text.split(', ').map(compactId).join(', ')
  return TIMED.has(type) ? shortTimes(text) : text
}

/** ISO times to the minute: Notion gives its own no closer, and seconds that are none only cost. */
export function shortTimes(text: string): string {
  return text.replaceAll(WHOLE_MINUTE, (_, minute: string, zone: string) => minute + (zone === '+00:00' ? 'Z' : zone))
}
