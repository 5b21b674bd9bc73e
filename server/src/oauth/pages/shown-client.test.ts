import { describe, expect, it, test } from 'vitest'
import type { ClientIdentity } from '#oauth/authorization-server.ts'
import { shownClient, shownText } from './shown-client.ts'

const CLIENT: ClientIdentity = {
  id: 'c1',
  name: 'Claude',
  host: 'claude.ai',
  uri: undefined,
  redirectUri: 'https://claude.ai/callback',
  redirectHost: 'claude.ai',
  isLoopbackOnly: false,
  kind: 'dynamic',
}

describe('a name that a client gave itself', () => {
  test.each([
    ['Claude Code', 'Claude Code'],
    ['  Visual\n\tStudio \u00a0 Code ', 'Visual Studio Code'],
    ['Assistente de reuniões 会議 🦊', 'Assistente de reuniões 会議 🦊'],
    ['moc.live\u202e\u2066 Bank', 'moc.live Bank'],
    ['Clau\u200bde\u00ad\u2060\ufeff', 'Claude'],
    ['A\u0000\u0007\u001b[31mB\u009b', 'A[31mB'],
    ['tag\u{e0041}\u{e007f}ged', 'tagged'],
    ['blank \u3164\u115f\u2800', 'blank \u2800'],
    ['half \ud83e', 'half'],
    ['', ''],
    ['\u200b\u202e\n', ''],
  ])('%j is shown as %j', (name, shown) => {
    expect(shownText(name)).toBe(shown)
  })

  it('is cut at sixty characters as people count them', () => {
    expect(shownText('a'.repeat(60))).toBe('a'.repeat(60))
    expect(shownText('a'.repeat(61))).toBe(`${'a'.repeat(59)}…`)
    expect(shownText('🇧🇷'.repeat(61))).toBe(`${'🇧🇷'.repeat(59)}…`)
  })

  it('costs little and stays small, whatever its length', () => {
    const startedAt = performance.now()
    const shown = [
      'x'.repeat(10_240),
      'a\u0301'.repeat(5_000),
      `Z${'\u0335'.repeat(10_000)}`,
      '\u202e'.repeat(10_240),
    ].map((name) => shownText(name))
    expect(performance.now() - startedAt).toBeLessThan(100)
    expect(shown.map((text) => text.length)).toEqual([60, 119, 8, 0])
  })
})

describe('a client', () => {
  it('is shown with the place that its access goes to', () => {
    expect(shownClient(CLIENT)).toEqual({
      name: 'Claude',
      describedBy: null,
      answersTo: { kind: 'web', place: 'claude.ai' },
    })
  })

  it('is named by the document that describes it, apart from where its access goes', () => {
    const client = { ...CLIENT, kind: 'metadata_document', host: 'claude.ai', redirectHost: 'localhost' } as const
    expect(shownClient({ ...client, isLoopbackOnly: true })).toMatchObject({
      describedBy: 'claude.ai',
      answersTo: { kind: 'this_computer', place: 'localhost' },
    })
  })

  it('that is opened by links of its own is an app', () => {
    const shown = shownClient({ ...CLIENT, redirectHost: 'cursor:', isLoopbackOnly: false })
    expect(shown.answersTo).toEqual({ kind: 'app', place: 'cursor:' })
    expect(shownClient({ ...CLIENT, redirectHost: 'cursor:', isLoopbackOnly: true }).answersTo.kind).toBe('app')
  })

  it('without a visible name is called by its host', () => {
    expect(shownClient({ ...CLIENT, name: '\u200b' }).name).toBe('claude.ai')
    expect(shownClient({ ...CLIENT, name: '', host: '' }).name).toBe('claude.ai')
  })

  it('keeps the end of a host that is too long, where it says whose it is', () => {
    const host = `login.claude.ai.${'x'.repeat(200)}.evil.example`
    const { place } = shownClient({ ...CLIENT, redirectHost: host }).answersTo
    expect(place).toMatch(/^….*\.evil\.example$/)
    expect(place.length).toBe(80)
  })
})
