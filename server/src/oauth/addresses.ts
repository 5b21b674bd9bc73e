import type { AppContext } from '#kernel/http.ts'

/** The names that this server goes by in the documents and links of the authorization server. */

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * The origin that links are built on: the public one. In development, where that is a loopback address, people and programs use its
 * other names as well, and cookies and comparisons of addresses work only under the name that they came by.
 */
export function ownOrigin(c: AppContext, publicUrl: string): string {
  const own = new URL(publicUrl)
  if (!LOOPBACK_HOSTS.has(own.hostname)) return own.origin
  const asked = URL.parse(`${own.protocol}//${c.req.header('host') ?? own.host}`)
  return asked !== null && LOOPBACK_HOSTS.has(asked.hostname) ? asked.origin : own.origin
}

/** A folder below `/mcp` that narrows the list of tools; a token for one is a token for `/mcp`. */
const MCP_PATH = /^\/mcp(\/[a-z0-9][a-z0-9_-]{0,63})?\/?$/

/** True for `/mcp` and what lies below it, under any of our names (RFC 8707: clients name what they connect to). */
export function isOwnResource(resource: string, publicUrl: string): boolean {
  const [own, asked] = [new URL(publicUrl), URL.parse(resource)]
  if (asked === null || asked.search !== '' || asked.hash !== '' || asked.protocol !== own.protocol) return false
  if (asked.username !== '' || asked.password !== '' || !MCP_PATH.test(asked.pathname)) return false
  if (asked.host === own.host) return true
  const isLoopback = LOOPBACK_HOSTS.has(own.hostname) && LOOPBACK_HOSTS.has(asked.hostname)
  return isLoopback && asked.port === own.port
}
