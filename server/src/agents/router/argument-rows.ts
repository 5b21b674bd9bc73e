import type { Background } from './argument-properties.ts'
import { asksForExtreme } from './argument-order.ts'
import { columnName, conceptOf, usualColumn } from './columns.ts'
import type { ColumnConcept } from './columns.ts'
import { asWritten, phraseAt } from './phrases.ts'
import type { Request } from './request.ts'
import type { Situation } from './situation.ts'
import { fold, wordAt } from './text.ts'
import { readCount, readValue } from './values.ts'
import type { Value } from './values.ts'
import { STOP_WORDS } from './words.ts'

interface Condition {
  readonly property: string
  readonly equals: Value
}

const WORD = "[\\p{L}][\\p{L}\\p{N}_'-]*"
const BE = 'is|are|equals?|e|sao|igual|esta|estao|seja|sejam|for|being|tem|tenham|has|have'
const LINK = 'with|by|where|whose|when|com|por|onde|cuj[ao]s?|em|que|de|do|da|of|in|on|which|and|the|[oa]s?'
const NAME = `((?!(?:everything|anything|all|ones|that|which|who|tudo|que)\\s)${WORD}(?: (?!(?:${BE}|${LINK})\\s)${WORD}){0,2}?)`
const IS =
  '(?:\\s*[=:]|\\s+(?:is equal to|equal to|is set to|set to|is|are|equals|being|e igual a|igual a|esta como|esta|estao|seja|sejam|for|como|e))\\s+'
/** "where Status is Overdue", "em que Situação é Atrasado", "por País igual a Espanha", "Status = Open". */
const STATED = [
  new RegExp(
    `(?<![\\p{L}])(?:where|whose|with|by|when|in which|for|having|onde|em que|cuj[ao]s?|com|por|quando|n[ao]s? qua(?:l|is)|que tem|que tenham|(?:that|which) ha(?:s|ve))\\s+(?:(?:the|[oa]s?)\\s+)?${NAME}${IS}`,
    'gu',
  ),
  new RegExp(`(?<![\\p{L}])(?!(?:${LINK}|${BE})\\s)${NAME}(?:\\s*=|\\s+equal to|\\s+equals|\\s+igual a)\\s*`, 'gu'),
]
/** "with confidence low", "com confiança baixa". */
const WITH = new RegExp(`(?<![\\p{L}])(?:with|having|and|com|e)\\s+(?:(?:a|an|the|o)\\s+)?(${WORD})\\s+(${WORD})`, 'gu')
/** "everything that is Bloqueado", "quais tarefas estão urgentes". */
const PREDICATES = [
  /(?<![a-z])(?:that|which|who|ones|everything|anything|que)\s+(?:is|are|was|were|esta|estao|sao|seja|sejam)\s+(?:still |ainda |marked as |marcad[ao]s? como )?/,
  /(?<![a-z])(?:quais|which|how many|quant[ao]s)\s+.{1,80}?\s(?:is|are|esta|estao|sao)\s+(?:still |ainda )?/,
]
const IN_PLACE = /(?<![\p{L}])(?:in|from|em|de)\s+(?=\p{Lu})/u
const IN_STATE = /(?<![a-z])em\s+([a-z]+)\s+(?:d[ao]|n[ao]|em|de)\s/
const VALUE_END =
  /[,;\n?!]|\.(?:\s|$)|\s+(?:and|e|or|ou|but|mas|sort|sorted|order|ordered|orden\w*|max|at most|limit|no maximo|by|por|from|in|on|na|no|em|da|do|first|earliest|latest|please)(?=\s|$)|\s*\ue000/
const CODE = /^(?:[A-Z]{2,}-?\d+|[A-Z]\d|\d{1,2}[A-Z])$/
const CODES: readonly (readonly [RegExp, ColumnConcept])[] = [
  [/^sev/i, 'severity'],
  [/^[qt]\d/i, 'quarter'],
  [/^p\d/i, 'priority'],
]
const COLUMN_BEFORE = new Set(['in', 'of', 'with', 'em', 'da', 'do', 'de', 'na', 'no', 'com'])
/** A yes-or-no column goes by the bare adjective: "quais tarefas estão urgentes". */
const FLAGS: Readonly<Record<string, ColumnConcept>> = { urgent: 'urgent', urgente: 'urgent', urgentes: 'urgent' }

/** The conditions that rows must meet, as `{property, equals}`, joined by `and` if there are several. */
export function filterFor({ request }: Situation, background: Background): Record<string, unknown> | undefined {
  const conditions = conditionsIn(request, background)
  const [only] = conditions
  if (only === undefined) return undefined
  return conditions.length === 1 ? { ...only } : { and: conditions.map((condition) => ({ ...condition })) }
}

