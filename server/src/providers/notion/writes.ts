import { success, type Outcome } from '#kernel/problem.ts'
import type { ToolResult } from '#providers/contract.ts'
import type { Written } from './client.ts'

/**
 * The result of a write. Where Notion saved it but answered with an error, it is reported as done with the id alone:
 * telling a model that it failed would make it write twice.
 * @param done what was done, for example "Created the page"
 */
export function reportWrite<T>(
  outcome: Outcome<Written<T>>,
  done: string,
  shape: (answer: T) => ToolResult,
): Outcome<ToolResult> {
  if (!outcome.ok) return outcome
  const written = outcome.value
  return success(written.kind === 'answered' ? shape(written.answer) : committedResult(done, written.id))
}

/** A write of which only the id came back. */
export function committedResult(done: string, id: string): ToolResult {
  return {
    text: `${done}: ${id}. Notion saved it but did not show it; do not repeat it. Read it if you need its state.`,
    value: { id, saved: true },
  }
}
