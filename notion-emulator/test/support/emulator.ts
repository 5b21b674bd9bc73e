import { Client, LogLevel } from '@notionhq/client'
import {
  adjustableClock,
  builtinSeed,
  createEmulator,
  derivedIds,
  type Emulator,
  type EmulatorOptions,
} from '../../src/index.ts'

/** Time of every test, in milliseconds since the epoch. */
const NOW = Date.parse('2026-11-22T12:34:56.789Z')

export const AURORA_BOT = '35c7c896-a391-4df1-8c3d-4ec253946bfd'
export const AURORA_HOME = 'd953f1bb-466c-4409-9517-ea2f03d92eba'
export const AURORA_TASKS = '7a6a8f71-054b-4df1-990e-3e99f4868d36'
export const AURORA_TASKS_DATABASE = '2a73081e-2719-430c-8f2d-c8e7e896fb02'
/** A page that Pedro's install does not see. */
export const AURORA_CLIENTS = '2938a854-647c-4cf4-a444-c62ec13ce8e1'
/** Sees only the page Reuniões. */
export const AURORA_PEDRO = '146314cd-2af0-4a03-b522-b16f3423555e'
/** Owned by Ana, who sees everything. */
export const AURORA_ANA = '082d54c9-2df4-4292-9080-d478c8e930eb'
/** Sees only the page Clientes, without writing. */
export const AURORA_RITA = 'edf2300e-a832-4b26-9b27-1e018f97dcf7'
/** An id that nothing has. */
export const NOBODY = '11111111-2222-4333-8444-555555555555'

/** An emulator whose clock stands still and whose ids are the same in every run. */
export function testEmulator(seed: string, options: EmulatorOptions = {}): Emulator {
  return createEmulator({ seeds: builtinSeed(seed), clock: adjustableClock(NOW), ids: derivedIds('test'), ...options })
}

/** The official client, wired to an emulator in this process. It does not retry. */
export function clientOf(emulator: Emulator, botId: string, notionVersion = '2026-03-11'): Client {
  const auth = emulator.control.mintToken(botId, `test/${botId}`)
  return new Client({ auth, notionVersion, fetch: emulator.fetch, retry: false, logLevel: LogLevel.ERROR })
}

/** An answer with its body read. */
export interface RawAnswer {
  status: number
  body: Record<string, unknown>
  text: string
  headers: Record<string, string>
}

/** What a raw request may set. */
export interface RawOptions {
  body?: unknown
  botId?: string
  version?: string | null
  token?: string
}

/** One request without the official client, for what that client refuses to send. */
export function raw(emulator: Emulator, target: string, options: RawOptions = {}): RawAnswer {
  const { body, botId = AURORA_BOT, version = '2026-03-11' } = options
  const [method = 'GET', path = '/'] = target.split(' ')
  const token = options.token ?? emulator.control.mintToken(botId, `test/${botId}`)
  const response = emulator.handle({
    method,
    path,
    headers: { authorization: `Bearer ${token}`, ...(version === null ? {} : { 'notion-version': version }) },
    body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
  })
  const isJson = response.headers['content-type']?.startsWith('application/json') === true
  const parsed = isJson ? (JSON.parse(response.body) as Record<string, unknown>) : {}
  return { status: response.status, body: parsed, text: response.body, headers: response.headers }
}

/** A paragraph to create. */
export function paragraph(content: string): { paragraph: { rich_text: { text: { content: string } }[] } } {
  return { paragraph: { rich_text: [{ text: { content } }] } }
}

/** `{title: [...]}` of a new page. */
export function title(content: string): { title: { text: { content: string } }[] } {
  return { title: [{ text: { content } }] }
}

/** The plain text of rich text in an answer. */
export function plain(items: unknown): string {
  return Array.isArray(items) ? items.map((item: { plain_text?: string }) => item.plain_text ?? '').join('') : ''
}

/** The title of a page in an answer, whatever its property is called. */
export function titleText(page: unknown): string {
  const { properties = {} } = page as { properties?: Record<string, { type: string; title?: unknown }> }
  return plain(Object.values(properties).find((property) => property.type === 'title')?.title)
}
