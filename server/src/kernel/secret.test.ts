import { format, inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { hideFromPrint, Secret } from './secret.ts'

describe('Secret', () => {
  const secret = new Secret('ntn_do_not_print')

  it('gives the value to who asks for it', () => {
    expect(secret.reveal()).toBe('ntn_do_not_print')
  })

  it.each([
    ['String()', String(secret)],
    ['join', ['key', secret].join(' ')],
    ['JSON', JSON.stringify({ deep: { secret } })],
    ['inspect', inspect({ deep: { secret } }, { depth: 10, showHidden: true })],
    ['format', format('%s %o %O %j', secret, secret, secret, secret)],
    ['keys', JSON.stringify(Object.entries(secret))],
    ['copy', JSON.stringify(Object.assign({}, secret))],
  ])('never shows it by %s', (_way, printed) => {
    expect(printed).not.toContain('do_not_print')
  })
})

describe('hideFromPrint', () => {
  const credential = hideFromPrint({ api_key: 'ntn_do_not_print', nested: { token: 'also_do_not_print' } })

  it('leaves the members as they were', () => {
    expect(credential.api_key).toBe('ntn_do_not_print')
    expect(Object.keys(credential)).toEqual(['api_key', 'nested'])
    expect({ ...credential }).toEqual({ api_key: 'ntn_do_not_print', nested: { token: 'also_do_not_print' } })
  })

  it.each([
    ['JSON', JSON.stringify({ credential })],
    ['inspect', inspect({ credential })],
    ['format', format('%o %O %j', credential, credential, credential)],
  ])('does not print by %s', (_way, printed) => {
    expect(printed).not.toContain('do_not_print')
    expect(printed).toContain('[secret]')
  })

  it('cannot be changed', () => {
    expect(Object.isFrozen(credential)).toBe(true)
  })
})
