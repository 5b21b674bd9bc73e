import type { JWK } from 'jose'
import { z } from 'zod'
import type { Egress, EgressDeclaration, GuardedFetch } from '#kernel/egress.ts'
import { JSON_LIMITS, parseJson } from '#kernel/json.ts'
import { operatorHostsOf, type TrustedIssuer } from './trusted-issuers.ts'

/** Asks an issuer for its metadata and its keys, through the guarded way out only. */

/** A key set of a hundred RSA keys is 60 kB; whoever waits for one is a user. */
const LIMITS: NonNullable<EgressDeclaration['limits']> = { totalMs: 5_000, responseBytes: 256 * 1024, redirects: 2 }

const metadataSchema = z.object({ issuer: z.string(), jwks_uri: z.url() })
const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })

/** What an issuer did wrong, for the log: no secret, and no word of its answer. */
class IssuerError extends Error {
  override readonly name = 'IssuerError'
}

/** @returns a function that gives the keys, and rejects with the reason where it cannot */
export function keysOf(issuer: TrustedIssuer, egress: Egress): () => Promise<readonly JWK[]> {
  const own = new Set(operatorHostsOf(issuer))
  const fetchOwn = egress.bind({ hosts: [...own], purpose: 'identity', limits: LIMITS })
  /** An address that the metadata names is the issuer's word, not the operator's: it may not lead into a private network. */
  const fetchFor = (url: string): GuardedFetch => {
    const { host } = new URL(url)
    return own.has(host) ? fetchOwn : egress.bind({ hosts: [host], purpose: 'discovery', limits: LIMITS })
  }
  return async () => {
    const url = issuer.jwksUrl ?? (await discover(issuer.issuer, fetchOwn))
    const parsed = keySetSchema.safeParse(await readJson(url, fetchFor(url)))
    if (!parsed.success) throw new IssuerError('The key set is none (RFC 7517 5)')
    return parsed.data.keys
  }
}

/** OpenID Connect Discovery 4, then RFC 8414 3. */
async function discover(issuer: string, fetchOwn: GuardedFetch): Promise<string> {
  const failures: unknown[] = []
  for (const url of metadataUrls(issuer)) {
    try {
      const parsed = metadataSchema.safeParse(await readJson(url, fetchOwn))
      if (!parsed.success) throw new IssuerError('The metadata lacks issuer or jwks_uri')
      if (parsed.data.issuer !== issuer) throw new IssuerError('The metadata is that of another issuer')
      return parsed.data.jwks_uri
    } catch (error) {
      failures.push(error)
    }
  }
  throw new AggregateError(failures, 'No metadata of this issuer could be read; jwks_url can name the keys instead')
}

function metadataUrls(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ]
}

async function readJson(url: string, guarded: GuardedFetch): Promise<unknown> {
  const response = await guarded(url, { headers: { accept: 'application/json' } })
  const text = await response.text()
  if (response.status !== 200) throw new IssuerError(`It answered with status ${response.status}`)
  const json = parseJson(text, JSON_LIMITS)
  if (!json.ok) throw new IssuerError('It answered with what is no JSON')
  return json.value
}
