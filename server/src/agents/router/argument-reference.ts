import type { Request } from './request.ts'

/** References in forms that an argument's description names: "owner/name#12, URL, or number", "#name, id or link". */

type Find = (request: Request) => string | number | undefined

/** The first forms are the most telling. */
const FORMS: readonly (readonly [RegExp, Find])[] = [
  [/owner\/name#\d+/, (request) => written(request, /(?<![\w./@-])[\w.-]+\/[\w.-]+#\d+(?!\w)/)],
  [/\b(?:url|link)\b/i, (request) => request.tokens.find(({ kind }) => kind === 'link')?.span?.url],
  [/owner\/name(?!#)/, (request) => written(request, /(?<![\w./@#-])[a-z][\w.-]*\/[a-z][\w.-]*\w(?![\w#/])/)],
  [/#name/, (request) => written(request, /(?<![\w#/])#[\p{L}_][\p{L}\d_-]*/u)],
  [/\bnumber\b/, numberIn],
]
const REFERENCE = /^(?:owner\/name|#name|link|url)/i
const NUMBER = /(?<!\w)(?:#|(?:number|no\.?|numero|n[ºo]\.?|issue|ticket|pr|pull request)\s+#?)(\d{1,9})(?!\d)/

/** Whether an argument is a reference to a thing, rather than a text. */
export function isReference(description: string): boolean {
  return REFERENCE.test(description)
}

/** The first reference in the request that has one of the described forms. */
export function referenceIn(request: Request, description: string): string | number | undefined {
  for (const [form, find] of FORMS) {
    const found = form.test(description) ? find(request) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/** As the user wrote it; quotations and links are hidden from the pattern. */
function written({ folded, text }: Request, pattern: RegExp): string | undefined {
  const match = pattern.exec(folded)
  return match === null ? undefined : text.slice(match.index, match.index + match[0].length)
}

function numberIn({ folded }: Request): number | undefined {
  const match = NUMBER.exec(folded)
  return match === null ? undefined : Number(match[1])
}
