import type { JsonObject } from '../state/model.ts'
import { isObject } from '../validation/check.ts'

/** The value when it is a string, else the fallback. */
export function stringOf(value: unknown, fallback = ''): string {
  return typeof value === 'string' ? value : fallback
}

/** The objects of a list; nothing when it is no list. */
export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** The strings of a list; nothing when it is no list. */
export function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : []
}
