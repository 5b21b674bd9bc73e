import { clauseStart, questionWordAt } from './clauses.ts'
import type { Language } from './language.ts'
import type { Hit } from './lexicon.ts'
import { wordAt } from './text.ts'
import type { Token } from './text.ts'
import { ARTICLES, NEGATIONS, STOP_WORDS, words } from './words.ts'

/**
 * How a verb is meant. Only an order is carried out: what somebody did, does or will do, what must not be done, and what
 * would follow from doing it are all said with the same verbs.
 */
export type Mood = 'order' | 'report' | 'negated' | 'condition' | 'intention' | 'permission' | 'question' | 'participle'

/** What orders that change something do. */
export const CHANGING: readonly string[] = [
  'add',
  'create',
  'update',
  'rename',
  'tick',
  'untick',
  'delete',
  'restore',
  'comment',
  'reply',
  'move',
]
const SUBJECTS = words(
  'i we you he she they it who eu ele ela eles elas nos voce vc gente tu quem alguem somebody someone',
)
const ADVERBS = words('already just also never ever have has had ve been accidentally ja nunca tambem so sem querer')
const PORTUGUESE_PRETERITE = /(?:[aei]ria(?:m|mos)?|ei|ou|aram|eram|iram|iu|eu|ava|avam)$/
const BE = words('be been being get gets getting ser sejam seja sendo fosse fossem estar ficar')
/** "I want the page archived", "X precisa ser apagada", "should be deleted". */
const WISHED =
  /(?<![a-z])(?:wants?|needs?|would like|id like|i'd like|like|have|get|must|should|can|could|has to|have to|quero|queria|queremos|preciso|precisa|deve|devem|deveria|pode|podem|poderia|gostaria|tem que|tem de)(?![a-z])/
const THINGS = words(
  'it this that them page block row database isso isto ela ele pagina bloco linha base tabela comment',
)

/** They open a clause that says under which condition or when; "if you could" and "se puder" are only polite. */
const SUBORDINATORS = words(`
  if whether unless when whenever because before after since while until once although though
  se caso quando porque pq antes depois enquanto embora mesmo
`)
const POLITE_BEHIND = words(`
  possible convenient necessary needed puder pudesse possivel der for conseguir quiser tiver precisar
`)
/** Said first, they make what follows wait. */
const CONDITIONS = words('if unless when whenever once until after se caso quando assim depois')
const POLITE_SUBJECTS = words('you u ya voce vc vcs tu')
const POLITE_MODALS = words(`
  could can would wouldnt dont may have get please want puder pudesse quiser consegue conseguir tiver nao pode
`)
/** "Se" is also a pronoun ("deve se chamar"): it is a condition at the start of a clause or behind one of these. */
const BEFORE_IF = words('acontece acontecer aconteceria acontecera seria e mas mesmo saber ver ve perguntou pergunta')

const ASKING = words('when whenever quando')

const INTENTIONS = new RegExp(
  "^were (?:i|we|he|she|they) to(?![a-z])|(?<![a-z])(?:(?:i|we|he|she|they|it)(?:'?ll| will| might| may| would| was going to| wanted to)|(?:i?m|am|is|are|youre|were|theyre|hes|shes|was) (?:going|planning|about) to|" +
    'gonna|(?:plan|plans|planned|intend|intends|used|forgot|tried|hope|hopes|decided|happened) to|thinking (?:of|about)|thought (?:of|about)|' +
    'vou|vai|ia|iria|iremos|vao|pretendo|pretende|pensei em|penso em|pensando em|tentei|tento|consegui|decidi|costumo|wants to|i (?:think|guess|believe)|acho que|creio que|quer(?! que)|talvez|provavelmente|probably|maybe|perhaps)(?![a-z])',
)
/** "I'd like to" and "I want to" wish, "will you" asks for it. */
const PERMISSION =
  /(?<![a-z])(?:(?:can|may|could|should|shall|must|do) (?:i|we have to|we need to)(?! (?:have|get|ask|see|please|trouble|bother))|am i (?:allowed|supposed)|devo|posso|sera que (?:eu |a gente )?(?:devo|deveria|posso)|is it (?:ok|okay|safe|possible|fine|alright)|da para eu|tem como eu)(?![a-z])/
/** "Show me how it is set up": a question inside an order. */
const EMBEDDED = /(?<![a-z])(?:how|what|where|why|which|who|onde|quem|o que|qual|quais|por que)(?![a-z])/
/** "Stop renaming it", "para de renomear". */
const STOPPING = /(?<![a-z])(?:stop|quit|avoid|refrain from|par[ae]m? de|evit\w+)$/
const STILL_ORDERS = /(?<![a-z])(?:forget|fail|hesitate|esquec\w*|deix\w*)(?![a-z])/
const MIND = /(?<![a-z])(?:mind|appreciate|try|importa(?:ria)? de)(?![a-z])/
const NOT = /n['’]t$/

/** How the verb at a hit is meant. */
export function moodOf(tokens: readonly Token[], hit: Hit, language: Language, isAsked = false): Mood {
  const start = clauseStart(tokens, hit.start)
  const before = tokens.slice(start, hit.start)
  const lead = before.map(({ word }) => word.replaceAll(/['’]/g, '')).join(' ')
  if (isSubordinate(tokens, start, hit.start) || isConditional(tokens, start, hit)) return 'condition'
  const inQuestion = questionWordAt(tokens, start) !== undefined || EMBEDDED.test(lead)
  if (hit.past)
    return moodOfPast(tokens, hit, { lead, asked: inQuestion ? 'question' : isAsked ? 'permission' : 'order' })
  if (inQuestion) return 'question'
  if (isNegated(before, lead)) return 'negated'
  if (PERMISSION.test(lead)) return 'permission'
  return INTENTIONS.test(lead) ? 'intention' : moodOfForm(tokens, hit, lead, language)
}

/** Of forms that order and others alike: "deleting" and, of somebody, "deletes" do not. */
function moodOfForm(tokens: readonly Token[], hit: Hit, lead: string, language: Language): Mood {
  const word = wordAt(tokens, hit.start)
  // "I am looking for X" is a wish to have it found.
  if (isGerund(word, language)) return MIND.test(lead) || hit.concepts.has('search') ? 'order' : 'participle'
  const isTold = language === 'en' ? isThirdPerson(word) && lead !== '' : isNamed(tokens, hit.start)
  return isTold ? 'report' : 'order'
}

function moodOfPast(tokens: readonly Token[], hit: Hit, { lead, asked }: { lead: string; asked: Mood }): Mood {
  const previous = tokens[hit.start - 1]
  const told = isStated(tokens, hit) ? 'report' : 'participle'
  if (previous === undefined || !WISHED.test(lead) || isNegated(tokens.slice(0, hit.start), lead)) return told
  const isObject = previous.kind !== 'word' || THINGS.has(previous.word)
  const isWished = BE.has(previous.word) || (isObject && told !== 'report')
  return isWished ? asked : told
}

/** Whether something is said of what was or is done, instead of describing a thing: "I deleted it" and not "the deleted page". */
function isStated(tokens: readonly Token[], hit: Hit): boolean {
  const token = tokens[hit.start]
  if (token === undefined || PORTUGUESE_PRETERITE.test(token.word) || token.text.endsWith('í')) return true
  let at = hit.start - 1
  // "I've already deleted it": the subject hangs on its own verb.
  while (ADVERBS.has(bareEnd(tokens, at)) && !isContracted(tokens, at)) at -= 1
  if (isContracted(tokens, at)) return true
  return !token.opensClause && (hasObject(tokens, hit) || isSubject(tokens[at]))
}

function isSubject(token: Token | undefined): boolean {
  return token !== undefined && (SUBJECTS.has(token.word) || /^\p{Lu}\p{Ll}/u.test(token.text))
}

function isContracted(tokens: readonly Token[], at: number): boolean {
  return ADVERBS.has(bareEnd(tokens, at)) && /['’]/.test(wordAt(tokens, at))
}

function bareEnd(tokens: readonly Token[], at: number): string {
  return wordAt(tokens, at).replace(/^.*['’]/, '')
}

/** "The intern deleted block X": whatever has an object tells what somebody did. */
function hasObject(tokens: readonly Token[], hit: Hit): boolean {
  const next = tokens[hit.end]
  if (next === undefined || next.opensClause) return false
  return next.kind !== 'word' || THINGS.has(next.word) || ARTICLES.has(next.word)
}

function isNegated(before: readonly Token[], lead: string): boolean {
  const denied = before.some(({ word }) => NOT.test(word) || NEGATIONS.has(word))
  if (STOPPING.test(lead)) return true
  return denied && !STILL_ORDERS.test(lead) && !MIND.test(lead)
}

/** "If the client signs, archive X": a change that waits for something is none to make now. */
function isConditional(tokens: readonly Token[], start: number, { concepts }: Hit): boolean {
  if (start === 0 || !CHANGING.some((action) => concepts.has(action))) return false
  const before = clauseStart(tokens, start - 1)
  return CONDITIONS.has(wordAt(tokens, before)) && !isCourtesy(tokens, before)
}

/** "If I deleted", "antes de apagar": a subordinator to the left with nothing between that makes it a courtesy. */
function isSubordinate(tokens: readonly Token[], start: number, verb: number): boolean {
  for (let at = start; at < verb; at += 1) {
    const word = wordAt(tokens, at)
    if (!SUBORDINATORS.has(word)) continue
    const next = wordAt(tokens, at + 1)
    const isPronoun = word === 'se' && at !== start && !BEFORE_IF.has(wordAt(tokens, at - 1)) && !SUBJECTS.has(next)
    if (isPronoun) continue
    // "When was it changed?" asks; "when I change it" does not.
    if (ASKING.has(word) && at === start && !SUBJECTS.has(next)) continue
    if (!isCourtesy(tokens, at)) return true
  }
  return false
}

/** "If you could", "se puder", "se não for incômodo". */
function isCourtesy(tokens: readonly Token[], at: number): boolean {
  const next = wordAt(tokens, at + 1)
  const behind = wordAt(tokens, at + 2).replaceAll(/['’]/g, '')
  if (POLITE_BEHIND.has(next) || (next === 'nao' && POLITE_BEHIND.has(behind))) return true
  return POLITE_SUBJECTS.has(next) && POLITE_MODALS.has(behind)
}

/** "A Ana apaga ...": somebody's name right before the verb. */
function isNamed(tokens: readonly Token[], verb: number): boolean {
  const { text = '', word = '' } = tokens[verb - 1] ?? {}
  if (tokens[verb]?.opensClause !== false) return false
  return /^\p{Lu}\p{Ll}+$/u.test(text) && !STOP_WORDS.has(word)
}

function isGerund(word: string, language: Language): boolean {
  return language === 'en'
    ? /..ing$/.test(word) && !/^(?:bring|sing|ring|ping|fling)$/.test(word)
    : word.endsWith('ndo')
}

function isThirdPerson(word: string): boolean {
  return /[^s]s$/.test(word)
}
