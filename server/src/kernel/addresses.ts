import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Which addresses and host names lie on the public internet. What is not known to be public is refused. */

/**
 * Ranges that ipaddr.js calls ordinary unicast and that are not: a cloud's metadata service, protocol assignments,
 * AS112, and IPv6 ranges that carry an IPv4 address which a gateway may unwrap (6to4, local NAT64, IPv4-compatible).
 */
const SPECIAL_RANGES = [
  '168.63.129.16/32',
  '192.0.0.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.175.48.0/24',
  '2001::/23',
  '2620:4f:8000::/48',
  '64:ff9b:1::/48',
  '2002::/16',
  'fec0::/10',
  '::/96',
].map((range) => ipaddr.parseCIDR(range))

/** True for an address in the public internet. Takes the text of a socket or resolver; any other text is not public. */
export function isPublicAddress(text: string): boolean {
  const [bare = ''] = text.split('%') // the zone of a link-local address
  if (isIP(bare) === 0) return false
  const address = ipaddr.process(bare) // turns ::ffff:a.b.c.d into a.b.c.d
  if (address.range() !== 'unicast') return false
  return !SPECIAL_RANGES.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits))
}

/** Names that mean this machine or this network, whatever a resolver says (RFC 6761, RFC 6762, RFC 8375, ICANN). */
const PRIVATE_SUFFIXES = [
  'localhost',
  'local',
  'localdomain',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'home.arpa',
]

/** True where a name may be looked up at all. Takes the host name of a parsed URL, so it is lower case and encoded. */
export function isPublicName(name: string): boolean {
  if (!name.includes('.') || name.endsWith('.')) return false
  return !PRIVATE_SUFFIXES.some((suffix) => name === suffix || name.endsWith(`.${suffix}`))
}

/** The text between the brackets of an IPv6 address in a URL; any other host name as it is. */
export function withoutBrackets(hostname: string): string {
  return hostname.startsWith('[') && hostname.endsWith(']') ? hostname.slice(1, -1) : hostname
}
