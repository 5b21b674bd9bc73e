import { MESSAGE_TO, reported } from './argument-text.ts'
import type { Reading } from './reading.ts'
import { actsOn, asks, does, doesOnly, names, orders, says } from './situation.ts'
import type { Situation } from './situation.ts'

const CHANGES = ['add', 'create', 'update', 'rename', 'delete', 'restore'] as const
const LOOKS = ['get', 'read', 'list', 'open', 'search', 'query', 'check'] as const

/** Asks for a person's particulars without naming the person: "what is their name". */
const OF_PERSON = new RegExp(
  "(?<![a-z])(?:(?:their|his|her|the (?:user|person)'?s|that (?:user|person)'?s) (?:full )?(?:name|e-?mail|role|avatar|profile|address|details|contact)|" +
    '(?:nome|e-?mail|perfil|cargo|avatar|endereco|dados|contato)\\s+(?:\\w+\\s+)?(?:del[ea]|dess[ea]|dest[ea]|da pessoa|d[oa] usuari[oa])|' +
    "who(?:'?s| is| was| are| exactly is) (?:he|she|they|that|this|it)|quem (?:e|foi|seria|era) (?:el[ea]|ess[ea]|est[ea]|a pessoa)|" +
    '(?:el[ea]|ess[ea] pessoa) se chama|is (?:he|she|that|this) called|name of (?:that|this) (?:person|user)|(?:he|she|they) called)',
)
const BELONGING = new RegExp(
  "(?<![a-z])(?:who(?: all| else)? (?:is|are|has|have|belongs|uses|can|works?|do we)|who'?s (?:in|on|got)|quem (?:\\w+ )?(?:sao|esta|estao|ta|tao|tem|faz|usa|pertence|participa|trabalha|pode)|" +
    '(?:quais|que) (?:sao )?(?:as |os )?(?:pessoas|usuarios|membros|colegas)|(?:which|what) (?:people|users|members)|(?:how many|quant[ao]s) (?:people|users|members|guests|pessoas|usuari[ao]s|membros))',
)
const PLACE_OF_PEOPLE =
  /(?<![a-z])(?:team|account|access|member|people|equipe|time|acesso|membros?|pessoas|conta)(?![a-z])/
const SELF = new RegExp(
  '(?<![a-z])(?:who are you (?:connected|logged|signed|acting)|whose (?:account|credentials|identity|name)|' +
    '(?:which|what) (?:account|user|identity|workspace|bot|integration)(?: \\w+){0,3} (?:you|we|i)(?![a-z])|' +
    'are you (?:still |already |even )?(?:connected|online|authenticated|linked|logged|authorized)|(?:voce|tu) (?:ainda |ja )?(?:esta|continua) (?:conectad|logad|autenticad|autorizad)|' +
    '^who ?am ?i(?![a-z])|am i (?:still |already )?(?:connected|logged|signed|authenticated)|(?:eu )?(?:to|estou) (?:conectad|logad|autenticad)|quem (?:sou|somos)|em nome de quem|de quem e a conta|(?:qual|que|com qual|em qual) (?:conta|usuario|bot|integracao|identidade|workspace)(?: \\w+){0,4} (?:voce|usa|usando|estamos|estou))',
)
const IN_A_COMMENT = /(?<![a-z])(?:in|as|num|em|como)\s+(?:an? |um )?(?:comment|remark|coment)/
const WORKS =
  /(?<![a-z])(?:works?|working|valid|alive|up|active|ok|okay|fine|healthy|broken|down|expired|still|funciona(?:ndo)?|valid[ao]|ativ[ao]|de pe|no ar|cai(?:u|ndo)|expirou|ainda|quebrad[ao]|bem)(?![a-z])/

const writeComment: Reading = { deed: 'create', thing: 'comment' }
const listComments: Reading = { deed: 'list', thing: 'comment' }

