import type { UIMessage } from 'ai'
import type { ApprovalRow } from '#agents/approvals/approval.ts'
import { detectLanguage } from '#agents/router/language.ts'
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
  const language = detectLanguage(conversation.filter(({ role }) => role === 'user').map(textOf))
  const titles = approvals.map(({ tool }) => catalog.entry(tool)?.title[language] ?? tool)
  const list = [...new Set(titles)].join(', ')
  return language === 'pt' ? `Isto espera a sua aprovação: ${list}.` : `This waits for your approval: ${list}.`
}

function textOf({ parts }: UIMessage): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join(' ')
}
