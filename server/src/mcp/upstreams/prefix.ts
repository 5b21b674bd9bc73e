/**
 * What leads the names of a server's tools. Letters and digits alone: where the prefix ends is then plain from any name,
 * so no tool of one server can pass for a tool of another, or of a provider.
 */

/** Characters; names of tools have 64 at most. */
const PREFIX_CHARACTERS = 20
/** Parts of a host that say nothing of whose it is. */
const COMMON_PARTS = new Set(['mcp', 'www', 'api', 'server'])

/**
 * @param taken prefixes of the user's other servers, and the ids of all providers
 */
export function prefixFor(label: string | undefined, url: string, taken: ReadonlySet<string>): string {
  const base = slugOf(label ?? '') || slugOf(nameIn(new URL(url).hostname)) || 'server'
  const led = /^[a-z]/.test(base) ? base : `s${base}`
  const short = led.slice(0, PREFIX_CHARACTERS)
  if (!taken.has(short)) return short
  for (let number = 2; ; number += 1) {
    const numbered = `${short.slice(0, PREFIX_CHARACTERS - String(number).length)}${number}`
    if (!taken.has(numbered)) return numbered
  }
}

function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '')
}

/** The part of a host that people would call it by: `linear` of `mcp.linear.app`. */
function nameIn(hostname: string): string {
  if (/^[\d.]+$|^\[/.test(hostname)) return ''
  const parts = hostname.split('.')
  const own = parts.length > 1 ? parts.slice(0, -1) : parts
  return own.find((part) => !COMMON_PARTS.has(part)) ?? own[0] ?? ''
}
