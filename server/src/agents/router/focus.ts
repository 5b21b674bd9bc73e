import type { Lexicon } from './lexicon.ts'
import { findMentions } from './mentions.ts'
import type { Kind, Mention } from './mentions.ts'
import type { Request } from './request.ts'
import { POINTERS, STOP_WORDS } from './words.ts'

/** What an earlier message said. */
export interface Turn {
  readonly role: 'user' | 'assistant'
  readonly text: string
}

/** The things that a request can be about: named in itself, or before and meant by it. */
export interface Focus {
  /** Ids in the request, in order. */
  readonly own: readonly Mention[]
  /** The one thing of the conversation that the request points at. */
  readonly recalled?: Mention
  /** How it points: by place in a list, by title, by pronoun, or only because nothing else was spoken of. */
  readonly how?: 'ordinal' | 'title' | 'pointer' | 'silence'
  /** Something else was said since it was spoken of. */
  readonly isOld?: true
  /** Several things were spoken of and the request does not tell which. */
  readonly ambiguous: boolean
}

const ORDINALS: readonly (readonly [RegExp, number])[] = [
  [/(?<![a-z])(?:first|1st|primeir[ao])(?![a-z])/, 0],
  [/(?<![a-z])(?:second|2nd|segund[ao])(?![a-z])/, 1],
  [/(?<![a-z])(?:third|3rd|terceir[ao])(?![a-z])/, 2],
  [/(?<![a-z])(?:fourth|4th|quart[ao])(?![a-z])/, 3],
  [/(?<![a-z])(?:fifth|5th|quint[ao])(?![a-z])/, 4],
  [/(?<![a-z])(?:last one|the last|a ultima|o ultimo)(?![a-z])/, -1],
]
/** A line that speaks of one table and no page: its id is the table's, wherever in the line it stands. */
const OF_TABLE =
  /^(?!.*(?<![a-z])(?:page|pagina|block|bloco|user|usuario))(?=.*(?<![a-z])(?:database|table|base|banco|tabela)(?![a-z]))/
/** A title is recognised by words at least this long; shorter ones occur everywhere. */
const MIN_TITLE_WORD = 3

/**
 * @param kinds what ids of the conversation turned out to be, by how they were used
 */
export function findFocus(
  request: Request,
  history: readonly Turn[],
  lexicon: Lexicon,
  kinds: ReadonlyMap<string, Kind>,
): Focus {
  const known = (mention: Mention): Mention => {
    const kind = mention.kind ?? kinds.get(mention.id) ?? (OF_TABLE.test(mention.around) ? 'database' : undefined)
    return kind === undefined ? mention : { ...mention, kind }
  }
  const own = findMentions(request.text, lexicon).map((mention) => ({
    ...mention,
    ...(kinds.has(mention.id) && { kind: mention.kind ?? kinds.get(mention.id)! }),
  }))
  const recent = latestMentions(history, lexicon).map(known)
  if (own.length > 0 || recent.length === 0) return { own, ambiguous: false }
  const wanted = kindWanted(request)
  const suited = wanted === undefined ? recent : recent.filter((mention) => (mention.kind ?? 'page') === wanted)
  const candidates = suited.length > 0 ? suited : recent
  const ordinal = byOrdinal(request, candidates)
  if (ordinal !== undefined) return { own, recalled: ordinal, how: 'ordinal', ambiguous: false }
  if (candidates.length === 1) {
    const how = points(request) ? 'pointer' : 'silence'
    const isOld = latestMentions(newestExchange(history), lexicon).length === 0
    return { own, recalled: candidates[0]!, how, ...(isOld && { isOld }), ambiguous: false }
  }
  const titled = byTitle(request, candidates)
  if (titled !== undefined) return { own, recalled: titled, how: 'title', ambiguous: false }
  return { own, ambiguous: true }
}

/** From the last message of the user on. */
function newestExchange(history: readonly Turn[]): readonly Turn[] {
  const start = history.findLastIndex(({ role }) => role === 'user')
  return history.slice(Math.max(start, 0))
}

/** The things named in the newest message that names any; each id once. */
function latestMentions(history: readonly Turn[], lexicon: Lexicon): Mention[] {
  for (const turn of history.toReversed()) {
    const unique = new Map(
      findMentions(turn.text, lexicon)
        .toReversed()
        .map((mention) => [mention.id, mention]),
    )
    if (unique.size > 0) return [...unique.values()].reverse()
  }
  return []
}

/** The kind that the request names next to a pointer or article: "that block", "essa página". */
function kindWanted(request: Request): Kind | undefined {
  for (const noun of request.nouns) {
    if (noun.concepts.has('block')) return 'block'
    if (noun.concepts.has('page')) return 'page'
    if (noun.concepts.has('database')) return 'database'
    if (noun.concepts.has('user')) return 'user'
    if (noun.concepts.has('thread')) return 'thread'
  }
  return undefined
}

function byOrdinal(request: Request, candidates: readonly Mention[]): Mention | undefined {
  for (const [pattern, place] of ORDINALS) if (pattern.test(request.folded)) return candidates.at(place)
  return undefined
}

function byTitle(request: Request, candidates: readonly Mention[]): Mention | undefined {
  const words = request.tokens
    .map((token) => token.span?.value.toLowerCase() ?? token.word)
    .filter((word) => word.length >= MIN_TITLE_WORD && !STOP_WORDS.has(word))
  const scores = candidates.map((mention) => words.filter((word) => mention.around.includes(word)).length)
  const best = Math.max(...scores)
  const winners = candidates.filter((_, index) => scores[index] === best)
  return best > 0 && winners.length === 1 ? winners[0] : undefined
}

function points(request: Request): boolean {
  return request.tokens.some((token) => POINTERS.has(token.word) || /-(?:l?[oa]s?)$/.test(token.word))
}
