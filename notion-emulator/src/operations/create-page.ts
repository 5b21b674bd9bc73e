import { promise, wantsTask } from '../async-tasks/task.ts'
import { addBlocks, fromMarkdown } from '../blocks/insert.ts'
import { MAX_BLOCKS_PER_REQUEST, blockList, countBlocks, storedFile } from '../blocks/request.ts'
import { structureProblem } from '../blocks/structure.ts'
import { storedIcon } from '../blocks/types.ts'
import { ok, type Answer, type Call } from '../core/call.ts'
import { invalid } from '../core/failure.ts'
import { parseId } from '../core/ids.ts'
import { objectsOf } from '../core/json.ts'
import { findDatabase, findDataSource, findPage, originOf, requireLiving, requireWritable } from '../core/lookup.ts'
import { storedRichText } from '../core/rich-text.ts'
import { severalSources } from '../core/several-sources.ts'
import type { MarkdownBlock } from '../markdown/block.ts'
import { parseMarkdown } from '../markdown/parse.ts'
import { presentPage } from '../present/objects.ts'
import { propertyValues, readValues, startingValues, syncRelations } from '../properties/values.ts'
import { requireCapability } from '../state/access.ts'
import type { ApiVersion, DataSourceNode, JsonObject, PageNode } from '../state/model.ts'
import { newPage, place, referenceTo, sourcesOf, touch, type Slot } from '../state/tree.ts'
import { attachUploads } from '../uploads/attach.ts'
import {
  boolean,
  isObject,
  literal,
  nullable,
  object,
  optional,
  string,
  uuid,
  variants,
  type Check,
} from '../validation/check.ts'
import { cover, icon } from '../validation/rich-text.ts'
import { filterProperties } from './pages.ts'
import { applyTemplate, chooseTemplate } from './templates.ts'

const position = variants({
  after_block: object({ id: uuid }),
  page_start: optional(object({})),
  page_end: optional(object({})),
})
const positionByType: Check = (value, path) =>
  isObject(value) && value['type'] !== 'after_block'
    ? object({ type: literal('after_block', 'page_start', 'page_end') }, true)(value, path)
    : position(value, path)

const templateChoice = object({
  type: literal('none', 'default', 'template_id'),
  template_id: optional(uuid),
  timezone: optional(string()),
})

/** The body of a page creation in this version. */
export function createPageBody(version: ApiVersion): Check {
  const sources: Record<string, Check> = version === '2022-06-28' ? {} : { data_source_id: uuid }
  const parent = variants({ page_id: uuid, database_id: uuid, ...sources, workspace: literal(true) })
  return object(
    {
      parent: optional(parent),
      properties: optional(propertyValues),
      icon: optional(nullable(icon)),
      cover: optional(nullable(cover)),
      content: optional(blockList()),
      children: optional(blockList()),
      markdown: optional(string()),
      allow_async: optional(boolean),
      template: optional(templateChoice),
      position: optional(positionByType),
    },
    true,
  )
}

type PageParent = { node: PageNode | DataSourceNode; workspace: false } | { workspace: true }

/** `POST /v1/pages`. */
export function createPage(call: Call): Answer {
  requireCapability(call.install, 'insert_content')
  refuseMixedContent(call.body)
  const parent = pageParent(call)
  const content = contentOf(call.body)
  const source = !parent.workspace && parent.node.kind === 'data_source' ? parent.node : null
  const properties = isObject(call.body['properties']) ? call.body['properties'] : {}
  const change = readValues(call, source, properties)
  const template = chooseTemplate(call, source, call.body['template'])
  const uploads = attachUploads(call, call.body)
  const slot = parent.workspace || source !== null ? 'end' : slotOf(call, parent.node)
  if (wantsTask(call, 'markdown')) return promise(call, 'create_page', createPage)

  const origin = originOf(call)
  const page = newPage(origin, parent.workspace ? { type: 'workspace' } : referenceTo(parent.node))
  change.commit()
  uploads.commit()
  page.values = { title: content.title ?? [], ...startingValues(source), ...change.values }
  dress(page, call.body)
  if (source !== null) numberRow(source, page)
  if (!parent.workspace) {
    place(parent.node, [page], slot)
    touch(origin, parent.node)
  }
  syncRelations(call, page, {})
  addBlocks(origin, page, content.blocks, 'end')
  fromMarkdown(origin, page, content.markdown, 'end')
  if (template !== null) applyTemplate(origin, page, template)
  return ok(presentPage(call, page, filterProperties(call)))
}

