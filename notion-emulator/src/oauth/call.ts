import type { IdGenerator } from '../core/ids.ts'
import type { Settings } from '../core/settings.ts'
import type { JsonObject } from '../state/model.ts'
import type { State } from '../state/state.ts'

/** One request to an OAuth address, as its operations see it. */
export interface OAuthCall {
  state: State
  settings: Settings
  newId: IdGenerator
  /** Milliseconds since the epoch; one value for the whole call. */
  now: number
  query: URLSearchParams
  authorization: string | undefined
  /** As sent: JSON for programs, a form for the page. */
  body: string
}

/** What an OAuth address answers. */
export type OAuthReply =
  | { type: 'json'; status: number; body: JsonObject }
  | { type: 'page'; status: number; html: string }
  | { type: 'redirect'; location: string }
