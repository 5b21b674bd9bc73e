import type { IncomingMessage } from 'node:http'

/** Read a little more than is allowed, so that the core sees a body that is too large; the rest is not kept. */
const SLACK_BYTES = 100_000

/** The body, cut where it is too large anyway. */
export async function readBody(incoming: IncomingMessage, largestBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= largestBytes + SLACK_BYTES) chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
