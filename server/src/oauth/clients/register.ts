import type { Audit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import type { AppContext } from '#kernel/http.ts'
import { parseJson } from '#kernel/json.ts'
import { addressKey, type Limits } from '#kernel/limits.ts'
import { readText } from '#oauth/body.ts'
import { callProvider, type RouteDeps } from '#oauth/routes.ts'
import { CLIENT_SCOPES } from '#oauth/authorization-server.ts'
import { countClients, deleteExpiredClients, deleteOldestUnusedClients } from './client-store.ts'

/** Dynamic registration (RFC 7591): anybody may, so all of it is bounded. */

export interface RegisterDeps extends Pick<RouteDeps, 'publicUrl' | 'running'> {
  readonly database: Database
  readonly audit: Audit
  readonly clock: Clock
  readonly limits: Limits
}

/** Rows. Honest ones go after a day if nobody lets them in; a flood can fill a day's worth and no more. */
const MAXIMUM_CLIENTS = 20_000
/** Rows that make place at once when the table is full. */
const MAKE_PLACE = 100

/** What a client needs of the library's answer, which spells out every default. */
const ANSWERED = [
  'client_id',
  'client_id_issued_at',
  'client_secret',
  'client_secret_expires_at',
  'client_name',
  'client_uri',
  'logo_uri',
  'redirect_uris',
  'grant_types',
  'response_types',
  'token_endpoint_auth_method',
  'application_type',
  'software_id',
]

export async function registerClient(deps: RegisterDeps, c: AppContext): Promise<Response> {
  const taken = await deps.limits.clientRegistrations.take(addressKey(c.get('clientAddress')))
  if (!taken.ok) {
    return refuse(c, 429, 'too_many_requests', {
      description: 'too many registrations from this address',
      headers: { 'retry-after': String(taken.retryAfterSeconds) },
    })
  }
  const text = await readText(c.req.raw)
  if (text === undefined) return refuse(c, 413, 'invalid_client_metadata', { description: 'send at most 64 kB' })
  const json = parseJson(text)
  if (!json.ok) return refuse(c, 400, 'invalid_client_metadata', { description: json.problem.detail })
  await makePlace(deps)
  const response = await callProvider(deps, c, { body: JSON.stringify(publicByDefault(json.value)) })
  if (response.status !== 201) return response
  const client = (await response.json()) as Record<string, unknown>
  await deps.audit.record({
    userId: null,
    type: 'client.registered',
    outcome: 'success',
    actor: { kind: 'anonymous', address: c.get('clientAddress') },
    target: { kind: 'client', client_id: client['client_id'], name: client['client_name'] ?? null },
    requestId: c.get('requestId'),
  })
  const answered = Object.fromEntries(Object.entries(client).filter(([name]) => ANSWERED.includes(name)))
  return c.json({ ...answered, scope: CLIENT_SCOPES.join(' ') }, 201, { 'cache-control': 'no-store' })
}

/** The library draws a secret for whoever names no method, whatever its default is; RFC 7591 2 leaves the default to us. */
function publicByDefault(metadata: unknown): unknown {
  const isObject = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)
  return isObject ? { token_endpoint_auth_method: 'none', ...metadata } : metadata
}

/** Before the table is too full, those that expired go, then the oldest that nobody ever let in. */
async function makePlace({ database, clock }: RegisterDeps): Promise<void> {
  if ((await countClients(database.login)) < MAXIMUM_CLIENTS) return
  await deleteExpiredClients(clock.now(), database.login)
  if ((await countClients(database.login)) < MAXIMUM_CLIENTS) return
  await deleteOldestUnusedClients(MAKE_PLACE, database.login)
}

interface Refusal {
  readonly description: string
  readonly headers?: Record<string, string>
}

function refuse(
  c: AppContext,
  status: 400 | 413 | 429,
  error: string,
  { description, headers = {} }: Refusal,
): Response {
  return c.json({ error, error_description: description }, status, { 'cache-control': 'no-store', ...headers })
}
