import { describe, expect, test } from 'vitest'
import { instructions, REQUIREMENTS } from './provision.ts'

describe('instructions', () => {
  test('name what is missing, the packages, and how to point at another place', () => {
    const text = instructions(REQUIREMENTS)
    for (const { what, packages, instead } of REQUIREMENTS) {
      expect(text).toContain(what)
      for (const name of packages) expect(text).toContain(name)
      if (instead !== undefined) expect(text).toContain(instead)
    }
  })

  test('name nothing that is there', () => {
    const chromium = REQUIREMENTS.filter(({ what }) => what === 'Chromium')
    expect(instructions(chromium)).toContain('apt-get install chromium')
    expect(instructions(chromium)).not.toMatch(/postgres|redis/i)
  })
})
