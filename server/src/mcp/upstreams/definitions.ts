import { createHash } from 'node:crypto'
import { digestOf } from '#kernel/canonical.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { ToolAnnotations } from '#providers/contract.ts'
import { headerMarkFault } from './header-marks.ts'

/**
 * Definitions of tools as strangers write them, and what of them a model or a person here is shown: bounded, and without
 * characters that show as nothing (security: tool poisoning, shadowing). What is said to be in them is believed by nobody.
 */

export interface ToolDefinition {
  /** As the server calls it. */
  readonly name: string
  readonly title: string
  readonly description: string
  readonly inputSchema: JsonObject
  readonly annotations: DefinitionHints
}

export type JsonObject = Readonly<Record<string, unknown>>

/** What the server says of its tool; hints, as the protocol itself says. */
export interface DefinitionHints {
  readonly readOnlyHint?: boolean
  readonly destructiveHint?: boolean
  readonly idempotentHint?: boolean
}

export interface RefusedDefinition {
  readonly name: string
  readonly reason: string
}

export interface ReadDefinitions {
  readonly taken: readonly ToolDefinition[]
  readonly refused: readonly RefusedDefinition[]
  /** How many more the server offered than are looked at. */
  readonly beyond: number
}

/** The largest servers in use have about a hundred. */
export const TOOLS_MAXIMUM = 256
/** Characters; the protocol advises 128 at most. */
const NAME_CHARACTERS = 128
const TITLE_CHARACTERS = 120
/** Characters of a text for models; the longest honest ones have about three thousand. */
const DESCRIPTION_CHARACTERS = 4_096
/** Bytes of one schema as JSON; the largest honest ones have about twenty thousand. */
const SCHEMA_BYTES = 64 * 1024
/** Objects and arrays inside each other, and members of all of them together. */
const SCHEMA_DEPTH = 32
const SCHEMA_MEMBERS = 4_000
/** Characters of a name that stands in a message. */
const SHOWN_CHARACTERS = 60

