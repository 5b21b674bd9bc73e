import { z } from 'zod'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import type { NotionApi } from '#providers/notion/client.ts'
import type { Operation } from '#providers/notion/errors.ts'
import { readId } from '#providers/notion/ids.ts'
import { resolveBlock } from '#providers/notion/resolve.ts'
import {
  fileBlock,
  findUpload,
  readBase64,
  sendFile,
  type NewFile,
  type UploadedFile,
} from '#providers/notion/uploads.ts'

/** Notion's limit for the name of a file, its extension included. */
const NAME_BYTES = 900

/** A file of the largest size that a call can carry, over a slow line, in three requests. */
const UPLOAD_DEADLINE_MS = 60_000

const ATTACH: Operation = {
  needs: 'insert',
  noun: 'page or database',
  check: 'Read the end of the page with notion_get_block_children to see whether the file is there.',
}

export const uploadFile = defineTool({
  name: 'notion_upload_file',
  title: { en: 'Upload file', pt: 'Enviar arquivo' },
  description:
    'Upload a file (up to 700 kB) and put it at the end of a page or block. Without block_id returns a file_upload_id for a page, or for a property of files, within an hour.',
  input: z.strictObject({
    name: z.string().min(1).max(NAME_BYTES).optional().describe('with extension'),
    text: z.string().optional(),
    base64: z.string().optional(),
    content_type: z.string().optional(),
    file_upload_id: z.string().optional().describe('instead of a new file'),
    block_id: z.string().optional().describe('page or block'),
  }),
  annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  needs: ['insert'],
  deadlineMs: UPLOAD_DEADLINE_MS,
  intent: {
    verbs: { en: ['upload', 'attach', 'send'], pt: ['enviar', 'anexar', 'subir', 'carregar'] },
    nouns: {
      en: ['file', 'attachment', 'image', 'picture', 'PDF'],
      pt: ['arquivo', 'anexo', 'imagem', 'foto', 'PDF'],
    },
  },
  run: async (api: NotionApi, input) => {
    const given = readGiven(input)
    if (!given.ok) return given
    const place =
      input.block_id === undefined ? success(undefined) : await resolveBlock(api, input.block_id, 'block_id')
    if (!place.ok) return place
    const file =
      given.value.kind === 'new' ? await sendFile(api, given.value.file) : await findUpload(api, given.value.uploadId)
    if (!file.ok) return file
    return place.value === undefined ? success(uploaded(file.value)) : attach(api, place.value, file.value)
  },
})

interface Input {
  readonly name?: string | undefined
  readonly text?: string | undefined
  readonly base64?: string | undefined
  readonly content_type?: string | undefined
  readonly file_upload_id?: string | undefined
  readonly block_id?: string | undefined
}

type Given = { readonly kind: 'new'; readonly file: NewFile } | { readonly kind: 'uploaded'; readonly uploadId: string }

function readGiven(input: Input): Outcome<Given> {
  const contents = [input.text, input.base64, input.file_upload_id].filter((content) => content !== undefined)
  if (contents.length !== 1) {
    return failure('invalid_arguments', 'Give exactly one of text, base64 and file_upload_id.')
  }
  if (input.file_upload_id === undefined) return readFile(input)
  if (input.block_id === undefined) {
    return failure('invalid_arguments', 'Give the page or block that the uploaded file belongs on.', {
      path: 'arguments.block_id',
    })
  }
  const id = readId(input.file_upload_id, 'file_upload_id')
  return id.ok ? success({ kind: 'uploaded', uploadId: id.value }) : id
}

function readFile({ name, text, base64, content_type: type }: Input): Outcome<Given> {
  if (name === undefined) {
    return failure('invalid_arguments', 'Give the name of the file, with its extension: Notion tells the kind by it.', {
      path: 'arguments.name',
    })
  }
  const content =
    base64 === undefined
      ? success({ bytes: new TextEncoder().encode(text), contentType: undefined })
      : readBase64(base64)
  if (!content.ok) return content
  const { bytes, contentType } = content.value
  if (bytes.length === 0) {
    return failure('invalid_arguments', 'The file is empty.', { path: 'arguments.text' })
  }
  return success({ kind: 'new', file: { name, bytes, contentType: type ?? contentType } })
}

function uploaded({ id, name, contentType }: UploadedFile): ToolResult {
  return {
    text: `Uploaded ${name} (${contentType}): file_upload_id ${id}. Put it on a page within an hour.`,
    value: { file_upload_id: id, name, content_type: contentType },
  }
}

async function attach(api: NotionApi, block_id: string, file: UploadedFile): Promise<Outcome<ToolResult>> {
  const { id, name, contentType } = file
  const written = await api.write(
    (notion) => notion.blocks.children.append({ block_id, children: [fileBlock(file)] }),
    ATTACH,
  )
  if (!written.ok) return afterUpload(written, id)
  const [block] =
    written.value.kind === 'answered' ? written.value.answer.results.map((result) => result.id) : written.value.childIds
  return success({
    text: `Put ${name} (${contentType}) on ${block_id}${block === undefined ? '' : `: block ${block}`}.`,
    value: { file_upload_id: id, name, content_type: contentType, parent_id: block_id, block_id: block ?? null },
  })
}

/** The file lies at Notion: it need not be sent again. */
function afterUpload(failed: Extract<Outcome<never>, { ok: false }>, id: string): Outcome<ToolResult> {
  const { problem } = failed
  const resume = `The file is uploaded; to put it on a page within an hour, pass file_upload_id ${id} instead of its content.`
  return {
    ok: false,
    problem: { ...problem, detail: `${problem.detail} ${resume}`, extra: { ...problem.extra, file_upload_id: id } },
  }
}
