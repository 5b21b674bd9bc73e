import { isRecord, stringOrNull } from '#kernel/json-values.ts'

/** The objects of an array; anything else has none. */
export function records(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : []
}

/** Notion's rich text as it comes, without its formatting. */
export function wordsOf(value: unknown): string {
  return records(value)
    .map((item) => stringOrNull(item['plain_text']) ?? '')
    .join('')
}

/** Cuts a text to a length and shows that it was cut. */
export function clip(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** Longest name that an answer repeats: enough to know it again. */
const QUOTED_CHARACTERS = 120

/** A name or text in an answer, in quotation marks and on one line. */
export function quoted(text: string, characters = QUOTED_CHARACTERS): string {
  return JSON.stringify(clip(text, characters))
}
