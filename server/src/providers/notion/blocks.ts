import { isFullBlock, type BlockObjectResponse, type PartialBlockObjectResponse } from '@notionhq/client'
import { isRecord, stringOrNull } from '#kernel/json-values.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import type { NotionApi } from './client.ts'
import type { Operation } from './errors.ts'
import { compactId } from './ids.ts'
import { clip, records } from './json.ts'
import { markdownOf, plainText } from './rich-text.ts'
import { hidden } from './sources.ts'
import type { Words } from './words.ts'

const READ_BLOCK: Operation = { needs: 'read', noun: 'block' }

/** Types whose rich text is shown as it is, because Markdown inside it means nothing. */
const LITERAL_TYPES: ReadonlySet<string> = new Set(['code'])

type RichText = Parameters<typeof markdownOf>[0]

/** Reads one block; pages and databases are blocks too. */
export async function readBlock(api: NotionApi, id: string): Promise<Outcome<BlockObjectResponse>> {
  const answer = await api.read((notion) => notion.blocks.retrieve({ block_id: id }), READ_BLOCK)
  if (!answer.ok) return answer
  return isFullBlock(answer.value) ? success(answer.value) : hidden
}

/** What a block says, in one text: its words as inline Markdown, or a title, address or expression. */
export function blockText(block: BlockObjectResponse): string {
  const content = contentOf(block)
  const richText = content['rich_text']
  if (Array.isArray(richText)) {
    return LITERAL_TYPES.has(block.type) ? plainText(richText as RichText) : markdownOf(richText as RichText)
  }
  if (Array.isArray(content['cells'])) {
    return content['cells'].map((cell) => (Array.isArray(cell) ? markdownOf(cell as RichText) : '')).join(' | ')
  }
  return stringOrNull(content['title']) ?? stringOrNull(content['expression']) ?? linkText(content)
}

/** Pictures, files, bookmarks and links: the caption and where they point. */
function linkText(content: Readonly<Record<string, unknown>>): string {
  const caption = Array.isArray(content['caption']) ? plainText(records(content['caption']) as unknown as RichText) : ''
  const place = content[String(content['type'])]
  const address = stringOrNull(content['url']) ?? (isRecord(place) ? stringOrNull(place['url']) : stringOrNull(place))
  return [caption, address].filter((part) => part !== null && part !== '').join(' ')
}

/** The member of a block that holds what its type is about. */
export function contentOf(block: BlockObjectResponse): Record<string, unknown> {
  const content: unknown = (block as unknown as Record<string, unknown>)[block.type]
  return isRecord(content) ? content : {}
}

/** True or false for to-dos, undefined for everything else. */
export function checkedOf(block: BlockObjectResponse): boolean | undefined {
  return block.type === 'to_do' ? block.to_do.checked : undefined
}

/** The block as plain JSON. */
export function blockValue(block: BlockObjectResponse | PartialBlockObjectResponse): Record<string, unknown> {
  if (!isFullBlock(block)) return { id: block.id }
  const checked = checkedOf(block)
  return {
    id: block.id,
    type: block.type,
    text: blockText(block),
    ...(checked === undefined ? {} : { checked }),
    has_children: block.has_children,
    in_trash: block.in_trash,
  }
}

/**
 * The block in one line: id, type, box, words.
 * @param characters longest text shown; a list of blocks is no place to read long ones
 */
export function blockLine(
  block: BlockObjectResponse | PartialBlockObjectResponse,
  characters: number,
  words: Words,
): string {
  if (!isFullBlock(block)) return compactId(block.id)
  const checked = checkedOf(block)
  const box = checked === undefined ? '' : checked ? ' [x]' : ' [ ]'
  const more = block.has_children ? ` (${words.hasChildren})` : ''
  const text = clip(blockText(block).replaceAll(/\s*\n\s*/g, ' ⏎ '), characters)
  return `${compactId(block.id)} ${block.type}${box} ${text}${more}`.trimEnd()
}
