import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { driveSession, type Outcome } from '../../src/replay/drive.ts'
import { archiveOf } from '../../src/replay/presume.ts'
import { parseRecordings, sessionsOf } from '../../src/replay/recording.ts'
import { AURORA_HOME, AURORA_TASKS, raw, testEmulator } from './emulator.ts'

/** A line of a recording, as the files have it. */
export interface Line {
  id: string
  notion_version: string
  method: string
  path: string
  query: Record<string, string | string[]>
  request_body: unknown
  status: number
  response_body: Record<string, unknown>
}

type Answers = Record<string, unknown>[]
/** `POST /v1/pages`, and a body that may use what the answers so far told. */
export type Step = [target: string | ((answers: Answers) => string), body?: (answers: Answers) => unknown]

/** Asks an emulator of its own and writes down what it answers, as somebody records the real API. */
export function record(session: string, version: string, steps: Step[]): Line[] {
  const emulator = testEmulator('two-tenants')
  const answers: Answers = []
  return steps.map(([target, body], index) => {
    const [method = '', address = ''] = (typeof target === 'string' ? target : target(answers)).split(' ')
    const { pathname, searchParams } = new URL(address, 'http://localhost')
    const sent = body?.(answers) ?? null
    const answer = raw(emulator, `${method} ${address}`, { version, ...(sent === null ? {} : { body: sent }) })
    answers.push(answer.body)
    return {
      id: `${session}#${index + 1}`,
      notion_version: version,
      method,
      path: pathname,
      query: Object.fromEntries(searchParams),
      request_body: sent,
      status: answer.status,
      response_body: answer.body,
    }
  })
}

/** What becomes of lines that are replayed. */
export function replayLines(lines: Line[]): Outcome[] {
  const sessions = sessionsOf(parseRecordings(textOf(lines), 'test'))
  const archive = archiveOf(sessions)
  return sessions.flatMap((session) => driveSession(session, archive))
}

function textOf(lines: Line[]): string {
  return lines.map((line) => JSON.stringify(line)).join('\n')
}

/** Runs with the path of a file that holds these lines. */
export function withFile<T>(lines: Line[], use: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'recording-'))
  try {
    const file = join(folder, 'session.jsonl')
    writeFileSync(file, `${textOf(lines)}\n`)
    return use(file)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const text = (content: string) => [{ type: 'text', text: { content } }]
const idOf = (answers: Answers, index: number): string => String(answers[index]?.['id'])
const listed = (answers: Answers, index: number): Answers => (answers[index]?.['results'] ?? []) as Answers
const sourceOf = (answers: Answers, index: number): string =>
  String(((answers[index]?.['data_sources'] ?? []) as Answers)[0]?.['id'])

/** A little of everything: pages, blocks, databases, rows, filters, comments, search, users, trash and errors. */
export const WHOLE_STORY: Step[] = [
  ['GET /v1/users/me'],
  ['GET /v1/users'],
  ['POST /v1/search', () => ({ filter: { property: 'object', value: 'data_source' } })],
  [`GET /v1/pages/${AURORA_HOME}`],
  ['POST /v1/pages', () => ({ parent: { page_id: AURORA_HOME }, properties: { title: { title: text('Hut') } } })],
  [
    (answers) => `PATCH /v1/blocks/${idOf(answers, 4)}/children`,
    () => ({
      children: [
        { paragraph: { rich_text: text('Roof') } },
        { to_do: { rich_text: text('Nails'), children: [{ paragraph: { rich_text: text('Long ones') } }] } },
      ],
    }),
  ],
  [(answers) => `GET /v1/blocks/${idOf(answers, 4)}/children?page_size=1`],
  [(answers) => `GET /v1/blocks/${String(listed(answers, 5)[1]?.['id'])}/children`],
  [
    (answers) => `PATCH /v1/blocks/${String(listed(answers, 5)[0]?.['id'])}`,
    () => ({ paragraph: { rich_text: text('Wall') } }),
  ],
  [
    'POST /v1/databases',
    (answers) => ({
      parent: { page_id: idOf(answers, 4) },
      title: text('Tools'),
      initial_data_source: { properties: { Tool: { title: {} }, Weight: { number: {} }, Kind: { select: {} } } },
    }),
  ],
  [(answers) => `GET /v1/data_sources/${sourceOf(answers, 9)}`],
  [
    'POST /v1/pages',
    (answers) => ({
      parent: { data_source_id: sourceOf(answers, 9) },
      properties: { Tool: { title: text('Saw') }, Weight: { number: 3 }, Kind: { select: { name: 'Sharp' } } },
    }),
  ],
  [
    'POST /v1/pages',
    (answers) => ({
      parent: { data_source_id: sourceOf(answers, 9) },
      properties: { Tool: { title: text('Hammer') }, Weight: { number: 5 } },
    }),
  ],
  [
    (answers) => `POST /v1/data_sources/${sourceOf(answers, 9)}/query`,
    () => ({ filter: { property: 'Weight', number: { greater_than: 4 } } }),
  ],
  [
    (answers) => `POST /v1/data_sources/${sourceOf(answers, 9)}/query`,
    () => ({ sorts: [{ property: 'Weight', direction: 'ascending' }] }),
  ],
  ['POST /v1/comments', (answers) => ({ parent: { page_id: idOf(answers, 4) }, rich_text: text('Nice hut') })],
  [(answers) => `GET /v1/comments?block_id=${idOf(answers, 4)}`],
  [(answers) => `PATCH /v1/pages/${idOf(answers, 4)}`, () => ({ in_trash: true })],
  [(answers) => `PATCH /v1/pages/${idOf(answers, 4)}`, () => ({ in_trash: false })],
  [(answers) => `GET /v1/pages/${idOf(answers, 4)}/markdown`],
  [(answers) => `DELETE /v1/blocks/${String(listed(answers, 5)[0]?.['id'])}`],
  ['GET /v1/pages/11111111-2222-4333-8444-555555555555'],
  ['GET /v1/blocks/none'],
  [`POST /v1/data_sources/${AURORA_TASKS}/query`, () => ({ page_size: 3 })],
]
