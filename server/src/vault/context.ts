/** Whose secret it is, and where it lies: what a sealed value is bound to. */

/** A row of `mcp_connections`. Every id is immutable and never used again. */
export interface ConnectionContext {
  readonly userId: number
  readonly provider: string
  readonly connectionId: number
  /** Grows by one at every write of the credential, so that an older token does not open under a newer version. */
  readonly version: number
}

/** Any other sealed column. `parts` name the row (its user first) and, where it is rewritten, its version. */
export interface ColumnContext {
  /** Table name, part of the label: a value sealed for one table does not open in another. */
  readonly table: string
  readonly parts: readonly (string | number)[]
}

export type SealContext = ConnectionContext | ColumnContext

/** A row of `oauth_signing_keys`, which belongs to nobody: its public name, and the version that grows by one at every write. */
export function signingKeyContext(kid: string, version: number): ColumnContext {
  return { table: 'oauth_signing_keys', parts: [kid, version] }
}

/** A row of `provider_apps`, the operator's: by provider or issuer, and the version that grows by one at every write. */
export function providerAppContext(provider: string, version: number): ColumnContext {
  return { table: 'provider_apps', parts: [provider, version] }
}

/** What a row of `authorization_transactions` is found by and checked against; it is written once and never changed. */
export interface TransactionKey {
  readonly userId: number
  readonly stateHash: string
  readonly provider: string
  readonly sessionHash: string
}

/** A row of `authorization_transactions`. */
export function transactionContext({ userId, stateHash, provider, sessionHash }: TransactionKey): ColumnContext {
  return { table: 'authorization_transactions', parts: [userId, stateHash, provider, sessionHash] }
}

export const CONNECTION_LABEL = 'mcp/fernet-bind/v1'
const TABLE_NAME = /^[a-z][a-z_]*$/

const LENGTH_BYTES = 4 // uint32, big-endian

/**
 * Label and parts as bytes, each led by its length, so that no two different lists give the same bytes.
 * Throws on what has no single spelling: a fraction, an unsafe or negative integer, half of a surrogate pair.
 */
export function encodeContext(label: string, parts: readonly (string | number)[]): Buffer {
  const texts = [label, ...parts.map(spell)]
  const bytes = Buffer.alloc(texts.reduce((sum, text) => sum + LENGTH_BYTES + Buffer.byteLength(text), 0))
  let offset = 0
  for (const text of texts) {
    const length = bytes.write(text, offset + LENGTH_BYTES)
    bytes.writeUInt32BE(length, offset)
    offset += LENGTH_BYTES + length
  }
  return bytes
}

function spell(part: string | number): string {
  if (typeof part === 'string') {
    if (!part.isWellFormed()) throw new TypeError('A context part must be well-formed Unicode')
    return part
  }
  if (!Number.isSafeInteger(part) || part < 0) throw new TypeError('A context number must be a whole number')
  return String(part)
}

/** What the binding tag covers: the context and the token itself. */
export function boundBytes(context: SealContext, token: string): Buffer {
  if ('table' in context) {
    if (!TABLE_NAME.test(context.table)) throw new TypeError('A context table must be a plain name')
    return encodeContext(`mcp/fernet-bind/${context.table}/v1`, [...context.parts, token])
  }
  const { userId, provider, connectionId, version } = context
  return encodeContext(CONNECTION_LABEL, [userId, provider, connectionId, version, token])
}
