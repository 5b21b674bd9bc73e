import { isPreposition, isVerb, questionWordAt } from './clauses.ts'
import type { Language } from './language.ts'
import { hitsIn, isFalseFriend } from './hits.ts'
import { findHits } from './lexicon.ts'
import type { Hit, Lexicon } from './lexicon.ts'
import { CHANGING, moodOf } from './mood.ts'
import type { Mood } from './mood.ts'
import { findSpans, fold, tokenize, wordAt } from './text.ts'
import type { Span, Token } from './text.ts'
import { DETERMINERS, PREPOSITIONS, words } from './words.ts'

/** A verb as the request uses it. */
export interface Verb extends Hit {
  readonly mood: Mood
  /** It orders, or asks whether it may: not past, not negated, not in a clause that asks. */
  readonly command: boolean
}

export interface Noun extends Hit {
  /** It hangs on a preposition: "to the page". */
  readonly governed: boolean
}

/** A piece of the message that is material, not instruction: what to write, what to call it, what to look for. */
export interface Piece {
  readonly text: string
  readonly start: number
  readonly end: number
  /** Where "called" or "chamada" in front of it begins, which is no order to call. */
  readonly opens?: number
}

/** One message of the user, taken apart. */
export interface Request {
  readonly text: string
  readonly folded: string
  readonly language: Language
  readonly tokens: readonly Token[]
  readonly verbs: readonly Verb[]
  readonly nouns: readonly Noun[]
  readonly quotes: readonly Span[]
  /** Behind a colon. */
  readonly tail?: Piece
  /** Behind "called", "chamada". */
  readonly name?: Piece
  /** Behind "saying", "dizendo". */
  readonly said?: Piece
  /** Behind "about", "sobre". */
  readonly topic?: Piece
  /** The word that makes the first clause, or a later one, a question. */
  readonly question?: string
}

