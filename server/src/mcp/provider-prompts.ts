import {
  ProtocolError,
  ProtocolErrorCode,
  type CompleteResult,
  type GetPromptResult,
  type Prompt,
} from '@modelcontextprotocol/server'
import type { Provider, ProviderPrompt } from '#providers/contract.ts'
import type { Catalog } from '#tools/tool-call.ts'
import type { Source } from './source.ts'
import type { Toolset } from './toolset.ts'

/** The prompts of the providers, in the language that is asked for. They are texts alone: nothing is read for them. */

export interface ProviderPromptDeps {
  readonly catalog: Catalog
  readonly providers: readonly Provider[]
}

const LANGUAGES = ['en', 'pt'] as const
type Language = (typeof LANGUAGES)[number]

/** The protocol tells nobody's language, so every prompt takes it. */
const LANGUAGE_ARGUMENT = {
  name: 'language',
  description: 'en for English (as without it), pt for Portuguese',
  required: false,
}

/** Characters of one argument: the notes of a long meeting, not a book. */
const LONGEST_ARGUMENT = 50_000

export function providerPrompts(deps: ProviderPromptDeps): Source {
  const prompts = new Map(
    deps.providers.flatMap(({ prompts = [] }) => prompts.map((prompt) => [prompt.name, prompt] as const)),
  )
  const definitions = new Map([...prompts].map(([name, prompt]) => [name, definitionOf(prompt)]))
  const isOffered = ({ tools }: ProviderPrompt, toolset: Toolset) =>
    tools.every((tool) => {
      const entry = deps.catalog.entry(tool)
      return entry !== undefined && toolset.includes(entry)
    })
  return {
    listPrompts: ({ toolset }) =>
      [...prompts.values()].flatMap((prompt) =>
        isOffered(prompt, toolset) ? (definitions.get(prompt.name) ?? []) : [],
      ),
    getPrompt({ name, arguments: given }, { toolset }) {
      const prompt = prompts.get(name)
      if (prompt === undefined || !isOffered(prompt, toolset)) return undefined
      return Promise.resolve(rendered(prompt, given))
    },
    complete(reference, argument) {
      const name = (reference as { type?: unknown; name?: unknown }).name
      if (typeof name !== 'string' || !prompts.has(name) || argument.name !== LANGUAGE_ARGUMENT.name) return undefined
      return Promise.resolve(languagesFrom(argument.value))
    },
  }
}

function definitionOf(prompt: ProviderPrompt): Prompt {
  return {
    name: prompt.name,
    title: prompt.title.en,
    description: prompt.description,
    arguments: [...prompt.arguments.map((argument) => ({ ...argument })), LANGUAGE_ARGUMENT],
  }
}

function rendered(prompt: ProviderPrompt, given: Readonly<Record<string, string>>): GetPromptResult {
  // Clients send the fields of a form that were left empty.
  const filled = Object.fromEntries(Object.entries(given).filter(([, value]) => value.trim() !== ''))
  const fault = faultOf(prompt, filled)
  if (fault !== undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, fault)
  const { language = 'en', ...own } = filled
  return {
    description: prompt.title[language as Language],
    messages: [{ role: 'user', content: { type: 'text', text: prompt.render(own)[language as Language] } }],
  }
}

function faultOf(prompt: ProviderPrompt, given: Readonly<Record<string, string>>): string | undefined {
  const known = [...prompt.arguments.map(({ name }) => name), LANGUAGE_ARGUMENT.name]
  const missing = prompt.arguments.filter(({ name, required }) => required && given[name] === undefined)
  if (missing.length > 0) return `${prompt.name} needs ${missing.map(({ name }) => name).join(' and ')}.`
  if (Object.keys(given).some((name) => !known.includes(name))) return `${prompt.name} takes ${known.join(', ')}.`
  const long = Object.entries(given).find(([, value]) => value.length > LONGEST_ARGUMENT)
  if (long !== undefined) return `${long[0]} has more than ${LONGEST_ARGUMENT} characters.`
  const { language } = given
  if (language !== undefined && !LANGUAGES.includes(language as Language)) return 'language is en or pt.'
  return undefined
}

function languagesFrom(start: string): CompleteResult {
  return { completion: { values: LANGUAGES.filter((language) => language.startsWith(start.toLowerCase())) } }
}
