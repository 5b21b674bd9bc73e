/** Finding by a few typed letters. */

/** Without capitals and accents: `reuniao` finds `Reunião`. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase()
}

/** Those that have every word that was typed, in the order they came. */
export function matching<Item extends { readonly text: string }>(items: readonly Item[], typed: string): Item[] {
  const words = plain(typed)
    .split(/\s+/)
    .filter((word) => word !== '')
  return items.filter(({ text }) => words.every((word) => plain(text).includes(word)))
}
