import type { IncomingMessage } from 'node:http'

/** A little above what the core refuses, so that the refusal can be answered; the rest is not read. */
const MAX_READ_BYTES = 1_100_000

/** The body as text, cut where the core refuses it anyway. */
export async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= MAX_READ_BYTES) chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
