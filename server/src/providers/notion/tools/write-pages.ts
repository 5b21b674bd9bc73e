import { isFullPage, type CreatePageParameters, type GetPageResponse } from '@notionhq/client'
import { z } from 'zod'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import type { NotionApi } from '#providers/notion/client.ts'
import type { Operation } from '#providers/notion/errors.ts'
import { pageLine, pageValue } from '#providers/notion/pages.ts'
import { findParent } from '#providers/notion/parents.ts'
import { readPageColumns } from '#providers/notion/page-columns.ts'
import { propertyPayloads, titlePayload, type PropertyPayloads } from '#providers/notion/property-writes.ts'
import { resolvePage } from '#providers/notion/resolve.ts'
import { reportWrite } from '#providers/notion/writes.ts'

const plainProperties = z.record(z.string(), z.unknown())

const UPDATE: Operation = {
  needs: 'update',
  noun: 'page',
  check: 'Read the page with notion_read_page to see whether it was.',
}

export const createPage = defineTool({
  name: 'notion_create_page',
  title: { en: 'Create page', pt: 'Criar página' },
  description: 'Create a page inside a page, or a row in a database. Returns its URL.',
  input: z.strictObject({
    parent_id: z.string().describe('page, database or data source; "workspace" for a private page'),
    title: z.string(),
    properties: plainProperties
      .optional()
      .describe('for rows: name → value (text, number, boolean, option name, ISO date, list of ids)'),
    content: z.string().optional().describe('Markdown'),
  }),
  annotations: { readOnly: false, destructive: false, idempotent: false },
  needs: ['read', 'insert'],
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
    const parent = await findParent(api, input.parent_id)
    if (!parent.ok) return parent
    const properties = newProperties(input.title, input.properties ?? {}, parent.value.columns)
    if (!properties.ok) return properties
    const body: CreatePageParameters = {
      parent: parent.value.reference,
      properties: properties.value,
      ...(input.content === undefined || input.content === '' ? {} : { markdown: input.content }),
    }
    const written = await api.write((notion) => notion.pages.create(body), {
      needs: 'insert',
      noun: 'page or database',
      check: `Search for "${input.title}" with notion_search_pages, or look into the parent, before creating it again.`,
    })
    return reportWrite(written, 'Created the page', (page) => pageResult('Created', page))
  },
})

type Columns = Parameters<typeof propertyPayloads>[1]

function newProperties(
  title: string,
  values: Readonly<Record<string, unknown>>,
  columns: Columns | undefined,
): Outcome<PropertyPayloads> {
  if (columns === undefined) {
    return Object.keys(values).length === 0
      ? success(titlePayload(title))
      : failure(
          'invalid_arguments',
          'A page inside a page has a title but no other properties. Leave them out, or give a database as parent_id.',
          { path: 'arguments.properties' },
        )
  }
  const titleColumn = columns.find(({ type }) => type === 'title')
  const rest = Object.entries(values).filter(([name]) => titleColumn === undefined || !sameName(name, titleColumn.name))
  const payloads = propertyPayloads(Object.fromEntries(rest), columns)
  return payloads.ok ? success({ ...payloads.value, ...titlePayload(title, titleColumn?.name) }) : payloads
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

export const updatePage = defineTool({
  name: 'notion_update_page',
  title: { en: 'Update page', pt: 'Atualizar página' },
  description:
    'Change the title, properties or text of a page. content replaces the whole text; content_updates replaces passages; to add text use notion_append_blocks.',
  input: z.strictObject({
    page_id: z.string().describe('id or URL'),
    title: z.string().optional(),
    properties: plainProperties.optional().describe('name → value; null clears'),
    content: z.string().optional().describe('Markdown'),
    content_updates: z.array(z.strictObject({ old_str: z.string(), new_str: z.string() })).optional(),
  }),
  annotations: { readOnly: false, destructive: true, idempotent: true },
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
    const edits = contentEdits(input)
    if (!edits.ok) return edits
    const id = await resolvePage(api, input.page_id, 'page_id')
    if (!id.ok) return id
    const properties = await changedProperties(api, id.value, input)
    if (!properties.ok) return properties
    const changesProperties = Object.keys(properties.value).length > 0
    if (!changesProperties && edits.value === undefined) {
      return failure(
        'invalid_arguments',
        'Nothing to change was given: pass title, properties, content or content_updates.',
      )
    }
    if (!changesProperties && edits.value !== undefined) return editContent(api, id.value, edits.value)
    const written = await api.write(
      (notion) => notion.pages.update({ page_id: id.value, properties: properties.value }),
      UPDATE,
    )
    const updated = reportWrite(written, 'Updated the page', (page) => pageResult('Updated', page))
    if (!updated.ok || edits.value === undefined) return updated
    const edited = await editContent(api, id.value, edits.value)
    return edited.ok ? updated : afterProperties(edited)
  },
})

