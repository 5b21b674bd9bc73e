import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConnectionContext, SealContext } from './context.ts'
import { encryptFernet } from './fernet.ts'
import { deriveKey, type VaultKey } from './keys.ts'
import { createVault, type Sealed, type SealedRow } from './seal.ts'

const specificationKey = (): VaultKey => keyOf('cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=')
const keyOf = (text: string): VaultKey => deriveKey(Buffer.from(text, 'base64url'))
const freshKey = (): VaultKey => deriveKey(Buffer.from(crypto.getRandomValues(new Uint8Array(32))))

const context: ConnectionContext = { userId: 42, provider: 'notion', connectionId: 7, version: 1 }
const credential = { api_key: 'ntn_test' }

const KNOWN: Sealed = {
  token:
    'gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODxpF7iTSu7vXeTPLnDeiSrgc-VjpqmaTs1krubr3lCmjFbBCFLHjDLupL52xV6JyFM3LfxOxQJAG1Y6yOhvP8wE=',
  bindingTag: 'e2fc6a0b2c4838cec51c66c287b719fb8a358f5770d23dd994823db5c647864c',
  keyId: '8d3314ef57af9401',
}

const reasonOf = (outcome: ReturnType<ReturnType<typeof createVault>['open']>): string | undefined =>
  outcome.ok ? 'opened' : outcome.problem.reason

describe('the known answer', () => {
  it('opens', () => {
    const opened = createVault([specificationKey()]).open(context, KNOWN)
    expect(opened).toEqual({ ok: true, value: credential })
  })

  it('is written to the letter', () => {
    const iv = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex')
    const token = encryptFernet(specificationKey(), Buffer.from('{"api_key":"ntn_test"}'), new Date(499162800000), iv)
    expect(token).toBe(KNOWN.token)
  })

  it('carries the time of the clock it was given', () => {
    const { token } = createVault([specificationKey()], { now: () => new Date(499162800000) }).seal(context, credential)
    expect(token.slice(0, 12)).toBe(KNOWN.token.slice(0, 12))
  })
})

describe('seal and open', () => {
  const vault = createVault([freshKey()])

  it('gives back any credential', () => {
    const value = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue())
    fc.assert(
      fc.property(value, (anything) => {
        const opened = vault.open(context, vault.seal(context, anything))
        expect(opened.ok && { ...opened.value }).toEqual(JSON.parse(JSON.stringify(anything)))
      }),
    )
  })

  it('prints no opened credential, and seals one again whole', () => {
    const opened = vault.open(context, vault.seal(context, credential))
    if (!opened.ok) throw new Error('does not open')
    expect(inspect(opened, { depth: 9 }) + JSON.stringify(opened)).not.toContain('ntn_test')
    const again = vault.open(context, vault.seal(context, opened.value))
    expect(again.ok && again.value['api_key']).toBe('ntn_test')
  })

  it('writes a token and a tag that never repeat', () => {
    const [first, second] = [vault.seal(context, credential), vault.seal(context, credential)]
    expect(first.token).not.toBe(second.token)
    expect(first.bindingTag).not.toBe(second.bindingTag)
  })

  it('gives one public answer for every failure', () => {
    const sealed = vault.seal(context, credential)
    const broken: SealedRow[] = [
      { ...sealed, bindingTag: null },
      { ...sealed, keyId: null },
      { ...sealed, keyId: '0000000000000000' },
      { ...sealed, bindingTag: sealed.bindingTag.toUpperCase() },
      { ...sealed, bindingTag: '' },
      { ...sealed, bindingTag: `${sealed.bindingTag}00` },
      { ...sealed, token: '' },
    ]
    const answers = broken.map((row) => vault.open(context, row))
    const publicAnswers = answers.map((answer) => (answer.ok ? '' : answer.problem.code + answer.problem.detail))
    expect(new Set(publicAnswers).size).toBe(1)
    expect(publicAnswers[0]).toContain('credential_unreadable')
    expect(answers.map(reasonOf)).toEqual([
      'unbound',
      'unbound',
      'unknown_key',
      'tag_mismatch',
      'tag_mismatch',
      'tag_mismatch',
      'tag_mismatch',
    ])
  })

  it('refuses what is authentic but no object, without quoting it', () => {
    const key = freshKey()
    for (const text of ['"ntn_quoted"', '["ntn_quoted"]', 'null', 'ntn_quoted', '{"a":"ntn_quoted"']) {
      const outcome = createVault([key]).openForeign(encryptFernet(key, Buffer.from(text)))
      expect(outcome.ok).toBe(false)
      expect(JSON.stringify(outcome)).toContain('not_an_object')
      expect(JSON.stringify(outcome)).not.toContain('ntn_quoted')
    }
  })

  it('needs a key', () => {
    expect(() => createVault([])).toThrow('needs a key')
  })
})

