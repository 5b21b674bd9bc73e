import { readFileSync } from 'node:fs'
import { createClient, type Client } from '@chaveiro/sdk'
import { CommandFailure, EXIT } from './failure.ts'
import type { Surroundings } from './surroundings.ts'

/** How a command reaches the server. A token is never an argument: every process of a machine can read those. */

const DEFAULT_URL = 'http://localhost:8001'

export const SERVER_OPTIONS = {
  url: { type: 'string', description: `Address of the server (CHAVEIRO_URL; else ${DEFAULT_URL})` },
  'token-file': { type: 'string', description: 'File that holds an API token (else CHAVEIRO_TOKEN)' },
} as const

export interface ServerOptions {
  readonly url?: string | undefined
  readonly 'token-file'?: string | undefined
}

/** @throws CommandFailure where the address is none */
export function urlOf(surroundings: Surroundings, options: ServerOptions): string {
  const url = options.url ?? givenIn(surroundings, 'CHAVEIRO_URL') ?? DEFAULT_URL
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new CommandFailure(EXIT.usage, `"${url}" is no http or https address.`)
  }
  return url
}

/** A client without a token, for signing in. */
export function anonymousClient(surroundings: Surroundings, options: ServerOptions): Client {
  return createClient({ baseUrl: urlOf(surroundings, options), fetch: surroundings.fetch })
}

/**
 * @param scopes what a token for this needs, for whoever has none
 * @throws CommandFailure where there is no token
 */
export function clientOf(surroundings: Surroundings, options: ServerOptions, scopes = 'admin,account'): Client {
  const baseUrl = urlOf(surroundings, options)
  return createClient({
    baseUrl,
    token: tokenOf(surroundings, options['token-file'], scopes),
    fetch: surroundings.fetch,
  })
}

function tokenOf(surroundings: Surroundings, file: string | undefined, scopes: string): string {
  const token = file === undefined ? givenIn(surroundings, 'CHAVEIRO_TOKEN') : readTextFile(file).trim()
  if (token !== undefined && token !== '') return token
  throw new CommandFailure(
    EXIT.notPermitted,
    `No token. Set CHAVEIRO_TOKEN or --token-file. Make one with: chaveiro tokens create --email … --scopes ${scopes}`,
  )
}

function givenIn({ environment }: Surroundings, name: string): string | undefined {
  const value = environment[name]?.trim()
  return value === '' ? undefined : value
}

/** @throws CommandFailure in words */
export function readTextFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new CommandFailure(EXIT.unreadable, `${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}

/** The first line of a file, or of standard input for `-`. */
export async function readSecret(surroundings: Surroundings, path: string): Promise<string> {
  const content = path === '-' ? await surroundings.readStandardInput() : readTextFile(path)
  const [line = ''] = content.split(/\r?\n/)
  if (line === '')
    throw new CommandFailure(EXIT.unreadable, `${path === '-' ? 'Standard input' : path} holds no password.`)
  return line
}
