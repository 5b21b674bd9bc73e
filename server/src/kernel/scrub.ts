import { SECRET_TEXT } from './secret.ts'

/** What a secret looks like, and what stands in its place. Every pattern runs in linear time. */
const PATTERNS: readonly [RegExp, string][] = [
  // Well-known beginnings: keys of providers and model vendors, ours, Fernet tokens, JSON web tokens.
  [/\b(ntn_|nrt_|secret_|chv_|sk-|AIza|gh[opsur]_|xox[abeprs]-|gAAAAA|eyJ)[\w.~+/=-]{4,}/g, `$1${SECRET_TEXT}`],
  // Any other word, separator and long run of letters with a digit: how vendors make their keys recognisable.
  [/\b([A-Za-z]\w{1,11}[_-])(?=[A-Za-z]*\d)[A-Za-z0-9]{16,}/g, `$1${SECRET_TEXT}`],
  [/\b(Bearer|Basic)\s+[^\s"',;]+/gi, `$1 ${SECRET_TEXT}`],
  [
    /\b((?:access_|refresh_|id_)?token|api_?key|client_secret|code_verifier|code|state|password|authorization|cookie)(["']?\s*[=:]\s*["']?)[^\s"',;&}]+/gi,
    `$1$2${SECRET_TEXT}`,
  ],
  [/:\/\/[^\s/@]{1,256}@/g, `://${SECRET_TEXT}@`],
]

/**
 * Replaces what looks like a secret in a text. The last line only: what is logged is chosen field by field, and a secret of an
 * unknown form passes here.
 */
export function scrub(text: string): string {
  return PATTERNS.reduce((scrubbed, [pattern, replacement]) => scrubbed.replace(pattern, replacement), text)
}
