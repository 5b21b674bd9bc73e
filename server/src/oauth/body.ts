/** Bytes of a form or of a registration; real ones have a few thousand. */
const BODY_BYTES = 65_536

/** The body as text, or undefined where it is longer than {@link BODY_BYTES} or broke off. Reads no byte above the limit. */
export async function readText(request: Request): Promise<string | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > BODY_BYTES) return undefined
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of request.body ?? []) {
      bytes += chunk.byteLength
      if (bytes > BODY_BYTES) return undefined
      chunks.push(chunk)
    }
  } catch {
    return undefined
  }
  return Buffer.concat(chunks).toString('utf8')
}
