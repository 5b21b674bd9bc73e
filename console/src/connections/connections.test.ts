import type { ProviderSummary } from '@chaveiro/sdk'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { accountNames } from './account.ts'
import { authorizeUrlOf } from './authorization.ts'

test('an account is called by its names, not by its ids, and not twice', () => {
  const account = {
    owner: { type: 'workspace' },
    bot_id: '35c7',
    bot_name: 'Platform',
    workspace_name: 'Aurora',
    login: 'Platform',
    email: '',
    avatar: 'https://x',
  }
  expect(accountNames({ account, label: 'Aurora' })).toEqual(['Platform'])
})

describe('the way to allow access', () => {
  const provider = (more: object, methods: readonly object[] = [{ kind: 'api_key', fields: [] }]) =>
    ({ id: 'acme', name: 'Acme', auth: methods, ...more }) as unknown as ProviderSummary

  beforeEach(() => void vi.stubGlobal('location', { origin: 'https://keys.example' }))
  afterEach(() => void vi.unstubAllGlobals())

  test('is there where the server gives it, with the provider or with the method', () => {
    const path = '/api/mcp/acme/authorize'
    expect(authorizeUrlOf(provider({ authorize_url: path }))).toBe(path)
    expect(authorizeUrlOf(provider({}, [{ kind: 'oauth2', authorize_url: `https://keys.example${path}` }]))).toBe(
      `https://keys.example${path}`,
    )
  })

  test('is not there where the operator has not set it up', () => {
    expect(authorizeUrlOf(provider({}, [{ kind: 'oauth2' }]))).toBeUndefined()
    expect(authorizeUrlOf(provider({ authorize_url: null }))).toBeUndefined()
    expect(authorizeUrlOf(provider({}, [{ kind: 'api_key', authorize_url: '/x' }]))).toBeUndefined()
  })

  test.each(['https://evil.example/a', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
    'is never %s',
    (url) => {
      expect(authorizeUrlOf(provider({ authorize_url: url }))).toBeUndefined()
    },
  )
})
