import { isRecord } from '#kernel/json-values.ts'

/** Parses a text that should be a JSON object; undefined where it is none. */
export function parseRecord(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    return isRecord(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}
