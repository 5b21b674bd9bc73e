import { describe, expect, it } from 'vitest'
import { boundedBody, createDepthCounter, TooDeepError } from './bounded-body.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const DEEP = '['.repeat(5_000)

function isTooDeep(text: string, isStream = false, pieces = 1): boolean {
  const count = createDepthCounter(isStream)
  const whole = bytes(text)
  const size = Math.ceil(whole.length / pieces)
  try {
    for (let at = 0; at < whole.length; at += size) count(whole.subarray(at, at + size))
    return false
  } catch (error) {
    expect(error).toBeInstanceOf(TooDeepError)
    return true
  }
}

describe('the depth of an answer', () => {
  it('is bounded, in whatever pieces it comes', () => {
    for (const pieces of [1, 2, 997]) expect(isTooDeep(DEEP, false, pieces)).toBe(true)
    expect(isTooDeep(`${'{"a":'.repeat(5_000)}1`)).toBe(true)
  })

  it('does not count what stands in strings, or side by side', () => {
    expect(isTooDeep(JSON.stringify([DEEP, `"${DEEP}`, '\\']))).toBe(false)
    expect(isTooDeep(JSON.stringify(Array.from({ length: 5_000 }, () => ({ a: [] }))))).toBe(false)
  })

  it('is counted from the start in every event of a stream', () => {
    const event = `data: ${'['.repeat(1_700)}\n\n`
    expect(isTooDeep(event.repeat(3), true)).toBe(false)
    expect(isTooDeep(event.replaceAll('\n', '\r\n').repeat(3), true)).toBe(false)
    expect(isTooDeep(`data: ${DEEP}\n\n`, true)).toBe(true)
  })

  it('is not hidden behind a quote that a line before leaves open', () => {
    expect(isTooDeep(`: "\ndata: ${DEEP}\n\n`, true)).toBe(true)
    expect(isTooDeep(`"\n${DEEP}`)).toBe(true)
  })

  it('ends the body of a response', async () => {
    const response = boundedBody(new Response(DEEP, { status: 201, headers: { 'x-a': 'b' } }))
    expect([response.status, response.headers.get('x-a')]).toEqual([201, 'b'])
    await expect(response.text()).rejects.toBeInstanceOf(TooDeepError)
    expect(await boundedBody(new Response('{"a":1}')).text()).toBe('{"a":1}')
  })
})
