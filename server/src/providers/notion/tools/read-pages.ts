import { isFullPage, type PageObjectResponse, type SearchParameters } from '@notionhq/client'
import { z } from 'zod'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import type { NotionApi } from '#providers/notion/client.ts'
import { hitList, hitValue } from '#providers/notion/hits.ts'
import { compactId } from '#providers/notion/ids.ts'
import { addressText, PAGE_PROPERTY_CHARACTERS, pageTitle, pageValue, parentText } from '#providers/notion/pages.ts'
import { propertyText, shortTimes } from '#providers/notion/property-texts.ts'
import { plainProperties, type PlainValue } from '#providers/notion/property-values.ts'
import { listResult, pageArguments, readPosition, RESULT_CHARACTERS, showList } from '#providers/notion/results.ts'
import { resolveBlock, resolvePage } from '#providers/notion/resolve.ts'
import { hidden } from '#providers/notion/sources.ts'
import { namesOf } from '#providers/notion/users.ts'
import type { Words } from '#providers/notion/words.ts'

/** Search answers with titles alone, so a screenful is cheap. */
const SEARCH_PAGE_SIZE = 25

/** Marks our cursor into the Markdown of a page: a number of characters. */
const OFFSET_CURSOR = /^c(\d{1,9})$/

/** Notion may leave out many blocks at once; a model goes on with a few. */
const LISTED_BLOCKS = 20

