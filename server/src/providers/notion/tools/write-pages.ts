import type { CreatePageParameters } from '@notionhq/client'
import { z } from 'zod'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import { APPEND_DEADLINE_MS } from '#providers/notion/append.ts'
import type { NotionApi } from '#providers/notion/client.ts'
import { readId } from '#providers/notion/ids.ts'
import { appendLater, checkReplacement, contentForNewPage, type PageContent } from '#providers/notion/page-content.ts'
import { pageResult } from '#providers/notion/pages.ts'
import { findParent } from '#providers/notion/parents.ts'
import { readPageColumns } from '#providers/notion/page-columns.ts'
import { folded } from '#providers/notion/names.ts'
import { propertyPayloads, titlePayload, type PropertyWrites } from '#providers/notion/property-writes.ts'
import { resolvePage } from '#providers/notion/resolve.ts'
import { guardReplacement, type Replacement } from '#providers/notion/subpages.ts'
import { partlyDone, reportWrite, updateOf, withNotes } from '#providers/notion/writes.ts'

const plainProperties = z.record(z.string(), z.unknown())

export const createPage = defineTool({
  name: 'notion_create_page',
  title: { en: 'Create page', pt: 'Criar página' },
  description: 'Create a page inside a page, or a row in a database. Returns its URL.',
  input: z.strictObject({
    parent_id: z.string().describe('page, database or data source; "workspace" for a private page'),
    title: z.string(),
    properties: plainProperties
      .optional()
      .describe('for rows: name → value (text, number, boolean, option, date, people or rows by name or id)'),
    content: z.string().optional().describe('Markdown'),
    template_id: z.string().optional().describe('of notion_list_templates, or "default"; instead of content'),
  }),
  annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: false },
  needs: ['read', 'insert'],
  deadlineMs: APPEND_DEADLINE_MS,
  intent: {
    verbs: {
      en: ['create', 'add', 'make', 'write', 'register', 'start'],
      pt: ['criar', 'adicionar', 'fazer', 'escrever', 'cadastrar', 'registrar', 'incluir'],
    },
    nouns: {
      en: ['page', 'row', 'task', 'entry', 'document', 'note', 'record', 'item'],
      pt: ['página', 'linha', 'tarefa', 'registro', 'documento', 'nota', 'entrada', 'item'],
    },
  },
  run: async (api: NotionApi, input) => {
    const start = startingContent(input)
    if (!start.ok) return start
    const parent = await findParent(api, input.parent_id)
    if (!parent.ok) return parent
    const properties = await newProperties(api, input.title, input.properties ?? {}, parent.value.columns)
    if (!properties.ok) return properties
    const body: CreatePageParameters = {
      parent: parent.value.reference,
      properties: properties.value.payloads,
      ...start.value.body,
    }
    const written = await api.write((notion) => notion.pages.create(body), {
      needs: 'insert',
      noun: 'page or database',
      check: `Search for "${input.title}" with notion_search_pages, or look into the parent, before creating it again.`,
    })
    const created = reportWrite(
      written,
      api.words.saved.pageCreated,
      (page) => pageResult(api.words.pageDone.created, page, api.words),
      api.words,
    )
    const filled = created.ok ? await appendLater(api, created.value, start.value.later) : created
    return withNotes(filled, properties.value.notes)
  },
})

interface Start {
  readonly content?: string | undefined
  readonly template_id?: string | undefined
}

interface StartingContent {
  readonly body: Partial<CreatePageParameters>
  /** What does not fit into the request. */
  readonly later: PageContent['later']
}

/** What a new page begins with: Markdown, or a copy of a template. */
function startingContent({ content = '', template_id: template }: Start): Outcome<StartingContent> {
  if (template === undefined) {
    const divided = contentForNewPage(content)
    if (!divided.ok) return divided
    const { markdown, later } = divided.value
    return success({ body: markdown === '' ? {} : { markdown }, later })
  }
  if (content !== '') {
    return failure(
      'invalid_arguments',
      'Pass either content or template_id: Notion fills a page from a template alone. Add text afterwards with notion_append_blocks.',
      { path: 'arguments.template_id' },
    )
  }
  if (template.trim().toLowerCase() === 'default')
    return success({ body: { template: { type: 'default' } }, later: [] })
  const id = readId(template, 'template_id')
  return id.ok ? success({ body: { template: { type: 'template_id', template_id: id.value } }, later: [] }) : id
}

type Columns = Parameters<typeof propertyPayloads>[1]

async function newProperties(
  api: NotionApi,
  title: string,
  values: Readonly<Record<string, unknown>>,
  columns: Columns | undefined,
): Promise<Outcome<PropertyWrites>> {
  if (columns === undefined) {
    return Object.keys(values).length === 0
      ? success({ payloads: titlePayload(title), notes: [] })
      : failure(
          'invalid_arguments',
          'A page inside a page has a title but no other properties. Leave them out, or give a database as parent_id.',
          { path: 'arguments.properties' },
        )
  }
  const titleColumn = columns.find(({ type }) => type === 'title')
  const rest = Object.entries(values).filter(([name]) => titleColumn === undefined || !sameName(name, titleColumn.name))
  const written = await propertyPayloads(Object.fromEntries(rest), columns, api)
  if (!written.ok) return written
  const { payloads, notes } = written.value
  return success({ payloads: { ...payloads, ...titlePayload(title, titleColumn?.name) }, notes })
}

