import { describe, expect, it, vi } from 'vitest'
import type { ConnectionContext } from './context.ts'
import { deriveKey } from './keys.ts'
import { createOpenedCredentials } from './opened.ts'
import { createVault, type SealedRow, type Vault } from './seal.ts'

const SECOND = 1_000
const context: ConnectionContext = { userId: 42, provider: 'example', connectionId: 7, version: 3 }
const credential = { api_key: 'key-ana' }

function testClock() {
  let at = 1_000_000
  return { now: () => new Date(at), advance: (milliseconds: number) => void (at += milliseconds) }
}

const freshKey = () => deriveKey(Buffer.from(crypto.getRandomValues(new Uint8Array(32))))

/** True where the call was answered from what had been opened before: that is the very same object. */
function isKept(vault: Vault, row: SealedRow, of: ConnectionContext = context): boolean {
  const [first, second] = [vault.openForCall(of, row), vault.openForCall(of, row)]
  return first.ok && second.ok && first.value === second.value
}

describe('a credential for a call', () => {
  const clock = testClock()
  const vault = createVault([freshKey()], clock)
  const row = vault.seal(context, credential)

  it('is deciphered once', () => {
    expect(vault.openForCall(context, row)).toEqual({ ok: true, value: credential })
    expect(isKept(vault, row)).toBe(true)
  })

  it('is never shared with other ways of opening', () => {
    const [plain, kept] = [vault.open(context, row), vault.openForCall(context, row)]
    expect(plain.ok && kept.ok && plain.value !== kept.value).toBe(true)
  })

  it.each<[string, Partial<ConnectionContext>]>([
    ['another user', { userId: 43 }],
    ['another provider', { provider: 'other' }],
    ['another connection', { connectionId: 8 }],
    ['another version', { version: 4 }],
  ])('does not open for %s, although it was just opened', (_, change) => {
    vault.openForCall(context, row)
    expect(vault.openForCall({ ...context, ...change }, row)).toMatchObject({
      ok: false,
      problem: { code: 'credential_unreadable', reason: 'tag_mismatch' },
    })
  })

  it.each<[string, Partial<SealedRow>]>([
    ['another tag', { bindingTag: '0'.repeat(64) }],
    ['no tag', { bindingTag: null }],
    ['another key', { keyId: '0'.repeat(16) }],
    ['no key', { keyId: null }],
    ['another token', { token: vault.seal(context, { api_key: 'key-bruno' }).token }],
  ])('does not open with %s, although it was just opened', (_, change) => {
    vault.openForCall(context, row)
    expect(vault.openForCall(context, { ...row, ...change })).toMatchObject({ ok: false })
  })

  it('is never kept where it does not open', () => {
    const foreign = { ...context, userId: 43 }
    expect(vault.openForCall(foreign, row).ok).toBe(false)
    expect(vault.openForCall(foreign, row).ok).toBe(false)
    expect(vault.openForCall(context, row).ok).toBe(true)
  })

  it('is forgotten when nobody used it for a minute, and when the vault closes', () => {
    const open = () => {
      const outcome = vault.openForCall(context, row)
      if (!outcome.ok) throw new Error('does not open')
      return outcome.value
    }
    const first = open()
    clock.advance(59 * SECOND)
    expect(open()).toBe(first)
    clock.advance(60 * SECOND)
    const second = open()
    expect(second).not.toBe(first)
    vault.close()
    expect(open()).not.toBe(second)
    vault.close()
  })
})

describe('what was opened', () => {
  const rowOf = (index: number): SealedRow => ({ token: `token ${index}`, bindingTag: 'tag', keyId: 'key' })

  it('is bounded: what was used longest ago goes first', () => {
    const opened = createOpenedCredentials(testClock())
    for (let index = 0; index < 2_000; index += 1) opened.keep(context, rowOf(index), credential)
    opened.find(context, rowOf(0))
    opened.keep(context, rowOf(2_000), credential)
    const found = [0, 1, 2, 2_000].map((index) => opened.find(context, rowOf(index)) !== undefined)
    expect([opened.size(), found]).toEqual([2_000, [true, false, true, true]])
    opened.clear()
    expect(opened.size()).toBe(0)
  })

  it('does not stay in memory after its minute, although nobody asks for it', () => {
    vi.useFakeTimers()
    try {
      const opened = createOpenedCredentials({ now: () => new Date() })
      opened.keep(context, rowOf(1), credential)
      vi.advanceTimersByTime(45 * SECOND)
      expect(opened.size()).toBe(1)
      vi.advanceTimersByTime(45 * SECOND)
      expect([opened.size(), vi.getTimerCount()]).toEqual([0, 0])
    } finally {
      vi.useRealTimers()
    }
  })
})
