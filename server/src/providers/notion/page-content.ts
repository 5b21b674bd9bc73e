import { isRecord, stringOrNull } from '#kernel/json-values.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { ToolResult } from '#providers/contract.ts'
import { appendBlocks, checkRequests } from './append.ts'
import { REQUEST_BLOCKS, blocksIn } from './append-plan.ts'
import type { NotionApi } from './client.ts'
import type { BlockNode } from './markdown-lines.ts'
import { blocksFromMarkdown } from './markdown.ts'
import { partlyDone } from './writes.ts'

/** Markdown in one request to Notion: of its 500 kB, with room for properties. */
const REQUEST_BYTES = 400_000

/** The text of a new page: what goes along with it, and what has to follow. */
export interface PageContent {
  readonly markdown: string
  readonly later: readonly BlockNode[]
}

/**
 * Markdown that one request takes goes to Notion as it is, and Notion reads it; longer Markdown becomes blocks that are
 * appended part by part. Refuses what one call could not send.
 */
export function contentForNewPage(content: string): Outcome<PageContent> {
  const nodes = blocksFromMarkdown(content)
  if (fitsOneRequest(content, nodes)) return success({ markdown: content, later: [] })
  const fits = checkRequests(nodes)
  return fits.ok ? success({ markdown: '', later: nodes }) : fits
}

/** Refuses Markdown that one request does not take, where there is no other way to send it. */
export function checkReplacement(content: string): Outcome<null> {
  const nodes = blocksFromMarkdown(content)
  if (fitsOneRequest(content, nodes)) return success(null)
  return failure(
    'invalid_arguments',
    `The content is too long to replace a text at once (${blocksIn(nodes)} blocks; Notion takes ${REQUEST_BLOCKS}, and 400 kB). Nothing was changed. Replace it with the first part, then add the rest with notion_append_blocks.`,
    { path: 'arguments.content' },
  )
}

function fitsOneRequest(content: string, nodes: readonly BlockNode[]): boolean {
  return blocksIn(nodes) <= REQUEST_BLOCKS && Buffer.byteLength(JSON.stringify(content)) <= REQUEST_BYTES
}

/** Appends the rest of a new page's text. A failure says that the page is there. */
export async function appendLater(
  api: NotionApi,
  created: ToolResult,
  later: readonly BlockNode[],
): Promise<Outcome<ToolResult>> {
  if (later.length === 0) return success(created)
  const id = isRecord(created.value) ? stringOrNull(created.value['id']) : null
  const count = blocksIn(later)
  if (id === null) return failure('partly_done', `${created.text} Its ${count} blocks of text were not appended.`)
  const appended = await appendBlocks(api, id, later, undefined)
  if (!appended.ok) {
    const isEmpty = appended.problem.extra?.['missing'] === undefined
    const rest = isEmpty ? `its text, of ${count} blocks, is not in it yet; append it` : 'append what is missing'
    const saved = `The page was created before that: ${id}. Do not create it again; ${rest} with notion_append_blocks.`
    return { ok: false, problem: partlyDone(appended.problem, saved, { page_id: id }) }
  }
  const { steps } = appended.value
  const text = `${created.text}\nAppended ${count} blocks in ${steps.length} requests.`
  const value = isRecord(created.value) ? { ...created.value, blocks: count, requests: steps } : created.value
  return success({ ...created, text, value })
}
