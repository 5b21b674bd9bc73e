import { createHmac, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto'
import { CONNECTION_LABEL } from './context.ts'
import { decodeBase64Url, encodeBase64Url, FERNET_KEY_BYTES, fernetKey, type FernetKey } from './fernet.ts'

/** One key of the list, ready for use. Its bytes are held by the runtime's key objects and cannot be printed. */
export interface VaultKey extends FernetKey {
  /** 16 hexadecimal characters derived from the key; the column `key_id`. Safe to show and log. */
  readonly id: string
  readonly binding: KeyObject
}

/** A reason not to start: a title to search for, and what to do. Never a part of a key. */
export interface KeyProblem {
  readonly title: string
  readonly detail: string
}

export type KeysOutcome =
  | { readonly ok: true; readonly keys: readonly VaultKey[] }
  | { readonly ok: false; readonly problems: readonly KeyProblem[] }

export const KEY_NOT_VALID = 'MCP_ENCRYPTION_KEY is not valid'

/** A rotation needs two; the rest leaves room for a merge of deployments. Opening by id stays one look-up. */
const MAX_KEYS = 8
const BINDING_KEY_BYTES = 32
const KEY_ID_LABEL = 'mcp/kid/v1'
const KEY_ID_BYTES = 8
const KEY_TEXT_LENGTH = 43 // 32 bytes in base64url, without padding
/** 32 random bytes hold fewer different values than this once in 10^15 keys; typed or repeated text often does. */
const FEWEST_DIFFERENT_BYTES = 16

/** Keys that anybody can read: the Fernet specification's, those of well-known examples, and this project's tests. */
const PUBLIC_SAMPLES = new Set([
  'cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4',
  '46BKJoQYlPPOexq0OhDZnIlNepKFf87WFwLbfzqDDho',
  '81HqDtbqAywKSOumSha3BhWNOdQ26slT6K0YaZeZyPs',
  'gMcDKyrRMPsxGl-wl2Yp1xxSZlug6fg-uEx8on8qgBg',
  'oG5rmGnPjKyvT70vFZfksmBS1VTETGV-jh_7hdDieNU',
  'MLfzh2EY2bi2ekj8rmVyR-ifVs70SDWuD_w_dZTkjeY',
])

/** HKDF-SHA256 (RFC 5869) with an empty salt. The caller wipes the result. */
export function derive(raw: Buffer, label: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', raw, '', label, bytes))
}

/** The key objects of 32 raw bytes, which are wiped. */
export function deriveKey(raw: Buffer): VaultKey {
  const binding = derive(raw, CONNECTION_LABEL, BINDING_KEY_BYTES)
  const key = {
    ...fernetKey(raw),
    id: derive(raw, KEY_ID_LABEL, KEY_ID_BYTES).toString('hex'),
    binding: createSecretKey(binding),
  }
  binding.fill(0)
  raw.fill(0)
  return key
}

/** A fresh key as text, with padding: Python's `Fernet` refuses one without. */
export function generateKeyText(): string {
  return encodeBase64Url(randomBytes(FERNET_KEY_BYTES))
}

/** Reads a list of keys, the first being the one that writes. Reports every fault at once, by position. */
export function parseKeys(text: string): KeysOutcome {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
  if (items.length === 0) return refuse(['It holds no key.'])
  if (items.length > MAX_KEYS) return refuse([`It holds ${items.length} keys; ${MAX_KEYS} is the most.`])
  const faults: string[] = []
  const keys: VaultKey[] = []
  for (const [index, item] of items.entries()) {
    const raw = decodeKey(item)
    if (typeof raw === 'string') {
      faults.push(`Key ${index + 1} ${raw}`)
      continue
    }
    const key = deriveKey(raw)
    if (keys.some((other) => other.id === key.id)) faults.push(`Key ${index + 1} is listed twice.`)
    else keys.push(key)
  }
  return faults.length === 0 ? { ok: true, keys } : refuse(faults)
}

function refuse(faults: readonly string[]): KeysOutcome {
  const advice = 'Make a key with `chaveiro keys generate`.'
  return { ok: false, problems: faults.map((fault) => ({ title: KEY_NOT_VALID, detail: `${fault} ${advice}` })) }
}

/** The 32 bytes, or what is wrong with the text. */
function decodeKey(text: string): Buffer | string {
  if (/[+/]/.test(text)) return 'is in the standard base64 alphabet: replace `+` by `-` and `/` by `_`.'
  const raw = decodeBase64Url(text.padEnd(Math.ceil(text.length / 4) * 4, '='))
  if (raw === undefined) return 'is not base64url (letters, digits, `-` and `_`).'
  const bare = text.replaceAll('=', '')
  if (raw.length !== FERNET_KEY_BYTES || bare.length !== KEY_TEXT_LENGTH) {
    return `has ${raw.length} bytes; it needs exactly ${FERNET_KEY_BYTES}.`
  }
  if (PUBLIC_SAMPLES.has(bare)) return 'is a sample that anybody can read.'
  if (raw.every((byte) => byte === 0)) return 'is all zeros.'
  return isPredictable(raw) ? 'is not random.' : raw
}

function isPredictable(raw: Buffer): boolean {
  const steps = raw.subarray(1).map((byte, index) => byte - (raw[index] ?? 0))
  return new Set(raw).size < FEWEST_DIFFERENT_BYTES || new Set(steps).size === 1
}

/**
 * Signs sessions where the operator sets no secret for it. Another primary key is another secret: rotating signs everybody
 * out, unless CHAVEIRO_AUTH_SECRET is set.
 */
export function authSecretOf(keys: readonly VaultKey[]): string {
  const [primary] = keys
  if (primary === undefined) throw new TypeError('There is no key')
  return createHmac('sha256', primary.binding).update(AUTH_SECRET_LABEL).digest('hex')
}

/** Binding tags cover texts that begin with a length of four bytes, so no tag is ever taken over this label. */
const AUTH_SECRET_LABEL = 'mcp/auth/v1'
