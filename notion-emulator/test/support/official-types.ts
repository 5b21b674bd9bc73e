import { AURORA_HOME, AURORA_TASKS, AURORA_TASKS_DATABASE } from './emulator.ts'
import { WHOLE_STORY, type Line, type Step } from './recorded.ts'

/** An answer and the official type that it has to have. */
export interface TypedAnswer {
  name: string
  type: string
  body: Record<string, unknown>
}

type JsonObject = Record<string, unknown>

/** Lists are checked with whole objects in them, which the official types leave open. */
const list = (response: string, item: string): string => `Omit<${response}, 'results'> & { results: ${item}[] }`

const TYPES: [pattern: RegExp, type: string][] = [
  [/^GET \/v1\/users$/, 'ListUsersResponse'],
  [/^GET \/v1\/users\//, 'UserObjectResponse'],
  [/^POST \/v1\/search$/, list('SearchResponse', '(PageObjectResponse | DataSourceObjectResponse)')],
  [/^(?:GET|PATCH) \/v1\/pages\/[^/]+\/markdown$/, "Awaited<ReturnType<Client['pages']['retrieveMarkdown']>>"],
  [/^GET \/v1\/pages\/[^/]+\/properties\//, 'GetPagePropertyResponse'],
  [/ \/v1\/pages/, 'PageObjectResponse'],
  [/^GET \/v1\/blocks\/[^/]+\/children$/, list('ListBlockChildrenResponse', 'BlockObjectResponse')],
  [/^PATCH \/v1\/blocks\/[^/]+\/children$/, list('AppendBlockChildrenResponse', 'BlockObjectResponse')],
  [/ \/v1\/blocks\//, 'BlockObjectResponse'],
  [/ \/v1\/data_sources\/[^/]+\/query$/, list('QueryDataSourceResponse', 'PageObjectResponse')],
  [/ \/v1\/data_sources/, 'DataSourceObjectResponse'],
  [/ \/v1\/databases/, 'DatabaseObjectResponse'],
  [/^GET \/v1\/comments$/, 'ListCommentsResponse'],
  [/ \/v1\/comments/, 'CommentObjectResponse'],
]

/** The type of an operation's answer, in the words of the official client. */
export function answerTypeOf({ method, path }: Pick<Line, 'method' | 'path'>): string {
  const type = TYPES.find(([pattern]) => pattern.test(`${method} ${path}`))?.[1]
  if (type === undefined) throw new RangeError(`No type for ${method} ${path}`)
  return type
}

/**
 * An answer with the known differences between the wire and the types smoothed out: `request_id` comes from the
 * client's wrapper, `archived` is required by the types although 2026-03-11 has it no more, `has_more` of a relation is
 * on the wire and not in the types.
 */
export function officialShape(answer: JsonObject, version: string): JsonObject {
  const { request_id: _requestId, ...body } = answer
  return shaped(body, version) as JsonObject
}

const WITH_ARCHIVED = ['page', 'block', 'database', 'data_source', 'file_upload']

function shaped(value: unknown, version: string): unknown {
  if (Array.isArray(value)) return value.map((entry) => shaped(entry, version))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, entry]) => [key, shaped(entry, version)] as const)
  const object: JsonObject = Object.fromEntries(entries)
  if (object['type'] === 'relation' && Array.isArray(object['relation'])) delete object['has_more']
  const isMissingArchived = WITH_ARCHIVED.includes(String(object['object'])) && version === '2026-03-11'
  return isMissingArchived ? { ...object, archived: object['in_trash'] } : object
}

const text = (content: string) => [{ type: 'text', text: { content } }]
const idOf = (answers: JsonObject[], index: number): string => String(answers[index]?.['id'])

/** Every operation that the tools use answers with success in it. */
export const OFFICIAL_STORY: Step[] = [
  ...WHOLE_STORY.filter(([target]) => typeof target !== 'string' || !/none|11111111/.test(target)),
  [(answers) => `GET /v1/users/${idOf(answers, 0)}`],
  [`GET /v1/databases/${AURORA_TASKS_DATABASE}`],
  [`PATCH /v1/databases/${AURORA_TASKS_DATABASE}`, () => ({ description: text('What is to do') })],
  [
    `PATCH /v1/data_sources/${AURORA_TASKS}`,
    () => ({ properties: { Extra: { multi_select: { options: [{ name: 'One', color: 'red' }] } } } }),
  ],
  [`GET /v1/blocks/${AURORA_HOME}`],
  [
    `PATCH /v1/pages/${AURORA_HOME}/markdown`,
    () => ({ type: 'insert_content', insert_content: { content: '# More\n\n- [ ] a\n- b\n\n> c' } }),
  ],
  [`GET /v1/pages/${AURORA_HOME}/properties/title`],
  ['POST /v1/search', () => ({ query: 'a' })],
]
