/** Texts of strangers, as a model or a person is shown them: nothing unseen, nothing that passes for our own words. */

/**
 * Controls except tab and line break, and what shows as nothing or turns the line around (bidirectional marks, tags). Joiners
 * stay: emoji and some scripts are written with them.
 */
const UNSEEN = /(?![\t\n\u200C\u200D])[\p{Cc}\p{Cf}]/gu

/** Longest title or name that a line repeats. */
const LINE_CHARACTERS = 200

/** Makes what cannot be seen visible: in source code an invisible character may be the point. */
export function visible(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? '0'}}`)
}

/** Cuts a text to a length and shows that it was cut. */
export function clip(text: string, characters: number): string {
  return text.length <= characters ? text : `${wholeStart(text, characters - 1)}…`
}

/** The first code units of a text, half a character left out. */
export function wholeStart(text: string, codeUnits: number): string {
  return text.slice(0, codeUnits).replace(/[\uD800-\uDBFF]$/, '')
}

/** A title or name: one line, cut. */
export function line(text: string, characters: number = LINE_CHARACTERS): string {
  return clip(visible(text).replace(/\s+/gu, ' ').trim(), characters)
}

/** What somebody wrote, set off so that none of it reads as a heading or a comment by somebody else. */
export function quote(text: string, characters: number): string {
  return clip(visible(text).trim(), characters).replace(/^/gm, '> ')
}

/** Text of a file between fences that nothing in it can close. */
export function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`
}

/** `2026-03-04T05:06:07Z` → `2026-03-04`: for lists, the day is enough. */
export function day(time: string | null | undefined): string {
  return (time ?? '').slice(0, 10)
}

/** `1 file`, `2 files`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
