export const MEBIBYTE = 1_048_576
/** Largest body of the documentation, in bytes. */
const MAX_JSON_BYTES = 500_000
/** From here on a proxy in front of the API answers, with a 413 that has no JSON. */
const PROXY_JSON_BYTES = 1_000_000
/** What one request may bring of a file: 20 MiB, by the documentation of file uploads. */
export const MAX_PART_BYTES = 20 * MEBIBYTE
/** Room for the form around a file: its boundaries, names and the number of the part. */
const FORM_BYTES = 65_536

const SEND_PATH = /\/v1\/file_uploads\/[^/?]+\/send\/?(?:\?|$)/

/** How large the body of a request may be, in bytes. */
export interface BodyLimits {
  /** Beyond this the API refuses with a 400. */
  accepted: number
  /** Beyond this a proxy refuses with a bare 413, and nobody reads the rest. */
  read: number
}

/** The limits for a request to this path; only a file may be large. */
export function bodyLimits(path: string): BodyLimits {
  const file = MAX_PART_BYTES + FORM_BYTES
  return SEND_PATH.test(path) ? { accepted: file, read: file } : { accepted: MAX_JSON_BYTES, read: PROXY_JSON_BYTES }
}

/** Bytes of a body that is either text or bytes. */
export function bodySize(content: { body: string; bytes?: Uint8Array }): number {
  return content.bytes?.byteLength ?? Buffer.byteLength(content.body)
}
