import { clauseStart } from './clauses.ts'
import { CHANGING } from './mood.ts'
import type { Request, Verb } from './request.ts'
import { regretsDeletion } from './situation.ts'
import type { Situation } from './situation.ts'
import { wordAt } from './text.ts'
import { NEGATIONS, PREPOSITIONS, STOP_WORDS, words } from './words.ts'

/** Asks for advice, not for the thing itself. */
const ASKS_ADVICE =
  /(?<![a-z])(?:how (?:do|can|could|should|would|to|does one)|why|^should|should (?:i|we)|como (?:e que )?(?:eu|se faz|que se|faco|faz|fazer|posso|devo|poderia|a gente)|devo|por ?que)(?![a-z])/
/** Said of a change, it is not to be made now: denied, supposed or planned. */
const NEVER_NOW: ReadonlySet<string> = new Set(['negated', 'condition', 'intention'])

/** Said anywhere, they deny all of it. */
const DENIED =
  /(?<![a-z])(?:under no circumstances?|by no means|on no account|no way should|em hipotese (?:alguma|nenhuma)|de (?:jeito|modo) (?:nenhum|algum)|de forma (?:nenhuma|alguma)|nem pensar)(?![a-z])/
/** "What happens when ...?" */
const CONSEQUENCE =
  /(?<![a-z])(?:what (?:happens|will happen|would happen|happened)|o que (?:acontece|vai acontecer|aconteceria|aconteceu)) (?:if|when|to|se|quando|com)/
/** What was begun is taken back in the same breath. */
const CALLED_OFF =
  /(?<![a-z])(?:never ?mind|scratch that|forget (?:it|that|about it)|on second thoughts?|actually,? (?:no|don'?t)|no,? wait|wait,? no|cancel that|deixa (?:pra|para) la|deixa quieto|esquece(?: isso)?|melhor nao|nao precisa mais|pensando bem,? nao|(?:[.!,;]\s*)(?:no,? )?(?:wait,? )?(?:please )?don'?t|no,? wait,? don'?t|nao,? espera|espera,? nao)\W*$/

const TAKEN_BACK = [CALLED_OFF, CONSEQUENCE, DENIED]
/** "Did Tom delete it?": no tool tells who did such a thing. What was commented or edited, tools do tell. */
const YES_OR_NO: ReadonlySet<string> = new Set(
  '? did do does have has had is are was were should foi foram sera'.split(' '),
)
const LASTING: readonly string[] = ['rename', 'delete', 'restore', 'move']

function isLasting({ concepts }: Verb): boolean {
  return LASTING.some((action) => concepts.has(action))
}

/** The request speaks of a change, or denies one, without ordering anything: then nothing is done, not even a look. */
export function refrains(situation: Situation): boolean {
  const { request } = situation
  if (TAKEN_BACK.some((pattern) => pattern.test(request.folded))) return true
  if (regretsDeletion(situation)) return false
  const commands = request.verbs.filter((verb) => verb.command)
  const changes = request.verbs.filter((verb) => !verb.command && isChange(verb))
  // "Make sure nobody deletes X" orders only that it is not done.
  if (commands.length > 0) return commands.every(onlyChecks) && changes.some(({ mood }) => NEVER_NOW.has(mood))
  if (deniesAll(situation) || changes.some(({ mood }) => NEVER_NOW.has(mood))) return true
  return request.question === undefined ? changes.some(({ mood }) => mood === 'report') : onlyWonders(request, changes)
}

function isChange({ concepts }: Verb): boolean {
  return CHANGING.some((action) => concepts.has(action))
}

function onlyChecks({ concepts }: Verb): boolean {
  return concepts.has('check')
}

/** "Never touch page X": a denial, of whatever. */
function deniesAll({ request, hasTarget }: Situation): boolean {
  const { tokens, question } = request
  const opens = NEGATIONS.has(wordAt(tokens, 0)) && tokens[1]?.opensClause === false
  return hasTarget && question === undefined && opens
}

function onlyWonders({ question = '', folded }: Request, changes: readonly Verb[]): boolean {
  const asked = changes.filter(({ mood }) => mood === 'question' || mood === 'report')
  if (asked.length === 0) return false
  return ASKS_ADVICE.test(folded) || (YES_OR_NO.has(question) && asked.some(isLasting))
}

/** A word such as "how" asks and nothing is ordered, or leave is asked: then nothing may change, however well a tool fits. */
export function onlyAsks(situation: Situation): boolean {
  const { question, verbs } = situation.request
  if (situation.main?.mood === 'permission') return true
  if (regretsDeletion(situation)) return false
  return question !== undefined && question !== '?' && !verbs.some((verb) => verb.command)
}

/** Said around an order without changing it. */
const AROUND_ORDERS = words(`
  if id i'd i'm would be been let's lets terminei acabei finished seja fosse fossem must grateful appreciate appreciated kind kindly nice great glad happy love like mind favour favor convenience possible best better
  just simply quickly right away today then assistant bot dear feel free ahead time help need want
  gentileza gentil bondade grato grata agradeco agradeceria logo ja direto favor hora preciso solicito peco
`)

/**
 * Whether nothing stands before an order in its clause that could make it something else: "the manual says delete X", "Olga
 * hopes you delete X". Asked of what changes or removes something, where a mistake costs most; adding can be taken back.
 */
export function isCertain({ request, main, focus }: Situation): boolean {
  if (main === undefined || focus.how === 'ordinal') return true
  const { tokens, nouns, verbs } = request
  const start = clauseStart(tokens, main.start)
  if (PREPOSITIONS.has(wordAt(tokens, start))) return true
  const known = [...nouns, ...verbs.filter((verb) => verb.command)]
  return tokens.slice(start, main.start).every((token, offset) => {
    const at = start + offset
    if (token.kind !== 'word' || STOP_WORDS.has(token.word) || AROUND_ORDERS.has(token.word)) return true
    return known.some((hit) => hit.start <= at && hit.end > at)
  })
}
