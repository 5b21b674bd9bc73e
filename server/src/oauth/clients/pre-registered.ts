import type { ClientMetadata } from 'oidc-provider'
import { z } from 'zod'
import { parseJson } from '#kernel/json.ts'
import { hashSecret } from './client-secret.ts'
import { MAXIMUM_REDIRECT_URIS, redirectUriFault } from './redirect-uri.ts'

/** The setting that names clients which need not register themselves: read here, without any input or output. */

/** A client that the operator named in the settings. Its secret, where it has one, is hashed already. */
export interface PreRegisteredClient {
  readonly metadata: ClientMetadata
}

export interface ParsedClients {
  readonly clients: readonly PreRegisteredClient[]
  /** One sentence each, with the name of the setting and never a secret. */
  readonly problems: readonly string[]
}

const NAME = 'CHAVEIRO_OAUTH_CLIENTS'
const CLIENTS_MAXIMUM = 100
const ID_MAXIMUM_LENGTH = 200
const NAME_MAXIMUM_LENGTH = 200
/** RFC 6749 10.10 wants 128 bits of chance; 32 characters of anything that a machine draws have them. */
const SECRET_MINIMUM_LENGTH = 32
const SECRET_MAXIMUM_LENGTH = 500
/** Letters and signs that need no encoding in a header or a form. */
const CLIENT_ID = /^[\w.~-]+$/

const redirectUri = z.string('must be a text').superRefine((uri, issue) => {
  const fault = redirectUriFault(uri)
  if (fault !== undefined) issue.addIssue({ code: 'custom', message: fault })
})

const entrySchema = z.strictObject({
  client_id: z
    .string('is missing or no text')
    .max(ID_MAXIMUM_LENGTH, `must have at most ${ID_MAXIMUM_LENGTH} characters`)
    .regex(CLIENT_ID, 'may hold letters, digits and -._~ only'),
  client_name: z
    .string('is missing or no text')
    .min(1, 'must not be empty')
    .max(NAME_MAXIMUM_LENGTH, `must have at most ${NAME_MAXIMUM_LENGTH} characters`),
  client_uri: z.url({ protocol: /^https$/, error: 'must be an https address' }).optional(),
  redirect_uris: z
    .array(redirectUri, 'must be a list of addresses')
    .min(1, 'must name an address')
    .max(MAXIMUM_REDIRECT_URIS, `must name at most ${MAXIMUM_REDIRECT_URIS} addresses`),
  client_secret: z
    .string('must be a text')
    .min(SECRET_MINIMUM_LENGTH, `must have at least ${SECRET_MINIMUM_LENGTH} characters`)
    .max(SECRET_MAXIMUM_LENGTH, `must have at most ${SECRET_MAXIMUM_LENGTH} characters`)
    .optional(),
})

const settingSchema = z
  .array(entrySchema, 'must be a JSON array')
  .max(CLIENTS_MAXIMUM, `names more than ${CLIENTS_MAXIMUM} clients`)

/** Every problem at once; without any where the setting is not set. */
export function parseClients(setting: string | undefined): ParsedClients {
  if (setting === undefined) return { clients: [], problems: [] }
  const json = parseJson(setting)
  if (!json.ok) return { clients: [], problems: [`${NAME} must be a JSON array of clients: ${json.problem.detail}`] }
  const parsed = settingSchema.safeParse(json.value)
  if (!parsed.success) {
    return {
      clients: [],
      problems: parsed.error.issues.map((issue) => `${NAME}${placeOf(issue.path)} ${wordsOf(issue)}`),
    }
  }
  const ids = parsed.data.map(({ client_id }) => client_id)
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index)
  if (twice.length > 0) return { clients: [], problems: [`${NAME} names ${twice.join(', ')} twice`] }
  return { clients: parsed.data.map(clientOf), problems: [] }
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
}

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `has unknown members: ${issue.keys.join(', ')}`
  return issue.message
}

function clientOf({
  client_secret: secret,
  client_uri: uri,
  ...client
}: z.output<typeof entrySchema>): PreRegisteredClient {
  return {
    metadata: {
      ...client,
      ...(uri === undefined ? {} : { client_uri: uri }),
      ...(secret === undefined
        ? { token_endpoint_auth_method: 'none' }
        : { token_endpoint_auth_method: 'client_secret_basic', client_secret: hashSecret(secret) }),
    },
  }
}