function sameName(one: string, other: string): boolean {
  return folded(one) === folded(other)
}

export const updatePage = defineTool({
  name: 'notion_update_page',
  title: { en: 'Update page', pt: 'Atualizar página' },
  description:
    'Change the title, properties or whole text of a page. For passages use notion_edit_page_content, to add text notion_append_blocks.',
  input: z.strictObject({
    page_id: z.string().describe('id, URL or title'),
    title: z.string().optional(),
    properties: plainProperties.optional().describe('name → value; null clears'),
    content: z.string().optional().describe('Markdown; replaces all'),
    allow_deleting_content: z.boolean().optional().describe('also where child pages go'),
  }),
  annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: false },
  needs: ['read', 'update'],
  intent: {
    verbs: {
      en: ['update', 'change', 'rename', 'set', 'mark', 'edit', 'replace'],
      pt: ['atualizar', 'mudar', 'renomear', 'definir', 'marcar', 'editar', 'alterar', 'trocar', 'passar', 'colocar'],
    },
    nouns: {
      en: ['page', 'title', 'property', 'task', 'row', 'status', 'project', 'name'],
      pt: ['página', 'título', 'propriedade', 'tarefa', 'linha', 'situação', 'projeto', 'nome'],
    },
  },
  run: async (api: NotionApi, input) => {
    const { content } = input
    const changes = checkChanges(input)
    if (!changes.ok) return changes
    const id = await resolvePage(api, input.page_id, 'page_id')
    if (!id.ok) return id
    const changed = await changedProperties(api, id.value, input)
    if (!changed.ok) return changed
    if (content === undefined) return updateProperties(api, id.value, changed.value)
    const replacement = { id: id.value, content, agreed: input.allow_deleting_content }
    const guarded = await guardReplacement(api, replacement)
    if (!guarded.ok) return guarded
    if (Object.keys(changed.value.payloads).length === 0) return replaceContent(api, replacement)
    const updated = await updateProperties(api, id.value, changed.value)
    if (!updated.ok) return updated
    const replaced = await replaceContent(api, replacement)
    if (replaced.ok) return updated
    const saved = 'Title and properties were updated before that; call again with content alone.'
    return { ok: false, problem: partlyDone(replaced.problem, saved, { properties_updated: true }) }
  },
})

async function updateProperties(
  api: NotionApi,
  id: string,
  { payloads, notes }: PropertyWrites,
): Promise<Outcome<ToolResult>> {
  const written = await api.write(
    (notion) => notion.pages.update({ page_id: id, properties: payloads }),
    updateOf('page', id),
  )
  const reported = reportWrite(
    written,
    api.words.saved.pageUpdated,
    (page) => pageResult(api.words.pageDone.updated, page, api.words),
    api.words,
  )
  return withNotes(reported, notes)
}

interface Changes {
  readonly content?: string | undefined
  readonly title?: string | undefined
  readonly properties?: Readonly<Record<string, unknown>> | undefined
}

function checkChanges({ content, title, properties = {} }: Changes): Outcome<null> {
  if (content !== undefined) return checkReplacement(content)
  if (title !== undefined || Object.keys(properties).length > 0) return success(null)
  return failure('invalid_arguments', 'Nothing to change was given: pass title, properties or content.')
}

async function changedProperties(api: NotionApi, id: string, changes: Changes): Promise<Outcome<PropertyWrites>> {
  const title = changes.title === undefined ? {} : titlePayload(changes.title)
  const values = changes.properties ?? {}
  if (Object.keys(values).length === 0) return success({ payloads: title, notes: [] })
  const columns = await readPageColumns(api, id)
  if (!columns.ok) return columns
  const written = await propertyPayloads(values, columns.value, api)
  if (!written.ok || changes.title === undefined) return written
  const others = Object.entries(written.value.payloads).filter(([, payload]) => !('title' in payload))
  return success({ payloads: { ...Object.fromEntries(others), ...title }, notes: written.value.notes })
}

async function replaceContent(api: NotionApi, { id, content, agreed }: Replacement): Promise<Outcome<ToolResult>> {
  const flag = agreed === undefined ? {} : { allow_deleting_content: agreed }
  const written = await api.write(
    (notion) =>
      notion.pages.updateMarkdown({
        page_id: id,
        type: 'replace_content',
        replace_content: { new_str: content, ...flag },
      }),
    updateOf('page', id, 'notion_read_page_content'),
  )
  const text = api.words.updatedText(id)
  return reportWrite(written, api.words.saved.textUpdated, () => ({ text, value: { id } }), api.words)
}
