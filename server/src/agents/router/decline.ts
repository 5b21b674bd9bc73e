import { isLiteral } from './lexicon.ts'
import { actsOn, asks, does, givesPlace, names, regretsDeletion, says, takesBack } from './situation.ts'
import type { Situation } from './situation.ts'

/** Why a request is turned away before any tool is looked at. */
export type Refusal = 'secret' | 'foreign_data' | 'mass_change' | 'override' | 'beyond'

const ALL =
  /(?<![a-z])(?:all|every|everything|entire|whole|each|any and all|todos?|todas?|tudo|inteir[ao]s?|complet[ao]|cada|qualquer)(?![a-z])/
const OTHERS = new RegExp(
  "(?<![a-z])(?:(?:another|other|different|someone else'?s?|somebody else'?s?|other people'?s?|everyone else'?s?)\\s+" +
    '(?:\\w+\\s+)?(?:user|customer|client|tenant|company|account|person|people|organi[sz]ation|workspace|team|member|platform user|colleague|employee)' +
    "|someone else|somebody else|other people'?s?|(?:d[eo]s?|d[ao]s?)?\\s*outr[ao]s?\\s+(?:\\w+\\s+)?" +
    '(?:usuari[ao]s?|clientes?|empresas?|contas?|pessoas?|inquilin[ao]s?|organizac(?:ao|oes)|workspaces?|equipes?|colegas?|funcionari[ao]s?|espacos?)' +
    '|(?:clientes?|usuari[ao]s?|empresas?|contas?|pessoas?) diferentes?|(?:all|every|todos os|cada) (?:the )?(?:tenants?|inquilinos?)|data of (?:all|every) (?:users?|customers?|clients?)|dados de todos os (?:usuarios|clientes)|alhei[ao]s?|de terceiros|que nao (?:e|sao) (?:meus?|minhas?)|not mine|que nao me pertencem?)',
)
const OVERRIDE = new RegExp(
  '(?<![a-z])(?:ignore|disregard|forget|bypass|override|skip|ignor[ea]r?|desconsider[ea]r?|esquec[ae]r?|burl[ae]r?|contorn[ae]r?|pul[ae]r?)\\s+' +
    '(?:\\w+\\s+){0,4}(?:rules?|instructions?|approvals?|confirmations?|polic(?:y|ies)|permissions?|restrictions?|limits?|checks?|guidelines?|prompts?|' +
    'regras?|instruc(?:ao|oes)|aprovac(?:ao|oes)|confirmac(?:ao|oes)|politicas?|permiss(?:ao|oes)|restric(?:ao|oes)|limites?|verificac(?:ao|oes))|' +
    '(?<![a-z])(?:without (?:asking|approval|confirmation|permission)|sem (?:pedir|perguntar|aprovacao|confirmacao|permissao))',
)
/** Asks to see the past or to bring it back: more than taking a page out of the trash. */
const TIME_TRAVEL = new RegExp(
  '(?<![a-z])(?:(?:previous|earlier|older|old|past|prior) (?:version|revision|state)|version(?:s)? (?:history|from|of)|(?:edit|page|change|revision) history|' +
    'how (?:it|this|that) (?:was|looked)|(?:as|like) it (?:was|looked)|back to (?:how|what|the way)|versa(?:o|oes) (?:anterior|antiga|de|d[ao])|' +
    'look(?:ed|s)? like (?:last|before|yesterday|in|on|a )|vers(?:ao|oes) anterior(?:es)?|historico (?:de|da|do|das|dos)|(?:como|do jeito que) (?:ela |ele )?(?:era|estava)|(?:ao|no) estado (?:anterior|de))',
)
const VISITS =
  /(?<![a-z])(?:who|how many|how often|quem|quant[ao]s)\s.*(?:visit|view|access|(?:has|have|had)? ?(?:seen|looked at|opened)|visualiz|acess|olhou|olharam|\sviu|\sviram|\sabri)/
const RIGHTS =
  /(?<![a-z])(?:who|whom|quem)\s.*(?:permission|access|allowed|rights?|(?:can|may|could|pode|podem|consegue) (?:see|view|edit|read|open|ver|editar|ler|abrir|mexer)|permiss|acesso)/
const IMPERSONATE =
  /(?<![a-z])(?:log ?in|sign ?in|act|pose|pretend|impersonate|entr[ae]r?|acess[ae]r?|log[ao]r?|aj[ae]|atue|finj[ae]|pass[ae]-se)\s+(?:\w+\s+){0,3}?(?:as|como|por)\s+(?:my|an?|the|another|meu|minha|[oa]|um|uma|outr[oa])?\s*[a-z]+/
const EXPOSE =
  /(?<![a-z])(?:works?|working|valid|still|alive|expired|active|funciona(?:ndo)?|valid[ao]|ainda|expirou|vencid[ao]|ativ[ao]|ok)(?![a-z])/

const TRASH = /(?<![a-z])(?:trash|bin|rubbish|garbage|lixeira|lixo|fora|away)(?![a-z])/
/** Everything that is deleted goes to the trash; no tool empties it. */
const FOR_GOOD =
  /(?<![a-z])(?:permanent(?:ly|emente?)?|irrevers\w+|irrevocabl\w+|forever|for good|once and for all|beyond recovery|de vez|definitiv\w+|para sempre|pra sempre|sem volta|sem (?:poder|possibilidade de|chance de) (?:restaur|recuper|volt)\w*)(?![a-z])/

