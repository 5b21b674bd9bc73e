import { describe, expect, test } from 'vitest'
import { StreamCutError } from './error.ts'
import { readEvents, type StreamEvent } from './stream.ts'

const encoder = new TextEncoder()

/** A response whose body arrives in these pieces. */
function inPieces(pieces: readonly (string | Uint8Array)[], onCancel = () => {}): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece)
      controller.close()
    },
    cancel: onCancel,
  })
  return new Response(body)
}

async function eventsOf(response: Response): Promise<StreamEvent[]> {
  const events: StreamEvent[] = []
  for await (const event of readEvents(response)) events.push(event)
  return events
}

const DELTA = 'data: {"type":"text-delta","delta":"Olá 🔑"}\n\n'
const END = 'data: [DONE]\n\n'
const EVENT = { type: 'text-delta', delta: 'Olá 🔑' }

describe('a stream of events', () => {
  test('is read to its end mark', async () => {
    expect(await eventsOf(inPieces([DELTA + DELTA + END]))).toEqual([EVENT, EVENT])
  })

  test('may be cut anywhere by the network, also inside a character', async () => {
    const bytes = encoder.encode(DELTA + END)
    for (let at = 1; at < bytes.length; at += 1) {
      expect(await eventsOf(inPieces([bytes.slice(0, at), bytes.slice(at)]))).toEqual([EVENT])
    }
  })

  test('may end its lines as Windows does, even where a piece ends between the two characters', async () => {
    const windows = (DELTA + END).replaceAll('\n', '\r\n')
    for (let at = 1; at < windows.length; at += 1) {
      const pieces = [windows.slice(0, at), windows.slice(at)]
      if (pieces.every((piece) => piece.isWellFormed())) expect(await eventsOf(inPieces(pieces))).toEqual([EVENT])
    }
  })

  test('passes over comments and fields without content', async () => {
    expect(
      await eventsOf(inPieces([': keep-alive\n\n', 'id: 7\nevent: message\n', DELTA, 'retry: 5\n\n', END])),
    ).toEqual([EVENT])
  })

  test('joins the lines of one event', async () => {
    expect(await eventsOf(inPieces(['data: {"type":\ndata: "finish"}\n\n', END]))).toEqual([{ type: 'finish' }])
  })

  test('that ends without its mark was cut, and says so after what did arrive', async () => {
    const events = readEvents(inPieces([DELTA, 'data: {"type":"text-']))
    expect((await events.next()).value).toEqual(EVENT)
    await expect(events.next()).rejects.toBeInstanceOf(StreamCutError)
    await expect(eventsOf(new Response(null))).rejects.toBeInstanceOf(StreamCutError)
  })

  test('is given back when its reader stops early', async () => {
    let cancelled = false
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(encoder.encode(DELTA)),
      cancel() {
        cancelled = true
      },
    })
    for await (const event of readEvents(new Response(body))) {
      expect(event).toEqual(EVENT)
      break
    }
    expect(cancelled).toBe(true)
  })
})
