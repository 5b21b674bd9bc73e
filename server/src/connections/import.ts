import { createHash } from 'node:crypto'
import { actorOf } from '#audit/audit.ts'
import { toJsonb, toText } from '#db/jsonb.ts'
import type { Principal } from '#kernel/principal.ts'
import { keyFieldsOf, type Credential, type Identity, type Provider } from '#providers/contract.ts'
import { metadataOf, type ConnectionDeps } from './connection.ts'
import { identify } from './identify.ts'
import { loadConnections } from './list.ts'
import { endingsOf } from './standing.ts'
import { readEndings } from './standing-store.ts'
import { connectionsOfProvider, insertConnection, lockConnections, nextConnectionId, setDefault } from './store.ts'

/** One row of another deployment's `mcp_connections`, its credential sealed by a key that is in our key list. */
export interface ImportedRow {
  readonly user_email: string
  readonly provider: string
  readonly encrypted_credentials: string
  readonly is_active?: boolean | undefined
  readonly connected_at?: string | undefined
  readonly expires_at?: string | null | undefined
  readonly metadata?: Record<string, unknown> | undefined
  readonly label?: string | undefined
}

export interface ImportResult {
  readonly row: number
  readonly user_email: string
  readonly provider: string
  readonly outcome: 'imported' | 'exists' | 'refused'
  readonly connection_id: number | null
  /** Why it was refused, or what to know of it. */
  readonly detail: string
}

/**
 * Binds rows that were sealed elsewhere to their users: opens each with the listed keys, asks the provider whose key it
 * is, seals it again with its binding. Running it twice imports nothing twice. The only place where a row without a
 * binding is opened.
 */
export async function importConnections(
  deps: ConnectionDeps,
  principal: Principal,
  rows: readonly ImportedRow[],
  requestId: string,
): Promise<ImportResult[]> {
  const results: ImportResult[] = []
  const owners = await ownersOfTokens(deps)
  for (const [index, row] of rows.entries()) {
    const result = {
      row: index + 1,
      user_email: row.user_email,
      provider: row.provider,
      ...(await importRow(deps, row, owners)),
    }
    results.push(result)
    await deps.audit.record({
      userId: result.user_id,
      type: 'connection.imported',
      outcome: result.outcome === 'refused' ? 'failure' : 'success',
      actor: actorOf(principal),
      target: { kind: 'connection', id: result.connection_id, provider: row.provider },
      details: { outcome: result.outcome },
      requestId,
    })
  }
  return results.map(({ row, user_email, provider, outcome, connection_id, detail }) => ({
    row,
    user_email,
    provider,
    outcome,
    connection_id,
    detail,
  }))
}

type RowResult = Pick<ImportResult, 'outcome' | 'connection_id' | 'detail'> & { readonly user_id: number | null }

/** Sealed credential → the user whose row holds it, for every connection of the instance. */
async function ownersOfTokens(deps: ConnectionDeps): Promise<ReadonlyMap<string, number>> {
  const owners = new Map<string, number>()
  const users = await deps.database.login.selectFrom('users').select('id').execute()
  for (const { id } of users) {
    const rows = await loadConnections(deps, id)
    for (const row of rows) owners.set(row.encrypted_credentials, id)
  }
  return owners
}

async function importRow(
  deps: ConnectionDeps,
  row: ImportedRow,
  owners: ReadonlyMap<string, number>,
): Promise<RowResult> {
  const provider = deps.registry.provider(row.provider)
  if (provider === undefined) return refused(null, `There is no provider "${row.provider}" here.`)
  const user = await deps.database.login
    .selectFrom('users')
    .select('id')
    .where('email', '=', row.user_email.toLowerCase())
    .executeTakeFirst()
  if (user === undefined) return refused(null, 'There is no user with this e-mail address. Create the user first.')
  // A credential that is bound here already must not be bound to somebody else by way of its sealed copy.
  const owner = owners.get(row.encrypted_credentials)
  if (owner !== undefined && owner !== user.id)
    return refused(user.id, 'This credential belongs to another user of this instance.')
  const opened = deps.vault.openForeign(row.encrypted_credentials)
  if (!opened.ok) {
    return refused(user.id, 'None of the keys in MCP_ENCRYPTION_KEY opens it. Add the old key at the end of the list.')
  }
  const credential = opened.value.credential
  const missing = keyFieldsOf(provider).find(({ name }) => typeof credential[name] !== 'string')
  if (missing !== undefined) return refused(user.id, `It opens, but holds no ${missing.name}.`)
  return bind(deps, { userId: user.id, provider, row, credential })
}

