/** Names as people and models write them: titles, properties, options, people. */

/** A name without what people leave out or get wrong when they type it: case, accents, doubled and outer spaces. */
export function folded(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** A name as it is compared where accents tell apart: case, composition of accents and outer spaces do not count. */
function withAccents(name: string): string {
  return name.normalize('NFC').toLowerCase().trim()
}

/**
 * What a name means among others: what is written exactly so; else what differs in case alone; else in accents and spaces
 * too. Several where it is not clear, none where nothing fits.
 */
export function matchesOf<Item>(items: readonly Item[], nameOf: (item: Item) => string, name: string): readonly Item[] {
  for (const form of [(text: string) => text, withAccents, folded]) {
    const wanted = form(name)
    const found = items.filter((item) => form(nameOf(item)) === wanted)
    if (found.length > 0) return found
  }
  return []
}
