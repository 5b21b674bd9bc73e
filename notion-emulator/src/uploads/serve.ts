import type { State } from '../state/state.ts'
import { readAddress } from './address.ts'
import { contentOf } from './upload.ts'

/** What the storage behind the API answers. */
export interface StorageAnswer {
  status: number
  headers: Record<string, string>
  body: string
  bytes?: Uint8Array
}

/** Whether a path lies in the storage and not in the API. */
export function isStoragePath(path: string): boolean {
  return /^(?:\/[^?]*)?\/files\/[^/?]+\/[^/?]+\/[^/?]+\?/.test(path) && !path.includes('/v1/')
}

/** Answers a request to a signed address. Whoever has no good one learns nothing, not even whether there is a file. */
export function serveFile(state: State, method: string, path: string, now: number): StorageAnswer {
  const signed = readAddress(state, path)
  if (signed === null) return denied('Access Denied')
  if (now >= signed.until) return denied('Request has expired')
  if (method !== 'GET' && method !== 'HEAD') return denied('Access Denied')
  const { upload } = signed
  const content = contentOf(upload)
  const headers = {
    'content-type': upload.contentType ?? 'application/octet-stream',
    'content-length': String(content.byteLength),
    // A file may hold scripts, and the address of the emulator may be opened in a browser.
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
  }
  return { status: 200, headers, body: '', ...(method === 'GET' ? { bytes: content } : {}) }
}

/** The refusal of the storage, which speaks XML. */
function denied(message: string): StorageAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`
  return { status: 403, headers: { 'content-type': 'application/xml' }, body }
}
