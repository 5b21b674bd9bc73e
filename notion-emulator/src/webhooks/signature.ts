import { createHmac } from 'node:crypto'

/** The value of `X-Notion-Signature` for exactly these bytes. */
export function signatureOf(body: string, verificationToken: string): string {
  return `sha256=${createHmac('sha256', verificationToken).update(body, 'utf8').digest('hex')}`
}
