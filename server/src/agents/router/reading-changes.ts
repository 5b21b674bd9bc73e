import { makesHolder, tellsValue } from './argument-properties.ts'
import { putAtEnd, reported } from './argument-text.ts'
import { conceptOf } from './columns.ts'
import type { Reading } from './reading.ts'
import { actsOn, asks, does, doesOnly, names, orders, regretsDeletion, says, takesBack } from './situation.ts'
import type { Situation } from './situation.ts'
import { looksLikeState } from './states.ts'
import { wordAt } from './text.ts'
import { changesState } from './titles.ts'

const OUT_OF =
  /(?<![a-z])(?:(?:out of|from|off) (?:the )?(?:trash|bin|recycle bin|rubbish|garbage|archive|wastebasket)|(?:d[ao]|de dentro d[ao]) (?:lixeira|lixo|arquivo))/
const INTO =
  /(?<![a-z])(?:(?:in|into|to) (?:the )?(?:trash|bin|recycle bin|rubbish|garbage|wastebasket|archive)|(?:para|pra|pro|no?|na|a) ?(?:[ao] )?(?:lixeira|lixo)|(?:away|fora)(?![a-z]))/
const NEW = /(?<![a-z])(?:new|another|nov[ao]s?|outr[ao]s?|mais uma?)(?![a-z])/
const WISH =
  /(?<![a-z])(?:want|need|would like|i'd like|quero|queria|preciso(?: de)?|precisamos(?: de)?|gostaria de|queremos)\s+(?:an?|one|uma?)\s/
const OWNED = new Set(['its', 'the', 'their', 'his', 'her', 'a', 'o', 'seu', 'sua'])
/** "in place of": what is put there replaces what was. */
const IN_PLACE_OF = /(?<![a-z])(?:in(?:stead| place) of|no lugar d[aeo])/
const MUST_GO =
  /(?<![a-z])(?:(?:has|have|needs?|must|should|can)(?: to)? go(?: away)?|(?:tem|deve|pode|precisa)(?: que| de)? (?:sair|sumir|ir embora))\s*(?:[.,;!]|$|please|por favor)/
const WITH_COLUMNS =
  /(?<![a-z])(?:with|having|com|contendo)\s+(?:(?:the|as|os|a|o)\s+)?(?:following\s+)?(?:columns?|fields?|propert(?:y|ies)|colunas?|campos?|propriedades?)/
const AS_STATE = /(?<![a-z])(?:as|como)\s+(?!(?:a|an|um|uma)\s)[a-z\ue001"]/
const TO_STATE = /(?<![a-z])(?:to|as|into|como|para|pra|pro)(?![a-z])/
/** "Put Stage in X to ...", "põe o Palco de X como ...": a word for a column, what has it, and its value. */
const VALUE_BEHIND =
  /^(?:[a-z]+,? ){0,3}?(?:put|ponha|poe|coloqu?[ae]|bot[ae]) (?:(?:the|[oa]) )?[a-z]+(?: [a-z]+)? (?:in|of|on|d[aeo]|n[ao]|em) (?:[a-z]+ ){0,2}\ue000+ (?:to|at|as|como|para|pra|em)(?![a-z])/
/** What a move ends in: what stands behind the last "to". */
const GOAL = /.*(?<![a-z])(?:to|into|para|pra|pro)\s+(?:(?:the|an?|[oa]s?)\s+)?["“]?([^"”\n]+?)["”]?\s*[.!]?$/s
const NOTES = /(?<![a-z])(?:not[ae]s?|anotac\w+)(?![a-z])/

const SHOULD_BE =
  /(?<![a-z])(?:should (?:say|read|be|have)|(?:must|has to|needs to) (?:say|read|be)|cert[oa] (?:e|seria)|(?:deve|precisa|vai|tem que|deveria|pode)(?:m)? (?:se chamar|ser|dizer))(?![a-z])/

const createPage: Reading = { deed: 'create', thing: 'page' }
const createTable: Reading = { deed: 'create', thing: 'database' }
const appendText: Reading = { deed: 'append', thing: 'block' }

/** Out of the trash again. */
export function readRestoration(situation: Situation): Reading | undefined {
  if (doesOnly(situation, 'search', 'create', 'comment')) return undefined
  const fetches = does(situation, 'toss', 'delete', 'get') && says(situation, OUT_OF)
  const restores = orders(situation, 'restore') || fetches || regretsDeletion(situation) || takesBack(situation)
  if (!restores) return undefined
  return {
    deed: 'restore',
    thing: names(situation, 'block') && !names(situation, 'page') ? 'block' : thingToMove(situation),
  }
}

/** What the trash takes: pages, unless the request or the conversation speaks of something else. */
function thingToMove(situation: Situation): string {
  const { kind } = situation
  if (kind === 'block' || kind === 'database' || kind === 'user' || kind === 'thread') return kind
  return names(situation, 'database') && !names(situation, 'page', 'row') ? 'database' : 'page'
}

/** "Create a ...", "new ...": what is made is the first thing named behind it. */
export function readCreation(situation: Situation): Reading | undefined {
  if (!beginsSomething(situation) || makesNothingNew(situation)) return undefined
  if (actsOn(situation, 'database') && situation.object?.governed === false) return createTable
  if ((goesIntoTable(situation) && namesWhatIsNew(situation)) || actsOn(situation, 'page', 'row', 'rowset'))
    return createPage
  if (actsOn(situation, 'block')) return appendText
  return situation.request.name === undefined ? undefined : createPage
}

function beginsSomething(situation: Situation): boolean {
  return does(situation, 'create') || isHeadless(situation) || opensNew(situation)
}

/** "Abre uma página "Plano" dentro de X": what is opened is not there yet. */
function opensNew(situation: Situation): boolean {
  const { quotes, name, tokens } = situation.request
  const before = wordAt(tokens, (situation.object?.start ?? 0) - 1)
  const isNamed = quotes.length > 0 || name !== undefined
  return does(situation, 'open') && situation.hasTarget && isNamed && /^(?:an?|uma?)$/.test(before)
}

function goesIntoTable(situation: Situation): boolean {
  return situation.hasTarget && (names(situation, 'database') || situation.kind === 'database')
}

/** What is new is quoted, named, listed or spelled as a name; "a kanban view" may be anything. */
function namesWhatIsNew({ request, main }: Situation): boolean {
  const { quotes, name, tail, said, tokens } = request
  if (quotes.length > 0 || name !== undefined || tail !== undefined || said !== undefined) return true
  return tokens.slice(main?.end ?? 0).some(({ kind, text }) => kind === 'word' && /^\p{Lu}/u.test(text))
}

/** "Make a summary", "make its priority Low", "make block X say ...", or things that no tool makes. */
function makesNothingNew(situation: Situation): boolean {
  return (
    doesOnly(situation, 'read', 'list') || makesOtherThing(situation) || rewords(situation) || setsColumn(situation)
  )
}

/** "New table X inside Y": no verb, but something new in a place that is named. */
function isHeadless(situation: Situation): boolean {
  if (situation.main !== undefined || asks(situation) || !situation.hasTarget) return false
  const { quotes, name } = situation.request
  return says(situation, NEW) || (says(situation, WISH) && (quotes.length > 0 || name !== undefined))
}

/** "Make its priority Low": a column next to the verb, and no new thing. */
function setsColumn(situation: Situation): boolean {
  const { request, main, hasTarget } = situation
  if (!hasTarget || main === undefined) return false
  if (makesHolder(situation)) return true
  const behind = request.tokens.slice(main.end, main.end + 2).map(({ word }) => word)
  return OWNED.has(behind[0] ?? '') && conceptOf(behind[1] ?? '') !== undefined
}

function makesOtherThing(situation: Situation): boolean {
  return (
    actsOn(situation, 'outside', 'unsupported', 'user', 'people', 'bot') && !actsOn(situation, 'page', 'row', 'block')
  )
}

/** "Add a ...": a row to a table, text to a page, or a page to another. */
export function readAddition(situation: Situation): Reading | undefined {
  if (
    !does(situation, 'add') ||
    removesInstead(situation) ||
    goesToTrash(situation) ||
    setsState(situation) ||
    makesOtherThing(situation)
  )
    return undefined
  if (addsToTable(situation)) return createPage
  if (actsOn(situation, 'database'))
    return says(situation, WITH_COLUMNS) || addsTable(situation) ? createTable : undefined
  if (addsPage(situation)) return createPage
  return addsText(situation) ? appendText : undefined
}

/** "Add a table called Guests": one that is not there yet. */
function addsTable({ request, object, kind }: Situation): boolean {
  const isNew = /^(?:an?|uma?|new|nov[ao])$/.test(wordAt(request.tokens, (object?.start ?? 0) - 1))
  return isNew && object?.governed === false && kind !== 'database' && request.name !== undefined
}

/** "Drop block X": a verb that can mean both removes where nothing is given to add. */
function removesInstead(situation: Situation): boolean {
  const { quotes, tail, said } = situation.request
  return does(situation, 'delete') && quotes.length === 0 && tail === undefined && said === undefined
}

function addsPage(situation: Situation): boolean {
  const named = situation.request.name !== undefined && !actsOn(situation, 'block')
  return named || (actsOn(situation, 'page') && situation.object?.governed === false && !says(situation, NOTES))
}

function addsToTable(situation: Situation): boolean {
  if (situation.kind !== undefined) return situation.kind === 'database'
  return names(situation, 'database') && !actsOn(situation, 'database')
}

function addsText(situation: Situation): boolean {
  const { request } = situation
  const wording = request.quotes.length > 0 || request.tail !== undefined || request.said !== undefined
  const told = situation.hasTarget && (reported(situation) !== undefined || putAtEnd(situation) !== undefined)
  if (wording || told || actsOn(situation, 'block', 'content', 'title', 'children')) return true
  return situation.hasTarget && actsOn(situation, 'row', 'rowset', 'page')
}

/** "Put X as done", "coloque como concluído": putting into a state is a change, not an addition. */
function setsState(situation: Situation): boolean {
  if (!situation.hasTarget || situation.kind === 'database') return false
  if (does(situation, 'add') && names(situation, 'user', 'people')) return false
  if (says(situation, IN_PLACE_OF) || givesTitle(situation) || setsColumn(situation)) return true
  if (says(situation, VALUE_BEHIND)) return true
  return says(situation, AS_STATE) && !actsOn(situation, 'block', 'comment')
}

function goesToTrash(situation: Situation): boolean {
  return says(situation, INTO) && (names(situation, 'trash') || says(situation, /(?<![a-z])(?:away|fora)(?![a-z])/))
}

/** Renames, new values, ticks and new wordings. */
export function readUpdate(situation: Situation): Reading | undefined {
  if (!changesSomething(situation) || doesOnly(situation, 'delete', 'restore')) return undefined
  if (situation.kind === 'user' || situation.kind === 'thread') return undefined
  if (changesBlock(situation)) return { deed: 'update', thing: 'block' }
  if (renamesTable(situation)) return { deed: 'update', thing: 'database' }
  return situation.hasTarget || names(situation, 'page', 'row') ? { deed: 'update', thing: 'page' } : undefined
}

function changesBlock(situation: Situation): boolean {
  if (situation.kind !== undefined) return situation.kind === 'block'
  return actsOn(situation, 'block', 'content') && names(situation, 'block')
}

function renamesTable(situation: Situation): boolean {
  const speaksOfTable = situation.kind === undefined ? names(situation, 'database') : situation.kind === 'database'
  return speaksOfTable && (does(situation, 'rename') || actsOn(situation, 'title', 'database') || givesTitle(situation))
}

/** "Block X should say ...", "a página X precisa se chamar ...": no order, but how it is to be. */
function tellsHowItShouldBe(situation: Situation): boolean {
  const { request, main, focus, kind } = situation
  if (main !== undefined || asks(situation) || focus.own.length === 0 || !says(situation, SHOULD_BE)) return false
  if (kind === 'block') return request.said !== undefined || request.quotes.length > 0
  return request.name !== undefined || tellsValue(situation)
}

function changesSomething(situation: Situation): boolean {
  if (tellsHowItShouldBe(situation)) return true
  if (mustGo(situation)) return false
  if (givesTitle(situation) || rewords(situation) || (does(situation, 'create') && setsColumn(situation))) return true
  if (does(situation, 'update', 'rename', 'untick')) return true
  if (does(situation, 'tick')) return !does(situation, 'check') || situation.kind === 'block'
  return does(situation, 'add') ? setsState(situation) : movesToState(situation)
}

/** "Make block X say ...": the block is what is made different, not the place for something new. */
function rewords(situation: Situation): boolean {
  if (situation.kind !== 'block' || !does(situation, 'create') || situation.focus.own.length === 0) return false
  return actsOn(situation, 'block') && situation.object?.governed === false && !says(situation, NEW)
}

/** "Give page X the title ...", "dê à base X o nome ...". */
function givesTitle(situation: Situation): boolean {
  const { quotes, tail, name } = situation.request
  const isGiven = quotes.length > 0 || tail !== undefined || name !== undefined
  return does(situation, 'get') && situation.hasTarget && names(situation, 'title') && isGiven
}

/** "Move it to Done", "passa para Em risco": a move that ends in no place. */
function movesToState(situation: Situation): boolean {
  if (!does(situation, 'toss') || doesOnly(situation, 'get', 'foreign') || !says(situation, TO_STATE)) return false
  if (movesAway(situation)) return false
  return situation.focus.own.length <= 1 && !names(situation, 'trash', 'workspace') && !endsInPage(situation)
}

/** "Move page X to Clients": a page goes to a place, unless a row, a column or a state is spoken of. */
function movesAway(situation: Situation): boolean {
  const { focus, request } = situation
  if (!does(situation, 'move') || focus.own.length === 0 || changesState(situation)) return false
  const goal = GOAL.exec(request.folded)?.[1]
  return goal !== undefined && !looksLikeState(goal)
}

function endsInPage({ request, main }: Situation): boolean {
  const behind = (main?.start ?? 0) + 2
  return request.nouns.some((noun) => noun.governed && noun.concepts.has('page') && noun.start > behind)
}

/** Into the trash. What is no page and no block has no tool for it, and so is named as it is. */
export function readDeletion(situation: Situation): Reading | undefined {
  const tossed = (does(situation, 'toss', 'add', 'foreign') && goesToTrash(situation)) || mustGo(situation)
  if (!tossed && !does(situation, 'delete')) return undefined
  if (isColumnOfTable(situation)) return { deed: 'update', thing: 'database' }
  if (!tossed && removesOtherThing(situation)) return undefined
  return { deed: 'delete', thing: isBlock(situation) ? 'block' : thingToMove(situation) }
}

/** "Block X has to go", "a página tem que sair". */
function mustGo(situation: Situation): boolean {
  return situation.focus.own.length === 1 && says(situation, MUST_GO) && !asks(situation)
}

function isColumnOfTable(situation: Situation): boolean {
  return (
    actsOn(situation, 'column', 'schema', 'property') && (names(situation, 'database') || situation.kind === 'database')
  )
}

function removesOtherThing(situation: Situation): boolean {
  if (situation.kind === 'block' || situation.kind === 'page')
    return actsOn(situation, 'column', 'property', 'content', 'unsupported')
  return actsOn(
    situation,
    'user',
    'people',
    'bot',
    'workspace',
    'unsupported',
    'outside',
    'trash',
    'product',
    'column',
    'content',
  )
}

function isBlock(situation: Situation): boolean {
  return (
    situation.kind === 'block' ||
    (situation.kind === undefined && actsOn(situation, 'block') && !actsOn(situation, 'page', 'row'))
  )
}
