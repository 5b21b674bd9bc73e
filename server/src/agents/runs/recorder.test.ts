import type { UIMessageChunk } from 'ai'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RunAbort } from './active-runs.ts'
import { createFeed } from './feed.ts'
import { createRecorder, type Recorder } from './recorder.ts'
import type { RunEvent } from './store.ts'

const delta = (text: string, id = 't'): UIMessageChunk => ({ type: 'text-delta', id, delta: text })

describe('recorder', () => {
  let stored: RunEvent[][]
  let errors: unknown[]
  let failing: boolean
  beforeEach(() => {
    vi.useFakeTimers()
    stored = []
    errors = []
    failing = false
  })
  afterEach(() => void vi.useRealTimers())

  function open(after = 0, maximumBytes = 10_000): Recorder {
    return createRecorder({
      feed: createFeed(after),
      maximumBytes,
      async store(events) {
        if (failing) throw new Error('database away')
        stored.push([...events])
      },
      onError: (error) => void errors.push(error),
    })
  }

  it('writes in groups, not for each word', async () => {
    const recorder = open()
    recorder.write({ type: 'text-start', id: 't' })
    for (const word of ['a ', 'b ', 'c']) recorder.write(delta(word))
    expect(stored).toEqual([])
    await vi.advanceTimersByTimeAsync(250)
    expect(stored).toEqual([
      [
        { sequence: 1, chunk: { type: 'text-start', id: 't' } },
        { sequence: 2, chunk: delta('a b c') },
      ],
    ])
  })

  it('goes on where earlier stretches ended', async () => {
    const recorder = open(41)
    recorder.write(delta('x'))
    await recorder.flush()
    recorder.write(delta('y'))
    await recorder.flush()
    expect(stored.flat().map(({ sequence }) => sequence)).toEqual([42, 43])
  })

  it('keeps texts apart that are not one', async () => {
    const recorder = open()
    const signed: UIMessageChunk = {
      ...delta('signed'),
      providerMetadata: { acme: { signature: 's' } },
    } as UIMessageChunk
    const chunks: UIMessageChunk[] = [
      delta('a', '1'),
      delta('b', '2'),
      { type: 'reasoning-delta', id: '2', delta: 'c' },
      signed,
      delta('d', 't'),
    ]
    for (const chunk of chunks) recorder.write(chunk)
    expect(recorder.chunks).toEqual(chunks)
  })

  it('keeps the finished arguments of a call and not their pieces', () => {
    const recorder = open()
    recorder.write({ type: 'tool-input-start', toolCallId: 'c', toolName: 'read' })
    recorder.write({ type: 'tool-input-delta', toolCallId: 'c', inputTextDelta: '{"a"' })
    recorder.write({ type: 'tool-input-available', toolCallId: 'c', toolName: 'read', input: { a: 1 } })
    expect(recorder.chunks.map(({ type }) => type)).toEqual(['tool-input-start', 'tool-input-available'])
  })

  it('tells when a call was announced, to whoever asked before or after', async () => {
    const recorder = open()
    const seen: string[] = []
    const before = recorder.announced('c').then(() => seen.push('before'))
    await vi.advanceTimersByTimeAsync(0)
    expect(seen).toEqual([])
    recorder.write({ type: 'tool-input-available', toolCallId: 'c', toolName: 'read', input: {} })
    await before
    await recorder.announced('c')
    expect(seen).toEqual(['before'])
  })

  it('ends the run that says too much, before it is shown or kept', () => {
    const recorder = open(0, 100)
    recorder.write(delta('short'))
    expect(() => recorder.write(delta('x'.repeat(100)))).toThrow(RunAbort)
    expect(recorder.chunks).toEqual([delta('short')])
  })

  it('leaves what is last to whoever stores the end, after all that went before', async () => {
    const recorder = open()
    recorder.write(delta('x'))
    const flushing = recorder.flush()
    recorder.write({ type: 'text-end', id: 't' })
    const events = await recorder.drain([{ type: 'finish' }])
    await flushing
    expect(stored).toEqual([[{ sequence: 1, chunk: delta('x') }]])
    expect(events).toEqual([
      { sequence: 2, chunk: { type: 'text-end', id: 't' } },
      { sequence: 3, chunk: { type: 'finish' } },
    ])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(stored).toHaveLength(1)
  })

  it('tells when it cannot write, the one who waits or the one who listens', async () => {
    failing = true
    const recorder = open()
    recorder.write(delta('x'))
    await vi.advanceTimersByTimeAsync(250)
    expect(errors).toEqual([new Error('database away')])
    recorder.write(delta('y'))
    await expect(recorder.flush()).rejects.toThrow('database away')
  })
})

describe('feed', () => {
  it('gives everybody everything from the first, and ends', async () => {
    const feed = createFeed(0)
    const early = collect(feed.follow())
    feed.push(delta('a'))
    await Promise.resolve()
    feed.push(delta('b'))
    const late = collect(feed.follow())
    feed.push(delta('c'))
    feed.close()
    feed.push(delta('after the end'))
    const all = [delta('a'), delta('b'), delta('c')]
    expect(await Promise.all([early, late, collect(feed.follow())])).toEqual([all, all, all])
  })
})

async function collect(chunks: AsyncIterable<UIMessageChunk>): Promise<UIMessageChunk[]> {
  const collected: UIMessageChunk[] = []
  for await (const chunk of chunks) collected.push(chunk)
  return collected
}
