import type { Hit } from './lexicon.ts'
import type { Request } from './request.ts'
import type { Situation } from './situation.ts'
import { fold } from './text.ts'
import { STOP_WORDS } from './words.ts'

/** Nouns that say what kind of thing is sought, not which. */
/** Kinds of pages that say what is in them: "atas do conselho". */
const TELLING = /^(?:atas?|artigos?|articles?)$/
const GENERIC = new Set(['page', 'database', 'workspace', 'content', 'rowset'])
/** Where the subject of a search ends and the next wish begins. */
const NEXT_WISH =
  /\s+(?:and|e|then|so|para|pra|pro)\s+(?:(?:then|me|then me)\s+)?(?=(?:tell|show|give|summari[sz]e|say|explain|let|read|open|list|see|check|me |diga|diz|mostr|resum|leia|abr|expli|fal[ea]|conte|ver|ler))|[?!;\n]|\.\s/

const WHERE =
  /(?<![a-z])(?:where(?:'?s)?|onde|cade)\s+(?:(?:did|do|does|can|could|would|is|are|was|were|i|we|you|anyone|find|keep|put|foi parar|foram parar|foi|fica|ficam|ficou|ficaram|esta|estao|eu|nos|acho|encontro|guardamos|guardei|guardou)\s+)*/
const WENT = /\s+(?:went|gone|is|are|lives?|lies?|ended up|has gone|got to|foi parar|ficou|esta)\s*$/i

/** What to look for: what is quoted, named or spoken "about", else what is left when all words of asking are taken away. */
export function searchQuery({ request, main }: Situation): string | undefined {
  const quoted = request.quotes[0]?.value
  if (quoted !== undefined) return quoted
  if (request.name !== undefined) return request.name.text
  if (request.topic !== undefined) return trim(request.topic.text, request) ?? request.topic.text
  const from = main === undefined ? startOfPlace(request) : (request.tokens[main.end - 1]?.end ?? 0)
  const wish = { text: request.text.slice(from), isOrdered: main !== undefined }
  return firstWish(wish, request) ?? trim(request.text.slice(0, from), request)
}

/** Behind "where did we put", "onde ficou": what is sought follows. */
function startOfPlace({ folded }: Request): number {
  const where = WHERE.exec(folded)
  return where === null ? 0 : where.index + where[0].length
}

/** Up to the next wish; where that says nothing ("Hi!") and nothing was ordered, what follows it. */
function firstWish({ text, isOrdered }: { text: string; isOrdered: boolean }, request: Request): string | undefined {
  const stop = NEXT_WISH.exec(fold(text))
  const subject = trim((stop === null ? text : text.slice(0, stop.index)).replace(WENT, ''), request)
  const rest = stop === null || isOrdered ? '' : text.slice(stop.index + stop[0].length)
  return subject ?? (rest.trim() === '' ? undefined : firstWish({ text: rest, isOrdered }, request))
}

/** Takes function words, kinds of things and names of the place off both ends, and words of asking off the start. */
function trim(text: string, request: Request): string | undefined {
  const words = text.split(/\s+/).filter((word) => word !== '')
  const kinds = wordsOf(
    request,
    request.nouns.filter((noun) => [...noun.concepts].some((concept) => GENERIC.has(concept))),
  )
  const verbs = wordsOf(request, request.verbs)
  let start = 0
  let end = words.length
  while (start < end && (isEmpty(words[start], kinds) || verbs.has(plain(words[start])))) start += 1
  while (end > start && isEmpty(words[end - 1], kinds)) end -= 1
  const left = words
    .slice(start, end)
    .join(' ')
    .replace(/[?!.,;:]+$/, '')
  return left === '' ? undefined : left
}

function isEmpty(word: string | undefined, kinds: ReadonlySet<string>): boolean {
  return plain(word) === '' || STOP_WORDS.has(plain(word)) || (kinds.has(plain(word)) && !TELLING.test(plain(word)))
}

function plain(word = ''): string {
  return fold(word).replace(/[^\p{L}\p{N}-]/gu, '')
}

function wordsOf(request: Request, hits: readonly Hit[]): Set<string> {
  return new Set(hits.flatMap((hit) => request.tokens.slice(hit.start, hit.end).map((token) => token.word)))
}
