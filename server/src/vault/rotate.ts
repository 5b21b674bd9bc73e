import type { Database, Transaction } from '#db/database.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Vault } from './seal.ts'
import { providerAppContext, signingKeyContext } from './context.ts'
import {
  appsUnderOtherKeys,
  countRowsByKey,
  dropTransaction,
  listCanaries,
  removeCanary,
  replaceSealed,
  replaceSealedApp,
  replaceSealedSigningKey,
  replaceSealedTransaction,
  rowsUnderOtherKeys,
  signingKeysUnderOtherKeys,
  transactionsUnderOtherKeys,
  type KeyUse,
} from './store.ts'

/**
 * Seals everything again under the primary key while the server goes on working: each batch is one transaction, a row
 * that is being refreshed is passed over, one that changed meanwhile keeps its newer value. It can be stopped anywhere
 * and started again, by several at once.
 */

const REASON = 'rotate the encryption keys'
/** One batch holds its locks for some 50 ms. */
const BATCH_ROWS = 200
/** What one call does at most, so that a request for it ends: 20,000 rows take about ten seconds. */
const MAX_BATCHES = 100
/** Enough to look into; all of them are counted. */
const UNREADABLE_SHOWN = 20

export interface RotationProgress {
  /** Rows sealed again by this call. */
  readonly rotated: number
  /** Rows that do not open; they stay as they are and count as remaining. */
  readonly unreadable: number
  /** Ids of the first of them. */
  readonly unreadable_connections: readonly number[]
  /** Rows still under another key. Call again until this is `unreadable` or 0. */
  readonly remaining: number
}

export interface RotationOptions {
  /** Called after each batch, with what has been done so far. */
  readonly onBatch?: (progress: Pick<RotationProgress, 'rotated' | 'unreadable'>) => void
  readonly batchRows?: number
  readonly maxBatches?: number
  /** Stops before the next batch. */
  readonly signal?: AbortSignal
}

/** Rotates up to {@link MAX_BATCHES} batches. */
export async function rotateKeys(
  database: Database,
  vault: Vault,
  { onBatch, batchRows = BATCH_ROWS, maxBatches = MAX_BATCHES, signal }: RotationOptions = {},
): Promise<RotationProgress> {
  const signing = await database.asSystem(REASON, (tx) => rotateSigningKeys(tx, vault))
  const apps = await database.asSystem(REASON, (tx) => rotateApps(tx, vault))
  let rotated = signing.rotated + apps.rotated
  rotated += await database.asSystem(REASON, (tx) => rotateTransactions(tx, vault, batchRows))
  const unreadable: number[] = []
  let afterId = 0
  for (let count = 0; count < maxBatches; count += 1) {
    if (signal?.aborted === true) break
    const batch = await database.asSystem(REASON, (tx) => rotateBatch(tx, vault, afterId, batchRows))
    if (batch.lastId === undefined) break
    afterId = batch.lastId
    rotated += batch.rotated
    unreadable.push(...batch.unreadable)
    onBatch?.({ rotated, unreadable: unreadable.length })
  }
  const uses = await database.asSystem(REASON, countRowsByKey)
  return {
    rotated,
    unreadable: unreadable.length + signing.unreadable + apps.unreadable,
    unreadable_connections: unreadable.slice(0, UNREADABLE_SHOWN),
    remaining: rowsUnder(uses, (keyId) => keyId !== vault.primaryKeyId),
  }
}

/** Keys that sign access tokens: few, and so done at once. */
async function rotateSigningKeys(
  tx: Transaction,
  vault: Vault,
): Promise<Pick<RotationProgress, 'rotated' | 'unreadable'>> {
  const keys = await signingKeysUnderOtherKeys(tx, vault.primaryKeyId)
  let rotated = 0
  for (const key of keys) {
    const opened = vault.open(key.context, key.row)
    if (!opened.ok) continue
    await replaceSealedSigningKey(tx, key, vault.seal(signingKeyContext(key.kid, key.version + 1), opened.value))
    rotated += 1
  }
  return { rotated, unreadable: keys.length - rotated }
}

