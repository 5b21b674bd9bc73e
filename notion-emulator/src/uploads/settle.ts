import type { IdGenerator } from '../core/ids.ts'
import type { Settings } from '../core/settings.ts'
import type { State } from '../state/state.ts'
import { fileUploadChange } from '../webhooks/changes.ts'
import { recordChanges } from '../webhooks/record.ts'
import { importResult } from './present.ts'
import { statusOf, type FileUpload } from './upload.ts'

/** Names below this domain lead nowhere (RFC 6761), so an import from there fails. */
const NOWHERE = /(?:^|\.)invalid$/

/** The moment at which it is looked what time has brought. */
export interface Moment {
  state: State
  settings: Settings
  newId: IdGenerator
  /** Milliseconds since the epoch. */
  now: number
}

/** Ends the imports that are done and the uploads that ran out of time, and tells subscribers. */
export function settleUploads(moment: Moment): void {
  for (const upload of moment.state.uploads.values()) {
    settleImport(moment, upload)
    if (upload.expiryTold || statusOf(upload, moment.now) !== 'expired') continue
    upload.expiryTold = true
    upload.parts.clear()
    tell(moment, upload, 'file_upload.expired')
  }
}

/**
 * The emulator asks nobody outside: what it imports is a line of text that says where the file would have come from.
 */
function settleImport(moment: Moment, upload: FileUpload): void {
  const due = upload.createdTime + moment.settings.importDelayMs
  if (upload.externalUrl === null || upload.importedTime !== null || moment.now < due) return
  if (statusOf(upload, due) !== 'pending') return
  upload.importedTime = due
  upload.editedTime = due
  if (NOWHERE.test(new URL(upload.externalUrl).hostname)) {
    upload.status = 'failed'
    tell(moment, upload, 'file_upload.upload_failed')
    return
  }
  upload.status = 'uploaded'
  upload.parts.set(1, Buffer.from(`emulator: what ${upload.externalUrl} holds was not fetched\n`))
  tell(moment, upload, 'file_upload.completed')
}

function tell(
  { state, settings, newId, now }: Moment,
  upload: FileUpload,
  type: 'file_upload.expired' | 'file_upload.completed' | 'file_upload.upload_failed',
): void {
  const { id, botId, workspaceId } = upload
  const result = type === 'file_upload.upload_failed' ? { file_import_result: importResult(upload) } : undefined
  const occasion = { state, newId, workspaceId, authorId: botId, now, windowMs: settings.webhookWindowMs }
  recordChanges(occasion, [fileUploadChange(type, id, botId, result)])
}
