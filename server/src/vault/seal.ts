import { createHmac, timingSafeEqual } from 'node:crypto'
import { systemClock, type Clock } from '#kernel/clock.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { hideFromPrint } from '#kernel/secret.ts'
import { boundBytes, type ConnectionContext, type SealContext } from './context.ts'
import { decryptFernet, encryptFernet } from './fernet.ts'
import type { VaultKey } from './keys.ts'
import { createOpenedCredentials } from './opened.ts'

/** An opened credential. Printing it as a whole gives `[secret]`; its members are the secret. */
export type OpenedCredential = Readonly<Record<string, unknown>>

/** What goes into the row. */
export interface Sealed {
  readonly token: string
  readonly bindingTag: string
  readonly keyId: string
}

/** What lies in the row; without tag and key id where it was moved in from elsewhere. */
export interface SealedRow {
  readonly token: string
  readonly bindingTag: string | null
  readonly keyId: string | null
}

export interface Vault {
  /** The key that writes. */
  readonly primaryKeyId: string
  /** Every key that reads, the primary first. Safe to show. */
  readonly keyIds: readonly string[]
  readonly seal: (context: SealContext, credential: OpenedCredential) => Sealed
  /** Fails with `credential_unreadable` whatever is wrong; the private reason is for the security event. */
  readonly open: (context: SealContext, row: SealedRow) => Outcome<OpenedCredential>
  /**
   * The same for a tool call. What opened within the last minute, and is the same to the letter, need not be deciphered
   * again; it is kept in here and nowhere else.
   */
  readonly openForCall: (context: ConnectionContext, row: SealedRow) => Outcome<OpenedCredential>
  /** Forgets every opened credential. */
  readonly close: () => void
  /** For the import command alone: a token that was sealed elsewhere and is bound to nobody yet. */
  readonly openForeign: (token: string) => Outcome<{ readonly credential: OpenedCredential; readonly keyId: string }>
}

export type UnreadableReason = 'unbound' | 'unknown_key' | 'tag_mismatch' | 'token_invalid' | 'not_an_object'

const TAG_HEX = /^[0-9a-f]{64}$/

/** The only code that sees keys at work. The first key writes, all read. */
export function createVault(keys: readonly VaultKey[], clock: Clock = systemClock): Vault {
  const [primary] = keys
  if (primary === undefined) throw new TypeError('A vault needs a key')
  const byId = new Map(keys.map((key) => [key.id, key]))
  const opened = createOpenedCredentials(clock)
  return {
    primaryKeyId: primary.id,
    keyIds: keys.map((key) => key.id),
    seal(context, credential) {
      const plaintext = serialise(credential)
      const token = encryptFernet(primary, plaintext, clock.now())
      plaintext.fill(0)
      return { token, bindingTag: bindingTag(primary, context, token).toString('hex'), keyId: primary.id }
    },
    open: (context, row) => openRow(byId, context, row),
    openForCall(context, row) {
      const known = opened.find(context, row)
      if (known !== undefined) return success(known)
      const outcome = openRow(byId, context, row)
      if (outcome.ok) opened.keep(context, row, outcome.value)
      return outcome
    },
    close: opened.clear,
    openForeign(token) {
      for (const key of keys) {
        const opened = openToken(key, token)
        if (opened.ok) return success({ credential: opened.value, keyId: key.id })
        if (opened.problem.reason === ('not_an_object' satisfies UnreadableReason)) return opened
      }
      return unreadable('token_invalid')
    },
  }
}

function openRow(
  keys: ReadonlyMap<string, VaultKey>,
  context: SealContext,
  { token, bindingTag: tag, keyId }: SealedRow,
): Outcome<OpenedCredential> {
  if (tag === null || keyId === null) return unreadable('unbound')
  const key = keys.get(keyId)
  if (key === undefined) return unreadable('unknown_key')
  if (!TAG_HEX.test(tag)) return unreadable('tag_mismatch')
  if (!timingSafeEqual(bindingTag(key, context, token), Buffer.from(tag, 'hex'))) return unreadable('tag_mismatch')
  return openToken(key, token)
}

function bindingTag(key: VaultKey, context: SealContext, token: string): Buffer {
  return createHmac('sha256', key.binding).update(boundBytes(context, token)).digest()
}

function serialise(credential: OpenedCredential): Buffer {
  const json = JSON.stringify({ ...credential })
  const plaintext = Buffer.allocUnsafeSlow(Buffer.byteLength(json))
  plaintext.write(json)
  return plaintext
}

function openToken(key: VaultKey, token: string): Outcome<OpenedCredential> {
  const plaintext = decryptFernet(key, token)
  if (plaintext === undefined) return unreadable('token_invalid')
  const credential = parseObject(plaintext)
  plaintext.fill(0)
  return credential === undefined ? unreadable('not_an_object') : success(hideFromPrint(credential))
}

function parseObject(plaintext: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(plaintext.toString())
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined // the parser's message would quote the plaintext
  }
}

function unreadable(reason: UnreadableReason): ReturnType<typeof failure> {
  const detail =
    'The stored credential cannot be opened. Connect again; if it happens to others too, the operator has to look at the encryption keys.'
  return failure('credential_unreadable', detail, { reason })
}
