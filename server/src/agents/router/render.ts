import type { LanguageModelV4ToolResultPart } from '@ai-sdk/provider'
import { outputText } from './conversation.ts'
import type { Language } from './language.ts'
import { fill } from './reply.ts'
import type { Links } from './reply.ts'
import { CONNECT, DONE, ERRORS, OTHER_DONE, OTHER_ERROR, RESULTS } from './sentences.ts'
import type { Profile } from './tools.ts'

/** What a person reads of one answer; the whole is in the call's own card. */
const SHOWN_CHARACTERS = 6_000
const SHOWN_RESULTS = 25
/** An address ends before the full stop or comma of the sentence it stands in. */
const LINK = /https?:\/\/[^\s)\]"']*[^\s)\]"'.,;:!?]/
/** `code: detail`, as a failed call is told to models. */
const ERROR = /^(?:\w*Error: )?([a-z_]+): ([\s\S]*)$/
/** Codes that say everything; the detail would only repeat it in English. */
const SELF_EXPLAINING: ReadonlySet<string> = new Set(['not_connected', 'reauthorize', 'denied', 'approval_required'])

interface Item {
  readonly title: string
  readonly url: string
}
type Json = Readonly<Record<string, unknown>>

/** The call that a result belongs to. */
export interface RenderedCall {
  /** The tool; undefined if the router does not have it. */
  readonly profile: Profile | undefined
  /** It only looked up what the request names, so a person must hear that the rest is not done. */
  readonly isLookup: boolean
}

/** Puts the result of a call into a short answer in the language of the request. */
export function renderResult(
  result: LanguageModelV4ToolResultPart,
  call: RenderedCall,
  language: Language,
  links: Links,
): string {
  const { output } = result
  if (output.type === 'execution-denied') return RESULTS.denied[language]
  const text = outputText(output)
  if (output.type === 'error-text' || output.type === 'error-json')
    return renderError(text, call.profile, language, links)
  return renderAnswer({ text, ...valueOf(output) }, call, language)
}

interface Shown {
  readonly text: string
  readonly value: Json
  readonly more: boolean
}

function valueOf(output: LanguageModelV4ToolResultPart['output']): { value: Json; more: boolean } {
  const answer = output.type === 'json' ? asJson(output.value) : {}
  const value = asJson(answer['result'] ?? answer)
  return { value, more: typeof (answer['next_cursor'] ?? value['next_cursor']) === 'string' }
}

function renderAnswer({ text, value, more }: Shown, { profile, isLookup }: RenderedCall, language: Language): string {
  if (profile?.tool.annotations.readOnly === false) return doneWith(profile, value, text, language)
  const { results } = value
  if (Array.isArray(results) && results.length === 0) return RESULTS.nothing[language]
  const items = Array.isArray(results) && profile?.deed === 'search' ? itemsOf(results) : undefined
  if (items !== undefined) {
    const list = listOf(items, more, language)
    return isLookup ? `${list}\n\n${RESULTS.lookup[language]}` : list
  }
  const rest = more ? [RESULTS.more[language]] : []
  return [clip(withoutPaging(text), language), ...rest].join('\n\n')
}

function listOf(items: readonly Item[], more: boolean, language: Language): string {
  const shown = items.slice(0, SHOWN_RESULTS)
  const count =
    items.length === 1 ? RESULTS.one[language] : fill(RESULTS.many, language, { count: String(items.length) })
  const lines = shown.map(({ title, url }) => `- [${title.replace(/[[\]]/g, '')}](${url})`)
  const rest = more || shown.length < items.length ? ['', RESULTS.more[language]] : []
  return [fill(RESULTS.found, language, { count }), ...lines, ...rest].join('\n')
}

/** "Created: [title](url)". Without a title or address the tool's own words follow. */
function doneWith(profile: Profile, value: Json, text: string, language: Language): string {
  const done = (DONE[profile.deed] ?? OTHER_DONE)[language]
  const item = itemOf(value)
  if (item !== undefined) return `${done}: [${item.title.replace(/[[\]]/g, '')}](${item.url})`
  return `${done}. ${clip(text, language)}`.trim()
}

function renderError(text: string, profile: Profile | undefined, language: Language, links: Links): string {
  const [, code = '', detail = text] = ERROR.exec(text) ?? errorInJson(text)
  const provider = nameOf(profile)
  const said = fill(ERRORS[code] ?? OTHER_ERROR, language, { provider })
  const link = LINK.exec(detail)?.[0] ?? links.connect
  if (code === 'not_connected' || code === 'reauthorize') {
    return link === undefined ? said : `${said} ${fill(CONNECT, language, { link })}`
  }
  return SELF_EXPLAINING.has(code) || detail === '' ? said : `${said} ${clip(detail, language)}`
}

function errorInJson(text: string): readonly string[] {
  const { code, detail, connect_url: url } = parsed(text)
  if (typeof code !== 'string') return ['', '', text]
  return ['', code, [detail, url].filter((part) => typeof part === 'string').join(' ')]
}

function parsed(text: string): Json {
  try {
    return asJson(JSON.parse(text))
  } catch {
    return {}
  }
}

function nameOf(profile: Profile | undefined): string {
  const id = profile?.tool.provider ?? ''
  return id.charAt(0).toUpperCase() + id.slice(1)
}

function itemsOf(results: readonly unknown[]): Item[] | undefined {
  const items = results.map((result) => itemOf(asJson(result)))
  return items.every((item) => item !== undefined) ? items : undefined
}

function itemOf(value: Json): Item | undefined {
  const title = value['title'] ?? value['name']
  const { url } = value
  return typeof title === 'string' && typeof url === 'string' ? { title: title === '' ? url : title, url } : undefined
}

/** How a program asks for the next page is no help to a person. */
function withoutPaging(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.includes('start_cursor'))
    .join('\n')
    .trim()
}

function clip(text: string, language: Language): string {
  if (text.length <= SHOWN_CHARACTERS) return text.trim()
  const end = text.lastIndexOf('\n', SHOWN_CHARACTERS)
  return `${text.slice(0, end > 0 ? end : SHOWN_CHARACTERS).trim()}\n\n${RESULTS.cut[language]}`
}

function asJson(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}
