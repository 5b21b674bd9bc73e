import { conceptOf } from './columns.ts'
import type { Reading } from './reading.ts'
import { isGeneral } from './general.ts'
import { searchQuery } from './argument-search.ts'
import { actsOn, asks, does, doesOnly, names, says } from './situation.ts'
import type { Situation } from './situation.ts'
import { STOP_WORDS } from './words.ts'

const LOOKS = ['get', 'read', 'list', 'open', 'check', 'search', 'query'] as const
const HISTORY_OF_PAGE = new RegExp(
  '(?<![a-z])(?:creat(?:ed|ion) when|criad[ao] quando|who (?:has |had |was |is )?(?:\\w+ )?(?:creat|edit|chang|modif|updat|wr[oi]t|made|touch|author)|when (?:was|were|did|has)|by whom|' +
    'last (?:edit|chang|modif|updat|touch)|quem (?:\\w+ )?(?:cri|edit|alter|modific|atualiz|escrev|mex|fez)|quando (?:\\w+ ){0,4}(?:cri|edit|alter|modific|atualiz|foi|mex|mud)|' +
    '(?:criad|editad|alterad|modificad|atualizad)[ao] (?:por|em|pela ultima)|pela ultima vez|por quem|how old is|data d[ae] (?:criacao|edicao))',
)
const ROWS = new RegExp(
  '(?<![a-z])(?:where|whose|sort(?:ed)?|order(?:ed)? by|first|last|top|largest|biggest|smallest|highest|lowest|newest|oldest|latest|earliest|most|least|only|count|' +
    'filter(?:ed)?|everything that|anything that|in which|onde|cuj[ao]s?|ordenad[ao]|ordem|maior(?:es)?|menor(?:es)?|mais|menos|somente|apenas|so (?:[ao]s?|quem|d[aeo]s?)|' +
    'filtrad[ao]|(?<!(?<![a-z])o )que (?:esta[o]?|sao|tem|tenham|estejam|foram|vence[m]?)|em que|com [a-z]+ (?:igual|maior|menor)|igual a|equal to|equals|due|overdue|unpaid)(?![a-z])',
)
/** "Could the table get a new field?" */
const GETS_NEW =
  /^(?:(?:could|can|may|might) (?!you |u |i |we ).{0,80}? (?:get|have) (?:an?|another|new) |(?:please |por favor )?(?:give|de|da) .{0,80}?(?:an?|another|extra|new|mais uma?|nov[ao]|uma?) .{0,40}?(?:columns?|fields?|colunas?|campos?)(?![a-z]))/
const WANTS_COLUMN =
  /(?<![a-z])(?:needs?|wants?|would like|id like|quer\w*|precis\w*|gostaria)(?: de)? (?:an?|uma?) (?:[a-z-]+ ){0,2}(?:columns?|fields?|colunas?|campos?)(?![a-z])/
const COUNTS = /(?<![a-z])(?:how many|number of|quant[ao]s|total de)(?![a-z])/
/** "Which of the patients in <id> ..." */
const WHICH_OF =
  /(?<![a-z])(?:which|quais|(?<!(?<![a-z])o )que)(?: of the| d[ao]s)? [a-z]+ (?:in|from|of|em|de|d[ao]|n[ao]) \ue000/
const FOLLOWING_ROWS =
  /(?<![a-z])(?:only|just|now|also|the ones?|those|which|so|somente|apenas|agora|quais|os que|as que|aquel[ea]s|os d[aeo]s?|as d[aeo]s?)(?![a-z])/
const INSIDE =
  /(?<![a-z])(?:inside|within|under|beneath|underneath|nested|below|dentro|abaixo|embaixo|aninhad\w*|expand\w*|unfold|desdobr\w*|child|children|filh[ao]s?|sub-?(?:blocks?|itens|items?|blocos?))(?![a-z])/
