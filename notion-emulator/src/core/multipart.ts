/** One part of a multipart/form-data body (RFC 7578). */
export interface FormPart {
  name: string
  filename: string | null
  contentType: string | null
  data: Uint8Array
}

const LINE_END = '\r\n'
const HEAD_END = '\r\n\r\n'
/** A form of the API has two parts; whoever sends more is told that the form cannot be read. */
const MAX_PARTS = 100

/** The parts of a form, or null for a body that is none: no boundary, or not well formed. */
export function parseMultipart(bytes: Uint8Array, contentType: string): FormPart[] | null {
  const boundary = boundaryOf(contentType)
  if (boundary === null) return null
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const delimiter = `${LINE_END}--${boundary}`
  const parts: FormPart[] = []
  // The first delimiter may stand at the very beginning, without a line end before it.
  let end = buffer.indexOf(`--${boundary}`)
  if (end < 0) return null
  let start = end + boundary.length + 2
  while (parts.length < MAX_PARTS) {
    if (buffer.toString('latin1', start, start + 2) === '--') return parts
    if (buffer.toString('latin1', start, start + 2) !== LINE_END) return null
    end = buffer.indexOf(delimiter, start)
    const part = end < 0 ? null : parsePart(buffer.subarray(start + 2, end))
    if (part === null) return null
    parts.push(part)
    start = end + delimiter.length
  }
  return null
}

function boundaryOf(contentType: string): string | null {
  if (!/^multipart\/form-data\b/i.test(contentType)) return null
  const match = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType)
  return match?.[1] ?? match?.[2] ?? null
}

function parsePart(bytes: Buffer): FormPart | null {
  const headEnd = bytes.indexOf(HEAD_END)
  if (headEnd < 0) return null
  const head = new Map(
    bytes
      .toString('utf8', 0, headEnd)
      .split(LINE_END)
      .map((line) => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
      }),
  )
  const disposition = head.get('content-disposition') ?? ''
  const name = parameterOf(disposition, 'name')
  if (name === null) return null
  return {
    name,
    filename: parameterOf(disposition, 'filename'),
    contentType: head.get('content-type') ?? null,
    data: bytes.subarray(headEnd + HEAD_END.length),
  }
}

/** A parameter of Content-Disposition; browsers escape quotes and line ends in it as a URL does (RFC 7578, 2). */
function parameterOf(disposition: string, name: string): string | null {
  const match = new RegExp(`;\\s*${name}=(?:"((?:\\\\.|[^"\\\\])*)"|([^\\s;]+))`, 'i').exec(disposition)
  const text = match?.[1]?.replace(/\\(.)/g, '$1') ?? match?.[2]
  return text?.replace(/%22/g, '"').replace(/%0D/gi, '\r').replace(/%0A/gi, '\n') ?? null
}
