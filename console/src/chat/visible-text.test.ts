import { expect, it } from 'vitest'
import { visibleText } from './visible-text.ts'

it('names what turns a text around or hides in it, and leaves the rest alone', () => {
  expect(visibleText('pay \u202Etxt.exe\u202C now\u200B')).toBe('pay ⟦U+202E⟧txt.exe⟦U+202C⟧ now⟦U+200B⟧')
  expect(visibleText('שלום 👩‍👩‍👧 عربي é')).toBe('שלום 👩‍👩‍👧 عربي é')
})
