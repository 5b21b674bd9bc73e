import { describe, expect, test } from 'vitest'
import { isOwnResource } from './addresses.ts'
import { settleAuthorization } from './request-parameters.ts'

const PUBLIC_URL = 'https://chaveiro.example'

describe('the resource of a token', () => {
  test.each([
    'https://chaveiro.example/mcp',
    'https://chaveiro.example/mcp/',
    'https://chaveiro.example/mcp/notion',
    'https://chaveiro.example/mcp/read-only',
    'https://CHAVEIRO.example:443/mcp',
  ])('%s is ours', (resource) => {
    expect(isOwnResource(resource, PUBLIC_URL)).toBe(true)
  })

  test.each([
    'https://chaveiro.example',
    'https://chaveiro.example/',
    'https://chaveiro.example/api',
    'https://chaveiro.example/mcpx',
    'https://chaveiro.example/mcp/a/b',
    'https://chaveiro.example/mcp/..%2fapi',
    'https://chaveiro.example/mcp?x=1',
    'https://chaveiro.example/mcp#x',
    'https://user@chaveiro.example/mcp',
    'http://chaveiro.example/mcp',
    'https://chaveiro.example:8443/mcp',
    'https://chaveiro.example.evil.example/mcp',
    'https://localhost/mcp',
    'mcp',
    '',
  ])('%s is not', (resource) => {
    expect(isOwnResource(resource, PUBLIC_URL)).toBe(false)
  })

  test('may have another loopback name in development, with the same port', () => {
    const own = 'http://localhost:8001'
    expect(isOwnResource('http://127.0.0.1:8001/mcp', own)).toBe(true)
    expect(isOwnResource('http://[::1]:8001/mcp/notion', own)).toBe(true)
    expect(isOwnResource('http://127.0.0.1:8002/mcp', own)).toBe(false)
    expect(isOwnResource('http://10.0.0.1:8001/mcp', own)).toBe(false)
  })
})

describe('an authorization request', () => {
  const settled = (query: string) => settleAuthorization(new URLSearchParams(query), PUBLIC_URL)

  test.each([
    ['', 'tools:read tools:write'],
    ['scope=', 'tools:read tools:write'],
    ['scope=openid+offline_access', 'tools:read tools:write'],
    ['scope=tools:read', 'tools:read'],
    ['scope=tools:read+offline_access', 'tools:read offline_access'],
  ])('with "%s" asks for %s', (query, scope) => {
    expect(settled(query).get('scope')).toBe(scope)
  })

  test('with a scope that is malformed or given twice is left to be refused', () => {
    expect(settled('scope=t%C3%B6%C3%B6ls').getAll('scope')).toEqual(['tööls'])
    expect(settled('scope=a&scope=b').getAll('scope')).toEqual(['a', 'b'])
  })

  test('names our one resource, once', () => {
    const two = `resource=${PUBLIC_URL}/mcp&resource=${PUBLIC_URL}/mcp/notion`
    expect(settled(two).getAll('resource')).toEqual([`${PUBLIC_URL}/mcp`])
    expect(settled('').has('resource')).toBe(false)
    const foreign = `resource=${PUBLIC_URL}/mcp&resource=https://evil.example/mcp`
    expect(settled(foreign).getAll('resource')).toEqual([`${PUBLIC_URL}/mcp`, 'https://evil.example/mcp'])
  })

  test('asks its user every time, and says where it cannot', () => {
    expect(settled('prompt=login').has('prompt')).toBe(false)
    expect(settled('prompt=consent').has('prompt')).toBe(false)
    expect(settled('prompt=none').get('prompt')).toBe('none')
  })

  test('keeps what is the protocol of codes, and drops what is the protocol of logins', () => {
    const kept = settled('state=s&nonce=n&max_age=1&id_token_hint=x&ui_locales=pt-BR&code_challenge=c')
    expect([...kept.keys()].toSorted()).toEqual(['code_challenge', 'scope', 'state', 'ui_locales'])
  })
})
