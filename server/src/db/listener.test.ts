import { EventEmitter } from 'node:events'
import type pg from 'pg'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createListener } from './listener.ts'

const LONG_AFTER_MS = 10_000

/** A session that the database takes or refuses, as the test says. */
class Session extends EventEmitter {
  readonly connecting = Promise.withResolvers<void>()
  readonly statements: string[] = []

  connect(): Promise<void> {
    return this.connecting.promise
  }

  async query(statement: string): Promise<void> {
    this.statements.push(statement)
  }

  async end(): Promise<void> {}
}

function house() {
  const sessions: Session[] = []
  const open = (): pg.Client => {
    const session = new Session()
    sessions.push(session)
    return session as never
  }
  return { sessions, listener: createListener(open, () => {}) }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('comes back although somebody who began to listen meanwhile could not', async () => {
  const { sessions, listener } = house()
  const heard: (string | null)[] = []
  const listening = listener.listen('one', (payload) => heard.push(payload))
  sessions[0]?.connecting.resolve()
  await listening
  sessions[0]?.emit('end')
  const late = listener.listen('two', () => {})
  const refused = expect(late).rejects.toThrow('away')
  // The moment to open again comes while this attempt is still under way.
  await vi.advanceTimersByTimeAsync(LONG_AFTER_MS)
  sessions[1]?.connecting.reject(new Error('away'))
  await refused
  await vi.advanceTimersByTimeAsync(LONG_AFTER_MS)
  expect(sessions).toHaveLength(3)
  sessions[2]?.connecting.resolve()
  await vi.advanceTimersByTimeAsync(0)
  expect(sessions[2]?.statements).toContain('listen "one"')
  sessions[2]?.emit('notification', { channel: 'one', payload: 'news' })
  expect(heard.at(-1)).toBe('news')
  await listener.close()
})
