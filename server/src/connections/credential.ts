import { failure, success, type Outcome } from '#kernel/problem.ts'
import { keyFieldsOf, type Credential, type Provider } from '#providers/contract.ts'

/** Characters of one field; real keys have about 50. */
const MAXIMUM_LENGTH = 1_000
/** What an HTTP header can carry: printable ASCII without spaces. */
const HEADER_SAFE = /^[\x21-\x7e]+$/

/** Members of the connect body that are no credential. */
const CONNECT_OPTIONS = ['label', 'is_default'] as const

/** Reads exactly the fields that the provider asks for, from a body that may come from anybody. */
export function readCredential(provider: Provider, body: Readonly<Record<string, unknown>>): Outcome<Credential> {
  const fields = keyFieldsOf(provider).map(({ name }) => name)
  if (fields.length === 0) {
    return failure(
      'invalid_request',
      `${provider.name} takes no key. Connect it with GET /api/mcp/${provider.id}/authorize.`,
    )
  }
  const known = new Set<string>([...fields, ...CONNECT_OPTIONS])
  const unknown = Object.keys(body).find((key) => !known.has(key))
  if (unknown !== undefined) {
    const detail = `${unknown.slice(0, 50)}: unknown field. ${provider.name} takes ${fields.join(', ')}.`
    return failure('invalid_request', detail, { path: unknown })
  }
  const credential: Record<string, string> = {}
  for (const field of fields) {
    const value = body[field]
    const text = typeof value === 'string' ? value.trim() : ''
    const fault = faultOf(text, value)
    if (fault !== null) return failure('invalid_request', `${field}: ${fault}`, { path: field })
    credential[field] = text
  }
  return success(credential)
}

function faultOf(text: string, value: unknown): string | null {
  if (value === undefined) return 'is missing. Send the key as a JSON string.'
  if (typeof value !== 'string') return 'must be a string.'
  if (text === '') return 'is blank. Send the key as it was copied.'
  if (text.length > MAXIMUM_LENGTH) return `is longer than ${MAXIMUM_LENGTH} characters, which no key is.`
  if (!HEADER_SAFE.test(text)) return 'holds spaces or characters that no key has. Copy it again.'
  return null
}
