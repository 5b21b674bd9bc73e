import type { LocalText } from '#providers/contract.ts'
import type { Conversation, Decision, Knowledge } from './decide.ts'
import { languageFor } from './decide.ts'
import { abilities } from './help.ts'
import type { Language } from './language.ts'
import { nearestTools } from './nearest.ts'
import {
  CONFIGURE_MODEL,
  NEAREST,
  NO_TOOLS,
  NOT_AN_AI,
  OTHER_QUESTION,
  QUESTIONS,
  REFUSALS,
  WHICH_TOOL,
} from './sentences.ts'
import type { Profile } from './tools.ts'

/** Addresses that answers point to. */
export interface Links {
  /** Where a person connects a service. */
  readonly connect?: string
  /** Where a model is configured. */
  readonly models?: string
}

const SHOWN_TOOLS = 3

/** What is said when no tool is called: a question for what is missing, or that nothing was done and why. */
export function replyTo(
  decision: Exclude<Decision, { kind: 'call' }>,
  conversation: Conversation,
  knowledge: Knowledge,
  links: Links,
): string {
  const language = languageFor(conversation)
  if (decision.kind === 'help')
    return [abilities(knowledge.profiles, decision.language), ...modelIn(links, decision.language)].join('\n\n')
  if (decision.kind === 'ask') return questionFor(decision.missing, language)
  if (decision.kind === 'choose')
    return [WHICH_TOOL[language], ...decision.profiles.map((profile) => line(profile, language, true))].join('\n')
  const nearest = nearestTools(conversation.message, knowledge).slice(0, SHOWN_TOOLS)
  const offer =
    nearest.length === 0
      ? [NO_TOOLS[language]]
      : [[NEAREST[language], ...nearest.map((profile) => line(profile, language, false))].join('\n')]
  return [`${REFUSALS[decision.refusal][language]} ${NOT_AN_AI[language]}`, ...offer, ...modelIn(links, language)].join(
    '\n\n',
  )
}

/** Where a model is configured, if that is known. */
function modelIn({ models }: Links, language: Language): readonly string[] {
  return models === undefined ? [] : [fill(CONFIGURE_MODEL, language, { link: models })]
}

function questionFor(missing: string, language: Language): string {
  const question = QUESTIONS[missing] ?? OTHER_QUESTION
  return fill(question, language, { name: missing })
}

function line({ tool }: Profile, language: Language, withProvider: boolean): string {
  const title = `- ${tool.title[language]} (\`${tool.name}\`)`
  return withProvider ? `${title}, ${tool.provider}` : title
}

/** A sentence in the language, with its braces filled in. */
export function fill(text: LocalText, language: Language, values: Readonly<Record<string, string>>): string {
  return text[language].replace(/\{(\w+)\}/g, (brace, name: string) => values[name] ?? brace)
}
