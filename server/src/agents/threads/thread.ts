import type { UIMessage } from 'ai'
import type { Selectable } from 'kysely'
import type { MessagesTable, ThreadsTable } from '#db/agent-tables.ts'
import { failure } from '#kernel/problem.ts'

export type ThreadRow = Selectable<ThreadsTable>
export type MessageRow = Omit<Selectable<MessagesTable>, 'searched'>

export function threadView(row: ThreadRow) {
  return {
    id: row.id,
    agent_id: row.agent_id,
    title: row.title,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}

/** A message as the API shows it; `parts` are those of the AI SDK's UI messages. */
export function messageView(row: MessageRow) {
  return {
    id: row.id,
    run_id: row.run_id,
    role: row.role,
    parts: row.parts,
    metadata: row.metadata,
    created_at: row.created_at.toISOString(),
    replaced_by_run_id: row.replaced_by_run_id,
  }
}

/** A stored message as the AI SDK knows it. */
export function uiMessage(row: MessageRow): UIMessage {
  return { id: String(row.id), role: row.role, parts: row.parts as UIMessage['parts'] }
}

/** One answer for a thread that does not exist and for one that is somebody else's. */
export function threadNotFound() {
  return failure('not_found', 'There is no thread with this id. List yours with GET /api/threads.')
}

const TITLE_CHARACTERS = 80

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The first words of the message that opened the thread. */
export function titleOf(message: string): string {
  const line = message.replaceAll(/\s+/g, ' ').trim()
  const characters = Array.from(segmenter.segment(line), ({ segment }) => segment)
  if (characters.length <= TITLE_CHARACTERS) return line
  return `${characters.slice(0, TITLE_CHARACTERS - 1).join('')}…`
}
