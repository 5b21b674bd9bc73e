import type { Call } from '../core/call.ts'
import { invalid, type ApiFailure } from '../core/failure.ts'
import { parseId } from '../core/ids.ts'
import { notFound } from '../core/lookup.ts'
import { isObject } from '../validation/check.ts'
import { statusOf, type FileUpload } from './upload.ts'

/** The upload with this id, if the calling install began it: other installs see nothing of it. */
export function findUpload(call: Call, id: string): FileUpload {
  const upload = call.state.uploads.get(id)
  if (upload === undefined || upload.botId !== call.install.botId) throw notFound(call, 'file_upload', id)
  return upload
}

/** The upload with this id, ready to be held by something. */
export function findUsableUpload(call: Call, id: string): FileUpload {
  const upload = findUpload(call, id)
  const status = statusOf(upload, call.now)
  if (status !== 'uploaded') throw unusable(id, status)
  return upload
}

/** The refusal of an upload in a state in which this cannot be done with it. */
export function unusable(id: string, status: string, wanted = 'uploaded'): ApiFailure {
  return invalid(`File upload with ID ${id} has a status of \`${status}\`, but should have a status of \`${wanted}\`.`)
}

/** Uploads that a validated body names, ready to be held. Nothing changes until `commit`. */
export interface Attachment {
  commit: () => void
}

/**
 * Finds the uploads that a body names as icon, cover, content of a block or value of a property, and refuses those
 * that cannot be used. Call it after the checks of the operation itself, and `commit` when the rest is done.
 */
export function attachUploads(call: Call, body: unknown): Attachment {
  return attachmentOf(namedUploads(body).map((id) => findUsableUpload(call, id)))
}

/** Uploads that shall be held from `commit` on. */
export function attachmentOf(uploads: FileUpload[]): Attachment {
  return {
    commit: () => {
      for (const upload of uploads) upload.attached = true
    },
  }
}

/** Ids of `file_upload` members, wherever they stand. Bodies may be nested deeper than the call stack is. */
function namedUploads(body: unknown): string[] {
  const ids: string[] = []
  const waiting: unknown[] = [body]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (Array.isArray(value)) for (const entry of value) waiting.push(entry)
    else if (isObject(value)) {
      const named = value['file_upload']
      const id = isObject(named) ? parseId(named['id']) : null
      if (id !== null) ids.push(id)
      waiting.push(...Object.values(value))
    }
  }
  return [...new Set(ids)]
}
