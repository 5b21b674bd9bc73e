/** Controls, and characters that show as nothing or move others around: bidirectional overrides, tags, fillers. */
const UNSHOWN = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800]+/gu
/** Times the shown length: what lies further is not read at all. */
const LENGTHS_READ = 8
/** Code units of one shown character: an accent or two fit, a tower of them does not. */
const CODE_UNITS_OF_CHARACTER = 8

/**
 * Text from outside, as a person is shown it: one line of what can be seen, empty where nothing can.
 * @param length characters, as people count them
 */
export function shownText(text: string, length: number): string {
  return cut(withoutUnshown(text.slice(0, length * LENGTHS_READ).replace(/\s+/gu, ' ')).trim(), length)
}

/** The same for a text of several lines, which keeps them. */
export function shownLines(text: string, length: number): string {
  const lines = text.slice(0, length * LENGTHS_READ).split(/\r\n?|[\n\u2028\u2029]/u)
  return cut(
    lines
      .map((line) => withoutUnshown(line.replaceAll('\t', '  ')))
      .join('\n')
      .trim(),
    length,
  )
}

function cut(read: string, length: number): string {
  const characters = [...new Intl.Segmenter().segment(read)].map(({ segment }) =>
    segment.slice(0, CODE_UNITS_OF_CHARACTER),
  )
  if (characters.length <= length) return characters.join('')
  return `${characters
    .slice(0, length - 1)
    .join('')
    .trimEnd()}…`
}

/** The text without what cannot be seen. */
export function withoutUnshown(text: string): string {
  return text.replace(UNSHOWN, '')
}
