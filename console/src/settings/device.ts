/** In the order in which they must be looked for: each of these browsers also names those after it. */
const BROWSERS = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const
const SYSTEMS = [
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Android', 'Android'],
  ['Windows', 'Windows'],
  ['Mac OS X', 'macOS'],
  ['Linux', 'Linux'],
] as const

const SHOWN_CHARACTERS = 60

/** A device as people know it, from what its browser says of itself; null where it says nothing. */
export function deviceOf(userAgent: string | null): string | null {
  if (userAgent === null || userAgent === '') return null
  const named = (names: readonly (readonly [string, string])[]) => names.find(([mark]) => userAgent.includes(mark))?.[1]
  const known = [named(BROWSERS), named(SYSTEMS)].filter((name) => name !== undefined)
  return known.length === 0 ? userAgent.slice(0, SHOWN_CHARACTERS) : known.join(' · ')
}
