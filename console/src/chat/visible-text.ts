/** Characters that turn the direction of what follows, or show as nothing: with them a text reads as another than it is. */
const UNSEEN = /[\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g

const HEXADECIMAL = 16
const DIGITS = 4

/** A text of strangers with such characters named instead of obeyed. */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `⟦U+${code.toString(HEXADECIMAL).toUpperCase().padStart(DIGITS, '0')}⟧`
  })
}
