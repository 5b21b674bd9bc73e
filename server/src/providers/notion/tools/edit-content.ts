import { z } from 'zod'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import type { NotionApi } from '#providers/notion/client.ts'
import type { Operation } from '#providers/notion/errors.ts'
import { applyEdits, type Edit, type EditFault } from '#providers/notion/passages.ts'
import { resolvePage } from '#providers/notion/resolve.ts'
import { lostSubpages, readMarkdown, refuseLoss } from '#providers/notion/subpages.ts'
import { reportWrite } from '#providers/notion/writes.ts'

/** Notion's limit for one array. */
const MOST_EDITS = 100

const EDIT: Operation = {
  needs: 'update',
  noun: 'page',
  check: 'Read the page with notion_read_page_content to see whether it was.',
}

export const editPageContent = defineTool({
  name: 'notion_edit_page_content',
  title: { en: 'Find and replace on a page', pt: 'Localizar e substituir na página' },
  description:
    'Replace passages in the text of a page, all or nothing. find: exact copy of the Markdown that notion_read_page_content gives.',
  input: z.strictObject({
    page_id: z.string().describe('id, URL or title'),
    edits: z
      .array(z.strictObject({ find: z.string().min(1), replace: z.string(), replace_all: z.boolean().optional() }))
      .min(1)
      .max(MOST_EDITS),
    allow_deleting_content: z.boolean().optional().describe('also where child pages go'),
  }),
  annotations: { readOnly: false, destructive: true, idempotent: false, openWorld: false },
  needs: ['read', 'update'],
  intent: {
    verbs: {
      en: ['replace', 'find and replace', 'correct', 'swap', 'edit'],
      pt: ['substituir', 'localizar e substituir', 'corrigir', 'trocar', 'editar'],
    },
    nouns: {
      en: ['passage', 'word', 'text of the page', 'sentence', 'typo', 'content'],
      pt: ['trecho', 'palavra', 'texto da página', 'frase', 'erro de digitação', 'conteúdo'],
    },
  },
  run: async (api: NotionApi, input) => {
    const id = await resolvePage(api, input.page_id, 'page_id')
    if (!id.ok) return id
    const content = await readMarkdown(api, id.value)
    if (!content.ok) return content
    const replaced = checkEdits(content.value, input.edits, input.allow_deleting_content)
    return replaced.ok ? sendEdits(api, { id: id.value, replaced: replaced.value, ...input }) : replaced
  },
})

interface Content {
  readonly markdown: string
  readonly truncated: boolean
}

/** How often each edit replaces something, or why none of them is made. */
function checkEdits(
  { markdown, truncated }: Content,
  edits: readonly Edit[],
  agreed: boolean | undefined,
): Outcome<readonly number[] | undefined> {
  const edited = applyEdits(markdown, edits)
  if (!edited.ok) {
    // Notion knows more of the page than it showed, and refuses by itself what it does not find.
    return truncated ? success(undefined) : refuseEdits(edited.faults, edits.length)
  }
  const lost = lostSubpages(markdown, edited.markdown)
  return lost.length > 0 && agreed !== true ? refuseLoss(lost, 'allow_deleting_content') : success(edited.replaced)
}

function refuseEdits(faults: readonly EditFault[], count: number): Outcome<never> {
  const lines = faults.map(({ edit, detail }) => (count === 1 ? detail : `edit ${edit}: ${detail}`))
  return failure('invalid_arguments', `Nothing was changed. ${lines.join('. ')}.`, {
    path: faults.length === 1 ? `arguments.edits[${(faults[0]?.edit ?? 1) - 1}].find` : 'arguments.edits',
    extra: { edits: faults.map(({ edit, found }) => ({ edit, found })) },
  })
}

interface Sending {
  readonly id: string
  readonly replaced: readonly number[] | undefined
  readonly edits: readonly Edit[]
  readonly allow_deleting_content?: boolean | undefined
}

async function sendEdits(api: NotionApi, sending: Sending): Promise<Outcome<ToolResult>> {
  const { id, replaced, edits, allow_deleting_content: agreed } = sending
  const update_content = {
    content_updates: edits.map(({ find, replace, replace_all: all }) => ({
      old_str: find,
      new_str: replace,
      ...(all === undefined ? {} : { replace_all_matches: all }),
    })),
    ...(agreed === undefined ? {} : { allow_deleting_content: agreed }),
  }
  const written = await api.write(
    (notion) => notion.pages.updateMarkdown({ page_id: id, type: 'update_content', update_content }),
    EDIT,
  )
  const places = replaced?.reduce((sum, count) => sum + count, 0)
  const text = api.words.editedIn(id, places)
  const shape = (): ToolResult => ({ text, value: { id, replaced: replaced ?? null } })
  return reportWrite(written, api.words.saved.pageEdited, shape, api.words)
}
