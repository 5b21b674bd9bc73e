import { actorOf, type Audit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Principal } from '#kernel/principal.ts'
import type { OAuthApp } from '#providers/contract.ts'
import { providerAppContext } from '#vault/context.ts'
import type { Vault } from '#vault/seal.ts'
import { deleteApp, findApp, listAppNames, writeApp, type AppRow } from './store.ts'

/**
 * The operator's apps, by the id of a provider or by the issuer of a remote server's authorization server: from the
 * settings, which win, or set by the owner and sealed.
 */
export interface ProviderApps {
  /** Null where there is none. Fails where the one that is stored does not open. */
  readonly find: (name: string) => Promise<Outcome<OAuthApp | null>>
  /** The names of all that are configured. */
  readonly names: () => Promise<ReadonlySet<string>>
  /** What the owner may see of one. */
  readonly view: (name: string) => Promise<AppView>
  readonly set: (principal: Principal, app: NewApp, requestId: string) => Promise<Outcome<AppView>>
  readonly remove: (principal: Principal, name: string, requestId: string) => Promise<Outcome<AppView>>
}

export interface AppsDependencies {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
  readonly audit: Audit
  /** Provider id → the app of the settings. */
  readonly settings: ReadonlyMap<string, OAuthApp>
}

/** Never the secret. */
export interface AppView {
  readonly provider: string
  readonly configured: boolean
  readonly source: 'settings' | 'stored' | null
  readonly client_id: string | null
  readonly updated_at: string | null
}

export interface NewApp {
  readonly name: string
  readonly clientId: string
  /** Empty for a public client, which remote servers may have. */
  readonly clientSecret: string
}

/** More than one operator keeps; they are read at once. */
const MAXIMUM_APPS = 500

export function createProviderApps(deps: AppsDependencies): ProviderApps {
  const { database, settings } = deps
  return {
    async find(name) {
      const fixed = settings.get(name)
      if (fixed !== undefined) return success(fixed)
      const row = await findApp(database.login, name)
      return row === undefined ? success(null) : openApp(deps, row)
    },
    async names() {
      return new Set([...settings.keys(), ...(await listAppNames(database.login, MAXIMUM_APPS))])
    },
    view: (name) => view(deps, name),
    set: (principal, app, requestId) => set(deps, principal, app, requestId),
    async remove(principal, name, requestId) {
      if (!(await deleteApp(database.login, name))) {
        return failure('not_found', 'No app of this name is stored here. One of the settings is removed there.')
      }
      await record(deps, principal, { type: 'provider_app.deleted', name, requestId })
      return success(await view(deps, name))
    },
  }
}

async function view({ database, settings }: AppsDependencies, name: string): Promise<AppView> {
  const fixed = settings.get(name)
  const row = fixed === undefined ? await findApp(database.login, name) : undefined
  const none = { provider: name, configured: false, source: null, client_id: null, updated_at: null }
  if (fixed !== undefined) {
    return { ...none, configured: true, source: 'settings', client_id: fixed.clientId }
  }
  if (row === undefined) return none
  const updatedAt = row.updated_at.toISOString()
  return {
    ...none,
    configured: true,
    source: 'stored',
    client_id: row.client_id,
    updated_at: updatedAt,
  }
}

async function set(
  deps: AppsDependencies,
  principal: Principal,
  { name, clientId, clientSecret }: NewApp,
  requestId: string,
): Promise<Outcome<AppView>> {
  if (deps.settings.has(name)) {
    return failure('conflict', 'This app comes from the settings of the server. Change it there, or take it out there.')
  }
  const names = await listAppNames(deps.database.login, MAXIMUM_APPS)
  if (names.length >= MAXIMUM_APPS && !names.includes(name)) {
    return failure('conflict', `There are ${MAXIMUM_APPS} apps, which is the most. Delete one first.`)
  }
  const version = ((await findApp(deps.database.login, name))?.version ?? 0) + 1
  // The id is sealed too: a row whose id was changed says so.
  const sealed = deps.vault.seal(providerAppContext(name, version), {
    client_id: clientId,
    client_secret: clientSecret,
  })
  const written = await writeApp(deps.database.login, {
    provider: name,
    client_id: clientId,
    encrypted_secret: sealed.token,
    binding_tag: sealed.bindingTag,
    key_id: sealed.keyId,
    version,
    updated_by: principal.userId,
    updated_at: deps.clock.now(),
  })
  if (!written) return failure('conflict', 'The app was changed at the same moment. Look at it, then send it again.')
  await record(deps, principal, { type: 'provider_app.set', name, requestId })
  return success(await view(deps, name))
}

function openApp({ vault }: AppsDependencies, row: AppRow): Outcome<OAuthApp> {
  const context = providerAppContext(row.provider, row.version)
  const opened = vault.open(context, { token: row.encrypted_secret, bindingTag: row.binding_tag, keyId: row.key_id })
  if (!opened.ok) return opened
  const { client_id: clientId, client_secret: clientSecret } = opened.value
  if (clientId !== row.client_id || typeof clientId !== 'string' || typeof clientSecret !== 'string') {
    return failure(
      'credential_unreadable',
      'The app of this provider cannot be read. Its operator has to set it again.',
    )
  }
  return success({ clientId, clientSecret })
}

async function record(
  { audit }: AppsDependencies,
  principal: Principal,
  event: {
    readonly type: 'provider_app.set' | 'provider_app.deleted'
    readonly name: string
    readonly requestId: string
  },
): Promise<void> {
  await audit.record({
    userId: principal.userId,
    type: event.type,
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'provider_app', provider: event.name },
    requestId: event.requestId,
  })
}
