import { beforeAll, describe, expect, test } from 'vitest'
import type { Provider } from 'oidc-provider'
import { createProvider } from '#oauth/library/provider.ts'
import { isLoopback, redirectUriFault } from './redirect-uri.ts'

describe('an address for codes', () => {
  test.each([
    'https://claude.ai/api/mcp/auth_callback',
    'https://vscode.dev/redirect',
    'https://client.example:8443/callback?tenant=1',
    'http://localhost/callback',
    'http://localhost:8787/callback',
    'http://127.0.0.1:33418/',
    'http://127.0.0.1/',
    'http://[::1]:4000/callback',
    'cursor://anysphere.cursor-mcp/oauth/callback',
    'com.example.app:/oauth2redirect',
    'vscode://some.extension/callback',
  ])('may be %s', (uri) => {
    expect(redirectUriFault(uri)).toBeUndefined()
  })

  test.each([
    ['', /absolute address/],
    ['/callback', /absolute address/],
    [7, /must be a text/],
    [`https://client.example/${'a'.repeat(2_000)}`, /at most 2000/],
    ['http://client.example/callback', /http only for localhost/],
    ['http://localhost.evil.example/callback', /http only for localhost/],
    ['http://127.0.0.2/callback', /http only for localhost/],
    ['http:localhost/callback', /http only for localhost/],
    ['https:client.example/callback', /begin with https/],
    ['HTTPS://client.example/callback', /begin with https/],
    ['https://client.example/callback#part', /fragment/],
    ['https://client.example/callback#', /fragment/],
    ['https://*.client.example/callback', /wildcards|absolute/],
    ['https://user@client.example/callback', /user or a password/],
    ['https://:secret@client.example/callback', /user or a password/],
    ['https://@client.example/callback', /user or a password/],
    ['https://client.example\\@evil.example/', /backslashes/],
    ['https://client.example/call back', /spaces/],
    ['https://client.example/call\tback', /spaces/],
    ['https://client.example/\u202ekcabllac', /spaces/],
    ['javascript:alert(1)', /scheme javascript:/],
    ['JavaScript:alert(1)', /scheme javascript:/],
    ['ms-search:query', /scheme ms-search:/],
    ['jnlp:http://evil.example', /scheme jnlp:/],
    ['data:text/html,hello', /scheme data:/],
    ['vbscript:msgbox', /scheme vbscript:/],
    ['file:///etc/passwd', /scheme file:/],
    ['blob:https://client.example/1', /scheme blob:/],
    ['about:blank', /scheme about:/],
    ['ftp://client.example/', /scheme ftp:/],
    ['ws://client.example/', /scheme ws:/],
    ['mailto:ana@example.com', /scheme mailto:/],
    ['intent://scan/', /scheme intent:/],
    ['view-source:https://client.example/', /scheme view-source:/],
  ])('may not be %s', (uri, fault) => {
    expect(redirectUriFault(uri)).toMatch(fault)
  })

  test('is on the own machine or not', () => {
    expect(['http://localhost:1/', 'http://127.0.0.1/', 'http://[::1]/a'].every(isLoopback)).toBe(true)
    expect(['https://localhost/', 'http://localhost.evil.example/', 'cursor://localhost/', 'no'].some(isLoopback)).toBe(
      false,
    )
  })
})

const REGISTERED = [
  'https://client.example/callback',
  'http://localhost/callback',
  'http://127.0.0.1:33418/',
  'cursor://anysphere.cursor-mcp/oauth/callback',
]

describe('the address of a request', () => {
  let provider: Provider
  beforeAll(async () => {
    const never = () => Promise.reject(new Error('nothing is asked in this test'))
    const deps = { publicUrl: 'https://chaveiro.example', secret: 'a secret', clients: [], fetchDocument: never }
    const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign'])
    const active = { ...(await crypto.subtle.exportKey('jwk', privateKey)), kid: 'one', alg: 'ES256', use: 'sig' }
    delete active.key_ops
    const keys = { active, published: [], verifying: new Map() }
    provider = createProvider({ ...deps, mayFetch: never } as never, keys as never)
  })

  const clientOf = (redirect_uris: string[]) =>
    new (provider.Client as unknown as new (metadata: object) => { redirectUriAllowed: (uri: string) => boolean })({
      client_id: 'one',
      redirect_uris,
    })

  test.each([
    ['http://localhost/callback', 'http://localhost:49152/callback'],
    ['http://127.0.0.1/callback', 'http://127.0.0.1:1/callback'],
    ['http://127.0.0.1:33418/', 'http://127.0.0.1:50000/'],
    ['http://127.0.0.1:33418/', 'http://127.0.0.1/'],
    ['http://[::1]/callback', 'http://[::1]:8080/callback'],
  ])('%s lets a program listen on any port: %s', (registered, asked) => {
    expect(clientOf([registered]).redirectUriAllowed(asked)).toBe(true)
  })

  test('of another name of the own machine, or another port of a web page, is another address', () => {
    expect(clientOf(['http://localhost/callback']).redirectUriAllowed('http://127.0.0.1/callback')).toBe(false)
    expect(clientOf(['https://client.example/a']).redirectUriAllowed('https://client.example:8443/a')).toBe(false)
    expect(clientOf(['cursor://one/a']).redirectUriAllowed('cursor://one:80/a')).toBe(false)
  })

  test('must be the registered one in every sign: no mutation of it passes', () => {
    const client = clientOf(REGISTERED)
    const mutants = new Set(REGISTERED.flatMap(mutationsOf))
    expect(mutants.size).toBeGreaterThan(200)
    const passed = [...mutants].filter((mutant) => client.redirectUriAllowed(mutant))
    expect(passed.filter((mutant) => !isSameButForPort(mutant))).toEqual([])
    // Some do: digits that were put into or taken from the port of a loopback address.
    expect(passed.length).toBeGreaterThan(0)
  })
})

function isSameButForPort(mutant: string): boolean {
  return /^http:\/\/(localhost(:\d*)?\/callback|127\.0\.0\.1(:\d*)?\/)$/.test(mutant)
}

const SIGNS = [
  '/',
  '\\',
  '@',
  ':',
  '.',
  '?',
  '#',
  '%2e',
  '%2F',
  '%00',
  ' ',
  '\t',
  '1',
  'x',
  '..',
  '//',
  ';',
  '&',
  '*',
  '\u3002',
]

function mutationsOf(uri: string): string[] {
  const places = Array.from({ length: uri.length + 1 }, (_, index) => index)
  return [
    ...places.flatMap((at) => SIGNS.map((sign) => uri.slice(0, at) + sign + uri.slice(at))),
    ...places.map((at) => uri.slice(0, at) + uri.slice(at + 1)),
    ...places.map((at) => uri.slice(0, at) + (uri[at] ?? '').toUpperCase() + uri.slice(at + 1)),
    ...['evil.example', 'https://evil.example/', 'javascript:'].flatMap((other) => [other + uri, uri + other]),
    uri.replace('://', '://evil.example@'),
    uri.replace('://', ':'),
    uri.replace(/^\w+/, 'https'),
    uri.replace(/^\w+/, 'http'),
    uri.replace(/^\w+/, 'javascript'),
  ].filter((mutant) => mutant !== uri)
}
