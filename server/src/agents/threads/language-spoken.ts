import type { UIMessage } from 'ai'
import { detectLanguage, type Language } from '#agents/router/language.ts'

/** The language of the newest message of the user that shows one; English if none does. */
export function languageSpoken(conversation: readonly UIMessage[]): Language {
  return detectLanguage(conversation.filter(({ role }) => role === 'user').map(textOf))
}

function textOf({ parts }: UIMessage): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join(' ')
}
