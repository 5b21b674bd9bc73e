import type { AppContext } from '#kernel/http.ts'

/** What a browser sends from one of our forms. */
export interface SentForm {
  /** The first value of a field; empty where there is none. */
  readonly field: (name: string) => string
  readonly fields: (name: string) => readonly string[]
}

/** Bytes of a form: a checkbox for every connection that a user may have, and room to spare. */
const FORM_MAXIMUM_BYTES = 65_536
const FORM_TYPE = /^application\/x-www-form-urlencoded(?:$|\s*;)/i

/** The form of a request, or null where it is none of ours: too large, or of another type. */
export async function readForm(c: AppContext): Promise<SentForm | null> {
  if (!FORM_TYPE.test(c.req.header('content-type') ?? '')) return null
  const text = await readText(c.req.raw.body)
  if (text === null) return null
  const sent = new URLSearchParams(text)
  return { field: (name) => sent.get(name) ?? '', fields: (name) => sent.getAll(name) }
}

/** Stops reading at the limit, whatever length the request says it has. */
async function readText(body: ReadableStream<Uint8Array> | null): Promise<string | null> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > FORM_MAXIMUM_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
