import { describe, expect, it } from 'vitest'
import type { Provider } from '#providers/contract.ts'
import { readCredential } from './credential.ts'

const provider = {
  name: 'Example',
  auth: [
    {
      kind: 'api_key',
      fields: [{ name: 'api_key', label: { en: '', pt: '' }, steps: [] }],
      keysUrl: 'https://example.test/keys',
    },
  ],
} as unknown as Provider

describe('readCredential', () => {
  it('takes the fields of the provider and trims what was pasted', () => {
    expect(readCredential(provider, { api_key: ' abc\n', label: 'x' })).toEqual({ ok: true, value: { api_key: 'abc' } })
  })

  it.each([
    ['no key', {}, 'api_key', /missing/],
    ['a blank key', { api_key: ' \t' }, 'api_key', /blank/],
    ['a number', { api_key: 5 }, 'api_key', /string/],
    ['null', { api_key: null }, 'api_key', /string/],
    ['a list', { api_key: ['x'] }, 'api_key', /string/],
    ['a line break inside', { api_key: 'a\r\nX-Evil: 1' }, 'api_key', /spaces/],
    ['another alphabet', { api_key: 'chavé' }, 'api_key', /characters/],
    ['a novel', { api_key: 'x'.repeat(1_001) }, 'api_key', /longer/],
    ['an unknown field', { api_key: 'x', user_id: 2 }, 'user_id', /unknown/],
  ])('refuses %s and names the field', (_name, body, path, detail) => {
    const outcome = readCredential(provider, body)
    expect(outcome).toMatchObject({
      ok: false,
      problem: { code: 'invalid_request', path, detail: expect.stringMatching(detail) },
    })
  })

  it('never repeats the value', () => {
    const outcome = readCredential(provider, { api_key: 'sêcret-value' })
    expect(JSON.stringify(outcome)).not.toContain('cret-value')
  })
})
