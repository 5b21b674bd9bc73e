import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * A session token as clients hold it: the stored token, a dot, and its HMAC-SHA256 under the server's secret in base64
 * (the login library's signed cookie). What lies in the database alone opens nothing.
 */

/** The stored token inside a signed one, or null where the signature is missing or wrong. */
export function openSessionToken(signed: string, secret: string): string | null {
  const text = decode(signed)
  const dot = text.lastIndexOf('.')
  if (dot <= 0) return null
  const token = text.slice(0, dot)
  // Compared as text: decoding would pass over characters that do not belong to base64.
  const expected = Buffer.from(createHmac('sha256', secret).update(token).digest('base64'))
  const given = Buffer.from(text.slice(dot + 1))
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : null
}

/** Clients may send the token as the cookie has it, percent-encoded. */
function decode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