/** The operator's apps at providers: few as well. */
async function rotateApps(tx: Transaction, vault: Vault): Promise<Pick<RotationProgress, 'rotated' | 'unreadable'>> {
  const apps = await appsUnderOtherKeys(tx, vault.primaryKeyId)
  let rotated = 0
  for (const app of apps) {
    const opened = vault.open(app.context, app.row)
    if (!opened.ok) continue
    await replaceSealedApp(tx, app, vault.seal(providerAppContext(app.provider, app.version + 1), opened.value))
    rotated += 1
  }
  return { rotated, unreadable: apps.length - rotated }
}

/** Round trips that are under way. They end within minutes, so one call need not get through all of them. */
async function rotateTransactions(tx: Transaction, vault: Vault, limit: number): Promise<number> {
  const transactions = await transactionsUnderOtherKeys(tx, vault.primaryKeyId, limit)
  for (const { id, context, row } of transactions) {
    const opened = vault.open(context, row)
    if (opened.ok) await replaceSealedTransaction(tx, id, vault.seal(context, opened.value))
    else await dropTransaction(tx, id)
  }
  return transactions.length
}

interface Batch {
  readonly lastId: number | undefined
  readonly rotated: number
  readonly unreadable: readonly number[]
}

async function rotateBatch(tx: Transaction, vault: Vault, afterId: number, limit: number): Promise<Batch> {
  const rows = await rowsUnderOtherKeys(tx, vault.primaryKeyId, afterId, limit)
  const unreadable: number[] = []
  let rotated = 0
  for (const { context, row } of rows) {
    const opened = vault.open(context, row)
    if (opened.ok) {
      const sealed = vault.seal({ ...context, version: context.version + 1 }, opened.value)
      rotated += (await replaceSealed(tx, context, sealed)) ? 1 : 0
    } else unreadable.push(context.connectionId)
  }
  return { lastId: rows.at(-1)?.context.connectionId, rotated, unreadable }
}

export interface KeyState {
  readonly primary: string
  readonly keys: readonly {
    readonly key_id: string
    /** `primary` writes, `listed` reads, `retired` is no longer listed. */
    readonly role: 'primary' | 'listed' | 'retired'
    /** Credentials that are sealed with it. */
    readonly rows: number
  }[]
  /** Rows that were moved in and not bound: only the import command opens them. */
  readonly unbound: number
}

/** Every key that is listed, in use or remembered, with the rows that hang on it. Nothing in it is secret. */
export async function keyState(database: Database, vault: Vault): Promise<KeyState> {
  const { uses, kids } = await database.asSystem(REASON, async (tx) => {
    const canaries = await listCanaries(tx)
    return { uses: await countRowsByKey(tx), kids: canaries.map(({ kid }) => kid) }
  })
  const used = uses.flatMap(({ keyId }) => (keyId === null ? [] : [keyId]))
  const ids = new Set([...vault.keyIds, ...used, ...kids])
  return {
    primary: vault.primaryKeyId,
    keys: [...ids].map((key_id) => ({
      key_id,
      role: roleOf(vault, key_id),
      rows: rowsUnder(uses, (keyId) => keyId === key_id),
    })),
    unbound: uses.find(({ keyId }) => keyId === null)?.rows ?? 0,
  }
}

function roleOf(vault: Vault, keyId: string): 'primary' | 'listed' | 'retired' {
  if (keyId === vault.primaryKeyId) return 'primary'
  return vault.keyIds.includes(keyId) ? 'listed' : 'retired'
}

function rowsUnder(uses: readonly KeyUse[], matches: (keyId: string) => boolean): number {
  return uses.reduce((sum, { keyId, rows }) => (keyId !== null && matches(keyId) ? sum + rows : sum), 0)
}

/** Forgets a key: the last step of a rotation, refused while anything is sealed with it or while it is the one that writes. */
export async function retireKey(database: Database, vault: Vault, keyId: string): Promise<Outcome<null>> {
  if (keyId === vault.primaryKeyId)
    return failure('conflict', 'This key seals new credentials. List another one first.')
  return database.asSystem(REASON, async (tx) => {
    const rows = rowsUnder(await countRowsByKey(tx), (each) => each === keyId)
    if (rows > 0) return failure('conflict', `${rows} credentials are still sealed with this key. Rotate first.`)
    const isGone = await removeCanary(tx, keyId)
    return isGone ? success(null) : failure('not_found', 'No key of this id is remembered here.')
  })
}