export const readPage = defineTool({
  name: 'notion_read_page',
  title: { en: 'Read page properties', pt: 'Ler propriedades da página' },
  description:
    'Read the title, properties, parent, author and dates of a page or database row. For its text use notion_read_page_content.',
  input: z.strictObject({ page_id: z.string().describe('id, URL or title') }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  needs: ['read'],
  intent: {
    verbs: { en: ['show', 'get', 'see', 'check'], pt: ['mostrar', 'ver', 'consultar', 'verificar'] },
    nouns: {
      en: ['property', 'metadata', 'author', 'creator', 'status of a page', 'date of a page'],
      pt: ['propriedade', 'metadado', 'autor', 'criador', 'situação da página', 'data da página'],
    },
  },
  run: async (api: NotionApi, input) => {
    const id = await resolvePage(api, input.page_id, 'page_id')
    if (!id.ok) return id
    const answer = await api.read((notion) => notion.pages.retrieve({ page_id: id.value }), {
      needs: 'read',
      noun: 'page',
    })
    if (!answer.ok) return answer
    const page = answer.value
    if (!isFullPage(page)) return hidden
    const names = await namesOf(api, [page.created_by, page.last_edited_by])
    return success(describePage(page, names, api.words))
  },
})

function describePage(page: PageObjectResponse, names: ReadonlyMap<string, string>, words: Words): ToolResult {
  const properties = plainProperties(page.properties, PAGE_PROPERTY_CHARACTERS)
  const lines = Object.entries(properties)
    .filter(([name]) => page.properties[name]?.type !== 'title')
    .map(([name, value]) => `- ${name}: ${propertyText(page.properties[name]?.type ?? '', value)}`)
  const by = ({ id }: { id: string }): string =>
    names.has(id) ? `${names.get(id)} (${words.user} ${compactId(id)})` : `${words.user} ${compactId(id)}`
  const byEditor = page.last_edited_by.id === page.created_by.id ? words.same : by(page.last_edited_by)
  const text = [
    `# ${pageTitle(page, words)}`,
    addressText(page.id, page.url),
    `${words.placed(parentText(page.parent, words))}${page.in_trash ? `, ${words.inTrash}` : ''}`,
    shortTimes(words.created(page.created_time, by(page.created_by))),
    shortTimes(words.edited(page.last_edited_time, byEditor)),
    ...lines,
  ].join('\n')
  const person = ({ id }: { id: string }): PlainValue => ({ id, name: names.get(id) ?? null })
  const value = {
    ...pageValue(page),
    created_time: page.created_time,
    created_by: person(page.created_by),
    last_edited_by: person(page.last_edited_by),
    properties,
  }
  return cutText(text, value, words)
}

export const readPageContent = defineTool({
  name: 'notion_read_page_content',
  title: { en: 'Read page', pt: 'Ler página' },
  description: 'Read the text of a page, or of one block with all inside it, as Markdown.',
  input: z.strictObject({ page_id: z.string().describe('id, URL or title'), start_cursor: z.string().optional() }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  needs: ['read'],
  intent: {
    verbs: {
      en: ['read', 'open', 'summarize', 'say', 'tell'],
      pt: ['ler', 'abrir', 'resumir', 'dizer', 'contar'],
    },
    nouns: {
      en: ['page', 'content', 'text', 'document', 'note', 'minutes'],
      pt: ['página', 'conteúdo', 'texto', 'documento', 'nota', 'ata'],
    },
  },
  run: async (api: NotionApi, input) => {
    const id = await resolveBlock(api, input.page_id, 'page_id')
    if (!id.ok) return id
    const answer = await api.read((notion) => notion.pages.retrieveMarkdown({ page_id: id.value }), {
      needs: 'read',
      noun: 'page',
    })
    if (!answer.ok) return answer
    const start = Number(OFFSET_CURSOR.exec(input.start_cursor ?? '')?.[1] ?? 0)
    return contentResult(id.value, answer.value, { start, words: api.words })
  },
})

interface Content {
  readonly markdown: string
  readonly truncated: boolean
  readonly unknown_block_ids: readonly string[]
}

function contentResult(
  id: string,
  content: Content,
  { start, words }: { readonly start: number; readonly words: Words },
): Outcome<ToolResult> {
  if (start > 0 && start >= content.markdown.length) {
    return failure('invalid_arguments', 'The page has no content at this start_cursor. Read it from the beginning.', {
      path: 'arguments.start_cursor',
    })
  }
  const end = endOfPart(content.markdown, start)
  const markdown = content.markdown.slice(start, end)
  const nextCursor = end < content.markdown.length ? `c${end}` : undefined
  const notes: string[] = []
  if (nextCursor !== undefined) {
    notes.push(words.charactersFollow(content.markdown.length - end, nextCursor))
  }
  if (content.unknown_block_ids.length > 0) notes.push(unreadNote(content.unknown_block_ids, words))
  const body = markdown === '' ? words.emptyPage : markdown
  return success({
    text: [body, ...notes].join('\n\n'),
    value: { id, markdown, unread_block_ids: content.unknown_block_ids, next_cursor: nextCursor ?? null },
    ...(nextCursor === undefined ? {} : { nextCursor }),
    ...(notes.length === 0 ? {} : { truncated: notes.join(' ') }),
  })
}

function unreadNote(ids: readonly string[], words: Words): string {
  const shown = ids.slice(0, LISTED_BLOCKS).join(', ')
  return words.leftOut(ids.length, shown, Math.max(0, ids.length - LISTED_BLOCKS))
}

/** Ends a part with a whole line where there is one. */
function endOfPart(markdown: string, start: number): number {
  const limit = start + RESULT_CHARACTERS
  if (limit >= markdown.length) return markdown.length
  const line = markdown.lastIndexOf('\n', limit)
  if (line > start) return line + 1
  return /[\uD800-\uDBFF]/.test(markdown[limit - 1] ?? '') ? limit - 1 : limit
}

function cutText(text: string, value: unknown, words: Words): ToolResult {
  if (text.length <= RESULT_CHARACTERS) return { text, value }
  const truncated = words.propertiesTooLong
  return { text: `${text.slice(0, RESULT_CHARACTERS)}\n${truncated}`, value, truncated }
}

export const searchPages = defineTool({
  name: 'notion_search_pages',
  title: { en: 'Search pages', pt: 'Buscar páginas' },
  description:
    'Find pages and databases by words of their title (not their text), newest edit first. Returns titles with ids.',
  input: z.strictObject({
    query: z.string().optional(),
    filter: z.enum(['page', 'database', 'data_source']).optional(),
    start_cursor: z.string().optional(),
    page_size: z.int().min(1).max(100).optional(),
  }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  needs: ['read'],
  intent: {
    verbs: {
      en: ['search', 'find', 'look for', 'locate', 'list'],
      pt: ['buscar', 'procurar', 'encontrar', 'achar', 'pesquisar', 'localizar', 'listar'],
    },
    nouns: {
      en: ['page', 'database', 'document', 'note', 'title'],
      pt: ['página', 'banco de dados', 'base', 'documento', 'nota', 'título'],
    },
  },
  run: async (api: NotionApi, input) => {
    const position = readPosition(input.start_cursor)
    const body: SearchParameters = {
      ...pageArguments(position, input.page_size ?? SEARCH_PAGE_SIZE),
      ...(input.query === undefined ? {} : { query: input.query }),
      ...(input.filter === undefined
        ? {}
        : { filter: { property: 'object', value: input.filter === 'page' ? 'page' : 'data_source' } }),
    }
    const answer = await api.read((notion) => notion.search(body), { needs: 'read', noun: 'page or database' })
    if (!answer.ok) return answer
    const list = hitList(answer.value.results, api.words)
    const shown = showList(answer.value, position, list.line)
    const value = { results: shown.items.map(hitValue) }
    return success(listResult(shown, shown.items.length === 0 ? api.words.nothingFound : list.head, value, api.words))
  },
})
