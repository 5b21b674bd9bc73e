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

/** What to look for: what is quoted, named or spoken "about", else what is left when all words of asking are taken away. */
export function searchQuery({ request, main }: Situation): string | undefined {
  const quoted = request.quotes[0]?.value
  if (quoted !== undefined) return quoted
  if (request.name !== undefined) return request.name.text
  if (request.topic !== undefined) return trim(request.topic.text, request) ?? request.topic.text
  const from = main === undefined ? 0 : (request.tokens[main.end - 1]?.end ?? 0)
  const behind = request.text.slice(from)
  const stop = NEXT_WISH.exec(fold(behind))
  const subject = trim(stop === null ? behind : behind.slice(0, stop.index), request)
  return subject ?? trim(request.text.slice(0, from), request)
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
