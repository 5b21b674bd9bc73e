import { createHash } from 'node:crypto'
import type { OpenEgress } from '#kernel/egress.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'

/** The address of a remote server as a user gives it, and as it is compared and kept. */

/** Characters; longer ones are no address that a person was given. */
export const LONGEST_ADDRESS = 2_000

/**
 * The address in one form: what differs only in the case of the host, in a default port or after `#` is the same server.
 * Fails with `invalid_request` for what is not called from here, whatever the reason.
 */
export function serverAddress(egress: Pick<OpenEgress, 'allows'>, text: string): Outcome<string> {
  const url = URL.parse(text.trim())
  if (text.length > LONGEST_ADDRESS || url === null) return refused('That is no address. Give the one of the server.')
  url.hash = ''
  if (url.username + url.password !== '') {
    return refused('Leave the name and password out of the address. A token that you made there goes into "token".')
  }
  if (!isUsableAddress(egress, url.href)) {
    return refused('This server calls only public addresses that begin with https://.')
  }
  return success(url.href)
}

/**
 * The address without its query: as it is kept in the open, shown, and named to others. A query may hold a key, so the
 * whole address lies in the sealed credential alone.
 */
export function openAddress(address: string): string {
  const url = new URL(address)
  url.search = ''
  url.hash = ''
  return url.href
}

/** Hexadecimal digits: enough to tell a user's own servers from each other, too few to find a query by. */
const FINGERPRINT_CHARACTERS = 10

/** What tells one server from another and gives nothing away: two queries at one address are two servers. */
export function addressId(address: string): string {
  const isOpen = new URL(address).search === ''
  if (isOpen) return openAddress(address)
  const fingerprint = createHash('sha256').update(address).digest('hex').slice(0, FINGERPRINT_CHARACTERS)
  return `${openAddress(address)}#${fingerprint}`
}

/** True where the address has a query that is kept sealed. */
export function isQuerySealed(id: string): boolean {
  return new URL(id).hash !== ''
}

function refused(detail: string): ReturnType<typeof failure> {
  return failure('invalid_request', detail, { path: 'url' })
}

/** A name or an IP address and nothing that a shell or a page could read as more. */
const PLAIN_HOST = /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])$/

/** True where an address may be called, or a person sent to it: the same rules for every address that others name. */
export function isUsableAddress(egress: Pick<OpenEgress, 'allows'>, address: string): boolean {
  const host = URL.parse(address)?.hostname
  return (
    address.length <= LONGEST_ADDRESS &&
    host !== undefined &&
    PLAIN_HOST.test(host) &&
    !host.startsWith('-') &&
    egress.allows(address)
  )
}