describe('a sealed value opens nowhere else', () => {
  const vault = createVault([specificationKey(), freshKey()])

  it('with any one character of its token or tag changed', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_='
    for (let at = 0; at < KNOWN.token.length; at += 1) {
      for (const letter of alphabet.split('').filter((each) => each !== KNOWN.token[at])) {
        const token = KNOWN.token.slice(0, at) + letter + KNOWN.token.slice(at + 1)
        expect(vault.open(context, { ...KNOWN, token }).ok).toBe(false)
        expect(vault.openForeign(token).ok).toBe(false)
      }
    }
    for (let at = 0; at < KNOWN.bindingTag.length; at += 1) {
      const letter = KNOWN.bindingTag[at] === '0' ? '1' : '0'
      const bindingTag = KNOWN.bindingTag.slice(0, at) + letter + KNOWN.bindingTag.slice(at + 1)
      expect(reasonOf(vault.open(context, { ...KNOWN, bindingTag }))).toBe('tag_mismatch')
    }
  })

  it('with any column of the row taken from another row', () => {
    const places = [1, 2].flatMap((connectionId) => [1, 2].map((version) => ({ connectionId, version })))
    const contexts = [1, 11, 2].flatMap((userId) =>
      ['notion', 'github'].flatMap((provider) => places.map((place) => ({ userId, provider, ...place }))),
    )
    const rows = contexts.map((each) => ({ context: each, sealed: vault.seal(each, { owner: each.userId }) }))
    let opened = 0
    for (const a of rows) {
      for (const b of rows) {
        const mixed: [SealContext, SealedRow][] = [
          [b.context, a.sealed],
          [a.context, { ...a.sealed, token: b.sealed.token }],
          [a.context, { ...a.sealed, bindingTag: b.sealed.bindingTag }],
          [{ ...a.context, userId: b.context.userId }, b.sealed],
        ]
        for (const [where, row] of mixed) opened += vault.open(where, row).ok ? 1 : 0
      }
    }
    // Each row opens as itself in all four; the fourth also where only the row's other columns are its own.
    const sameButUser = rows.flatMap((a) => rows.filter((b) => a !== b && sameRowPlace(a.context, b.context))).length
    expect(opened).toBe(rows.length * 4 + sameButUser)
  })

  function sameRowPlace(a: ConnectionContext, b: ConnectionContext): boolean {
    return a.provider === b.provider && a.connectionId === b.connectionId && a.version === b.version
  }

  it('under any other user, provider, connection or version', () => {
    const someContext = fc.record({
      userId: fc.nat({ max: 50 }),
      provider: fc.constantFrom('notion', 'notion1', 'github', 'n', 'ção', ''),
      connectionId: fc.nat({ max: 50 }),
      version: fc.nat({ max: 50 }),
    })
    fc.assert(
      fc.property(someContext, someContext, (mine, other) => {
        const same = JSON.stringify(mine) === JSON.stringify(other)
        expect(vault.open(other, vault.seal(mine, credential)).ok).toBe(same)
      }),
      { numRuns: 2000 },
    )
  })

  it('with the token of another value in the same place', () => {
    for (const place of [context, { table: 'webhook_secrets', parts: [42, 1] }]) {
      const [mine, other] = [vault.seal(place, { a: 1 }), vault.seal(place, { a: 2 })]
      expect(reasonOf(vault.open(place, { ...mine, token: other.token }))).toBe('tag_mismatch')
      expect(vault.open(place, mine).ok).toBe(true)
    }
  })

  it('in another table, or as a connection', () => {
    const parts = [42, 'notion', 7, 1]
    const contexts: SealContext[] = [
      context,
      { table: 'authorization_transactions', parts },
      { table: 'webhook_secrets', parts },
      { table: 'webhook_secrets', parts: [42, 'notion', '71'] },
      { table: 'webhook_secrets', parts: [42, 'notion', 71] },
    ]
    const opens = contexts.map((mine) =>
      contexts.map((other) => vault.open(other, vault.seal(mine, credential)).ok).filter((ok) => ok),
    )
    // The last two are one context: a number is written as its decimal digits.
    expect(opens.map((row) => row.length)).toEqual([1, 1, 1, 2, 2])
  })
})

describe('several keys', () => {
  const [old, fresh] = [freshKey(), freshKey()]

  it('are found by id, and only the first writes', () => {
    const before = createVault([old]).seal(context, credential)
    const vault = createVault([fresh, old])
    expect(vault.keyIds).toEqual([fresh.id, old.id])
    expect(vault.open(context, before).ok).toBe(true)
    expect(vault.seal(context, credential).keyId).toBe(vault.primaryKeyId)
    expect(vault.primaryKeyId).toBe(fresh.id)
    expect(reasonOf(createVault([fresh]).open(context, before))).toBe('unknown_key')
  })

  it('are not tried in turn: a key id that was changed does not open', () => {
    const sealed = createVault([old]).seal(context, credential)
    expect(reasonOf(createVault([fresh, old]).open(context, { ...sealed, keyId: fresh.id }))).toBe('tag_mismatch')
  })

  it('are tried in turn only for a token that moves in', () => {
    const token = encryptFernet(old, Buffer.from('{"api_key": "ntn_moved"}'))
    const moved = createVault([fresh, old]).openForeign(token)
    expect(moved).toEqual({ ok: true, value: { credential: { api_key: 'ntn_moved' }, keyId: old.id } })
    expect(createVault([fresh]).openForeign(token).ok).toBe(false)
  })
})
