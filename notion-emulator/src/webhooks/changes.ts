import type { JsonObject } from '../state/model.ts'
import type { Change } from './model.ts'

/**
 * A change of a file upload, for `Answer.changes` of the operation that made it. Only the bot that uploads hears of it.
 * @param data `file_import_result`, of a failure only
 */
export function fileUploadChange(
  type: Extract<Change['type'], `file_upload.${string}`>,
  uploadId: string,
  botId: string,
  data?: JsonObject,
): Change {
  const form = { type, entity: { id: uploadId, type: 'file_upload' as const } }
  return { ...form, ...(data === undefined ? {} : { data }), audience: { botId } }
}

/**
 * A change of a view, for `Answer.changes` of the operation that made it. Whoever sees the database hears of it; there
 * were no views before 2025-09-03.
 * @param details `view_type` of a new view, `updated_fields` of a changed one
 */
export function viewChange(
  type: Extract<Change['type'], `view.${string}`>,
  viewId: string,
  databaseId: string,
  details: JsonObject = {},
): Change {
  return {
    type,
    entity: { id: viewId, type: 'view' },
    data: { parent: { id: databaseId, type: 'database' }, ...details },
    audience: { nodeId: databaseId },
    legacy: null,
  }
}