/** Comments and discussions: writing one, or reading those that are there. */
export function readDiscussion(situation: Situation): Reading | undefined {
  if (searchesForTopic(situation)) return undefined
  if (does(situation, 'reply')) return canReply(situation) ? writeComment : undefined
  if (does(situation, 'comment') || passesOn(situation)) return writeComment
  if (!names(situation, 'comment', 'thread')) return asksWhatWasCommented(situation) ? listComments : undefined
  if (doesOnly(situation, 'delete', 'update', 'rename', 'restore', 'tick')) return changeOfComment(situation)
  if (writesComment(situation)) return writeComment
  return names(situation, 'comment') || situation.hasTarget ? listComments : undefined
}

function searchesForTopic(situation: Situation): boolean {
  return does(situation, 'search') && situation.request.topic !== undefined && !situation.hasTarget
}

/** "Tell Li it's approved", said of a discussion: the answer goes there. */
function passesOn({ focus, request }: Situation): boolean {
  return focus.recalled?.kind === 'thread' && focus.own.length === 0 && MESSAGE_TO.test(request.text)
}

function canReply(situation: Situation): boolean {
  return names(situation, 'comment', 'thread') || situation.kind === 'thread' || situation.hasTarget
}

/** "What did people comment on ...?": the verb in a question. */
function asksWhatWasCommented({ request }: Situation): boolean {
  return request.verbs.some((verb) => verb.concepts.has('comment'))
}

/** The comment itself is changed, not the page it stands on. */
function changeOfComment(situation: Situation): Reading | undefined {
  const deed = does(situation, 'delete') ? 'delete' : 'update'
  return actsOn(situation, 'comment', 'thread') ? { deed, thing: 'comment' } : undefined
}

function writesComment(situation: Situation): boolean {
  if (orders(situation, 'reply', 'comment')) return true
  if (hasWording(situation) && says(situation, IN_A_COMMENT)) return true
  if (asks(situation) || doesOnly(situation, ...LOOKS, 'tick')) return false
  return situation.main !== undefined || hasWording(situation)
}

function hasWording(situation: Situation): boolean {
  const { request } = situation
  if (situation.main !== undefined && reported(situation) !== undefined) return true
  return request.quotes.length > 0 || request.tail !== undefined || request.said !== undefined
}

/** The connection itself: which bot acts, and whether its token still works. */
export function readConnection(situation: Situation): Reading | undefined {
  if (does(situation, ...CHANGES, 'search', 'tick') && !does(situation, 'check')) return undefined
  const bot: Reading = { deed: 'read', thing: 'bot' }
  if (says(situation, SELF)) return bot
  const looks = situation.main === undefined || does(situation, 'check', 'get', 'read', 'list')
  if (!names(situation, 'bot', 'secret') || !looks || situation.focus.own.length > 0) return undefined
  return asks(situation) || does(situation, 'check') || says(situation, WORKS) || actsOn(situation, 'bot')
    ? bot
    : undefined
}

/** One person by id, or everybody. */
export function readPerson(situation: Situation): Reading | undefined {
  if (doesOnly(situation, ...CHANGES, 'foreign')) return undefined
  if (situation.kind === 'user') return meansPerson(situation) ? { deed: 'read', thing: 'user' } : undefined
  if (situation.focus.own.length > 0 || situation.request.topic !== undefined) return undefined
  return looksForPeople(situation) || asksForPeople(situation) ? { deed: 'list', thing: 'user' } : undefined
}

function meansPerson(situation: Situation): boolean {
  return situation.focus.own.length > 0 || says(situation, OF_PERSON) || names(situation, 'user', 'contact')
}

function looksForPeople(situation: Situation): boolean {
  if (!does(situation, ...LOOKS) || (does(situation, 'search') && situation.object?.governed === true)) return false
  return actsOn(situation, 'people', 'user') || (actsOn(situation, 'contact') && names(situation, 'people', 'user'))
}

function asksForPeople(situation: Situation): boolean {
  if (situation.main !== undefined) return false
  if (!asks(situation))
    return situation.request.nouns[0]?.concepts.has('people') === true && names(situation, 'workspace')
  if (!says(situation, BELONGING)) return false
  return names(situation, 'people', 'user', 'workspace') || says(situation, PLACE_OF_PEOPLE)
}