const BLOCKS = /(?<![a-z])(?:blocks|blocos)(?![a-z])/
const EXISTS = new RegExp(
  "(?<![a-z])(?:where(?:'?s)?|(?:is|are|was|were) there|there is|do (?:we|i|you) have|(?:have )?(?:we|i|you) (?:got|have)|^got|does (?:\\w+ )?(?:exist|have)|^do(?:es)? .* exists?|any (?:page|doc|note|database)|anything|something|" +
    'did (?:we|anyone|somebody|anybody) (?:ever )?(?:write|document|note|record)|(?:which|what) (?:page|doc|document|note|database|wiki|table|article)s?|' +
    'onde|cade|existem?|alguma coisa|algo|(?:ha|tem|temos|tenho|teria|havia) (?:algum|alguma|alguns|algumas|uma?|pagina|algo|nota|documento|base|tabela|banco|material|texto)|' +
    '(?:em )?(?:que|qual|quais) (?:e |sao )?(?:as? |os? )?(?:paginas?|documentos?|notas?|bases?|anotac\\w+|tabelas?|bancos?))(?![a-z])',
)
const WHERE = /(?<![a-z])(?:onde|where|wheres|cade)(?![a-z])/
const OURS = /(?<![a-z])(?:we|our|ours|us|my|nos|nosso|nossa|nossos|nossas|temos|tenho|meu|minha|a gente)(?![a-z])/
/** "Tell me about whales" asks the one who is spoken to, "tell me about our whales" the documents. */
const TELL = /(?<![a-z])(?:tell|talk|say|cont[ae]|fal[ae]|dig[ao]|diz)(?![a-z])/
/** "Show me the travel policy": what is shown as known can only be in the documents. */
const SHOWS_THE = new RegExp(
  '(?<![a-z])(?:show|see|view|display|fetch|get|bring|retrieve|mostr\\w+|exib\\w+|ver|veja|traz\\w*|puxa\\w*|peg\\w+)(?:-me)?(?: me| us| pra mim| up)? (?:the|our|my|[oa]s?|noss[ao]s?|meus?|minhas?) [a-z]',
)
const WANTS_THE =
  /^(?:[a-z]+,? )?(?:i |we |eu |a gente )?(?:need|require|want|would like|precis[ao]m?(?:os)?|necessit\w+|queria|quero) (?:(?:the|our|my) |d[ao]s? |[oa]s? )[a-z]/
/** "Open a ticket" makes one. */
const OPENS_NEW = /(?<![a-z])(?:open|abr[aei]r?) (?:an?|uma?) /
const NOT_IN_DOCUMENTS = ['chat', 'outside', 'product', 'unsupported', 'secret'] as const
const PULL_UP = /(?<![a-z])(?:pull(?:ed)? up|bring up|puxa|puxe)(?![a-z])/
const ABOUT_TABLE = /(?<![a-z])(?:descri\w*|details?|detalh\w*|about|titles?|titulos?|info\w*)(?![a-z])/
/** "How is it set up?", "como está montada?" */
const HOW_BUILT =
  /(?<![a-z])(?:how|como)\s.*(?:set ?up|built|organi[sz]|structur|laid out|defined|mad[ae]|work|montad|organizad|estruturad|configurad|definid|feit|funciona)/
/** "What is the status of", "qual é o prazo da": the word between asks for one property. */
const ONE_PROPERTY =
  /(?<![a-z])(?:what(?:'s| is| are)?|which|who(?:'s| is| are)?|qual|quais|quem|que)\s+(?:(?:is|are|e|eh|sao|foi|the|a|o|as|os|its|their|s)\s+)*([a-z]+(?: date| limite| de [a-z]+)?)(?![a-z])/
const STATE =
  /(?<![a-z])(?:done|finished|complete[d]?|closed|open|paid|unpaid|overdue|late|approved|assigned|blocked|started|delivered|won|lost|feit[ao]|pront[ao]|conclui?d[ao]|concluid[ao]|terminad[ao]|fechad[ao]|abert[ao]|pag[ao]|atrasad[ao]|aprovad[ao]|atribuid[ao]|bloquead[ao]|entregue|ganh[ao]|perdid[ao])(?: (?:yet|already|ja|ainda))?\?/
const WHEN_DUE = /(?<![a-z])(?:when (?:is|are) .* due|quando (?:e|vence))/

/** "Page X, the budget": words that say no more than which thing is meant. */
const MOST_OTHER_WORDS = 2

const search: Reading = { deed: 'search', thing: 'page' }
const query: Reading = { deed: 'query', thing: 'database' }
const readTable: Reading = { deed: 'read', thing: 'database' }
const readText: Reading = { deed: 'read', thing: 'content' }
const updateTable: Reading = { deed: 'update', thing: 'database' }

/** Columns of a table: what they are, or a change of them. */
export function readSchema(situation: Situation): Reading | undefined {
  if (!names(situation, 'column', 'schema')) return undefined
  if (does(situation, 'add', 'create', 'update', 'rename') || wantsNew(situation))
    return changesSchema(situation) ? updateTable : undefined
  if ((situation.main !== undefined && !does(situation, ...LOOKS)) || says(situation, /\s=\s/)) return undefined
  return situation.hasTarget && asksForSchema(situation) && !does(situation, 'query') ? readTable : undefined
}

/** "I need a new field ...": no verb, but something new. */
function wantsNew(situation: Situation): boolean {
  if (says(situation, GETS_NEW)) return true
  return (
    situation.main === undefined &&
    !asksOutright(situation) &&
    (says(situation, /(?<![a-z])(?:new|another|nov[ao]|outr[ao])(?![a-z])/) || says(situation, WANTS_COLUMN))
  )
}

