import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose'
import type { TrustedIssuer } from '../../src/identity/external/trusted-issuers.ts'
import type { Egress } from '../../src/kernel/egress.ts'
import { DEFAULT_TOKEN_SCOPES } from '../../src/kernel/principal.ts'
import { startLocalServer } from './local-server.ts'

/** An identity provider of somebody else: keys that rotate, tokens, and the documents that lead to the keys. */
export interface Signer {
  /** What its key set shows now. */
  readonly keySet: () => { keys: JWK[] }
  /** A token as it should be; claims and header members that are named replace the usual ones, `undefined` removes them. */
  readonly mint: (claims?: Record<string, unknown>, header?: Record<string, unknown>) => Promise<string>
  /** Signs with a new key from now on; the key set shows only that one, or the old ones as well. */
  readonly rotate: (options?: { keepOld: boolean }) => Promise<void>
  /** The key that signs now. */
  readonly privateKey: () => CryptoKey
}

export const TEST_AUDIENCE = 'https://chaveiro.example'
const LIFETIME_SECONDS = 600

export async function createSigner(
  issuer: string,
  { algorithm = 'ES256', now = () => new Date() }: { algorithm?: string; now?: () => Date } = {},
): Promise<Signer> {
  let shown: JWK[] = []
  let current: { key: CryptoKey; kid: string } | undefined
  let count = 0

  async function rotate({ keepOld }: { keepOld: boolean } = { keepOld: false }): Promise<void> {
    const pair = await generateKeyPair(algorithm, { extractable: true })
    count += 1
    const kid = `key-${count}`
    const jwk = { ...(await exportJWK(pair.publicKey)), kid, alg: algorithm, use: 'sig' }
    current = { key: pair.privateKey, kid }
    shown = keepOld ? [...shown, jwk] : [jwk]
  }
  await rotate()

  return {
    keySet: () => ({ keys: shown }),
    rotate,
    privateKey: () => (current as { key: CryptoKey }).key,
    async mint(claims = {}, header = {}) {
      const { key, kid } = current as { key: CryptoKey; kid: string }
      const seconds = Math.floor(now().getTime() / 1_000)
      const usual = { iss: issuer, aud: TEST_AUDIENCE, sub: 'ana', iat: seconds, exp: seconds + LIFETIME_SECONDS }
      const payload = JSON.parse(JSON.stringify({ ...usual, ...claims })) as JWTPayload
      return new SignJWT(payload).setProtectedHeader({ alg: algorithm, kid, typ: 'JWT', ...header }).sign(key)
    },
  }
}

/** The setting for an issuer, as it is read. */
export function trusting(issuer: string, more: Partial<TrustedIssuer> = {}): TrustedIssuer {
  return {
    issuer,
    audience: TEST_AUDIENCE,
    jwksUrl: undefined,
    userClaim: 'sub',
    emailClaim: 'email',
    nameClaim: 'name',
    scopesClaim: undefined,
    scopes: DEFAULT_TOKEN_SCOPES,
    createUsers: true,
    ...more,
  }
}

/** A way out that reaches what is written here, by URL, and nothing else. */
export interface WrittenWeb extends Egress {
  readonly asked: string[]
  readonly bound: { hosts: readonly string[]; purpose: string }[]
}

export function writtenWeb(documents: () => Record<string, unknown>): WrittenWeb {
  const asked: string[] = []
  const bound: WrittenWeb['bound'] = []
  const fetch = async (input: string | URL | Request): Promise<Response> => {
    const url = input instanceof Request ? input.url : String(input)
    asked.push(url)
    const document = documents()[url]
    if (document instanceof Error) throw document
    if (document === undefined) return new Response('nothing here', { status: 404 })
    return new Response(typeof document === 'string' ? document : JSON.stringify(document))
  }
  return {
    asked,
    bound,
    fetch,
    bind: ({ hosts, purpose }) => {
      bound.push({ hosts, purpose })
      return fetch
    },
    open: () => ({ fetch, allows: () => true }),
    close: async () => {},
  }
}

/** Metadata and keys of a signer, where OpenID Connect puts them. */
export function documentsOf(issuer: string, signer: Signer): Record<string, unknown> {
  return {
    [`${issuer}/.well-known/openid-configuration`]: { issuer, jwks_uri: `${issuer}/keys` },
    [`${issuer}/keys`]: signer.keySet(),
  }
}

export interface RunningIssuer extends Signer, AsyncDisposable {
  readonly issuer: string
  /** The paths that were asked for. */
  readonly asked: () => string[]
  /** Answers with 500 until it is called with false. */
  readonly fail: (failing: boolean) => void
  /** Another document at a path. */
  readonly serve: (path: string, document: unknown) => void
}

/** The same on a real socket. */
export async function startIssuer(options: Parameters<typeof createSigner>[1] = {}): Promise<RunningIssuer> {
  const documents = new Map<string, () => unknown>()
  let isFailing = false
  const server = await startLocalServer((request, response) => {
    const document = documents.get(request.url ?? '')?.()
    const status = isFailing ? 500 : document === undefined ? 404 : 200
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(status === 200 ? JSON.stringify(document) : '')
  })
  const issuer = `http://${server.host}`
  const signer = await createSigner(issuer, options)
  documents.set('/.well-known/openid-configuration', () => ({ issuer, jwks_uri: `${issuer}/keys` }))
  documents.set('/keys', signer.keySet)
  return {
    ...signer,
    issuer,
    asked: () => server.requests.map(({ url }) => url ?? ''),
    fail: (failing) => {
      isFailing = failing
    },
    serve: (path, document) => void documents.set(path, () => document),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
