import { shownText } from '#kernel/shown-text.ts'

/** Names as people and models write them: of channels and of people. */

/** Longest name that is shown. Slack allows 80 characters. */
const NAME_CHARACTERS = 80

/** A name from outside: one line of what can be seen. */
export function shownName(name: string): string {
  return shownText(name, NAME_CHARACTERS)
}

/** A name without what people leave out or get wrong when they type it: case, accents, doubled and outer spaces. */
export function folded(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** What bears a name: exactly so, else with differences in case and accents alone. Several where it is not clear. */
export function matchesOf<Item>(
  items: readonly Item[],
  namesOf: (item: Item) => readonly string[],
  name: string,
): readonly Item[] {
  for (const form of [(text: string) => text, folded]) {
    const wanted = form(name)
    const found = items.filter((item) => namesOf(item).some((each) => form(each) === wanted))
    if (found.length > 0) return found
  }
  return []
}

/** A text in an answer, in quotation marks and on one line. */
export function quoted(text: string): string {
  return JSON.stringify(shownName(text))
}