function dress(page: PageNode, body: JsonObject): void {
  page.icon = storedIcon(body['icon'])
  page.cover = isObject(body['cover']) ? storedFile(body['cover']) : null
}

function refuseMixedContent(body: JsonObject): void {
  if (body['markdown'] !== undefined && (body['children'] !== undefined || body['content'] !== undefined)) {
    throw invalid(
      'body failed validation: body.children should be not present, instead was given together with body.markdown.',
    )
  }
  const kind = isObject(body['template']) ? body['template']['type'] : 'none'
  if (kind !== 'none' && (body['children'] !== undefined || body['markdown'] !== undefined)) {
    throw invalid('body failed validation: body.children should be not present when a template is applied.')
  }
}

function pageParent(call: Call): PageParent {
  const parent = isObject(call.body['parent']) ? call.body['parent'] : { workspace: true }
  if (parent['workspace'] === true) return workspaceParent(call)
  const node = parentNode(call, parent)
  requireWritable(call, node)
  requireLiving(call, node)
  return { node, workspace: false }
}

function workspaceParent(call: Call): PageParent {
  if (call.install.owner.type === 'user') return { workspace: true }
  throw invalid(
    "Internal integrations aren't owned by a single user, so creating workspace-level private pages is not supported.",
  )
}

function parentNode(call: Call, parent: JsonObject): PageNode | DataSourceNode {
  const pageId = parseId(parent['page_id'])
  if (pageId !== null) return findPage(call, pageId)
  const sourceId = parseId(parent['data_source_id'])
  if (sourceId !== null) return findDataSource(call, sourceId)
  return onlySource(call, parseId(parent['database_id']) ?? '')
}

/** The only data source of a database; a database with several cannot stand for one of them. */
function onlySource(call: Call, databaseId: string): DataSourceNode {
  const database = findDatabase(call, databaseId)
  const [first, ...others] = sourcesOf(call.state, database)
  if (first !== undefined && others.length === 0) return first
  throw severalSources(databaseId, first === undefined ? [] : [first, ...others])
}

interface PageContent {
  title: JsonObject[] | null
  blocks: JsonObject[]
  markdown: MarkdownBlock[]
}

function contentOf(body: JsonObject): PageContent {
  if (typeof body['markdown'] === 'string') return markdownContent(body['markdown'], body['properties'])
  const blocks = objectsOf(body['children'] ?? body['content'])
  if (countBlocks(blocks) > MAX_BLOCKS_PER_REQUEST) {
    throw invalid(
      `body failed validation: body.children should contain at most ${MAX_BLOCKS_PER_REQUEST} blocks in total.`,
    )
  }
  const problem = structureProblem({ type: 'page' }, blocks, 'body.children')
  if (problem !== null) throw invalid(problem)
  return { title: null, blocks, markdown: [] }
}

/** Without a title property, a leading first-level heading becomes the title and leaves the content. */
function markdownContent(markdown: string, properties: unknown): PageContent {
  const blocks = parseMarkdown(markdown)
  const [first, ...rest] = blocks
  const hasTitle = isObject(properties) && Object.keys(properties).length > 0
  if (hasTitle || first?.type !== 'heading_1') return { title: null, blocks: [], markdown: blocks }
  return { title: storedRichText(first.data['rich_text']), blocks: [], markdown: rest }
}

function slotOf(call: Call, parent: PageNode | DataSourceNode): Slot {
  const wish = isObject(call.body['position']) ? call.body['position'] : {}
  if (wish['type'] === 'page_start') return 0
  const after = isObject(wish['after_block']) ? parseId(wish['after_block']['id']) : null
  if (after === null) return 'end'
  const index = parent.children.indexOf(after)
  if (index < 0) throw invalid(`Block with ID ${after} is not a child of the parent page.`)
  return index + 1
}

function numberRow(source: DataSourceNode, page: PageNode): void {
  page.rowNumber = source.nextRowNumber
  source.nextRowNumber += 1
}
