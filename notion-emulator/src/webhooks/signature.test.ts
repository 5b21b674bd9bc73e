import { readFileSync } from 'node:fs'
import { signWebhookPayload, verifyWebhookSignature } from '@notionhq/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signatureOf } from './signature.ts'

interface Vector {
  name: string
  verification_token: string
  body: string
  signature: string | null
  sdk_verifies: boolean
}

const vectors = JSON.parse(
  readFileSync(new URL('../../test/fixtures/webhook-signatures.json', import.meta.url), 'utf8'),
) as { valid: Vector[]; invalid: Vector[] }

describe('the signature of a webhook', () => {
  it.each(vectors.valid)('$name: is the recorded one', ({ body, verification_token: token, signature }) => {
    expect(signatureOf(body, token)).toBe(signature)
  })

  it.each(vectors.invalid.filter((vector) => !vector.sdk_verifies))('$name: is another one', (vector) => {
    expect(signatureOf(vector.body, vector.verification_token)).not.toBe(vector.signature)
  })

  it('is what the official client computes and accepts, for any text and token', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string({ minLength: 1 }), async (body, verificationToken) => {
        const signature = signatureOf(body, verificationToken)
        expect(signature).toBe(await signWebhookPayload({ body, verificationToken }))
        expect(await verifyWebhookSignature({ body, signature, verificationToken })).toBe(true)
      }),
      { numRuns: 20 },
    )
  })
})
