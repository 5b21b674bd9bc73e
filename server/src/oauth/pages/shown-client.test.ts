import { describe, expect, it, test } from 'vitest'
import type { ClientIdentity } from '#oauth/authorization-server.ts'
import { shownClient, shownName } from './shown-client.ts'

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

test('a name is cut at sixty characters', () => {
  expect(shownName('a'.repeat(60))).toBe('a'.repeat(60))
  expect(shownName('a'.repeat(61))).toBe(`${'a'.repeat(59)}…`)
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
