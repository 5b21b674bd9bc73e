import { MEBIBYTE } from '../core/body-limits.ts'
import type { Workspace } from '../state/model.ts'
import type { State } from '../state/state.ts'

/** A file on its way into a workspace. Only the install that began the upload can see it. */
export interface FileUpload {
  id: string
  workspaceId: string
  botId: string
  mode: 'single_part' | 'multi_part' | 'external_url'
  /** Uploads that ran out of time say `pending` or `uploaded` here; see `statusOf`. */
  status: 'pending' | 'uploaded' | 'failed'
  filename: string | null
  contentType: string | null
  /** What came so far, by the number of the part; a file that came at once is part 1. */
  parts: Map<number, Uint8Array>
  /** Parts that a multi-part upload announced, else null. */
  totalParts: number | null
  /** Where an import comes from, else null. */
  externalUrl: string | null
  /** When the import ended, in milliseconds since the epoch. */
  importedTime: number | null
  /** Milliseconds since the epoch. */
  createdTime: number
  editedTime: number
  /** Whether subscribers heard that time ran out. */
  expiryTold: boolean
  /** Whether something holds the file. Only then does it outlive its hour. */
  attached: boolean
  sequence: number
}

/** How long an upload may take until something holds its file, by the documentation. */
const UPLOAD_LIFE_MS = 3_600_000

/** When an upload ends unless something holds its file by then; null when something does. */
export function expiryOf(upload: FileUpload): number | null {
  return upload.attached ? null : upload.createdTime + UPLOAD_LIFE_MS
}

/** The status that the API shows at a moment. */
export function statusOf(upload: FileUpload, now: number): FileUpload['status'] | 'expired' {
  const expiry = expiryOf(upload)
  return expiry !== null && now >= expiry && upload.status !== 'failed' ? 'expired' : upload.status
}

/** Bytes that came so far. */
export function sizeOf(upload: FileUpload): number {
  return [...upload.parts.values()].reduce((sum, part) => sum + part.byteLength, 0)
}

/** The whole file, its parts in their order. */
export function contentOf(upload: FileUpload): Uint8Array {
  const numbers = [...upload.parts.keys()].toSorted((left, right) => left - right)
  return Buffer.concat(numbers.map((number) => upload.parts.get(number) ?? new Uint8Array()))
}

/** Largest upload of a free workspace and of a paid one, in bytes. */
export const FREE_UPLOAD_BYTES = 5 * MEBIBYTE
const PAID_UPLOAD_BYTES = 5 * 1024 * MEBIBYTE

/** The largest file that may be uploaded to a workspace, in bytes. */
export function uploadLimit(workspace: Workspace | undefined): number {
  if (workspace === undefined) return 0
  return workspace.maxUploadBytes ?? (workspace.plan === 'free' ? FREE_UPLOAD_BYTES : PAID_UPLOAD_BYTES)
}

/** Bytes that all uploads hold together. */
export function heldBytes(state: State): number {
  return [...state.uploads.values()].reduce((sum, upload) => sum + sizeOf(upload), 0)
}
