import type { BlockObjectRequest, FileUploadObjectResponse } from '@notionhq/client'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { NotionApi, Written } from './client.ts'
import type { Operation } from './errors.ts'

/** A file that is to be sent. */
export interface NewFile {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly contentType: string | undefined
}

/** A file that lies at Notion and waits to be put somewhere. */
export interface UploadedFile {
  readonly id: string
  readonly name: string
  readonly contentType: string
}

const UNKNOWN_TYPE = 'application/octet-stream'

const UPLOAD: Operation = {
  needs: 'insert',
  noun: 'file',
  check: 'What is not put on a page disappears after an hour, so the file can be sent again.',
}

const DATA_URL = /^data:([^;,]{0,200})[^,]{0,200};base64,/
const DIGITS = /^[A-Za-z0-9+/]+={0,2}$/
const DIGITS_PER_BLOCK = 4
const BYTES_PER_BLOCK = 3

/** Reads base64, or a `data:` URL in base64, which names the type too. */
export function readBase64(text: string): Outcome<Pick<NewFile, 'bytes' | 'contentType'>> {
  const [prefix = '', contentType = ''] = DATA_URL.exec(text) ?? []
  const digits = text.slice(prefix.length).replaceAll(/\s/g, '')
  const bytes = Buffer.from(digits, 'base64')
  if (!DIGITS.test(digits) || bytes.length === 0 || bytes.length !== bytesIn(digits)) {
    return failure(
      'invalid_arguments',
      'base64 is not valid base64, or empty. Send the bytes of the file as base64, or text.',
      { path: 'arguments.base64' },
    )
  }
  return success({ bytes: new Uint8Array(bytes), contentType: contentType === '' ? undefined : contentType })
}

function bytesIn(digits: string): number {
  return Math.floor((digits.replace(/={1,2}$/, '').length * BYTES_PER_BLOCK) / DIGITS_PER_BLOCK)
}

/** Announces a file to Notion and sends it. Until it is put somewhere nobody sees it, and after an hour it is gone. */
export async function sendFile(api: NotionApi, { name, bytes, contentType }: NewFile): Promise<Outcome<UploadedFile>> {
  const announced = await api.write(
    (notion) =>
      notion.fileUploads.create({
        mode: 'single_part',
        filename: name,
        ...(contentType === undefined ? {} : { content_type: contentType }),
      }),
    UPLOAD,
  )
  if (!announced.ok) return announced
  const upload = uploadedFile(announced.value, { name, contentType })
  if (upload === undefined) return lost
  const data = new Blob([bytes], { type: upload.contentType })
  const sent = await api.write(
    (notion) => notion.fileUploads.send({ file_upload_id: upload.id, file: { filename: upload.name, data } }),
    UPLOAD,
  )
  return sent.ok ? success(uploadedFile(sent.value, upload) ?? upload) : sent
}

const lost = failure(
  'outcome_unknown',
  'Notion took the announcement of the file but did not say under which id. Nothing was put on a page; the file can be sent again.',
)

/** Looks at a file that was sent before. */
export async function findUpload(api: NotionApi, id: string): Promise<Outcome<UploadedFile>> {
  const found = await api.read((notion) => notion.fileUploads.retrieve({ file_upload_id: id }), {
    needs: 'insert',
    noun: 'file',
  })
  return found.ok ? success(fileOf(found.value)) : found
}

function uploadedFile(
  written: Written<FileUploadObjectResponse>,
  known: Pick<NewFile, 'name' | 'contentType'>,
): UploadedFile | undefined {
  if (written.kind === 'answered') return fileOf(written.answer)
  if (written.id === undefined) return undefined
  return { id: written.id, name: known.name, contentType: known.contentType ?? UNKNOWN_TYPE }
}

function fileOf({ id, filename, content_type: contentType }: FileUploadObjectResponse): UploadedFile {
  return { id, name: filename ?? 'file', contentType: contentType ?? UNKNOWN_TYPE }
}

/** The block that shows a file: a picture as a picture, anything unknown as a file to download. */
export function fileBlock({ id, contentType }: UploadedFile): BlockObjectRequest {
  const [family = ''] = contentType.split('/')
  const type = contentType === 'application/pdf' ? 'pdf' : SHOWN.has(family) ? family : 'file'
  return { type, [type]: { type: 'file_upload', file_upload: { id } } } as unknown as BlockObjectRequest
}

const SHOWN: ReadonlySet<string> = new Set(['image', 'video', 'audio'])
