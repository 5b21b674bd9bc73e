import type { Call } from '../core/call.ts'
import { stringOf } from '../core/json.ts'
import type { JsonObject } from '../state/model.ts'
import { readAddress, replaceAddresses, signedAddress } from '../uploads/address.ts'
import type { FileUpload } from '../uploads/upload.ts'
import { presentEmoji } from './rich-text.ts'
import { isObject } from '../validation/check.ts'

/** How long the address of a file that came with a request is said to be good, in milliseconds. */
const ADDRESS_LIFE_MS = 3_600_000

/**
 * Something that names a file (`{type, external | file | file_upload, ...}`) as answers show it: what Notion holds
 * gets an address that is good for an hour from now, whether it was given as an upload or by an earlier such address.
 */
export function presentFile(call: Call, value: JsonObject): JsonObject {
  const upload = heldFile(call, value)
  if (upload === null) return value['type'] === 'file' ? withExpiry(call, value) : value
  const address = signedAddress(call.state, upload, call.base, call.now)
  const entries = Object.entries(value).map(([name, member]) => {
    if (name === 'type') return [name, 'file']
    if (name === 'name') return [name, member === '' ? upload.filename : member]
    return ['file_upload', 'file', 'external'].includes(name) ? ['file', address] : [name, member]
  })
  return Object.fromEntries(entries) as JsonObject
}

/** A page's or block's icon or cover; null stays null. */
export function presentLook(call: Call, value: JsonObject | null): JsonObject | null {
  if (value === null) return null
  const { custom_emoji: emoji } = value
  return isObject(emoji) ? { ...value, custom_emoji: presentEmoji(call, emoji) } : presentFile(call, value)
}

/** The upload behind a value, as long as it is of the caller's workspace. */
function heldFile(call: Call, value: JsonObject): FileUpload | null {
  const { file_upload: named, file, external } = value
  const hosted = isObject(file) ? file : external
  const upload = isObject(named)
    ? call.state.uploads.get(stringOf(named['id']))
    : readAddress(call.state, isObject(hosted) ? stringOf(hosted['url']) : '')?.upload
  return upload !== undefined && upload.workspaceId === call.install.workspaceId ? upload : null
}

function withExpiry(call: Call, value: JsonObject): JsonObject {
  const { file } = value
  if (!isObject(file) || file['expiry_time'] !== undefined) return value
  const expiry = new Date(call.now + ADDRESS_LIFE_MS).toISOString()
  return { ...value, file: { ...file, expiry_time: expiry } }
}

/** Text of a request with the addresses of files in it made as fresh as the ones that answers show now. */
export function withFreshAddresses(call: Call, text: string): string {
  return replaceAddresses(text, (address) => {
    const upload = readAddress(call.state, address)?.upload
    const isOwn = upload !== undefined && upload.workspaceId === call.install.workspaceId
    return isOwn ? signedAddress(call.state, upload, call.base, call.now).url : address
  })
}
