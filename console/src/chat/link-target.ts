const ALLOWED_PROTOCOLS = new Set(['https:', 'http:', 'mailto:'])

export interface LinkTarget {
  readonly href: string
  readonly isOwn: boolean
}

/** Where a link leads; null where it leads nowhere that may be gone to. */
export function linkTarget(href: string | undefined, origin: string): LinkTarget | null {
  if (href === undefined || !URL.canParse(href, origin)) return null
  const url = new URL(href, origin)
  return ALLOWED_PROTOCOLS.has(url.protocol) ? { href: url.href, isOwn: url.origin === origin } : null
}
