import { writeSync } from 'node:fs'
import { pino, type DestinationStream, type Logger } from 'pino'
import { scrub } from './scrub.ts'
import { Secret, SECRET_TEXT } from './secret.ts'

/**
 * One JSON object a line. Only the fields named here are ever written, and of each only a number, a truth value or a
 * short text: no body, header, argument, result or object of a library can get in by being passed along.
 */

const FIELDS = [
  'request_id',
  'user_id',
  'agent_id',
  'thread_id',
  'run_id',
  'connection_id',
  'token_id',
  'client_id',
  'provider',
  'tool',
  'model',
  'method',
  'route',
  'path',
  'status',
  'duration_ms',
  'bytes',
  'count',
  'total',
  'attempt',
  'code',
  'reason',
  'event',
  'purpose',
  'library',
  'job',
  'key_id',
  'engine',
  'address',
  'port',
  'version',
  'file',
  'signal',
  'limit',
  'setting',
] as const

type LogField = (typeof FIELDS)[number]

/**
 * Fields that a line may carry: text, number, truth value, Date or null. Of `error` the name, code, message and places
 * are written, without what it holds. A field of another name, or an object, is left out.
 */
export type LogFields = { readonly [name in LogField | 'error']?: unknown }

type Write = (fields: LogFields, message: string) => void

export interface Log {
  readonly debug: Write
  readonly info: Write
  readonly warn: Write
  readonly error: Write
  readonly fatal: Write
  /** A log whose every line carries these fields, for example the request's id. */
  readonly child: (fields: LogFields) => Log
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

export interface LogOptions {
  readonly level: LogLevel
  /** Standard output where not given. Gets whole lines. */
  readonly destination?: DestinationStream
}

const ALLOWED: ReadonlySet<string> = new Set(FIELDS)
const MAX_TEXT_LENGTH = 1_000 // longer is a body by another name
const STACK_LINES = 12 // enough to find the place
const MAX_CAUSES = 3

/** Bytes of lines that are written at once: each write costs a call of the operating system. */
const BUFFER_BYTES = 4_096
/** Milliseconds that a line waits at most. */
const FLUSH_INTERVAL_MS = 200

/** How often a reader that is behind is waited for, and how long each time: a log must not stop what it tells of. */
const WRITE_ATTEMPTS = 5
const WRITE_PAUSE_MS = 10

/** Standard output in larger pieces. What is worse than information is written at once, with all before it. */
function bufferedOutput(): DestinationStream & { readonly flushSync: () => void } {
  let waiting = ''
  const flushSync = (): void => {
    const text = waiting
    waiting = ''
    if (text !== '') writeOut(Buffer.from(text))
  }
  setInterval(flushSync, FLUSH_INTERVAL_MS).unref()
  process.on('exit', flushSync)
  return {
    write(line) {
      waiting += line
      if (waiting.length >= BUFFER_BYTES) flushSync()
    },
    flushSync,
  }
}

/** Pino's own output waits for ever for a reader that is gone: then lines are dropped, and the server goes on. */
function writeOut(bytes: Buffer): void {
  let written = 0
  for (let attempt = 0; written < bytes.byteLength && attempt < WRITE_ATTEMPTS; attempt += 1) {
    try {
      written += writeSync(STANDARD_OUTPUT, bytes, written)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
      Atomics.wait(NEVER_WOKEN, 0, 0, WRITE_PAUSE_MS)
    }
  }
}

const STANDARD_OUTPUT = 1
const NEVER_WOKEN = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))

export function createLog({ level, destination }: LogOptions): Log {
  const settings = {
    level,
    base: null,
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  if (destination !== undefined) return wrap(pino(settings, destination), () => {})
  const output = bufferedOutput()
  return wrap(pino(settings, output), () => output.flushSync())
}

function wrap(logger: Logger, flush: () => void): Log {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error' | 'fatal'): Write =>
    (fields, message) => {
      if (!logger.isLevelEnabled(level)) return
      logger[level](allowed(fields), clean(message))
      if (level !== 'debug' && level !== 'info') flush()
    }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
    child: (fields) => wrap(logger.child(allowed(fields)), flush),
  }
}

function allowed(fields: LogFields): Record<string, unknown> {
  const line: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'error') line['error'] = describeError(value, MAX_CAUSES)
    else if (ALLOWED.has(name) && value !== undefined) line[name] = plain(name, value)
  }
  return line
}

function plain(name: string, value: unknown): unknown {
  if (typeof value === 'string') return clean(name === 'path' ? withoutQuery(value) : value)
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  return value instanceof Secret ? SECRET_TEXT : `[${typeof value}]`
}

/** A query may hold a code, a state or a key. */
function withoutQuery(path: string): string {
  return path.split(/[?#]/, 1)[0] ?? ''
}

/** Messages, methods and paths recur with every request. */
const MAX_REMEMBERED = 500
const MAX_REMEMBERED_LENGTH = 100
/** Ids of requests and rows have digits and do not recur; secrets have them too. */
const HAS_DIGIT = /\d/
/** Texts that hold nothing to replace. */
const harmless = new Set<string>()

/** What requests are named by; no secret looks like it. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function clean(text: string): string {
  if (harmless.has(text) || UUID.test(text)) return text
  const cleaned = scrub(text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text)
  if (cleaned === text && text.length <= MAX_REMEMBERED_LENGTH && !HAS_DIGIT.test(text)) {
    if (harmless.size >= MAX_REMEMBERED) harmless.clear()
    harmless.add(text)
  }
  return cleaned
}

function describeError(error: unknown, causesLeft: number): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error }
  // A parser quotes what it could not parse.
  const message = error instanceof SyntaxError ? {} : { message: clean(error.message) }
  return {
    name: error.name,
    ...message,
    ...('code' in error && typeof error.code === 'string' ? { code: clean(error.code) } : {}),
    ...('reason' in error && typeof error.reason === 'string' ? { reason: clean(error.reason) } : {}),
    places: placesOf(error),
    ...(error.cause === undefined || causesLeft === 0 ? {} : { cause: describeError(error.cause, causesLeft - 1) }),
  }
}

/** The lines of the stack that name a place; the first lines repeat the message. */
function placesOf(error: Error): string[] {
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return lines.slice(0, STACK_LINES).map((line) => clean(line.trim().slice('at '.length)))
}
