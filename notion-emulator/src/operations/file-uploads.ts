import { MAX_PART_BYTES, MEBIBYTE } from '../core/body-limits.ts'
import { ok, type Answer, type Call } from '../core/call.ts'
import { invalid, type ApiFailure } from '../core/failure.ts'
import { listBody, pagingMembers, slice } from '../core/pagination.ts'
import { pageRequestOfQuery } from '../core/query-string.ts'
import type { FormPart } from '../core/multipart.ts'
import { requireCapability } from '../state/access.ts'
import { nextSequence } from '../state/state.ts'
import { findUpload, unusable } from '../uploads/attach.ts'
import { contentTypeOf, fitsName, isSupported, namedAs, plainContentType } from '../uploads/content-types.ts'
import { presentUpload } from '../uploads/present.ts'
import { heldBytes, sizeOf, statusOf, uploadLimit, type FileUpload } from '../uploads/upload.ts'
import { fileUploadChange } from '../webhooks/changes.ts'
import { failureMessage, integer, literal, object, optional, string, worded, type Check } from '../validation/check.ts'
import { MAX_URL_LENGTH } from '../validation/rich-text.ts'

/** Longest file name in bytes, extension included. */
const MAX_NAME_BYTES = 900
const MAX_PARTS = 10_000
/** All parts but the last hold at least this much. */
const MIN_PART_BYTES = 5 * MEBIBYTE

const filename = worded(
  (text) => text !== '' && Buffer.byteLength(text) <= MAX_NAME_BYTES,
  `1 to ${MAX_NAME_BYTES} bytes long`,
)

/** The body of a new upload. */
export function createUploadBody(): Check {
  return object(
    {
      mode: optional(literal('single_part', 'multi_part', 'external_url')),
      filename: optional(filename),
      content_type: optional(string()),
      number_of_parts: optional(integer(1, MAX_PARTS)),
      external_url: optional(string(MAX_URL_LENGTH)),
    },
    true,
  )
}

/** The query of the list of uploads. */
export const listUploadsQuery: Check = object({
  status: optional(literal('pending', 'uploaded', 'expired', 'failed')),
  ...pagingMembers,
})

/** `POST /v1/file_uploads`: begins an upload. */
export function createUpload(call: Call): Answer {
  requireCapability(call.install, 'insert_content')
  const { body } = call
  const mode = (body['mode'] ?? 'single_part') as FileUpload['mode']
  requireMembers(call, mode)
  const name = typeof body['filename'] === 'string' ? body['filename'] : null
  const contentType = declaredType(name, plainContentType(stringOrNull(body['content_type'])))
  if (contentType === null && (mode !== 'single_part' || name !== null)) throw unsupported(name ?? '')
  const upload: FileUpload = {
    id: call.newId(),
    workspaceId: call.install.workspaceId,
    botId: call.install.botId,
    mode,
    status: 'pending',
    filename: name !== null && contentType !== null ? namedAs(name, contentType) : name,
    contentType,
    parts: new Map(),
    totalParts: mode === 'multi_part' ? Number(body['number_of_parts']) : null,
    externalUrl: stringOrNull(body['external_url']),
    importedTime: null,
    createdTime: call.now,
    editedTime: call.now,
    expiryTold: false,
    attached: false,
    sequence: nextSequence(call.state),
  }
  call.state.uploads.set(upload.id, upload)
  const created = fileUploadChange('file_upload.created', upload.id, upload.botId)
  return { ...ok(presentUpload(call, upload)), changes: [created] }
}

function stringOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** Which members go with which mode. */
function requireMembers(call: Call, mode: FileUpload['mode']): void {
  const needed = {
    single_part: [],
    multi_part: ['filename', 'number_of_parts'],
    external_url: ['filename', 'external_url'],
  }
  const foreign = {
    single_part: ['number_of_parts', 'external_url'],
    multi_part: ['external_url'],
    external_url: ['number_of_parts'],
  }
  for (const name of needed[mode]) if (call.body[name] === undefined) throw mismatch(name, 'defined', undefined)
  for (const name of foreign[mode])
    if (call.body[name] !== undefined) throw mismatch(name, 'not present', call.body[name])
  const address = call.body['external_url']
  if (typeof address === 'string' && (!URL.canParse(address) || new URL(address).protocol !== 'https:')) {
    throw mismatch('external_url', 'a publicly accessible HTTPS URL', address)
  }
}

function mismatch(name: string, expectation: string, value: unknown): ApiFailure {
  return invalid(failureMessage('body', [{ path: `body.${name}`, expectation, value }]))
}

/** The content type that a request names or its file name stands for. The two must agree. */
function declaredType(name: string | null, contentType: string | null): string | null {
  if (contentType === null) return name === null ? null : contentTypeOf(name)
  if (!isSupported(contentType)) throw unsupported(contentType)
  if (name !== null && !fitsName(contentType, name)) {
    throw mismatch('content_type', `the content type of a file named \`${name}\``, contentType)
  }
  return contentType
}

function unsupported(what: string): ApiFailure {
  return invalid(
    `File type is not supported: ${what}. Provide a filename with a supported extension or a supported content_type.`,
  )
}

