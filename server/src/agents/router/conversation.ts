import type { LanguageModelV4Prompt, LanguageModelV4ToolResultPart } from '@ai-sdk/provider'
import type { Turn } from './focus.ts'

/** A prompt of the AI SDK as the router reads it. */
export interface Exchange {
  /** What was said before the last message of the user, oldest first; calls and their results are told in words. */
  readonly history: readonly Turn[]
  /** The last message of the user. */
  readonly message: string
  /** What the call of this turn gave, if it was made already. */
  readonly result?: LanguageModelV4ToolResultPart
}

type Message = LanguageModelV4Prompt[number]

const ID_ARGUMENT = /^(.+)_id$/
/** Long results are told up to here: what a person points at stands at their beginning. */
const TOLD_CHARACTERS = 4_000

/** Instructions are left out: the router follows none but the user's. */
export function readPrompt(prompt: LanguageModelV4Prompt): Exchange {
  const last = prompt.findLastIndex((message) => message.role === 'user')
  const result = prompt
    .slice(last + 1)
    .flatMap(resultsOf)
    .at(-1)
  return {
    history: prompt
      .slice(0, Math.max(last, 0))
      .flatMap(turnsOf)
      .filter((turn) => turn.text !== ''),
    message: last === -1 ? '' : textOf(prompt[last]!),
    ...(result === undefined ? {} : { result }),
  }
}

function turnsOf(message: Message): Turn[] {
  if (message.role === 'system') return []
  if (message.role === 'user') return [{ role: 'user', text: textOf(message) }]
  const told = resultsOf(message).map((result) => outputText(result.output).slice(0, TOLD_CHARACTERS))
  const spoken = message.role === 'assistant' ? [...callsOf(message), textOf(message)] : []
  return [...spoken, ...told].map((text) => ({ role: 'assistant' as const, text }))
}

/** "page <id>": the name of an argument tells what the id is. */
function callsOf(message: Message): string[] {
  if (message.role !== 'assistant') return []
  return message.content.flatMap((part) => {
    if (part.type !== 'tool-call' || typeof part.input !== 'object' || part.input === null) return []
    const ids = Object.entries(part.input).filter(
      ([name, value]) => ID_ARGUMENT.test(name) && typeof value === 'string',
    )
    return [
      ids.map(([name, value]) => `${ID_ARGUMENT.exec(name)?.[1]?.replaceAll('_', ' ')} ${String(value)}`).join('\n'),
    ]
  })
}

function resultsOf(message: Message): LanguageModelV4ToolResultPart[] {
  if (message.role !== 'tool' && message.role !== 'assistant') return []
  const parts: readonly { readonly type: string }[] = message.content
  return parts.filter((part): part is LanguageModelV4ToolResultPart => part.type === 'tool-result')
}

function textOf(message: Message): string {
  if (message.role !== 'user' && message.role !== 'assistant') return ''
  const parts: readonly { readonly type: string; readonly text?: string }[] = message.content as never
  return parts
    .map((part) => (part.type === 'text' ? (part.text ?? '') : ''))
    .filter((text) => text !== '')
    .join('\n')
}

/** The words of a result: its text where it has one, else its JSON. */
export function outputText(output: LanguageModelV4ToolResultPart['output']): string {
  if (output.type === 'text' || output.type === 'error-text') return output.value
  if (output.type === 'execution-denied') return output.reason ?? ''
  if (output.type === 'content') return output.value.map((part) => (part.type === 'text' ? part.text : '')).join('\n')
  const { value } = output
  if (typeof value === 'string') return value
  const text = typeof value === 'object' && value !== null && 'text' in value ? value['text'] : undefined
  return typeof text === 'string' ? text : JSON.stringify(value)
}
