import type { LocalWords } from '#providers/contract.ts'
import type { CatalogEntry } from '#tools/tool-call.ts'
import { buildLexicon, conceptsOf, isLiteral, literal, OUTSIDE } from './lexicon.ts'
import type { Lexicon, OwnWord } from './lexicon.ts'
import type { Reading } from './reading.ts'
import { fold } from './text.ts'

/** The part of a JSON Schema that the router reads. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly enum?: readonly unknown[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly minimum?: number
  readonly maximum?: number
  readonly description?: string
}

/** A tool as the router sees it: named `<provider>_<verb>_<noun>`, with the words that its provider lists for it. */
export type RouterTool = CatalogEntry

/** A tool with the deed and the thing that its name says, in the words that requests are read in. */
export interface Profile extends Reading {
  readonly tool: RouterTool
}

const DEED_OF_ACTION: Readonly<Record<string, string>> = {
  search: 'search',
  read: 'read',
  get: 'read',
  open: 'read',
  list: 'list',
  query: 'query',
  create: 'create',
  add: 'append',
  comment: 'create',
  reply: 'create',
  update: 'update',
  rename: 'update',
  delete: 'delete',
  restore: 'restore',
  move: 'move',
}
/** A part says more than the whole: the content of a page is not the page. */
const PARTS: readonly string[] = ['content', 'children', 'bot', 'schema']
/** What concepts of nouns are called in the pair of a tool. */
export const THING_OF_CONCEPT: Readonly<Record<string, string>> = {
  people: 'user',
  thread: 'comment',
  rowset: 'row',
  row: 'row',
}
const COMMENTS = /^(?:comment|reply)$/
const LANGUAGES = ['en', 'pt'] as const
const BUILT_IN = buildLexicon({ verbs: [], nouns: [], services: new Set() })

export function profileOf(tool: RouterTool): Profile {
  const [verb = '', ...nouns] = wordsOfName(tool)
  // What "comment" makes is a comment, whatever it is on.
  const thing = COMMENTS.test(verb) ? 'comment' : thingOf(nouns)
  return { tool, deed: deedOf(verb), thing }
}

/**
 * Built-in words, and those that only these tools use. Where the name of a tool says something that no list knows, the
 * words of its intent mean the same.
 */
export function lexiconOf(profiles: readonly Profile[]): Lexicon {
  const services = new Set(profiles.map(({ tool }) => fold(tool.provider)))
  const parts = new Map<string, Lexicon>()
  const ofService = (service: string): Lexicon => {
    const own = profiles.filter(({ tool }) => fold(tool.provider) === service)
    const part = parts.get(service) ?? lexiconFrom(own, services)
    parts.set(service, part)
    return part
  }
  return { ...lexiconFrom(profiles, services), ofService }
}

function lexiconFrom(profiles: readonly Profile[], services: ReadonlySet<string>): Lexicon {
  const verbs: OwnWord[] = []
  const nouns: OwnWord[] = []
  for (const { tool, deed, thing } of profiles) {
    // "In <provider>" says where, as "in the workspace" does.
    nouns.push({ word: tool.provider, language: 'en', concept: 'workspace' })
    const [verb = '', ...rest] = wordsOfName(tool)
    const name = rest.map(singular).join(' ')
    if (isLiteral(deed)) verbs.push(...ownWords(deed, verb, tool.intent.verbs))
    if (isLiteral(thing)) nouns.push(...ownWords(thing, name, tool.intent.nouns).filter(isNoKnownVerb))
  }
  return buildLexicon({ verbs, nouns, services })
}

function ownWords(concept: string, word: string, intent: LocalWords): OwnWord[] {
  const others = LANGUAGES.flatMap((language) => intent[language].map((word) => ({ word, language, concept })))
  return [{ word, language: 'en', concept }, { word: concept.slice(1), language: 'en', concept }, ...others]
}

/** A "change" that one service lists must not keep "change the date" from being a deed at another. */
function isNoKnownVerb({ word, concept }: OwnWord): boolean {
  return concept === literal(word) || conceptsOf(BUILT_IN.verbs, fold(word)).length === 0
}

/** What the tool takes. */
export function schemaOf(tool: RouterTool): JsonSchema {
  return tool.input_schema as JsonSchema
}

const TITLE = /(?<![a-z])title(?![a-z])/
const ID = /_id$/

/**
 * Whether an argument takes a title in place of an id, as far as its tools tell: it says so, it says nothing and another tool
 * of the provider says so of an argument of this name, or it names a thing ("page or block") whose own argument does.
 */
export function takesTitle({ tool }: Profile, argument: string, profiles: readonly Profile[]): boolean {
  const description = descriptionOf(tool, argument)
  if (description !== undefined && TITLE.test(description)) return true
  const others = profiles.filter((each) => each.tool.provider === tool.provider)
  const isTitled = (name: string): boolean => others.some((each) => TITLE.test(descriptionOf(each.tool, name) ?? ''))
  if (description === undefined) return isTitled(argument)
  const named = description.toLowerCase().match(/^[a-z]+(?=,|\s+or\s|;|$)/)?.[0]
  return named !== undefined && isTitled(`${named}_id`)
}

function descriptionOf(tool: RouterTool, argument: string): string | undefined {
  const schema = ID.test(argument) ? schemaOf(tool).properties?.[argument] : undefined
  return schema?.description
}

function wordsOfName(tool: RouterTool): string[] {
  const [, ...words] = tool.name.split('_')
  return words.length > 1 ? words : [...words, '']
}

function deedOf(verb: string): string {
  const known = conceptsOf(BUILT_IN.verbs, verb)
    .map((concept) => DEED_OF_ACTION[concept])
    .find((deed) => deed !== undefined)
  return known ?? literal(verb)
}

function thingOf(nouns: readonly string[]): string {
  const things = nouns.map((noun) => {
    const known = conceptsOf(BUILT_IN.nouns, singular(noun)).find((concept) => !OUTSIDE.has(concept))
    return known === undefined ? literal(singular(noun)) : (THING_OF_CONCEPT[known] ?? known)
  })
  return things.find((thing) => PARTS.includes(thing)) ?? things.at(-1) ?? ''
}

function singular(noun: string): string {
  return noun.replace(/ies$/, 'y').replace(/(?<=[a-z]{2})s$/, '')
}