interface Changes {
  readonly title?: string | undefined
  readonly properties?: Readonly<Record<string, unknown>> | undefined
  readonly content?: string | undefined
  readonly content_updates?: readonly { old_str: string; new_str: string }[] | undefined
}

type ContentEdit =
  | { type: 'replace_content'; replace_content: { new_str: string } }
  | { type: 'update_content'; update_content: { content_updates: { old_str: string; new_str: string }[] } }

function contentEdits(changes: Changes): Outcome<ContentEdit | undefined> {
  const { content, content_updates: updates } = changes
  if (content !== undefined && updates !== undefined) {
    return failure('invalid_arguments', 'Pass either content or content_updates, not both.')
  }
  if (content !== undefined) return success({ type: 'replace_content', replace_content: { new_str: content } })
  if (updates === undefined || updates.length === 0) return success(undefined)
  return success({ type: 'update_content', update_content: { content_updates: [...updates] } })
}

async function changedProperties(api: NotionApi, id: string, changes: Changes): Promise<Outcome<PropertyPayloads>> {
  const title = changes.title === undefined ? {} : titlePayload(changes.title)
  const values = changes.properties ?? {}
  if (Object.keys(values).length === 0) return success(title)
  const columns = await readPageColumns(api, id)
  if (!columns.ok) return columns
  const payloads = propertyPayloads(values, columns.value)
  if (!payloads.ok || changes.title === undefined) return payloads
  const others = Object.entries(payloads.value).filter(([, payload]) => !('title' in payload))
  return success({ ...Object.fromEntries(others), ...title })
}

async function editContent(api: NotionApi, id: string, edit: ContentEdit): Promise<Outcome<ToolResult>> {
  const written = await api.write((notion) => notion.pages.updateMarkdown({ page_id: id, ...edit }), {
    ...UPDATE,
    check: 'Read the page with notion_read_page_content to see whether it was.',
  })
  return reportWrite(written, 'Updated the text of the page', () => ({
    text: `Updated the text of the page ${id}.`,
    value: { id },
  }))
}

function afterProperties(failed: Extract<Outcome<ToolResult>, { ok: false }>): Outcome<ToolResult> {
  const detail = `The properties were updated, but the text was not: ${failed.problem.detail}`
  return {
    ok: false,
    problem: { ...failed.problem, detail, extra: { ...failed.problem.extra, properties_updated: true } },
  }
}

export const archivePage = defineTool({
  name: 'notion_archive_page',
  title: { en: 'Move page to trash', pt: 'Mover página para a lixeira' },
  description: 'Move a page or database row to the trash (archive it). notion_restore_page undoes it.',
  input: z.strictObject({ page_id: z.string().describe('id or URL') }),
  annotations: { readOnly: false, destructive: true, idempotent: true },
  needs: ['update'],
  intent: {
    verbs: {
      en: ['archive', 'trash', 'delete', 'remove', 'discard', 'throw away'],
      pt: ['arquivar', 'apagar', 'excluir', 'remover', 'deletar', 'descartar'],
    },
    nouns: { en: ['page', 'trash', 'row', 'task'], pt: ['página', 'lixeira', 'linha', 'tarefa'] },
  },
  run: (api: NotionApi, input) => setTrash(api, input.page_id, true),
})

export const restorePage = defineTool({
  name: 'notion_restore_page',
  title: { en: 'Restore page', pt: 'Restaurar página' },
  description: 'Take a page out of the trash.',
  input: z.strictObject({ page_id: z.string().describe('id or URL') }),
  annotations: { readOnly: false, destructive: false, idempotent: true },
  needs: ['update'],
  intent: {
    verbs: {
      en: ['restore', 'recover', 'undelete', 'unarchive', 'bring back'],
      pt: ['restaurar', 'recuperar', 'desarquivar', 'trazer de volta'],
    },
    nouns: { en: ['page', 'trash', 'row', 'task'], pt: ['página', 'lixeira', 'linha', 'tarefa'] },
  },
  run: (api: NotionApi, input) => setTrash(api, input.page_id, false),
})

async function setTrash(api: NotionApi, pageId: string, in_trash: boolean): Promise<Outcome<ToolResult>> {
  const id = await resolvePage(api, pageId, 'page_id', { inTrash: !in_trash })
  if (!id.ok) return id
  const done = in_trash ? 'Moved to the trash' : 'Restored'
  const written = await api.write((notion) => notion.pages.update({ page_id: id.value, in_trash }), UPDATE)
  return reportWrite(written, done, (page) => pageResult(done, page))
}

function pageResult(done: string, page: GetPageResponse): ToolResult {
  if (!isFullPage(page)) return { text: `${done}: page ${page.id}`, value: { id: page.id } }
  return { text: `${done}: ${pageLine(page)}`, value: pageValue(page) }
}
