import { createPublicKey, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'
import type { JWK } from 'jose'
import type { Database, Transaction } from '#db/database.ts'
import { MILLISECONDS_PER_SECOND, type Clock } from '#kernel/clock.ts'
import { signingKeyContext } from '#vault/context.ts'
import type { Vault } from '#vault/seal.ts'
import { RETIRED_KEY_SECONDS, SIGNING_KEY_SECONDS } from '#oauth/lifetimes.ts'
import {
  deleteSigningKeys,
  insertSigningKey,
  listSigningKeys,
  retireSigningKey,
  type SigningKeyRow,
} from './key-store.ts'

/** The keys that sign access tokens: one at a time, sealed by the vault, replaced each month. */

export interface SigningKeys {
  /** Signs new tokens: a private JWK with `kid` and `alg`. Keep it out of everything that is printed or stored. */
  readonly active: JWK & { readonly kid: string }
  /** Every key whose tokens may still be alive, the active one first: public JWKs. */
  readonly published: readonly JWK[]
  /** The same by `kid`, ready to verify with. */
  readonly verifying: ReadonlyMap<string, KeyObject>
}

export interface SigningKeyDeps {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
}

const REASON = 'keys that sign access tokens'
const ALGORITHM = 'ES256'
/** Another replica may make or retire the key between our look and our write. */
const ATTEMPTS = 5

/**
 * The keys as they should be now: makes the first one, replaces one that is too old, forgets those whose tokens have all expired.
 * Any number of replicas may call it at once: the database lets one key be active, and whoever comes second takes that one.
 * @throws where the active key does not open: the start must end then, for new keys would hide the loss.
 */
export async function currentSigningKeys(deps: SigningKeyDeps): Promise<SigningKeys> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const keys = await deps.database.asSystem(REASON, (tx) => keysOf(deps, tx))
    if (keys !== undefined) return keys
  }
  throw new Error('The key that signs access tokens could not be settled between replicas')
}

async function keysOf(deps: SigningKeyDeps, tx: Transaction): Promise<SigningKeys | undefined> {
  const now = deps.clock.now().getTime()
  await deleteSigningKeys(new Date(now - RETIRED_KEY_SECONDS * MILLISECONDS_PER_SECOND), tx)
  const rows = await listSigningKeys(tx)
  const active = rows.find(({ retired_at }) => retired_at === null)
  if (active !== undefined && now - active.created_at.getTime() < SIGNING_KEY_SECONDS * MILLISECONDS_PER_SECOND) {
    return openKeys(deps.vault, active, rows)
  }
  if (active !== undefined) await retireSigningKey(active.id, new Date(now), tx)
  await insertSigningKey(makeKey(deps.vault, new Date(now)), tx)
  return undefined
}

function makeKey(vault: Vault, createdAt: Date) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const kid = randomUUID()
  const version = 1
  const sealed = vault.seal(
    signingKeyContext(kid, version),
    privateKey.export({ format: 'jwk' }) as Record<string, unknown>,
  )
  return {
    kid,
    version,
    createdAt,
    publicKey: { ...publicKey.export({ format: 'jwk' }), kid, alg: ALGORITHM, use: 'sig' },
    sealed,
  }
}

function openKeys(vault: Vault, active: SigningKeyRow, rows: readonly SigningKeyRow[]): SigningKeys {
  const opened = vault.open(signingKeyContext(active.kid, active.version), {
    token: active.encrypted_key,
    bindingTag: active.binding_tag,
    keyId: active.key_id,
  })
  if (!opened.ok) {
    throw new Error(`The key ${active.kid} that signs access tokens does not open: ${opened.problem.reason}`)
  }
  const published = [active, ...rows.filter(({ id }) => id !== active.id)].map(({ public_key }) => public_key as JWK)
  return {
    active: { ...(opened.value as JWK), kid: active.kid, alg: ALGORITHM, use: 'sig' },
    published,
    verifying: new Map(
      published.map((key) => [String(key.kid), createPublicKey({ key: key as never, format: 'jwk' })] as const),
    ),
  }
}
