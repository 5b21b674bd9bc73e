import { StreamCutError, type StreamEvent } from '@chaveiro/sdk'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { dismiss, followLive, liveRun, markStopping, type Followed, type Stream } from './live-runs.ts'

const START = { type: 'start', messageId: '2', messageMetadata: { thread_id: 7, run_id: 9 } }
const SAID = [
  { type: 'text-start', id: 't' },
  { type: 'text-delta', id: 't', delta: 'Hello' },
]

async function* streamOf(events: readonly StreamEvent[], end?: Error): Stream {
  yield* events
  if (end !== undefined) throw end
}

const following = (more: Partial<Followed>): Followed => ({
  key: 'new',
  stream: streamOf([START, ...SAID]),
  follow: () => streamOf([START, ...SAID]),
  onEnd: () => Promise.resolve(),
  ...more,
})

afterEach(() => {
  vi.useRealTimers()
  for (const key of ['new', 7] as const) dismiss(key)
})

describe('a run that is followed', () => {
  test('moves to its thread once that is known, and gives way to it in the end', async () => {
    const onPlace = vi.fn<(id: number) => void>()
    let atEnd: unknown
    await followLive(
      following({
        asked: 'Hi',
        onPlace,
        onEnd: (threadId) => {
          atEnd = [threadId, liveRun('new'), liveRun(7)?.turn.parts]
          return Promise.resolve()
        },
      }),
    )
    expect(onPlace).toHaveBeenCalledExactlyOnceWith(7)
    expect(atEnd).toEqual([7, undefined, [{ kind: 'text', id: 't', text: 'Hello' }]])
    expect(liveRun(7)).toBeUndefined()
  })

  test('that is cut is followed again from its start', async () => {
    vi.useFakeTimers()
    const follow = vi.fn<(id: number) => Stream>(() => streamOf([START, ...SAID]))
    let said: unknown
    const ended = followLive(
      following({
        stream: streamOf([START, ...SAID], new StreamCutError('cut')),
        follow,
        onEnd: () => Promise.resolve((said = liveRun(7)?.turn.parts)),
      }),
    )
    await vi.runAllTimersAsync()
    await ended
    expect(follow).toHaveBeenCalledExactlyOnceWith(9)
    expect(said).toEqual([{ kind: 'text', id: 't', text: 'Hello' }])
  })

  test('that stays away says so, and can be put away', async () => {
    vi.useFakeTimers()
    const gone = new TypeError('fetch failed')
    const ended = followLive(following({ stream: streamOf([START], gone), follow: () => streamOf([], gone) }))
    await vi.runAllTimersAsync()
    await ended
    expect(liveRun(7)).toMatchObject({ state: 'ended', error: gone })
    dismiss(7)
    expect(liveRun(7)).toBeUndefined()
  })

  test('that is refused is not asked for again', async () => {
    const refused = new Error('refused')
    const follow = vi.fn<(id: number) => Stream>()
    await followLive(following({ stream: streamOf([], refused), follow }))
    expect(follow).not.toHaveBeenCalled()
    expect(liveRun('new')?.error).toBe(refused)
  })

  test('stays marked as stopping while its last words come', async () => {
    const gate = Promise.withResolvers<undefined>()
    async function* slow(): Stream {
      yield START
      await gate.promise
      yield* SAID
    }
    let state: unknown
    const ended = followLive(following({ stream: slow(), onEnd: () => Promise.resolve((state = liveRun(7)?.state)) }))
    await vi.waitFor(() => expect(liveRun(7)?.runId).toBe(9))
    markStopping(7)
    gate.resolve(undefined)
    await ended
    expect(state).toBe('ended')
  })
})
