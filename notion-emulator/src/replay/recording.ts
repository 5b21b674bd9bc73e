import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '../state/model.ts'
import { isObject } from '../validation/check.ts'
import { stringOf } from '../core/json.ts'

/** One recorded request with its answer. */
export interface Interaction {
  /** `<session>#<number>`, or a name alone for an interaction that stands by itself. */
  id: string
  session: string
  /** Place in its file. */
  line: number
  version: string
  method: string
  /** Without query string and without a slash at the end. */
  path: string
  query: [name: string, value: string][]
  body: unknown
  status: number
  /** Null where the answer was no JSON object. */
  answer: JsonObject | null
}

/** Requests that belong together and happened in this order. */
export interface Session {
  id: string
  interactions: Interaction[]
}

const EXTENSION = '.jsonl'

/**
 * Reads one file of recordings, or all of a folder, as sessions by file. A file has one JSON object a line:
 * `{id, notion_version, method, path, query, request_body, status, response_body}`.
 * @throws Error when the path does not exist or a line is no such object
 */
export function readRecordings(path: string): Session[][] {
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name.endsWith(EXTENSION))
        .toSorted()
        .map((name) => join(path, name))
    : [path]
  return files.map((file) => sessionsOf(parseRecordings(readFileSync(file, 'utf8'), file)))
}

/** The interactions of a file's text. */
export function parseRecordings(text: string, name: string): Interaction[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    const value: unknown = JSON.parse(line)
    if (!isObject(value) || typeof value['id'] !== 'string' || typeof value['path'] !== 'string') {
      throw new TypeError(`${name}, line ${index + 1}: not a recorded interaction`)
    }
    return [interactionOf(value, index)]
  })
}

/** Interactions by session, in the order of the file. */
export function sessionsOf(interactions: Interaction[]): Session[] {
  const sessions = new Map<string, Session>()
  for (const interaction of interactions) {
    const known = sessions.get(interaction.session)
    if (known === undefined) sessions.set(interaction.session, { id: interaction.session, interactions: [interaction] })
    else known.interactions.push(interaction)
  }
  return [...sessions.values()]
}

function interactionOf(line: JsonObject, place: number): Interaction {
  const id = stringOf(line['id'])
  return {
    id,
    session: id.split('#')[0] ?? id,
    line: place,
    version: stringOf(line['notion_version']),
    method: stringOf(line['method']).toUpperCase(),
    path: stringOf(line['path']).replace(/\/+$/, ''),
    query: queryOf(line['query']),
    body: line['request_body'] ?? null,
    status: Number(line['status']),
    answer: isObject(line['response_body']) ? line['response_body'] : null,
  }
}

function queryOf(query: unknown): Interaction['query'] {
  if (!isObject(query)) return []
  return Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((entry): [string, string] => [name, String(entry)]),
  )
}

/** Whether Notion did what was asked. */
export function succeeded(interaction: Interaction): boolean {
  const firstFailure = 300
  return interaction.status < firstFailure && interaction.answer !== null
}

/** Whether a request changes something. Queries and searches are posted and change nothing. */
export function isWrite({ method, path }: Interaction): boolean {
  return method !== 'GET' && !/\/(?:query|search)$/.test(path)
}
