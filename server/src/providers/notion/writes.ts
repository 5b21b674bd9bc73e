import { isRecord } from '#kernel/json-values.ts'
import { success, type Outcome, type Problem } from '#kernel/problem.ts'
import type { ToolResult } from '#providers/contract.ts'
import type { Written } from './client.ts'
import type { Committed, Operation } from './errors.ts'
import type { Words } from './words.ts'

const READERS = {
  page: 'notion_read_page',
  block: 'notion_get_block',
  database: 'notion_get_database',
} as const satisfies Partial<Record<Operation['noun'], string>>

/** A change of something that is there, which a tool can read to see whether it was saved. */
export function updateOf(noun: keyof typeof READERS, id: string, reader: string = READERS[noun]): Operation {
  return { needs: 'update', noun, check: `Read ${id} with ${reader} to see whether it was.` }
}

/**
 * The result of a write. Where Notion saved it but answered with an error, it is reported as done with the id alone:
 * telling a model that it failed would make it write twice.
 * @param done what was done, for example "Created the page"
 */
export function reportWrite<T>(
  outcome: Outcome<Written<T>>,
  done: string,
  shape: (answer: T) => ToolResult,
  words: Words,
): Outcome<ToolResult> {
  if (!outcome.ok) return outcome
  const written = outcome.value
  return success(written.kind === 'answered' ? shape(written.answer) : committedResult(done, written, words))
}

/** A write of which only ids came back. */
function committedResult(done: string, { id, childIds }: Committed, words: Words): ToolResult {
  const named = id === undefined ? '' : `: ${id}`
  return {
    text: `${done}${named}. ${words.notShown}`,
    value: { id: id ?? null, child_ids: childIds, saved: true },
  }
}

/** Adds what the caller should know about how the arguments were taken. */
export function withNotes(outcome: Outcome<ToolResult>, notes: readonly string[]): Outcome<ToolResult> {
  if (!outcome.ok || notes.length === 0) return outcome
  const { text, value } = outcome.value
  const noted = isRecord(value) ? { ...value, notes } : value
  return success({ ...outcome.value, text: [text, ...notes].join('\n'), value: noted })
}

/**
 * A problem that came after something had been saved already: the same call again would save that twice.
 * @param saved what was saved and how to go on, in full sentences
 */
export function partlyDone(problem: Problem, saved: string, extra: Readonly<Record<string, unknown>>): Problem {
  const code = problem.code === 'outcome_unknown' ? problem.code : 'partly_done'
  return { ...problem, code, detail: `${problem.detail} ${saved}`, extra: { ...problem.extra, ...extra } }
}
