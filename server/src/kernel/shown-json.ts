/**
 * JSON for a person who decides about exactly this: indented, with every character that shows as nothing or moves others
 * around (controls, bidirectional overrides, tags, fillers) written as its escape.
 */
export function shownJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(UNSHOWN, escapeOf)
}

/** The line breaks are the indentation's: those of texts are escaped by JSON itself. */
const UNSHOWN = /(?!\n)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u3164\uffa0]/gu
const HEX = 16
const CODE_UNIT_DIGITS = 4

function escapeOf(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
  return units.map((unit) => `\\u${unit.toString(HEX).padStart(CODE_UNIT_DIGITS, '0')}`).join('')
}
