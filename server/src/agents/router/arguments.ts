import { changesColumns, columnChange, columnsForNew } from './argument-columns.ts'
import { contentFor } from './argument-content.ts'
import { pageSizeFor, sortsFor } from './argument-order.ts'
import { propertiesForChange, propertiesForNew } from './argument-properties.ts'
import type { Background } from './argument-properties.ts'
import { filterFor } from './argument-rows.ts'
import { searchQuery } from './argument-search.ts'
import { isReference, referenceIn } from './argument-reference.ts'
import { newTitle, tickFor, titleFor, wording } from './argument-text.ts'
import type { Kind, Mention } from './mentions.ts'
import { isPlaceFor, names } from './situation.ts'
import type { Situation } from './situation.ts'
import { schemaOf } from './tools.ts'
import type { JsonSchema, Profile } from './tools.ts'

export interface Filled {
  readonly input: Readonly<Record<string, unknown>>
  /** The argument that the tool cannot do without and the request does not give. */
  readonly missing?: string
}

const DEFAULT_MAX_RESULTS = 100
const ID_ARGUMENT = /^(.+)_id$/
/** Which arguments take a thing of a kind, best first. Without a kind an id is tried as a page. */
const TAKERS: Readonly<Record<Kind, readonly string[]>> = {
  page: ['page_id', 'parent_id', 'block_id', 'database_id'],
  database: ['database_id', 'data_source_id', 'parent_id'],
  block: ['block_id', 'parent_id', 'page_id'],
  user: ['user_id'],
  thread: ['discussion_id', 'thread_id', 'comment_id'],
}
const UNKNOWN_KIND = ['page_id', 'parent_id', 'block_id', 'database_id', 'data_source_id', 'user_id', 'discussion_id']

interface Task {
  readonly profile: Profile
  readonly situation: Situation
  readonly background: Background
}
type Filler = (task: Task, schema: JsonSchema) => unknown

/** By the name of the argument; names that several providers use mean the same with each. */
const FILLERS: Readonly<Record<string, Filler>> = {
  query: ({ situation }) => searchQuery(situation),
  title: ({ profile, situation }) =>
    profile.deed === 'update' ? changedTitle(profile, situation) : titleFor(situation),
  // Of what is looked up only a quoted name is surely one.
  name: ({ profile, situation }) =>
    profile.tool.annotations.readOnly ? situation.request.quotes[0]?.value : titleFor(situation),
  content: ({ profile, situation }) => contentOf(profile, situation),
  text: ({ situation }) => wording(situation),
  body: ({ situation }) => wording(situation),
  message: ({ situation }) => wording(situation),
  checked: ({ situation }) => tickFor(situation),
  edits: ({ situation }) => editOf(situation),
  properties: propertiesOf,
  filter: filterOf,
  sorts: ({ situation, background }) => nonEmpty(sortsFor(situation, background.columns)),
  page_size: ({ situation }, schema) => pageSizeFor(situation, schema.maximum ?? DEFAULT_MAX_RESULTS),
  limit: ({ situation }, schema) => pageSizeFor(situation, schema.maximum ?? DEFAULT_MAX_RESULTS),
}

/** Fills the arguments of a tool from the request and what it points at. Ids are only ever repeated, never made up. */
export function fillArguments(task: Task): Filled {
  const { profile } = task
  const { properties = {} } = schemaOf(profile.tool)
  const input: Record<string, unknown> = idArguments(task, properties)
  for (const [name, schema] of Object.entries(properties)) {
    const value = ID_ARGUMENT.test(name) ? undefined : fillerFor(name, schema)(task, schema)
    if (value !== undefined && suits(value, schema)) input[name] = value
  }
  dropRepeated(input, profile)
  const missing = missingArgument(task, input)
  return { input, ...(missing === undefined ? {} : { missing }) }
}

/** One quotation is a tick, or the name of what is new, and not its text as well. */
function dropRepeated(input: Record<string, unknown>, { deed }: Profile): void {
  if (input.checked !== undefined && deed === 'update') delete input.text
  if (input.name !== undefined && input.text === input.name) delete input.text
  if (input.title !== undefined && input.body === input.title) delete input.body
}

/** The thing in focus goes to the argument made for its kind. */
function idArguments(
  { situation, profile }: Task,
  properties: Readonly<Record<string, JsonSchema>>,
): Record<string, unknown> {
  const { own, recalled } = situation.focus
  const names = Object.keys(properties)
  const { required = [] } = schemaOf(profile.tool)
  const mentions = own.length > 0 ? thingBeforePlace(own, situation) : recalled === undefined ? [] : [recalled]
  const wanted = Math.max(1, required.filter((name) => ID_ARGUMENT.test(name)).length)
  const filled: Record<string, string> = {}
  for (const mention of mentions) {
    const takers = takersOf(mention).filter((name) => names.includes(name) && filled[name] === undefined)
    const taker = takers.find((name) => required.includes(name)) ?? takers[0]
    if (taker !== undefined && Object.keys(filled).length < wanted) filled[taker] = mention.id
  }
  return filled
}