/** "Could the table get ...?" is a wish in the form of a question. */
function asksOutright(situation: Situation): boolean {
  return (
    asks(situation) &&
    !(
      situation.request.question === '?' &&
      says(situation, /^(?:could|can|would|pode|poderia|da (?:para|pra))(?![a-z])/)
    )
  )
}

function changesSchema(situation: Situation): boolean {
  const { kind } = situation
  const isMeant =
    situation.main === undefined || says(situation, GETS_NEW)
      ? names(situation, 'column')
      : actsOn(situation, 'column', 'schema')
  if (!isMeant || actsOn(situation, 'block') || kind === 'page' || kind === 'block') return false
  const table = speaksOfTable(situation)
  if (does(situation, 'update', 'rename')) return table && says(situation, /(?<![a-z])(?:column|coluna|field|campo)/)
  return table || says(situation, /(?<![a-z])(?:column|coluna|field|campo)/)
}

function speaksOfTable({ kind, ...rest }: Situation): boolean {
  return kind === 'database' || (kind === undefined && names(rest, 'database'))
}

function asksForSchema(situation: Situation): boolean {
  if (says(situation, /(?<![a-z])(?:columns?|schema|structured?|colunas?|esquema|estrutura(?:d[ao])?)(?![a-z])/))
    return true
  if (situation.kind === 'page') return false
  return speaksOfTable(situation) || says(situation, /(?<![a-z])(?:fields?|campos?)(?![a-z])/)
}

/** One block, or what lies inside one or on a page. */
export function readBlock(situation: Situation): Reading | undefined {
  const { kind } = situation
  if (!situation.hasTarget || !looksOrAsks(situation)) return undefined
  const inside = says(situation, INSIDE)
  if (kind === 'block') return inside ? { deed: 'list', thing: 'children' } : { deed: 'read', thing: 'block' }
  const blocks = says(situation, BLOCKS) || (inside && names(situation, 'block'))
  return blocks && names(situation, 'block', 'children') ? { deed: 'list', thing: 'children' } : undefined
}

/** Rows of a table, all or some. */
export function readRows(situation: Situation): Reading | undefined {
  if (!hasPageOrTable(situation) || !looksOrAsks(situation)) return undefined
  if (filtersRows(situation)) return query
  const own = situation.focus.own.length > 0
  if (situation.kind === 'page') return undefined
  if (situation.kind === undefined) return own && countsOrLists(situation) ? query : undefined
  if (!own) return goesOnWithRows(situation) ? query : undefined
  return wantsTableItself(situation) ? readTable : query
}

function looksOrAsks(situation: Situation): boolean {
  return situation.main === undefined || does(situation, ...LOOKS)
}

/** What is spoken of can hold rows or text: it is no person, discussion or block. */
function hasPageOrTable({ hasTarget, kind }: Situation): boolean {
  return hasTarget && (kind === undefined || kind === 'page' || kind === 'database')
}

/** "Consultar" a page is only looking at it; filtering and sorting is always of rows. */
function filtersRows(situation: Situation): boolean {
  if (does(situation, 'query') && situation.kind !== 'page') return true
  return situation.request.verbs.some((verb) => verb.command && verb.concepts.has('query') && !verb.concepts.has('get'))
}

function goesOnWithRows(situation: Situation): boolean {
  return (
    says(situation, FOLLOWING_ROWS) ||
    says(situation, ROWS) ||
    says(situation, COUNTS) ||
    names(situation, 'rowset', 'row')
  )
}

function wantsTableItself(situation: Situation): boolean {
  if (asks(situation) && says(situation, HOW_BUILT)) return true
  const rows = says(situation, ROWS) || says(situation, COUNTS) || names(situation, 'rowset')
  if (rows || doesOnly(situation, 'list')) return false
  const whole = actsOn(situation, 'database') && situation.object?.governed === false
  return says(situation, ABOUT_TABLE) || (whole && does(situation, 'get', 'read') && !does(situation, 'open'))
}

/** An id that nothing calls a page: a list "from" it, or a count, can only mean rows. */
function countsOrLists(situation: Situation): boolean {
  if (says(situation, WHICH_OF)) return true
  if (!isBehindPreposition(situation)) return false
  if (says(situation, COUNTS)) return true
  if (names(situation, 'page', 'content', 'property', 'metadata') || situation.request.topic !== undefined) return false
  return says(situation, ROWS) || names(situation, 'rowset') || doesOnly(situation, 'list')
}

function isBehindPreposition({ request }: Situation): boolean {
  return /(?<![a-z])(?:from|in|of|on|em|de|da|do|na|no)\s+\ue000/.test(request.folded)
}