interface Binding {
  readonly userId: number
  readonly provider: Provider
  readonly row: ImportedRow
  readonly credential: Credential
}

async function bind(deps: ConnectionDeps, binding: Binding): Promise<RowResult> {
  const { userId, provider, credential } = binding
  const begunAfter = await endingsOf(deps, userId)
  const asked = await identify(deps, provider, credential)
  const rejected = !asked.ok && asked.problem.code === 'credential_rejected'
  const identity = asked.ok ? asked.value : placeholder(provider, credential)
  const result = await deps.database.asUser(userId, async (tx) => {
    await lockConnections(userId, tx)
    if ((await readEndings(userId, tx)) !== begunAfter) return null
    const existing = await connectionsOfProvider(userId, tx, provider.id)
    const same = existing.find((candidate) => candidate.account_id === identity.accountId)
    if (same !== undefined) return { id: same.id, isNew: false }
    const id = await nextConnectionId(tx)
    const version = 1
    const sealed = deps.vault.seal({ userId, provider: provider.id, connectionId: id, version }, credential)
    await insertConnection(userId, tx, {
      ...rowOf(binding, identity, rejected),
      id,
      version,
      encrypted_credentials: sealed.token,
      binding_tag: sealed.bindingTag,
      key_id: sealed.keyId,
    })
    if (!existing.some(({ is_default }) => is_default)) await setDefault(userId, tx, provider.id, id)
    return { id, isNew: true }
  })
  if (result === null)
    return refused(
      userId,
      'All connections of this user were ended meanwhile, so nothing was stored. Bring the row again if it is wanted.',
    )
  deps.cache.drop(userId)
  return {
    user_id: userId,
    outcome: result.isNew ? 'imported' : 'exists',
    connection_id: result.id,
    detail: result.isNew
      ? detailOf(provider, asked.ok, rejected)
      : 'This account is connected already; nothing was changed.',
  }
}

function rowOf({ provider, row }: Binding, identity: Identity, rejected: boolean) {
  return {
    provider: provider.id,
    account_id: identity.accountId,
    label: toText(row.label ?? identity.label),
    scopes: [],
    metadata: toJsonb({ ...row.metadata, ...metadataOf(identity) }),
    is_active: row.is_active ?? true,
    status: rejected ? ('needs_reauthorization' as const) : ('connected' as const),
    status_reason: rejected ? 'The provider refused the key when it was imported.' : null,
    ...(row.connected_at === undefined ? {} : { connected_at: row.connected_at }),
    ...(row.expires_at === undefined ? {} : { expires_at: row.expires_at }),
  }
}

/** The account is not known while the provider does not answer: the key's own digest keeps two imports from being two rows. */
function placeholder(provider: Provider, credential: Credential): Identity {
  const digest = createHash('sha256').update(JSON.stringify(credential)).digest('hex')
  return { accountId: `imported:${digest}`, label: provider.name, account: {}, permissions: {} }
}

function detailOf(provider: Provider, checked: boolean, rejected: boolean): string {
  if (checked) return `Checked with ${provider.name} and bound to the user.`
  if (rejected) return `Bound to the user, but ${provider.name} refuses the key: the user must connect again.`
  return `Bound to the user. ${provider.name} did not answer, so the key is unchecked; GET .../status?check=true checks it.`
}

function refused(userId: number | null, detail: string): RowResult {
  return { user_id: userId, outcome: 'refused', connection_id: null, detail }
}
