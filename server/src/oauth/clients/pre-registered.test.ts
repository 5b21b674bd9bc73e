import { describe, expect, test } from 'vitest'
import { isSecret } from './client-secret.ts'
import { parseClients } from './pre-registered.ts'

const SECRET = 'a secret of more than thirty-two characters'
const ENTRY = { client_id: 'desk', client_name: 'Desk', redirect_uris: ['https://desk.example/callback'] }

test('nothing is set, nobody is registered', () => {
  expect(parseClients(undefined)).toEqual({ clients: [], problems: [] })
})

test('clients with and without a secret, which is kept as a hash', () => {
  const { clients, problems } = parseClients(
    JSON.stringify([
      { ...ENTRY, client_secret: SECRET, client_uri: 'https://desk.example' },
      { ...ENTRY, client_id: 'two' },
    ]),
  )
  expect(problems).toEqual([])
  const [first, second] = clients.map(({ metadata }) => metadata)
  expect(first).toMatchObject({ client_id: 'desk', token_endpoint_auth_method: 'client_secret_basic' })
  expect(JSON.stringify(clients)).not.toContain(SECRET)
  expect(isSecret(SECRET, String(first?.client_secret))).toBe(true)
  expect(isSecret(`${SECRET}x`, String(first?.client_secret))).toBe(false)
  expect(second).toEqual({ ...ENTRY, client_id: 'two', token_endpoint_auth_method: 'none' })
})

describe('a fault is named, with its place and without the secret', () => {
  test.each([
    ['not JSON', '{', /must be a JSON array of clients/],
    ['no array', '{}', /CHAVEIRO_OAUTH_CLIENTS must be a JSON array/],
    ['no name', JSON.stringify([{ ...ENTRY, client_name: '' }]), /\[0\]\.client_name must not be empty/],
    ['an odd id', JSON.stringify([{ ...ENTRY, client_id: 'a b' }]), /\[0\]\.client_id may hold letters/],
    ['no address', JSON.stringify([{ ...ENTRY, redirect_uris: [] }]), /\[0\]\.redirect_uris must name an address/],
    [
      'a wrong address',
      JSON.stringify([{ ...ENTRY, redirect_uris: ['https://desk.example/', 'javascript:x'] }]),
      /\[0\]\.redirect_uris\[1\] must not use the scheme javascript:/,
    ],
    [
      'a short secret',
      JSON.stringify([{ ...ENTRY, client_secret: 'hunter2' }]),
      /\[0\]\.client_secret must have at least 32/,
    ],
    ['an unknown member', JSON.stringify([{ ...ENTRY, grant_types: [] }]), /\[0\] has unknown members: grant_types/],
    ['one twice', JSON.stringify([ENTRY, ENTRY]), /names desk twice/],
  ])('%s', (_, setting, sentence) => {
    const { clients, problems } = parseClients(setting)
    expect(clients).toEqual([])
    expect(problems).toEqual([expect.stringMatching(sentence)])
    expect(problems.join()).not.toContain('hunter2')
  })
})
