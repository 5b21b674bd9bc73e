import { describe, expect, it } from 'vitest'
import { createEgress } from '#kernel/egress.ts'
import { createSigner, startIssuer, trusting, writtenWeb } from '#test/support/trusted-issuer.ts'
import { keysOf } from './fetch-keys.ts'
import { operatorHostsOf } from './trusted-issuers.ts'

const ISSUER = 'https://login.example.com/tenant/'
const KEYS_URL = 'https://login.example.com/tenant/keys'

describe('asking an issuer for its keys', () => {
  const signerOf = () => createSigner(ISSUER)

  it('finds them through OpenID Connect discovery', async () => {
    const { keySet } = await signerOf()
    const web = writtenWeb(() => ({
      'https://login.example.com/tenant/.well-known/openid-configuration': { issuer: ISSUER, jwks_uri: KEYS_URL },
      [KEYS_URL]: keySet(),
    }))
    expect(await keysOf(trusting(ISSUER), web)()).toEqual(keySet().keys)
  })

  it('finds them through RFC 8414, with the path behind', async () => {
    const { keySet } = await signerOf()
    const web = writtenWeb(() => ({
      'https://login.example.com/.well-known/oauth-authorization-server/tenant': { issuer: ISSUER, jwks_uri: KEYS_URL },
      [KEYS_URL]: keySet(),
    }))
    expect(await keysOf(trusting(ISSUER), web)()).toEqual(keySet().keys)
  })

  it('asks nobody for the address that the operator set', async () => {
    const { keySet } = await signerOf()
    const jwksUrl = 'https://keys.example.com/jwks'
    const web = writtenWeb(() => ({ [jwksUrl]: keySet() }))
    await keysOf(trusting(ISSUER, { jwksUrl }), web)()
    expect(web.asked).toEqual([jwksUrl])
    expect(web.bound).toEqual([{ hosts: ['login.example.com', 'keys.example.com'], purpose: 'identity' }])
  })

  it('reaches a host that the metadata names only where it is public', async () => {
    const { keySet } = await signerOf()
    const web = writtenWeb(() => ({
      'https://login.example.com/tenant/.well-known/openid-configuration': {
        issuer: ISSUER,
        jwks_uri: 'https://keys.example.com/jwks',
      },
      'https://keys.example.com/jwks': keySet(),
    }))
    await keysOf(trusting(ISSUER), web)()
    expect(web.bound.at(-1)).toEqual({ hosts: ['keys.example.com'], purpose: 'discovery' })
  })

  it.each<[string, Record<string, unknown>]>([
    ['metadata of another issuer', { issuer: 'https://login.example.com/tenant', jwks_uri: KEYS_URL }],
    ['metadata without keys', { issuer: ISSUER }],
    ['metadata with no address', { issuer: ISSUER, jwks_uri: 'keys' }],
  ])('fails on %s', async (_, metadata) => {
    const { keySet } = await signerOf()
    const web = writtenWeb(() => ({
      'https://login.example.com/tenant/.well-known/openid-configuration': metadata,
      [KEYS_URL]: keySet(),
    }))
    await expect(keysOf(trusting(ISSUER), web)()).rejects.toThrow(/jwks_url can name the keys/)
    expect(web.asked).not.toContain(KEYS_URL)
  })

  it.each([['not json'], [[]], [{}], [{ keys: 'none' }], [{ keys: [7] }], [{ keys: [{ kid: 'x' }] }]])(
    'fails on the key set %j',
    async (document) => {
      const web = writtenWeb(() => ({ [KEYS_URL]: document }))
      await expect(keysOf(trusting(ISSUER, { jwksUrl: KEYS_URL }), web)()).rejects.toThrow(/key set|no JSON/)
    },
  )
})

describe('asking over real sockets', () => {
  it('reaches the operator’s own host, private and without TLS', async () => {
    await using running = await startIssuer()
    const trusted = trusting(running.issuer)
    const egress = createEgress({ allowedHosts: operatorHostsOf(trusted) })
    expect(await keysOf(trusted, egress)()).toEqual(running.keySet().keys)
    expect(running.asked()).toEqual(['/.well-known/openid-configuration', '/keys'])
    await egress.close()
  })

  it('does not follow its metadata to another private host, also one that the operator allows elsewhere', async () => {
    await using running = await startIssuer()
    await using inside = await startIssuer()
    const trusted = trusting(running.issuer)
    const egress = createEgress({ allowedHosts: [...operatorHostsOf(trusted), new URL(inside.issuer).host] })
    const targets = [
      `${inside.issuer}/keys`,
      'https://169.254.169.254/latest',
      'https://[::1]/keys',
      'file:///etc/passwd',
    ]
    for (const jwks_uri of targets) {
      running.serve('/.well-known/openid-configuration', { issuer: running.issuer, jwks_uri })
      await expect(keysOf(trusted, egress)()).rejects.toThrow()
    }
    expect(inside.asked()).toEqual([])
    await egress.close()
  })

  it('gives up on an answer that is too large', async () => {
    await using running = await startIssuer()
    running.serve('/keys', { keys: [{ kty: 'EC', x: 'x'.repeat(256 * 1024) }] })
    const trusted = trusting(running.issuer)
    const egress = createEgress({ allowedHosts: operatorHostsOf(trusted) })
    await expect(keysOf(trusted, egress)()).rejects.toThrow(/too large/)
    await egress.close()
  })

  it('fails where the issuer fails', async () => {
    await using running = await startIssuer()
    running.fail(true)
    const trusted = trusting(running.issuer, { jwksUrl: `${running.issuer}/keys` })
    const egress = createEgress({ allowedHosts: operatorHostsOf(trusted) })
    await expect(keysOf(trusted, egress)()).rejects.toThrow(/status 500/)
    await egress.close()
  })
})