const NAME = new RegExp(
  '(?<![a-z])(?:called|named|titled|entitled|call it|name it|title it|by the name of|with (?:the )?(?:title|name)(?: of)?|' +
    'chamad[oa]s?|intitulad[oa]s?|de nome|com (?:o )?(?:nome|titulo)(?: de)?|cham(?:e|a|ar)(?:-[ao])?(?: el[ae])? de|(?:deve|precisa|vai|tem que|deveria|pode|passa a|passar a) se chamar|(?:should|must|has to|needs to) be (?:called|named|titled)|' +
    'nomead[oa](?: como)?|(?:de|o) titulo)\\s*:?\\s+(?!(?:in|on|at|no|na|em|do|da)\\s)',
)
/** Where a name without quotation marks stops. */
const NAME_END = new RegExp(
  '[,;.!?\\n]|\\s+(?:under|inside|within|below|beneath|underneath|dentro|embaixo|sob|debaixo|abaixo)\\s|\\s+(?:with|having|com|contendo)\\s|' +
    '\\s+(?:in|on|to|at|for|em|na|no|nas|nos|para|pra|pro|a|ao|from|of|de|da|do)\\s+(?:(?:the|a|o|this|that|my|our|our own)\\s+(?:[a-z]+\\s+){0,2})?' +
    '(?:(?:page|database|table|db|parent|pagina|base|banco|tabela|block|bloco|it|there|la|ela|essa?|nessa?|workspace)(?![a-z])|\\ue000)|' +
    '\\s+(?:there|here|la|ali|aqui)(?![a-z])',
)
const SAID = new RegExp(
  '(?<![a-z])(?:saying|that says|which says|that reads|which reads|reading|stating|telling (?:them|him|her|people)|to say|should (?:say|read|be(?=:| "))|(?:o )?cert[oa] (?:e|seria)|deveria (?:dizer|ser(?=:| "))|with the (?:text|words|content|message)|' +
    'with text|dizendo|falando|que diga|que diz|informando|avisando|escrito|com (?:o )?(?:texto|conteudo|seguinte texto)|com a (?:frase|mensagem))' +
    '(?: that| que| the following| o seguinte)?\\s*:?\\s+',
)
const TOPIC = new RegExp(
  '(?<![a-z])(?:(?:anything|something|stuff|info|information|material|docs?|documents?|notes|pages?) on(?! (?:page|block|\ue000|this|that|it))|(?:algo|alguma coisa|informac(?:ao|oes)|material|coisa) d[eao]s?|(?<!think |thinking |thought |ask |worried )about|regarding|concerning|related to|mention(?:s|ing)?|talk(?:s|ing)? about|deal(?:s|ing)? with|on the (?:subject|topic) of|' +
    'sobre|acerca d[aeo]s?|a respeito d[aeo]s?|referentes? a[os]?|relacionad[oa]s? (?:a|com)|' +
    'que (?:fal[ae]m?|trat[ae]m?) (?:sobre|d[aeo]s?|em)|que (?:mencion|cit)[ae]m?|falando d[aeo]s?|mencionando|com a palavra)\\s+',
)
const TOPIC_END = /[;.!?\n]|,\s|\s+(?:in|on|from|of|na|no|em|da|do|de)\s+(?=(?:(?:the\s+)?page|pagina|\ue000))/
const COLON = /:(?=\s|["“«'])/

/** Takes a message apart. `lexicon` holds the built-in words and those of the tools at hand. */
export function parseRequest(message: string, language: Language, lexicon: Lexicon): Request {
  const text = message.normalize('NFC').trim()
  const spans = findSpans(text)
  const folded = hide(fold(text), spans)
  const tokens = tokenize(text, spans)
  const asked = questionOf(tokens)
  const pieces = {
    tail: tailOf(text, folded, tokens, lexicon),
    name: pieceOf(text, folded, NAME, NAME_END),
    // "What are people saying about it?" gives no wording.
    said: asked === undefined ? pieceOf(text, folded, SAID) : undefined,
    topic: withoutPlace(topicOf(text, folded), tokens, lexicon),
  }
  const material = tokensIn(tokens, Object.values(pieces))
  const nounHits = hitsIn(lexicon, 'nouns', tokens, material).filter((hit) => !isFalseFriend(tokens, hit, language))
  const verbs = readVerbs(tokens, hitsIn(lexicon, 'verbs', tokens, material), nounHits, {
    language,
    isAsked: text.endsWith('?'),
  })
  const question = asked ?? (asksByMark(text, verbs) ? '?' : undefined)
  return {
    text,
    folded,
    language,
    tokens,
    verbs,
    nouns: readNouns(tokens, nounHits, verbs),
    quotes: spans.filter((span) => span.kind === 'quote'),
    ...withoutUndefined(pieces),
    ...(question === undefined ? {} : { question }),
  }
}

/** Stands for every character of an id or link, and of a quotation, so that no pattern matches inside them. */
export const ID_MARK = '\ue000'
const QUOTE_MARK = '\ue001'

function hide(folded: string, spans: readonly Span[]): string {
  let hidden = folded
  for (const { kind, start, end } of spans) {
    const length = end - start
    const blank = kind === 'quote' ? `"${QUOTE_MARK.repeat(length - 2)}"` : ID_MARK.repeat(length)
    hidden = hidden.slice(0, start) + blank + hidden.slice(end)
  }
  return hidden
}

/** What stands by id is no topic to search for: "tell me about X". */
function topicOf(text: string, folded: string): Piece | undefined {
  const piece = pieceOf(text, folded, TOPIC, TOPIC_END)
  return piece === undefined || folded.startsWith(ID_MARK, piece.start) ? undefined : piece
}

const PARTICIPLE =
  /^(?:called|named|titled|entitled|chamad|intitulad|nomead|should|deveria|(?:o )?cert|(?:deve|precisa|vai|tem que|pode|passa|must|has to|needs to) )/

function pieceOf(text: string, folded: string, opening: RegExp, closing?: RegExp): Piece | undefined {
  const match = opening.exec(folded)
  if (match === null) return undefined
  const start = match.index + match[0].length
  const rest = folded.slice(start)
  const stop = rest.startsWith('"') ? rest.indexOf('"', 1) + 1 : (closing?.exec(rest)?.index ?? rest.length)
  const end = start + stop
  const piece = text
    .slice(start, end)
    .trim()
    .replace(/[.!?]$/, '')
  if (piece === '') return undefined
  return { text: unquote(piece), start, end, opens: PARTICIPLE.test(match[0]) ? match.index : start }
}

/** "vacation in our workspace" is about vacation. */
function withoutPlace(piece: Piece | undefined, tokens: readonly Token[], lexicon: Lexicon): Piece | undefined {
  if (piece === undefined) return undefined
  const inside = tokens.filter((token) => token.start >= piece.start && token.end <= piece.end)
  const place = findHits(lexicon.nouns, inside).find(
    (hit) => hit.concepts.has('workspace') && hit.end === inside.length,
  )
  let start = place?.start ?? inside.length
  while (start > 1 && isSmall(wordAt(inside, start - 1))) start -= 1
  const end = inside[start - 1]?.end
  if (place === undefined || end === undefined || end <= piece.start) return piece
  return { text: piece.text.slice(0, end - piece.start).trim(), start: piece.start, end }
}

function isSmall(word: string): boolean {
  return PREPOSITIONS.has(word) || DETERMINERS.has(word)
}

/** What follows a colon, if something before it says what to do with it. */
function tailOf(text: string, folded: string, tokens: readonly Token[], lexicon: Lexicon): Piece | undefined {
  const match = COLON.exec(folded)
  if (match === null) return undefined
  const before = tokens.filter((token) => token.end <= match.index)
  const verbs = findHits(lexicon.verbs, before)
  const behind = tokens.findIndex((token) => token.start > match.index)
  const writes = verbs.some(({ concepts }) => !concepts.has('check') && CHANGING.some((action) => concepts.has(action)))
  // "Health check: is it up?" goes on with a question, "Reply: is it up?" gives the words.
  if (!writes && behind !== -1 && questionWordAt(tokens, behind) !== undefined) return undefined
  const isInstruction = verbs.length + findHits(lexicon.nouns, before).length > 0
  const tail = text.slice(match.index + 1).trim()
  if (!isInstruction || tail === '') return undefined
  return { text: unquote(tail), start: match.index + 1, end: text.length }
}

function unquote(text: string): string {
  const inner = /^["“«'`](.*)["”»'`][.!]?$/s.exec(text)?.[1]
  return inner === undefined || /["”»]/.test(inner) ? text : inner.trim()
}

function tokensIn(tokens: readonly Token[], pieces: readonly (Piece | undefined)[]): Set<number> {
  const inside = new Set<number>()
  for (const [index, token] of tokens.entries()) {
    if (
      pieces.some(
        (piece) => piece !== undefined && token.start >= (piece.opens ?? piece.start) && token.end <= piece.end,
      )
    )
      inside.add(index)
  }
  return inside
}

const POLITE = words('please pls favor gentileza pfv pf')

/** The accent tells "excluí" (I deleted) from "exclui" (delete!). */
const FIRST_PERSON_PAST = /í$/i

function readVerbs(
  tokens: readonly Token[],
  hits: readonly Hit[],
  nouns: readonly Hit[],
  { language, isAsked }: { language: Language; isAsked: boolean },
): Verb[] {
  return hits
    .filter((hit) => isVerb(tokens, hit, { nouns, language }))
    .map((hit) => (FIRST_PERSON_PAST.test(tokens[hit.start]?.text ?? '') ? { ...hit, past: true } : hit))
    .map((hit) => {
      const mood = moodOf(tokens, hit, language, isAsked)
      return { ...hit, mood, command: mood === 'order' || mood === 'permission' }
    })
}

/** "E aos domingos?": no word that asks and nothing ordered, but a question mark. */
function asksByMark(text: string, verbs: readonly Verb[]): boolean {
  return text.endsWith('?') && !verbs.some((verb) => verb.command)
}

function questionOf(tokens: readonly Token[]): string | undefined {
  for (const [index, token] of tokens.entries()) {
    if (!token.opensClause) continue
    const word = questionWordAt(tokens, index)
    if (word !== undefined) return word
  }
  return undefined
}

function readNouns(tokens: readonly Token[], hits: readonly Hit[], verbs: readonly Verb[]): Noun[] {
  const taken = (hit: Hit): boolean => verbs.some((verb) => verb.start < hit.end && verb.end > hit.start)
  return hits
    .filter((hit) => !taken(hit) && !isListOf(tokens, hit))
    .map((hit) => ({ ...hit, governed: isGoverned(tokens, hit.start, verbs, hits) }))
}

/** In "the list of people" the people are meant. */
function isListOf(tokens: readonly Token[], hit: Hit): boolean {
  return LIST.has(wordAt(tokens, hit.start)) && hit.end === hit.start + 1 && OF.has(wordAt(tokens, hit.end))
}

const LIST = new Set(['list', 'lista', 'listing', 'listagem'])
const OF = new Set(['of', 'de', 'do', 'da', 'dos', 'das'])

/** A preposition stands to the left, with nothing between but words that belong to the noun: "of the board meeting". */
function isGoverned(tokens: readonly Token[], start: number, verbs: readonly Hit[], nouns: readonly Hit[]): boolean {
  for (let at = start - 1; at >= 0 && tokens[at + 1]?.opensClause === false; at -= 1) {
    const token = tokens[at]
    if (token === undefined || token.kind !== 'word' || covers(verbs, at) || POLITE.has(token.word)) return false
    if (isPreposition(token)) return true
    // "the contacts table": a noun right before belongs to the same thing; one further off is another thing.
    if (at < start - 1 && covers(nouns, at) && !covers(nouns, at + 1)) return false
  }
  return false
}

function covers(hits: readonly Hit[], index: number): boolean {
  return hits.some((hit) => hit.start <= index && hit.end > index)
}

function withoutUndefined<T extends Record<string, unknown>>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept = Object.entries(record).filter(([, value]) => value !== undefined)
  return Object.fromEntries(kept) as { [K in keyof T]?: Exclude<T[K], undefined> }
}
