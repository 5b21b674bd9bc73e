import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** A product with users of its own, as the issuer of their tokens: a key, two documents and a signature. */
export async function startProduct(port: number): Promise<{ issuer: string; mint: Mint; server: Server }> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const key = { ...(await exportJWK(publicKey)), kid: crypto.randomUUID(), alg: 'ES256', use: 'sig' }
  const mint: Mint = (user, audience = 'chaveiro', lifetime = '10 minutes') =>
    new SignJWT({ name: `User ${user}` })
      .setProtectedHeader({ alg: 'ES256', kid: key.kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(user)
      .setIssuedAt()
      .setExpirationTime(lifetime)
      .sign(privateKey)
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer)
    // Stands for the product's own sign-in: a real one gives a token to nobody but its user.
    if (pathname === '/token') return void mint(searchParams.get('user') ?? 'ana').then((token) => response.end(token))
    const document = pathname === '/keys' ? { keys: [key] } : { issuer, jwks_uri: `${issuer}/keys` }
    return void response.end(JSON.stringify(document))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { issuer, mint, server }
}

type Mint = (user: string, audience?: string, lifetime?: string) => Promise<string>

if (import.meta.main) {
  const { issuer } = await startProduct(Number(process.env['PRODUCT_PORT'] ?? 9000))
  console.log(`The product is ready on ${issuer}`)
}
