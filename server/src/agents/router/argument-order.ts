import { columnName, conceptOf, usualColumn } from './columns.ts'
import { asWritten } from './phrases.ts'
import type { Request } from './request.ts'
import type { Situation } from './situation.ts'
import { readCount } from './values.ts'

interface Sort {
  readonly property?: string
  readonly timestamp?: string
  readonly direction: 'ascending' | 'descending'
}

const WORD = "[\\p{L}][\\p{L}\\p{N}_'-]*"
const NO_NAME = 'desc|asc|from|in|crescente|decrescente|do|da|first|ascending|descending|and|e|max|com|with|limit|at'
const SORT = new RegExp(
  '(?<![a-z])(?:(?:sort|order|rank)(?:ed|ing)?(?: (?:it|them|\\ue000+|.{1,40}?))? by|orden(?:e|a|ado|ada|ados|adas|ar|ando)(?:-[oa]s?)?(?: (?:\\ue000+|.{1,40}?))? (?:por|pel[ao])|' +
    'em ordem (?:crescente |decrescente )?(?:de|por)|classific\\w* (?:por|pel[ao])|in (?:ascending |descending )?order of)\\s+' +
    `(?:(?:the|[oa])\\s+)?(${WORD}(?: (?!(?:${NO_NAME})(?![a-z]))${WORD})?)`,
  'u',
)
const EXTREME =
  /(?<![a-z])(top(?= [\p{L}\d]+ )|largest|biggest|highest|greatest|smallest|lowest|cheapest|most expensive|most valuable|maiores|maior|menores|menor|mais car[ao]s?|mais barat[ao]s?|mais valios[ao]s?)(?![a-z])/u
/** "largest orders by amount", "maior valor". */
const BY_COLUMN = /(?<![a-z])(?:by|por)\s+(?:the\s+|[oa]\s+)?(\p{L}+)/u
const RIGHT_BEHIND = /^\s+(\p{L}+)/u
const LOW = /^(?:smallest|lowest|cheapest|menor|mais barat)/
const BY_TIME = new RegExp(
  `(?<![a-z])(earliest|latest|newest|oldest|soonest|most recent|mais (?:recente|antig[ao]|nov[ao]|velh[ao])s?)(?:\\s+(${WORD})\\s+(?:first|primeiro))?`,
  'u',
)
const NEW = /^(?:latest|newest|most recent|mais (?:recente|nov))/
const DESCENDING =
  /(?<![a-z])(?:desc(?:ending)?|decrescente|largest first|highest first|newest first|latest first|do maior (?:para|ao|pro)|from (?:high|large|big)\w*|reverse|maior primeiro)(?![a-z])/
const LIMITS = [
  /(?<![a-z0-9])(?:at most|up to|max(?:imum)?(?: of)?|limit(?: of| to| it to)?|no more than|top|first|last|only|just|no maximo|ate|limite(?: de)?|maximo(?: de)?|[oa]s|primeir[ao]s|so|so [ao]s?|apenas|somente)\s+([\p{L}\d]+)(?!\d|-\d|\/)/gu,
  /(?<![\p{L}\d])([\p{L}\d]+)\s+(?:first|last|largest|biggest|highest|smallest|lowest|newest|oldest|latest|most|primeir[ao]s|ultim[ao]s|maiores|menores|mais|rows|results|entries|items|linhas|resultados|registros|itens|at most|max|or less|no maximo|only|apenas)(?![\p{L}])/gu,
  /(?<![\p{L}\d])the\s+([\p{L}\d]+)\s/gu,
]
/** "One" is an article as often as a number. */
const NO_LIMIT = new Set(['um', 'uma', 'one'])

/** How many results are wanted, if the request says so. */
export function pageSizeFor({ request }: Situation, maximum: number): number | undefined {
  for (const pattern of LIMITS) {
    for (const [, word = ''] of request.folded.matchAll(pattern)) {
      const count = NO_LIMIT.has(word) ? undefined : readCount(word)
      if (count !== undefined && count > 0) return Math.min(count, maximum)
    }
  }
  return undefined
}

/** The order of the rows: a column, or the time of creation. */
export function sortsFor({ request }: Situation, columns: readonly string[]): Sort[] {
  const named = SORT.exec(request.folded)
  if (named !== null) {
    const name = asWritten(request, named.index + named[0].length - named[1]!.length, named[1]!)
    return [
      { property: columnName(name, columns), direction: DESCENDING.test(request.folded) ? 'descending' : 'ascending' },
    ]
  }
  return bySize(request, columns) ?? byTime(request, columns) ?? []
}

/** Whether the request asks for the first of an order: then no word of it is a condition. */
export function asksForExtreme({ folded }: Pick<Request, 'folded'>): boolean {
  return EXTREME.test(folded) || BY_TIME.test(folded)
}

/** "the five largest deals": by the column that holds an amount, unless one is named. */
function bySize(request: Request, columns: readonly string[]): Sort[] | undefined {
  const extreme = EXTREME.exec(request.folded)
  if (extreme === null) return undefined
  const behind = request.folded.slice(extreme.index + extreme[0].length)
  const [, named = ''] = BY_COLUMN.exec(behind) ?? RIGHT_BEHIND.exec(behind) ?? []
  const written = asWritten(request, request.folded.indexOf(named, extreme.index), named)
  const isColumn = conceptOf(named) !== undefined || (/^\p{Lu}/u.test(written) && BY_COLUMN.test(behind))
  const property = isColumn ? columnName(written, columns) : usualColumn('amount', columns, request.language)
  return [{ property, direction: LOW.test(extreme[1]!) ? 'ascending' : 'descending' }]
}

/** "newest first" is by creation; "earliest Prazo first" by the column named. */
function byTime(request: Request, columns: readonly string[]): Sort[] | undefined {
  const match = BY_TIME.exec(request.folded)
  if (match === null) return undefined
  const direction = NEW.test(match[1]!) ? 'descending' : 'ascending'
  const [, , column] = match
  if (column === undefined) return [{ timestamp: 'created_time', direction }]
  const start = match.index + match[0].indexOf(column, match[1]!.length)
  return [{ property: columnName(asWritten(request, start, column), columns), direction }]
}