/** Controls but line breaks and tabs, and what shows as nothing or moves text around: zero-width, bidirectional, tags. */
const UNSHOWN = /(?![\n\t])[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu

/** The text without what cannot be seen; its lines stay lines. */
export function cleanText(text: string, characters: number): string {
  const cleaned = text.replaceAll('\r\n', '\n').replace(UNSHOWN, '').trim()
  return cleaned.length <= characters ? cleaned : `${cleaned.slice(0, characters - 1).trimEnd()}…`.replace(UNSHOWN, '')
}

/** Takes what can be taken of a server's list; each of the others says why not. Two of one name are both refused. */
export function readDefinitions(offered: readonly unknown[]): ReadDefinitions {
  const taken = new Map<string, ToolDefinition>()
  const refused: RefusedDefinition[] = []
  const twice = namesTwice(offered)
  for (const tool of offered.slice(0, TOOLS_MAXIMUM)) {
    const definition = readDefinition(tool)
    const { name: given } = objectOf(tool)
    const name = typeof given === 'string' ? cleanText(given, SHOWN_CHARACTERS) : ''
    if (!definition.ok) refused.push({ name, reason: definition.problem.detail })
    else if (!twice.has(definition.value.name)) taken.set(definition.value.name, definition.value)
    else refused.push({ name, reason: 'Two tools have this name.' })
  }
  return { taken: [...taken.values()], refused, beyond: Math.max(0, offered.length - TOOLS_MAXIMUM) }
}

function namesTwice(offered: readonly unknown[]): ReadonlySet<unknown> {
  const seen = new Set<unknown>()
  return new Set(
    offered.map((tool) => objectOf(tool)['name']).filter((name) => seen.has(name) || seen.add(name) === undefined),
  )
}

/** SHA-256 of all that the definition says: what the user's consent is bound to. */
export function definitionDigest(definition: ToolDefinition): string {
  return digestOf(definition)
}

export function readDefinition(tool: unknown): Outcome<ToolDefinition> {
  const { name, title, description, inputSchema, annotations } = objectOf(tool)
  if (typeof name !== 'string' || name.trim() === '') return refuse('It has no name.')
  if (name.length > NAME_CHARACTERS || isUnclean(name))
    return refuse('Its name is too long or has invisible characters.')
  const schema = readSchema(inputSchema)
  if (!schema.ok) return schema
  const fault = headerMarkFault(inputSchema)
  if (fault !== undefined) return refuse(fault)
  const hints = objectOf(annotations)
  const shownTitle = [title, hints['title'], name].find((text) => typeof text === 'string' && text.trim() !== '')
  return success({
    name,
    title: cleanText(String(shownTitle).replace(/\s+/g, ' '), TITLE_CHARACTERS) || name,
    description: typeof description === 'string' ? cleanText(description, DESCRIPTION_CHARACTERS) : '',
    inputSchema: schema.value,
    annotations: Object.fromEntries(
      (['readOnlyHint', 'destructiveHint', 'idempotentHint'] as const)
        .filter((hint) => typeof hints[hint] === 'boolean')
        .map((hint) => [hint, hints[hint]]),
    ),
  })
}

function readSchema(schema: unknown): Outcome<JsonObject> {
  const root = objectOf(schema)
  if (root['type'] !== 'object') return refuse('Its input is not an object.')
  const counted = { members: 0 }
  const cleaned = cleanSchema(root, 1, counted)
  if (!cleaned.ok) return cleaned
  if (Buffer.byteLength(JSON.stringify(cleaned.value)) > SCHEMA_BYTES) {
    return refuse(`The schema of its input has more than ${SCHEMA_BYTES} bytes.`)
  }
  return success(cleaned.value as JsonObject)
}

/** Members that mean nothing here; an address in them would be looked up by careless readers. */
const DROPPED_MEMBERS: ReadonlySet<string> = new Set(['$schema', '$id', '$comment'])

interface Counted {
  members: number
}

function cleanSchema(value: unknown, depth: number, counted: Counted): Outcome<unknown> {
  if (typeof value === 'string') return success(cleanText(value, DESCRIPTION_CHARACTERS))
  if (typeof value !== 'object' || value === null) return success(value)
  if (depth > SCHEMA_DEPTH) return refuse(`The schema of its input is more than ${SCHEMA_DEPTH} levels deep.`)
  const cleaned: [string, unknown][] = []
  for (const [key, member] of Object.entries(value)) {
    counted.members += 1
    const fault = faultOfMember(key, member, counted)
    if (fault !== undefined) return refuse(fault)
    const inner = cleanSchema(member, depth + 1, counted)
    if (!inner.ok) return inner
    if (!DROPPED_MEMBERS.has(key) || typeof member !== 'string') cleaned.push([key, inner.value])
  }
  return success(Array.isArray(value) ? cleaned.map(([, member]) => member) : Object.fromEntries(cleaned))
}

function faultOfMember(key: string, member: unknown, { members }: Counted): string | undefined {
  if (members > SCHEMA_MEMBERS) return `The schema of its input has more than ${SCHEMA_MEMBERS} members.`
  if (isUnclean(key) || key === '__proto__') return 'The schema of its input names a member that cannot be shown.'
  const refersElsewhere = key === '$ref' && typeof member === 'string' && !member.startsWith('#')
  return refersElsewhere ? 'The schema of its input refers to another document.' : undefined
}

function isUnclean(text: string): boolean {
  return text.replace(UNSHOWN, '') !== text
}

function refuse(detail: string) {
  return failure('invalid_request', detail)
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}

/** Words in a tool's name that speak of a change: with one of them, "read-only" is not plainly so. */
const CHANGING =
  /(?:^|[^a-z])(?:add|append|archive|assign|book|buy|cancel|clear|close|copy|create|delete|deploy|disable|drop|edit|email|enable|exec|execute|grant|insert|install|invite|kill|merge|modify|move|patch|pay|post|publish|purge|push|put|rename|remove|reply|reset|restart|revoke|run|send|set|share|submit|transfer|trash|update|upload|upsert|write)(?:$|[^a-z])/

/**
 * Only what the server calls read-only, and what neither its other hint nor the tool's own name contradicts, runs without
 * a question; all else is taken for what changes or removes something.
 */
export function annotationsOf({ name, annotations }: Pick<ToolDefinition, 'name' | 'annotations'>): ToolAnnotations {
  const words = name.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase()
  const readOnly = annotations.readOnlyHint === true && annotations.destructiveHint !== true && !CHANGING.test(words)
  // A stranger's tool reaches the stranger, whatever it says of itself.
  return {
    readOnly,
    destructive: !readOnly,
    idempotent: readOnly || annotations.idempotentHint === true,
    openWorld: true,
  }
}

/** Characters of a name as models take it (OpenAI and Anthropic: 64 of these). */
const EXPOSED_CHARACTERS = 64
const NOT_EXPOSED = /[^a-zA-Z0-9_-]+/g
/** Characters of a digest that tell two names apart which would look the same. */
const MARK_CHARACTERS = 6

/**
 * The name under which a user's agents and clients know a tool: `<prefix>_<name>`. One that had to be changed to fit bears
 * a mark made of the whole, so that it stays unique and the same for ever.
 */
export function exposedName(prefix: string, name: string): string {
  const plain = name.replace(NOT_EXPOSED, '_')
  const whole = `${prefix}_${plain}`
  return plain === name && whole.length <= EXPOSED_CHARACTERS ? whole : markedName(prefix, name)
}

/** The same with its mark, for a name that another tool of the user has already. */
export function markedName(prefix: string, name: string): string {
  const mark = createHash('sha256').update(`${prefix}\0${name}`).digest('hex').slice(0, MARK_CHARACTERS)
  const whole = `${prefix}_${name.replace(NOT_EXPOSED, '_')}`
  return `${whole.slice(0, EXPOSED_CHARACTERS - MARK_CHARACTERS - 1)}_${mark}`
}
