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
  if (!isUsableAddress(egress, url.href)) {
    return refused(
      'This server calls only public addresses that begin with https://, without a name or password in them.',
    )
  }
  return success(url.href)
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
