import { readUIMessageStream, type UIMessage, type UIMessageChunk } from 'ai'

/** Chunks that tell how the run goes and are no part of its answer. */
const NO_PART: ReadonlySet<UIMessageChunk['type']> = new Set(['error', 'abort', 'finish'])

/** The answer after these chunks, grown from what it was before them. */
export async function growAnswer(before: UIMessage, chunks: readonly UIMessageChunk[]): Promise<UIMessage> {
  const parts = chunks.filter(({ type }) => !NO_PART.has(type))
  let answer = before
  const stream = readUIMessageStream({
    message: structuredClone(before),
    stream: ReadableStream.from(parts),
    terminateOnError: true,
  })
  for await (const grown of stream) answer = grown
  return { ...answer, id: before.id }
}
