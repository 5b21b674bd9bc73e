import type { State } from '../state/state.ts'
import type { ApiVersion, Install, JsonObject } from '../state/model.ts'
import type { Change } from '../webhooks/model.ts'
import type { IdGenerator } from './ids.ts'
import type { FormPart } from './multipart.ts'
import type { Settings } from './settings.ts'

/** One authenticated, validated request, as the operations see it. */
export interface Call {
  state: State
  settings: Settings
  /** Makes ids for new objects. */
  newId: IdGenerator
  /** Milliseconds since the epoch; one value for the whole call. */
  now: number
  version: ApiVersion
  install: Install
  /** What comes before `/v1` in addresses of this API, as the caller reaches it. */
  base: string
  /** Path parameters; ids are in canonical form. */
  path: Record<string, string>
  /** Query parameters; every occurrence is kept. */
  query: Map<string, string[]>
  /** The validated body, `{}` when there was none. */
  body: JsonObject
  /** Parts of a multipart body; empty for operations that take JSON. */
  form: FormPart[]
}

/** What an operation answers on success. */
export interface Answer {
  status: number
  body: JsonObject
  /** The real API leaves `request_id` out of a few answers. */
  withoutRequestId?: true
  /**
   * What happened and does not show in the nodes and comments of the state, for subscribers: see
   * webhooks/changes.ts. What does show there (pages, blocks, databases, comments) is noticed without a word.
   */
  changes?: Change[]
}

/** A 200 with this body. */
export function ok(body: JsonObject): Answer {
  return { status: 200, body }
}