/** The reason to do nothing, or undefined if the request may be read further. */
export function refusalOf(situation: Situation): Refusal | undefined {
  if (says(situation, OVERRIDE) || says(situation, IMPERSONATE)) return 'override'
  if (asksForSecret(situation)) return 'secret'
  if (says(situation, OTHERS) && situation.request.topic === undefined && !situation.hasTarget) return 'foreign_data'
  if (changesEverything(situation)) return 'mass_change'
  return isBeyond(situation) ? 'beyond' : undefined
}

/** Asking for a credential itself; asking whether it still works is another matter. */
function asksForSecret(situation: Situation): boolean {
  if (!names(situation, 'secret') || situation.request.topic !== undefined) return false
  if (does(situation, 'search', 'check', 'add', 'create', 'comment') || says(situation, EXPOSE)) return false
  return does(situation, 'get', 'read', 'list', 'foreign', 'open') || situation.request.question !== undefined
}

function changesEverything(situation: Situation): boolean {
  if (!does(situation, 'delete', 'update', 'rename', 'restore', 'tick', 'untick', 'toss')) return false
  if (does(situation, 'get') && !says(situation, TRASH)) return false
  const { request } = situation
  const all = ALL.exec(request.folded)
  if (all === null || all.index < (request.tokens[situation.main?.start ?? 0]?.start ?? 0)) return false
  return situation.focus.own.length !== 1 || situation.focus.own[0]!.start > all.index
}

/** Things that no document tool does and for which the tools at hand have no word, such as sending, sharing, exporting, or going back in time. */
function isBeyond(situation: Situation): boolean {
  if (speaksOfOwnThings(situation)) return false
  if (situation.request.topic === undefined && (goesBackInTime(situation) || searchesElsewhere(situation))) return true
  if (does(situation, 'restore') || regretsDeletion(situation) || takesBack(situation)) return false
  if (deletesForGood(situation) || isForeignOrder(situation) || asksForVisits(situation)) return true
  return orders(situation) && actsOnOutside(situation)
}

function deletesForGood(situation: Situation): boolean {
  return does(situation, 'delete') && says(situation, FOR_GOOD)
}

function goesBackInTime(situation: Situation): boolean {
  return says(situation, TIME_TRAVEL) && !does(situation, 'search')
}

/** Something that only the tools at hand have a word for, such as a channel, and nothing to do with it that they have no word for. */
function speaksOfOwnThings({ request, main }: Situation): boolean {
  if (main?.concepts.size === 1 && main.concepts.has('foreign')) return false
  return request.nouns.some(({ concepts }) => [...concepts].some(isLiteral))
}

function orders(situation: Situation): boolean {
  return situation.main === undefined ? !asks(situation) : does(situation, ...CHECKED_ORDERS)
}

/** Orders that say little without their object: "create" a page or an invoice, "open" a document or an issue. */
const CHECKED_ORDERS = [
  'create',
  'add',
  'update',
  'open',
  'reply',
  'comment',
  'delete',
  'get',
  'toss',
  'query',
] as const

/** Who looked at a page, and who may, is told by no tool. */
function asksForVisits(situation: Situation): boolean {
  return asks(situation) && situation.hasTarget && (says(situation, VISITS) || says(situation, RIGHTS))
}

/** "In my inbox", "no meu e-mail": a place that no tool reaches. */
const MY_OTHER_PLACE =
  /(?<![a-z])(?:in|on|from|through|n[ao]|d[ao]|em) (?:my|our|meu|minha|nosso|nossa) (?:e-?mails?|mail|inbox|mailbox|calendar|agenda|calendario|caixa de entrada|phone|telefone|celular|messages|mensagens|computer|computador|desktop|drive|browser)(?![a-z])/

function searchesElsewhere(situation: Situation): boolean {
  if (situation.focus.own.length === 0 && says(situation, MY_OTHER_PLACE)) return true
  const looks = does(situation, 'search', 'get', 'list', 'open', 'query') && situation.focus.own.length === 0
  return looks && names(situation, 'product')
}

/** The main verb is one of sending, sharing and the like, and not "send it to the trash". */
function isForeignOrder(situation: Situation): boolean {
  if (!does(situation, 'foreign')) return false
  if ((does(situation, 'toss') && names(situation, 'trash')) || givesPlace(situation)) return false
  if (does(situation, 'restore', 'delete', 'get', 'create', 'check') || actsOn(situation, 'comment'))
    return actsOnOutside(situation)
  // "Call page X ..." with a name names it; without one it is a telephone call.
  const { quotes, name } = situation.request
  if (does(situation, 'rename') && situation.hasTarget && (quotes.length > 0 || name !== undefined)) return false
  return !isReadFirst(situation)
}

/** To translate or explain a page that is named, it is read first, and reading harms nothing. */
function isReadFirst(situation: Situation): boolean {
  const foreign = situation.request.verbs.filter((verb) => verb.command && verb.concepts.has('foreign'))
  const explains = says(situation, /(?<![a-z])(?:translate|explain|traduz|expli[cq])/)
  return situation.hasTarget && foreign.length === 1 && explains
}

/** Things that the tools at hand do have. Next to one of them a foreign word is only part of a name. */
const OWN_THINGS = 'page database row block comment thread user people bot schema metadata title column property'.split(
  ' ',
)

function actsOnOutside(situation: Situation): boolean {
  const { object } = situation
  const isDirect = object !== undefined && !object.governed
  if (names(situation, 'product')) return true
  // The e-mail of a person is looked up, not sent.
  if (!isDirect || situation.kind === 'user' || names(situation, 'user', 'people')) return false
  return actsOn(situation, 'outside', 'chat', 'unsupported') && !actsOn(situation, ...OWN_THINGS)
}
