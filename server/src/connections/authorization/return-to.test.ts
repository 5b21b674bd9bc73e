import { describe, expect, it } from 'vitest'
import { readReturnTo, withResult } from './return-to.ts'

const RULES = {
  publicUrl: 'https://keys.example.org',
  returnOrigins: new Set(['https://keys.example.org', 'https://app.example.org']),
}

describe('where a user is led back to', () => {
  it.each([
    ['/connect/x?lang=pt', 'https://keys.example.org/connect/x?lang=pt'],
    ['settings', 'https://keys.example.org/settings'],
    ['https://app.example.org/a?b#c', 'https://app.example.org/a?b#c'],
    ['HTTPS://APP.example.org', 'https://app.example.org/'],
    ['/\t/evil.example', null],
    ['https:a', 'https://keys.example.org/a'],
  ])('%j is %j', (given, address) => {
    const read = readReturnTo(given, RULES)
    expect(read.ok ? read.value : null).toBe(address)
  })

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '\\\\evil.example',
    '\t//evil.example',
    'https:evil.example',
    'https:\\evil.example',
    'https://app.example.org@evil.example/',
    'https://user@app.example.org/',
    'https://app.example.org.evil.example/',
    'https://app.example.org:8443/',
    'http://app.example.org/',
    'javascript:alert(1)//https://app.example.org',
    'data:text/html,x',
    'blob:https://app.example.org/x',
    'https://',
    'x'.repeat(2_001),
  ])('is never %j', (given) => {
    const read = readReturnTo(given, RULES)
    // A browser reads a few of them as a path of ours.
    if (read.ok) expect(read.value).toMatch(/^https:\/\/keys\.example\.org\/[^/]/)
    else expect(read.problem).toMatchObject({ code: 'invalid_request', path: 'return_to' })
  })

  it('adds how it ended, and replaces what somebody put there before', () => {
    expect(withResult('https://x.example/a?connected=1&b=2#c', { connected: '7' })).toBe(
      'https://x.example/a?connected=7&b=2#c',
    )
  })
})
