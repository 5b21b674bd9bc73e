import { stripVTControlCharacters } from 'node:util'
import { ChaveiroError } from '@chaveiro/sdk'

/** Exit codes. Those from 64 are of sysexits.h, so that scripts can tell whose turn it is. */
export const EXIT = {
  done: 0,
  /** It was asked, and the answer is no: rows refused, a chain broken, a request refused. */
  refused: 1,
  usage: 64,
  /** A file holds something else than it should. */
  unreadable: 65,
  /** No server answers. */
  unavailable: 69,
  /** An output file cannot be made. */
  unwritable: 73,
  /** A token is missing, unknown, or may not do this. */
  notPermitted: 77,
  configuration: 78,
} as const

export const EXIT_CODES_HELP = [
  'Exit codes: 0 done, 1 the answer is no (refused, not intact), 64 wrong usage, 65 a file cannot be read,',
  '69 no server answers, 73 a file cannot be written, 77 the token is missing or may not do this, 78 the configuration is wrong.',
].join('\n')

/** Ends the program with words for a person. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly exitCode: number

  constructor(exitCode: number, message: string) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Any failure, in words and with a code. The stack is for nobody who runs a command. */
export function explain(error: unknown, url: string): CommandFailure {
  if (error instanceof CommandFailure) return error
  if (error instanceof ChaveiroError) return explainAnswer(error)
  if (isUsage(error)) return new CommandFailure(EXIT.usage, stripVTControlCharacters(error.message))
  if (isNetwork(error)) {
    return new CommandFailure(
      EXIT.unavailable,
      `No server answers at ${url} (${causeOf(error)}). Start it with npm start, or set CHAVEIRO_URL or --url.`,
    )
  }
  return new CommandFailure(EXIT.refused, error instanceof Error ? error.message : String(error))
}

const NOT_PERMITTED = new Set([401, 403])

function explainAnswer(error: ChaveiroError): CommandFailure {
  const where = error.path === undefined ? '' : ` at ${error.path}`
  const trace = error.requestId === undefined ? '' : `, request ${error.requestId}`
  const message = `${error.message} [${error.code}${where}${trace}]`
  return new CommandFailure(NOT_PERMITTED.has(error.status) ? EXIT.notPermitted : EXIT.refused, message)
}

/** What the parsers of arguments throw: citty's and Node's. */
function isUsage(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  return error.name === 'CLIError' || codeOf(error).startsWith('ERR_PARSE_ARGS_')
}

function isNetwork(error: unknown): error is TypeError {
  return error instanceof TypeError && error.message === 'fetch failed'
}

function causeOf(error: TypeError): string {
  const { cause } = error
  return codeOf(cause) || (cause instanceof Error ? cause.message : 'no connection')
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
