import type { UIMessage } from 'ai'
import type { ApprovalRow } from '#agents/approvals/approval.ts'
import { languageSpoken } from '#agents/threads/language-spoken.ts'
import type { Catalog } from '#tools/tool-call.ts'

/**
 * What stands for the words of an answer that asks for approval and says nothing, in the language of the newest message
 * of the user that shows one.
 */
export function waitingMessage(
  catalog: Pick<Catalog, 'entry'>,
  approvals: readonly Pick<ApprovalRow, 'tool'>[],
  conversation: readonly UIMessage[],
): string {
  const language = languageSpoken(conversation)
  const titles = approvals.map(({ tool }) => catalog.entry(tool)?.title[language] ?? tool)
  const list = [...new Set(titles)].join(', ')
  return language === 'pt' ? `Isto espera a sua aprovação: ${list}.` : `This waits for your approval: ${list}.`
}
