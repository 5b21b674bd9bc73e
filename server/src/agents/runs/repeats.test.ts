import type { UIMessage } from 'ai'
import { describe, expect, it } from 'vitest'
import { createRepeats, earlierCalls, type ReplacedAnswer } from './repeats.ts'

type Part = UIMessage['parts'][number]

const part = (toolCallId: string, input: unknown, state = 'output-available', more: object = {}) =>
  ({
    type: 'tool-acme_create',
    toolCallId,
    state,
    input,
    ...(state === 'output-available' ? { output: { text: 'done' } } : {}),
    ...more,
  }) as unknown as Part
const answer = (runId: number, parts: Part[], sent: Record<string, unknown> = {}): ReplacedAnswer => ({
  runId,
  parts,
  sent: new Map(Object.entries(sent)),
})
const always = () => true
const call = (toolCallId: string, input: unknown) => ({ toolCallId, tool: 'acme_create', arguments: input })
const ids = (answers: ReplacedAnswer[]) => earlierCalls(answers, always).map(({ toolCallId }) => toolCallId)

describe('the writes of replaced turns', () => {
  it('are those that were made or may have been, by the tools that change something', () => {
    const parts = [
      part('done', { a: 1 }),
      part('cut', { a: 2 }, 'input-available'),
      part('unknown', { a: 3 }, 'output-error', { errorText: 'outcome_unknown: Nobody knows.' }),
      part('refused', { a: 4 }, 'output-error', { errorText: 'not_found: No such page.' }),
      part('denied', { a: 5 }, 'output-denied'),
      part('asked', { a: 6 }, 'approval-requested'),
    ]
    expect(ids([answer(1, parts)])).toEqual(['done', 'cut', 'unknown'])
    expect(earlierCalls([answer(1, parts)], () => false)).toEqual([])
  })

  it('are one write where a later turn repeated it, and two where it was made twice', () => {
    const twice = [part('a', { a: 1 }), part('b', { a: 1 })]
    expect(ids([answer(1, twice), answer(2, [part('c', { a: 1 })])])).toEqual(['a', 'b'])
    expect(ids([answer(1, [part('a', { a: 1 })]), answer(2, [part('c', { a: 1 }), part('d', { a: 1 })])])).toEqual([
      'a',
      'd',
    ])
  })
})

describe('a call of the new turn', () => {
  it('repeats one with the same arguments, in whichever order they stand, each once', () => {
    const repeats = createRepeats(earlierCalls([answer(1, [part('a', { a: 1, b: 2 })])], always), { parts: [] })
    expect(repeats.of(call('x', { b: 2, a: 1 }))?.toolCallId).toBe('a')
    expect(repeats.of(call('x', { b: 2, a: 1 }))?.toolCallId).toBe('a')
    expect(repeats.of(call('y', { a: 1, b: 2 }))).toBeUndefined()
    expect(repeats.of(call('z', { a: 1, b: 3 }))).toBeUndefined()
  })

  it('is known by what was asked for and by what was sent, where an id stood in place of a title', () => {
    const earlier = () => earlierCalls([answer(1, [part('a', { page: 'Plans' })], { a: { page: 'id-1' } })], always)
    for (const input of [{ page: 'Plans' }, { page: 'id-1' }]) {
      expect(createRepeats(earlier(), { parts: [] }).of(call('x', input))?.arguments).toEqual({ page: 'id-1' })
    }
  })

  it('that was made before a crash has taken its own', () => {
    const earlier = earlierCalls([answer(1, [part('a', { a: 1 })])], always)
    const repeats = createRepeats(earlier, { parts: [part('x', { a: 1 })] })
    expect(repeats.of(call('y', { a: 1 }))).toBeUndefined()
    expect(repeats.of(call('x', { a: 1 }))?.toolCallId).toBe('a')
  })
})
