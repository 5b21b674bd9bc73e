import { describe, expect, it } from 'vitest'
import { ProblemError } from '#kernel/problem.ts'
import { createPasswords, type Passwords } from './passwords.ts'

/** An algorithm that finishes only when it is told to. */
function slowAlgorithm() {
  const running: (() => void)[] = []
  let most = 0
  const algorithm: Passwords = {
    hash: (password) =>
      new Promise((resolve) => {
        running.push(() => resolve(`hashed ${password}`))
        most = Math.max(most, running.length)
      }),
    verify: async () => {
      throw new Error('broken')
    },
  }
  return { algorithm, running, most: () => most }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('passwords', () => {
  it('are hashed with salt and compared by scrypt', async () => {
    const passwords = createPasswords()
    const hash = await passwords.hash('correct horse')
    expect(hash).not.toContain('correct')
    expect(await passwords.hash('correct horse')).not.toBe(hash)
    expect(await passwords.verify({ hash, password: 'correct horse' })).toBe(true)
    expect(await passwords.verify({ hash, password: 'correct horsE' })).toBe(false)
  })

  it('are hashed two at a time, in the order they came', async () => {
    const { algorithm, running, most } = slowAlgorithm()
    const passwords = createPasswords(algorithm)
    const order: string[] = []
    const all = ['a', 'b', 'c', 'd', 'e'].map(async (name) => order.push(await passwords.hash(name)))
    while (order.length < all.length) {
      running.shift()?.()
      await settled()
    }
    expect(most()).toBe(2)
    expect(order).toEqual(['hashed a', 'hashed b', 'hashed c', 'hashed d', 'hashed e'])
  })

  it('are refused when a hundred wait, and taken again afterwards', async () => {
    const { algorithm, running } = slowAlgorithm()
    const passwords = createPasswords(algorithm)
    const accepted = Array.from({ length: 102 }, (_, index) => passwords.hash(String(index)))
    await expect(passwords.hash('one too many')).rejects.toThrow(ProblemError)
    const done = Promise.all(accepted)
    let left = accepted.length
    while (left > 0) {
      running.shift()?.()
      left -= 1
      await settled()
    }
    expect((await done).length).toBe(102)
    const later = passwords.hash('later')
    await settled()
    running.shift()?.()
    expect(await later).toBe('hashed later')
  })

  it('keep their places when one fails', async () => {
    const { algorithm, running } = slowAlgorithm()
    const passwords = createPasswords(algorithm)
    for (let round = 0; round < 5; round += 1) {
      await expect(passwords.verify({ hash: '', password: '' })).rejects.toThrow('broken')
    }
    const later = passwords.hash('later')
    await settled()
    running.shift()?.()
    expect(await later).toBe('hashed later')
  })
})
