import { describe, expect, it } from 'vitest'
import { createConcurrencyGate } from './concurrency.ts'

describe('concurrency gate', () => {
  it('lets as many in as it has places, for each key apart', () => {
    const gate = createConcurrencyGate(2)
    expect([gate.enter(1), gate.enter(1), gate.enter(1)].map((release) => release !== null)).toEqual([
      true,
      true,
      false,
    ])
    expect(gate.enter(2)).not.toBeNull()
  })

  it('gives a place back once, however often it is released', () => {
    const gate = createConcurrencyGate(2)
    const first = gate.enter(1)
    gate.enter(1)
    first?.()
    first?.()
    expect(gate.enter(1)).not.toBeNull()
    expect(gate.enter(1)).toBeNull()
  })

  it('starts afresh once everybody has left', () => {
    const gate = createConcurrencyGate(1)
    for (let round = 0; round < 1_000; round += 1) {
      const release = gate.enter(round % 3)
      expect(release).not.toBeNull()
      release?.()
    }
  })
})
