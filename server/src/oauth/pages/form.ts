import type { AppContext } from '#kernel/http.ts'
import { readText } from '#oauth/body.ts'

/** What a browser sends from one of our forms. */
export interface SentForm {
  /** The first value of a field; empty where there is none. */
  readonly field: (name: string) => string
  readonly fields: (name: string) => readonly string[]
}

const FORM_TYPE = /^application\/x-www-form-urlencoded(?:$|\s*;)/i

/** The form of a request, or null where it is none of ours: too large, or of another type. */
export async function readForm(c: AppContext): Promise<SentForm | null> {
  if (!FORM_TYPE.test(c.req.header('content-type') ?? '')) return null
  const text = await readText(c.req.raw)
  if (text === undefined) return null
  const sent = new URLSearchParams(text)
  return { field: (name) => sent.get(name) ?? '', fields: (name) => sent.getAll(name) }
}