/** `POST /v1/file_uploads/:file_upload_id/send`: the file, or one part of it, as a form. */
export function sendUpload(call: Call): Answer {
  requireCapability(call.install, 'insert_content')
  const upload = findUpload(call, call.path['file_upload_id'] ?? '')
  requirePending(call, upload)
  if (upload.mode === 'external_url')
    throw invalid(`File upload with ID ${upload.id} is an import; nothing can be sent to it.`)
  const file = call.form.find((part) => part.name === 'file')
  if (file === undefined) throw mismatch('file', 'defined', undefined)
  const number = partNumber(call, upload)
  requireSize(call, upload, { number, bytes: file.data.byteLength })
  if (upload.totalParts === null) describeFile(upload, file)
  else requireSameType(upload, file)
  upload.parts.set(number, file.data)
  upload.editedTime = call.now
  if (upload.totalParts !== null) return ok(presentUpload(call, upload))
  return completed(call, upload)
}

function requirePending(call: Call, upload: FileUpload): void {
  const status = statusOf(upload, call.now)
  if (status !== 'pending') throw unusable(upload.id, status, 'pending')
}

function partNumber(call: Call, upload: FileUpload): number {
  const part = call.form.find((entry) => entry.name === 'part_number')
  const text = part === undefined ? undefined : Buffer.from(part.data).toString('utf8')
  if (upload.totalParts === null) {
    if (text !== undefined && text !== '1') throw mismatch('part_number', 'not present', text)
    return 1
  }
  const number = /^\d{1,5}$/.test(text ?? '') ? Number(text) : 0
  if (number < 1 || number > upload.totalParts) {
    throw mismatch('part_number', `a number from 1 to ${upload.totalParts}`, text)
  }
  return number
}

/** Refuses what is too large for one request, for the workspace or for this machine, and parts that are too small. */
function requireSize(call: Call, upload: FileUpload, part: { number: number; bytes: number }): void {
  const isLast = upload.totalParts === null || part.number === upload.totalParts
  if (part.bytes > MAX_PART_BYTES) throw mismatch('file.size', `≤ \`${MAX_PART_BYTES}\``, part.bytes)
  if (!isLast && part.bytes < MIN_PART_BYTES) throw mismatch('file.size', `≥ \`${MIN_PART_BYTES}\``, part.bytes)
  if (part.bytes === 0) throw mismatch('file.size', '≥ `1`', 0)
  const limit = uploadLimit(call.state.workspaces.get(upload.workspaceId))
  const total = sizeOf(upload) - (upload.parts.get(part.number)?.byteLength ?? 0) + part.bytes
  if (total > limit) throw mismatch('file.size', `≤ \`${limit}\``, total)
  if (heldBytes(call.state) + part.bytes > call.settings.uploadMemoryBytes) {
    throw invalid('emulator: all uploads together are too large for its memory, see uploadMemoryBytes.')
  }
}

/** A file that comes at once may name itself, as long as it does not contradict what was announced. */
function describeFile(upload: FileUpload, file: FormPart): void {
  const sent = plainContentType(file.contentType)
  const name = upload.filename ?? file.filename
  const contentType = upload.contentType ?? declaredType(name, sent)
  if (contentType === null) throw unsupported(name ?? 'application/octet-stream')
  requireSameType({ contentType, filename: name }, file)
  upload.contentType = contentType
  upload.filename = namedAs(name ?? 'file', contentType)
}

function requireSameType(upload: Pick<FileUpload, 'contentType' | 'filename'>, file: FormPart): void {
  const sent = plainContentType(file.contentType)
  const fits = sent === null || sent === upload.contentType || fitsName(sent, upload.filename ?? '')
  if (!fits || (sent !== null && !isSupported(sent))) {
    throw mismatch('file.content_type', `\`"${upload.contentType ?? ''}"\``, sent)
  }
}

/** `POST /v1/file_uploads/:file_upload_id/complete`: ends an upload in parts. */
export function completeUpload(call: Call): Answer {
  requireCapability(call.install, 'insert_content')
  const upload = findUpload(call, call.path['file_upload_id'] ?? '')
  requirePending(call, upload)
  if (upload.totalParts === null) throw invalid(`File upload with ID ${upload.id} has no parts to complete.`)
  if (upload.parts.size < upload.totalParts) {
    throw invalid(`Only ${upload.parts.size} of ${upload.totalParts} parts of file upload ${upload.id} were sent.`)
  }
  upload.editedTime = call.now
  return completed(call, upload)
}

function completed(call: Call, upload: FileUpload): Answer {
  upload.status = 'uploaded'
  const change = fileUploadChange('file_upload.completed', upload.id, upload.botId)
  return { ...ok(presentUpload(call, upload)), changes: [change] }
}

/** `GET /v1/file_uploads/:file_upload_id`. */
export function getUpload(call: Call): Answer {
  return ok(presentUpload(call, findUpload(call, call.path['file_upload_id'] ?? '')))
}

/** `GET /v1/file_uploads`: uploads of this install, newest first. */
export function listUploads(call: Call): Answer {
  const wanted = call.query.get('status')?.[0]
  const own = [...call.state.uploads.values()]
    .filter((upload) => upload.botId === call.install.botId)
    .sort((left, right) => right.createdTime - left.createdTime || right.sequence - left.sequence)
  const shown = (upload: FileUpload): boolean => wanted === undefined || statusOf(upload, call.now) === wanted
  const part = slice(own, pageRequestOfQuery(call.query), shown)
  return ok(
    listBody(
      'file_upload',
      part.items.map((upload) => presentUpload(call, upload)),
      part.nextCursor,
    ),
  )
}
