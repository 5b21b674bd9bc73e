import type { Database, Transaction } from '#db/database.ts'
import type { KeyProblem, VaultKey } from './keys.ts'
import { createVault } from './seal.ts'
import { addCanaries, countRowsByKey, listCanaries, type Canary, type KeyUse } from './store.ts'

/**
 * A small sealed text for every key that ever started well. It tells a wrong key at start, before the first credential
 * fails to open, and before a new one is sealed with it.
 */
const CANARY = { canary: 'chaveiro' }

const REASON = 'check the encryption keys at start'

export const WRONG_KEY = 'MCP_ENCRYPTION_KEY does not match the stored credentials'
export const MISSING_KEY = 'MCP_ENCRYPTION_KEY lacks a key that is in use'

/** True where a key must exist already: rows are sealed, or a key has been at work on this database. */
export async function sealedRowsExist(database: Database): Promise<boolean> {
  return database.asSystem(REASON, async (tx) => {
    const [uses, canaries] = [await countRowsByKey(tx), await listCanaries(tx)]
    return uses.length > 0 || canaries.length > 0
  })
}

/** What speaks against starting with these keys; nothing: each of them now has its canary. */
export async function checkKeys(database: Database, keys: readonly VaultKey[]): Promise<readonly KeyProblem[]> {
  return database.asSystem(REASON, async (tx) => {
    const canaries = await listCanaries(tx)
    const problems = await problemsOf(tx, keys, canaries)
    if (problems.length === 0) {
      const fresh = keys.filter((key) => !canaries.some(({ kid }) => kid === key.id))
      await addCanaries(tx, fresh.map(canaryOf))
    }
    return problems
  })
}

/** As {@link checkKeys}, but binds the database to none of them: for looking before the first start. */
export async function compareKeys(database: Database, keys: readonly VaultKey[]): Promise<readonly KeyProblem[]> {
  return database.asSystem(REASON, async (tx) => problemsOf(tx, keys, await listCanaries(tx)))
}

async function problemsOf(
  tx: Transaction,
  keys: readonly VaultKey[],
  canaries: readonly Canary[],
): Promise<KeyProblem[]> {
  return [...canaryProblems(keys, canaries), ...missingKeys(keys, await countRowsByKey(tx))]
}

function canaryOf(key: VaultKey): Canary {
  const { token } = createVault([key]).seal({ table: 'key_check', parts: [key.id] }, CANARY)
  return { kid: key.id, token }
}

function canaryProblems(keys: readonly VaultKey[], canaries: readonly Canary[]): KeyProblem[] {
  const own = canaries.filter(({ kid }) => keys.some((key) => key.id === kid))
  if (canaries.length > 0 && own.length === 0) {
    const known = canaries.map(({ kid }) => kid).join(', ')
    const detail = `None of the listed keys has been used with this database before; it knows ${known}. Restore the right key.`
    return [{ title: WRONG_KEY, detail }]
  }
  return own
    .filter(({ kid, token }) => !keys.some((key) => key.id === kid && opensCanary(key, token)))
    .map(({ kid }) => ({
      title: WRONG_KEY,
      detail: `The check value of key ${kid} does not open. Restore the right key.`,
    }))
}

function opensCanary(key: VaultKey, token: string): boolean {
  const opened = createVault([key]).openForeign(token)
  return opened.ok && opened.value.credential['canary'] === CANARY.canary
}

function missingKeys(keys: readonly VaultKey[], uses: readonly KeyUse[]): KeyProblem[] {
  return uses
    .filter(({ keyId }) => keyId !== null && !keys.some((key) => key.id === keyId))
    .map(({ keyId, rows }) => ({
      title: MISSING_KEY,
      detail: `${rows} ${rows === 1 ? 'credential is' : 'credentials are'} sealed with key ${keyId}. Add it to the end of the list.`,
    }))
}