/** "Under B put A": what is moved or made comes first, its place last. */
function thingBeforePlace(own: readonly Mention[], situation: Situation): readonly Mention[] {
  const isPlace = (mention: Mention): boolean => isPlaceFor(situation, mention)
  return own.length < 2 ? own : [...own.filter((each) => !isPlace(each)), ...own.filter(isPlace)]
}

function takersOf(mention: Mention): readonly string[] {
  return mention.kind === undefined ? UNKNOWN_KIND : TAKERS[mention.kind]
}

function propertiesOf({ profile, situation, background }: Task): unknown {
  if (profile.thing !== 'database') {
    if (profile.deed === 'create') return nonEmpty(propertiesForNew(situation, background))
    return renamed(situation) === undefined ? nonEmpty(propertiesForChange(situation, background)) : undefined
  }
  if (profile.deed === 'create') return nonEmpty(columnsForNew(situation))
  return changesColumns(situation) ? nonEmpty(columnChange(situation)) : undefined
}

/** The passage as it is, and as it is to be. */
function editOf({ request }: Situation): unknown {
  const [find, replace] = request.quotes.map((quote) => quote.value)
  return find === undefined || replace === undefined ? undefined : [{ find, replace }]
}

/** A choice among kinds of things for a search, or conditions on rows for a query. */
function filterOf({ profile, situation, background }: Task, schema: JsonSchema): unknown {
  if (schema.enum === undefined) return profile.deed === 'query' ? filterFor(situation, background) : undefined
  return names(situation, 'database')
    ? schema.enum.find((value) => value === 'database' || value === 'data_source')
    : undefined
}

/** New blocks, or the text that a new page starts with. */
function contentOf(profile: Profile, situation: Situation): string | undefined {
  if (profile.deed === 'append') return contentFor(situation)
  const { said, tail, name, quotes } = situation.request
  const titled = name !== undefined || quotes.length > 0
  return profile.deed === 'create' && situation.kind !== 'database' && titled ? (said ?? tail)?.text : undefined
}

function changedTitle(profile: Profile, situation: Situation): string | undefined {
  return profile.thing === 'database' && changesColumns(situation) ? undefined : renamed(situation)
}

/** A quotation in a change is a new title only where the title or name is spoken of; else it is a value. */
function renamed(situation: Situation): string | undefined {
  const { name } = situation.request
  const isNamed = situation.main === undefined && name !== undefined
  const speaksOfTitle = isNamed || situation.main?.concepts.has('rename') === true || names(situation, 'title')
  return speaksOfTitle ? newTitle(situation) : undefined
}

/** What an argument holds: a reference in the form that it describes, or what its name means. */
function fillerFor(name: string, { description }: JsonSchema): Filler {
  if (description !== undefined && isReference(description))
    return ({ situation }) => referenceIn(situation.request, description)
  return FILLERS[name] ?? fallback
}

/** Arguments that only this tool has: one of its own choices that the request names. */
function fallback({ situation }: Task, schema: JsonSchema): unknown {
  return schema.enum?.find(
    (value) =>
      typeof value === 'string' && situation.request.tokens.some((token) => token.word === value.toLowerCase()),
  )
}

function missingArgument({ profile, situation }: Task, input: Readonly<Record<string, unknown>>): string | undefined {
  const { properties = {}, required = [] } = schemaOf(profile.tool)
  const absent = required.find((name) => input[name] === undefined)
  if (absent !== undefined) return absent
  const ids = Object.keys(properties).filter((name) => ID_ARGUMENT.test(name))
  const usesId = ids.length > 0 && profile.deed !== 'search'
  const isUnclear = situation.focus.ambiguous || ids.every((name) => input[name] === undefined)
  return usesId && isUnclear ? ids[0] : missingContent(profile, input)
}

/** What a change is to make of the thing: without it there is nothing to do. */
function missingContent({ tool, deed, thing }: Profile, input: Readonly<Record<string, unknown>>): string | undefined {
  const changes = Object.keys(input).filter((name) => !ID_ARGUMENT.test(name))
  if (deed === 'update' && changes.length === 0) return thing === 'block' ? 'text' : 'properties'
  const takesText = schemaOf(tool).properties?.text !== undefined
  return input.name !== undefined && input.text === undefined && takesText ? 'text' : undefined
}

/** A value of a type that the schema does not take is left out rather than sent to fail. */
function suits(value: unknown, schema: JsonSchema): boolean {
  if (schema.enum !== undefined) return schema.enum.includes(value)
  const type = Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value
  const allowed = [schema.type ?? []].flat()
  return allowed.length === 0 || allowed.includes(type) || (type === 'integer' && allowed.includes('number'))
}

function nonEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value
}
