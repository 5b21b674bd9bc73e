import type { Outcome } from '#kernel/problem.ts'
import type { Credential } from '#providers/contract.ts'
import type { ConnectionDeps, ConnectionRow } from './connection.ts'
import { digestOfGrant } from './renewal.ts'
import type { Spool, SpooledAnswer } from './spool.ts'

/** New tokens as they lie sealed until the database has them, and what they have to be compared with by then. */
export interface AnswerContents {
  /** Tells whether the row still holds the grant that these tokens continue. */
  readonly continues: string
  readonly credential: Credential
  /** At the provider; absent in answers of before it was kept. */
  readonly account_id?: string
  /** When the grant was given. Another time in the row: the user has connected again since. Absent likewise. */
  readonly granted_at?: string
}

type WithVault = Pick<ConnectionDeps, 'vault'>

export interface NewAnswer {
  readonly installation: string
  readonly row: ConnectionRow
  readonly before: Credential
  readonly renewed: Credential
}

/** Sealed for the connection and version that the provider was asked for: it opens for no other. */
export function sealAnswer(deps: WithVault, { installation, row, before, renewed }: NewAnswer): SpooledAnswer {
  const target = {
    installation,
    user_id: row.user_id,
    provider: row.provider,
    connection_id: row.id,
    version: row.version,
  }
  return sealed(deps, target, {
    continues: digestOfGrant(before),
    credential: { ...renewed },
    account_id: row.account_id,
    granted_at: row.connected_at.toISOString(),
  })
}

/** @returns `credential_unreadable` where no listed key opens it, or it belongs to another connection */
export function openAnswer({ vault }: WithVault, answer: SpooledAnswer): Outcome<AnswerContents> {
  const { token, binding_tag: bindingTag, key_id: keyId } = answer
  const opened = vault.open(contextOf(answer), { token, bindingTag, keyId })
  return opened.ok ? { ok: true, value: opened.value as unknown as AnswerContents } : opened
}

export interface Resealed {
  readonly resealed: number
  /** Answers that no listed key opens. */
  readonly unreadable: number
}

/** Seals again what lies on disk under another key than the one that seals. */
export async function resealAnswers(deps: WithVault & { readonly spool: Spool }): Promise<Resealed> {
  const found = await deps.spool.read()
  const others = found.filter(({ answer }) => answer.key_id !== deps.vault.primaryKeyId)
  let resealed = 0
  for (const { name, answer } of others) {
    const opened = openAnswer(deps, answer)
    if (!opened.ok) continue
    await deps.spool.replace(name, sealed(deps, answer, opened.value))
    resealed += 1
  }
  return { resealed, unreadable: others.length - resealed }
}

/** Id of a key → how many answers lie on disk under it. */
export async function keysOfAnswers({ spool }: { readonly spool: Spool }): Promise<ReadonlyMap<string, number>> {
  const found = await spool.read()
  const counts = new Map<string, number>()
  for (const { answer } of found) counts.set(answer.key_id, (counts.get(answer.key_id) ?? 0) + 1)
  return counts
}

type Target = Omit<SpooledAnswer, 'token' | 'binding_tag' | 'key_id'>

function sealed({ vault }: WithVault, target: Target, contents: AnswerContents): SpooledAnswer {
  const { token, bindingTag, keyId } = vault.seal(contextOf(target), { ...contents })
  return { ...target, token, binding_tag: bindingTag, key_id: keyId }
}

function contextOf({ user_id, provider, connection_id, version, installation }: Target) {
  const of = installation === undefined ? [] : [installation]
  return { table: 'renewed_tokens', parts: [user_id, provider, connection_id, version, ...of] }
}
