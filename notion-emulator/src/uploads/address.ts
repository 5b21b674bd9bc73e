import { createHmac, timingSafeEqual } from 'node:crypto'
import type { State } from '../state/state.ts'
import type { FileUpload } from './upload.ts'

/** How long the address of a file is good for. The answer names the moment, so it is part of the contract. */
const ADDRESS_LIFE_MS = 3_600_000
const SECONDS_PER_HOUR = 3600
const SIGNED_PATH =
  /\/files\/([\da-f-]{36})\/([\da-f-]{36})\/([^/?#\s]+)\?X-Amz-Date=([\dTZ]+)(?:&|&amp;)X-Amz-Expires=3600(?:&|&amp;)X-Amz-Signature=([\da-f]{64})/

/** An address that anyone may read for an hour, and when that hour ends. */
export interface SignedAddress {
  url: string
  expiry_time: string
}

/** Signs the address of a file from this moment on. `base` is what comes before the path. */
export function signedAddress(state: State, upload: FileUpload, base: string, now: number): SignedAddress {
  const path = `${upload.workspaceId}/${upload.id}/${encodeURIComponent(upload.filename ?? 'file')}`
  const date = compactTime(now)
  const query = `X-Amz-Date=${date}&X-Amz-Expires=${SECONDS_PER_HOUR}&X-Amz-Signature=${sign(state, path, date)}`
  return { url: `${base}/files/${path}?${query}`, expiry_time: new Date(now + ADDRESS_LIFE_MS).toISOString() }
}

/** A file that a signed address stands for. */
export interface SignedFile {
  upload: FileUpload
  /** Until when the address is good, in milliseconds since the epoch. */
  until: number
}

/** The file of an address that this emulator signed, however long ago; null for every other text. */
export function readAddress(state: State, address: string): SignedFile | null {
  const match = SIGNED_PATH.exec(address)
  if (match === null) return null
  const [, workspaceId = '', id = '', name = '', date = '', signature = ''] = match
  const expected = sign(state, `${workspaceId}/${id}/${name}`, date)
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(signature))) return null
  const upload = state.uploads.get(id)
  return upload === undefined ? null : { upload, until: parseCompactTime(date) + ADDRESS_LIFE_MS }
}

const SIGNED_ADDRESS = new RegExp(`https?://(?:(?!https?://)[^\\s"'()<>])*?${SIGNED_PATH.source}`, 'g')

/** A text with every signed address in it exchanged for what `replace` makes of it; in tags they stay escaped. */
export function replaceAddresses(text: string, replace: (address: string) => string): string {
  return text.replace(SIGNED_ADDRESS, (address) => {
    const replaced = replace(address.replaceAll('&amp;', '&'))
    return address.includes('&amp;') ? replaced.replaceAll('&', '&amp;') : replaced
  })
}

function sign(state: State, path: string, date: string): string {
  return createHmac('sha256', state.signingKey).update(`${path}\n${date}`).digest('hex')
}

/** `20261122T123456789Z`: as the storage behind the API writes times, and with milliseconds, as they are shown. */
function compactTime(now: number): string {
  return new Date(now).toISOString().replace(/[-:.]/g, '')
}

function parseCompactTime(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z$/, '$1-$2-$3T$4:$5:$6.$7Z'))
}