/** What is said outright counts most; a bare value, whose column has to be guessed from its kind, least. */
function conditionsIn(request: Request, background: Background): Condition[] {
  for (const read of [statedConditions, codesAndPairs]) {
    const found = read(request, background)
    if (found.length > 0) return [...new Map(found.map((each) => [each.property, each])).values()]
  }
  const place = IN_PLACE.exec(request.text)
  const city = place === null ? undefined : phraseAt(request, place.index + place[0].length, VALUE_END)
  const predicate = predicateIn(request)
  if (predicate === undefined && city !== undefined) return [guess('city', city, request, background)]
  const value = predicate ?? (asksForExtreme(request) ? undefined : adjectiveIn(request))
  if (value === undefined) return []
  const flag = FLAGS[fold(value)]
  if (flag !== undefined) return [{ property: usualColumn(flag, background.columns, request.language), equals: true }]
  return [guess('status', value.charAt(0).toUpperCase() + value.slice(1), request, background)]
}

function statedConditions(request: Request, background: Background): Condition[] {
  for (const pattern of STATED) {
    const found = [...request.folded.matchAll(pattern)].flatMap((match) => {
      const start =
        match.index + match[0].indexOf(match[1]!, match[0].startsWith(match[1]!) ? 0 : match[0].search(/\s/))
      const value = phraseAt(request, match.index + match[0].length, VALUE_END)
      return value === undefined ? [] : [condition(asWritten(request, start, match[1]!), value, background)]
    })
    if (found.length > 0) return found
  }
  return []
}

/** SEV1, Q4, P0 say by their shape what they are; "with confidence low" names the column. */
function codesAndPairs(request: Request, background: Background): Condition[] {
  const coded = request.tokens.flatMap(({ kind, text }, index) => {
    if (kind !== 'word' || !CODE.test(text)) return []
    // "in class 8A": the word before is the column, if it is one and not what is listed.
    const before = request.tokens[index - 1]
    const named =
      before !== undefined && COLUMN_BEFORE.has(wordAt(request.tokens, index - 2)) && !STOP_WORDS.has(before.word)
    if (named) return [condition(before.text, text, background)]
    return [guess(CODES.find(([pattern]) => pattern.test(text))?.[1] ?? 'status', text, request, background)]
  })
  const paired = [...request.folded.matchAll(WITH)].flatMap((match) => {
    const [whole, first = '', second = ''] = match
    const end = match.index + whole.length
    const value = asWritten(request, end - second.length, second)
    const name = asWritten(request, match.index + whole.lastIndexOf(first, whole.length - second.length - 1), first)
    if (asksForExtreme({ folded: `${first} ${second}` })) return []
    if (conceptOf(first) !== undefined) return [condition(name, value, background)]
    return conceptOf(second) === undefined ? [] : [condition(value, name, background)]
  })
  return [...coded, ...paired]
}

function condition(name: string, value: string, background: Background): Condition {
  return { property: columnName(name, background.columns), equals: readValue(value, background.now) }
}

function guess(concept: ColumnConcept, value: string, request: Request, background: Background): Condition {
  return { property: usualColumn(concept, background.columns, request.language, value), equals: value }
}

function predicateIn(request: Request): string | undefined {
  for (const pattern of PREDICATES) {
    const match = pattern.exec(request.folded)
    const value = match === null ? undefined : phraseAt(request, match.index + match[0].length, VALUE_END)
    if (value !== undefined) return value
  }
  return undefined
}

/** "the overdue invoices", "contas em risco": what stands next to the noun that is listed. */
function adjectiveIn(request: Request): string | undefined {
  const inState = IN_STATE.exec(request.folded)
  if (inState !== null) return asWritten(request, inState.index, `em ${inState[1]!}`)
  const end = request.tokens.findIndex((token) => token.kind === 'id' || token.kind === 'link')
  const words = request.tokens.slice(request.verbs[0]?.end ?? 0, end === -1 ? undefined : end)
  const telling = words.filter((token) => token.kind === 'word' && tells(request, token.word, token.start))
  if (telling.length !== 2) return undefined
  // English puts the adjective first, Portuguese last.
  return (request.language === 'en' ? telling[0] : telling[1])?.text
}

function tells(request: Request, word: string, start: number): boolean {
  const isTable = request.nouns.some(
    (noun) =>
      request.tokens[noun.start]?.start === start && (noun.concepts.has('database') || noun.concepts.has('rowset')),
  )
  return !STOP_WORDS.has(word) && readCount(word) === undefined && !isTable
}
