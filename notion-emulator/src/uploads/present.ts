import type { Call } from '../core/call.ts'
import { exactTime, minuteTime } from '../core/clock.ts'
import type { JsonObject } from '../state/model.ts'
import { expiryOf, sizeOf, statusOf, type FileUpload } from './upload.ts'

/** An upload as answers show it. Addresses to send to are there as long as something may be sent. */
export function presentUpload(call: Call, upload: FileUpload): JsonObject {
  const status = statusOf(upload, call.now)
  const expiry = expiryOf(upload)
  const address = `${call.base}/v1/file_uploads/${upload.id}`
  const takesParts = upload.totalParts !== null && upload.parts.size > 0
  return {
    object: 'file_upload',
    id: upload.id,
    created_time: minuteTime(upload.createdTime),
    created_by: { id: upload.botId, type: call.state.users.get(upload.botId)?.type ?? 'bot' },
    last_edited_time: minuteTime(upload.editedTime),
    expiry_time: expiry === null ? null : minuteTime(expiry),
    ...(status === 'pending' ? { upload_url: `${address}/send` } : {}),
    ...(status === 'pending' && takesParts ? { complete_url: `${address}/complete` } : {}),
    ...(call.version === '2026-03-11' ? {} : { archived: status === 'expired' }),
    in_trash: status === 'expired',
    status,
    filename: upload.filename,
    content_type: upload.contentType,
    content_length: upload.parts.size === 0 ? null : sizeOf(upload),
    ...(upload.totalParts === null ? {} : { number_of_parts: { total: upload.totalParts, sent: upload.parts.size } }),
    ...(upload.importedTime === null ? {} : { file_import_result: importResult(upload) }),
  }
}

/** How an import ended. */
export function importResult(upload: FileUpload): JsonObject {
  const imported = { imported_time: exactTime(upload.importedTime ?? upload.editedTime) }
  if (upload.status !== 'failed') return { type: 'success', success: {}, ...imported }
  const error = {
    type: 'download_error',
    code: 'file_upload_download_error',
    message: `The file at ${upload.externalUrl ?? ''} could not be downloaded.`,
    parameter: null,
    status_code: null,
  }
  return { type: 'error', error, ...imported }
}