/** Where something is: a search, as nothing names it by id. */
export function readLocation(situation: Situation): Reading | undefined {
  if (situation.focus.own.length > 0 || searchQuery(situation) === undefined) return undefined
  if (does(situation, 'search')) return search
  if (situation.main === undefined || leadsToQuestion(situation)) return asksWhere(situation) ? search : undefined
  return opensByName(situation) ? search : undefined
}

function asksWhere(situation: Situation): boolean {
  if (says(situation, WANTS_THE) && !names(situation, ...NOT_IN_DOCUMENTS) && !asks(situation)) return true
  if (!says(situation, EXISTS)) return wantsToFind(situation)
  if (situation.focus.how === 'pointer' && !says(situation, WHERE) && !says(situation, OURS)) return false
  const outright = says(situation, WHERE) || says(situation, OURS) || situation.request.topic !== undefined
  // "Which documents must parents bring?" is answered by the page that was just found.
  const answered = situation.focus.recalled !== undefined
  return outright || (!answered && names(situation, 'page', 'database', 'content', 'workspace'))
}

/** "Check whether we have ...", "vê se existe ...": the order only leads up to a question. */
function leadsToQuestion(situation: Situation): boolean {
  return (
    doesOnly(situation, 'check', 'get', 'tick') &&
    says(situation, /(?<![a-z])(?:if|whether|se|where|onde)\s/) &&
    says(situation, EXISTS)
  )
}

/** "I'm looking for ...", "estou procurando": no order, but a wish. */
function wantsToFind({ request }: Situation): boolean {
  return (
    request.verbs.some((verb) => verb.concepts.has('search') && !verb.past && !verb.command) &&
    request.question === undefined
  )
}

function opensByName(situation: Situation): boolean {
  const { how } = situation.focus
  const pointsBack = how === 'pointer' || how === 'ordinal' || how === 'title'
  if (pointsBack || !does(situation, 'open', 'read', 'get', 'list')) return false
  if (names(situation, 'page', 'database', 'content') || says(situation, OURS)) return true
  if (does(situation, 'open', 'read')) return !says(situation, OPENS_NEW)
  return !says(situation, TELL) && speaksOfDocument(situation)
}

function speaksOfDocument(situation: Situation): boolean {
  if (says(situation, SHOWS_THE) && !names(situation, ...NOT_IN_DOCUMENTS)) return true
  return situation.request.topic !== undefined || says(situation, PULL_UP) || says(situation, EXISTS)
}

/** A page that is named or was spoken of: its properties and dates, or its text. */
export function readPage(situation: Situation): Reading | undefined {
  if (!hasPageOrTable(situation) || !looksAtTarget(situation) || isGeneral(situation)) return undefined
  if (situation.kind === 'database') return does(situation, 'open') ? query : readTable
  if (asksForMetadata(situation)) return { deed: 'read', thing: 'page' }
  return situation.main === undefined && situation.focus.how === 'silence' ? undefined : readText
}

/** Looks, asks, or merely names something by id: whoever pastes a link wants to see it. */
function looksAtTarget(situation: Situation): boolean {
  if (situation.main !== undefined) return does(situation, ...LOOKS, 'foreign')
  return asks(situation) || (situation.focus.own.length > 0 && saysLittle(situation))
}

/** Nothing but the thing itself and a few small words: what else is said may want what no word here tells. */
function saysLittle({ request }: Situation): boolean {
  const known = new Set(
    request.nouns.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at)),
  )
  const others = request.tokens.filter(
    ({ kind, word }, at) => kind === 'word' && !known.has(at) && !STOP_WORDS.has(word),
  )
  return others.length <= MOST_OTHER_WORDS
}

function asksForMetadata(situation: Situation): boolean {
  if (names(situation, 'metadata', 'property', 'column') || says(situation, HISTORY_OF_PAGE)) return true
  if (situation.focus.own.length === 0 && situation.focus.how !== 'pointer') return false
  if (asksForState(situation)) return true
  const asked = ONE_PROPERTY.exec(situation.request.folded)?.[1] ?? ''
  return (
    conceptOf(asked) !== undefined || conceptOf(asked.replace(/ de .*/, '')) !== undefined || says(situation, WHEN_DUE)
  )
}

/** "Is task X done yet?": of a task or deal, whether it is so stands in its properties. */
function asksForState(situation: Situation): boolean {
  return asks(situation) && names(situation, 'row') && says(situation, STATE) && !names(situation, 'content')
}

/** A question without an id, right after one page was spoken of, is answered by that page. */
export function readQuestion(situation: Situation): Reading | undefined {
  const { focus, kind } = situation
  if (focus.recalled === undefined || (kind !== undefined && kind !== 'page') || situation.main !== undefined)
    return undefined
  return asks(situation) && !isGeneral(situation) && !names(situation, 'chat', 'product', 'unsupported')
    ? readText
    : undefined
}
