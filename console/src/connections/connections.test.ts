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
  const path = '/api/mcp/acme/authorize'
  const provider = (method: object) =>
    ({ id: 'acme', name: 'Acme', auth: [{ kind: 'api_key', fields: [] }, method] }) as unknown as ProviderSummary
  const grant = (authorize_url: string, configured = true) => provider({ kind: 'oauth2', configured, authorize_url })

  beforeEach(() => void vi.stubGlobal('location', { origin: 'https://keys.example' }))
  afterEach(() => void vi.unstubAllGlobals())

  test('is where the server says', () => {
    expect(authorizeUrlOf(grant(path))).toBe(`${path}?return_to=%2Fconnections`)
    expect(authorizeUrlOf(grant(`https://keys.example${path}`))).toBe(
      `https://keys.example${path}?return_to=%2Fconnections`,
    )
  })

  test('is not there where the operator has not set it up, or the provider has none', () => {
    expect(authorizeUrlOf(grant(path, false))).toBeUndefined()
    expect(authorizeUrlOf(provider({ kind: 'api_key', fields: [], authorize_url: '/x' }))).toBeUndefined()
  })

  test.each(['https://evil.example/a', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
    'is never %s',
    (url) => {
      expect(authorizeUrlOf(grant(url))).toBeUndefined()
    },
  )
})
