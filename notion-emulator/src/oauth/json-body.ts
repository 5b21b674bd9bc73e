import type { JsonObject } from '../state/model.ts'
import { isObject } from '../validation/check.ts'
import type { OAuthCall } from './call.ts'
import { OAuthFailure } from './failure.ts'

/** The body as a JSON object; Notion takes no forms here. */
export function jsonBody(call: OAuthCall): JsonObject {
  const parsed = parsedOrNull(call.body)
  if (!isObject(parsed)) throw new OAuthFailure('invalid_request', 'The body must be a JSON object.')
  return parsed
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

/** A member that must be a text with something in it. */
export function requiredText(body: JsonObject, name: string): string {
  const value = body[name]
  if (typeof value !== 'string' || value === '') throw new OAuthFailure('invalid_request', `${name} is required.`)
  return value
}
