import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * What a form of ours carries back, so that no other page, browser or user can have sent it: an HMAC over the request that is
 * answered, the browser's own cookie and the session that saw the form. The answer itself counts once, for the request ends by it.
 */

/** What a form is bound to. */
export interface FormBinding {
  readonly uid: string
  /** Value of the browser's cookie. */
  readonly browserId: string
  readonly sessionId: string | null
  readonly userId: number | null
}

/** A form outlives the request that it answers by nothing: both last ten minutes. */
const FORM_LIFETIME_MS = 600_000
const BROWSER_ID_BYTES = 32
const BROWSER_ID = /^[\w-]{43}$/ // 32 bytes in base64url
const FORM_TOKEN = /^(\d{1,16})\.([\w-]{43})$/
/** Keeps this use of the secret apart from every other. */
const KEY_LABEL = 'chaveiro/consent-form/v1'

export function newBrowserId(): string {
  return randomBytes(BROWSER_ID_BYTES).toString('base64url')
}

export function isBrowserId(text: string | undefined): text is string {
  return text !== undefined && BROWSER_ID.test(text)
}

export interface FormTokens {
  readonly mint: (binding: FormBinding, now: Date) => string
  readonly isValid: (token: string, binding: FormBinding, now: Date) => boolean
}

/** @param secret that signs sessions; the key is derived from it */
export function createFormTokens(secret: string): FormTokens {
  const key = createHmac('sha256', secret).update(KEY_LABEL).digest()
  const sign = ({ uid, browserId, sessionId, userId }: FormBinding, expiresAt: string) =>
    createHmac('sha256', key)
      .update(JSON.stringify([uid, browserId, sessionId, userId, expiresAt]))
      .digest()
  return {
    mint(binding, now) {
      const expiresAt = String(now.getTime() + FORM_LIFETIME_MS)
      return `${expiresAt}.${sign(binding, expiresAt).toString('base64url')}`
    },
    isValid(token, binding, now) {
      const [, expiresAt, signature] = FORM_TOKEN.exec(token) ?? []
      if (expiresAt === undefined || signature === undefined || Number(expiresAt) <= now.getTime()) return false
      const expected = sign(binding, expiresAt).toString('base64url')
      return timingSafeEqual(Buffer.from(expected), Buffer.from(signature))
    },
  }
}
