import { columnName, conceptOf, usualColumn } from './columns.ts'
import { findDate } from './dates.ts'
import { asWritten, phraseAt } from './phrases.ts'
import type { Request } from './request.ts'
import { names } from './situation.ts'
import type { Situation } from './situation.ts'
import { readValue } from './values.ts'
import type { Value } from './values.ts'
import { STOP_WORDS } from './words.ts'

/** What the fillers of arguments know besides the request. */
export interface Background {
  /** Column names that the conversation has shown. */
  readonly columns: readonly string[]
  readonly now: Date
  /** What the user asked before, newest last. */
  readonly earlier: readonly string[]
}

export type Properties = Record<string, Value>
/** A column as the user calls it, and its value as written. */
type Pair = readonly [name: string, written: string]

const WORD = "[\\p{L}][\\p{L}\\p{N}_'-]*"
const TO = '(?:to be|to|as|para|pra|pro|como|por|=)'
const OF = '(?:of|for|on|in|from|da|do|de|na|no|em|dela|dele|deles|delas|dess[ae]|dest[ae]|field|property|column)'
const VALUE_END = new RegExp(
  "[,;\\n]|\\.(?:\\s|$)|[!?]|\\s+(?:and|e)\\s+(?=[\\p{L}' ]+(?:=|:|\\s(?:to|para|as|como)\\s))|" +
    '\\s+(?:in|on|of|from|for|na|no|em|da|do|de)\\s+(?=(?:the |a |o )?(?:page|database|task|row|project|pagina|base|tarefa|linha|projeto)(?![a-z])|\\ue000)|' +
    '\\s+(?:to|for|a|ao|para|pra)\\s+\\ue000|\\s*\\ue000|\\s+please|\\s+(?:por favor|pf)',
  'u',
)
/** "Status = Done", "Status: Done". */
const PAIR = new RegExp(`(?<![\\p{L}\\p{N}])(${WORD}(?: ${WORD})?)\\s*[=:]\\s*`, 'gu')
/** Behind the verb: "its priority to High", "a prioridade da página X para Alta". */
const ASSIGNED = new RegExp(
  `^\\s+(?:(?:the|its|their|his|her|a|o|as|os|seu|sua)\\s+)?(${WORD}(?: (?!${OF}\\s)${WORD}){0,2}?)(?:\\s+(?:${OF}(?=\\s)|\\ue000).*?)?\\s+${TO}\\s+`,
  'u',
)
const FURTHER = new RegExp(
  `(?:,|\\s(?:and|e))\\s+(?:(?:the|its|a|o|as|os)\\s+)?(${WORD}(?: ${WORD})?)\\s+(?:to|as|para|pra|como)\\s+`,
  'gu',
)
/** "with Status set to Open", "com prioridade Alta". */
const WITH = new RegExp(
  `(?:(?<![a-z])(?:with|having|com|and|e)|,)\\s+(?:(?:the|a|an|o|as|os)\\s+)?(${WORD}(?: ${WORD})?)`,
  'gu',
)
const SEPARATOR = /^\s*(?:(?:set to|set as|equal to|of|as|to|igual a|como|em|para)(?![a-z])|=|:)?\s*/
const STATE = /(?<![a-z])(?:as|into|como|to|para|pra|pro)\s+(?!be\s)(?:(?:an?|the|um|uma|o|a)\s+)?/g
const DUE =
  /(?<![a-z])(?:due(?: date)?(?: (?:on|by|is|of))?|deadline(?: (?:on|of|is))?|by|prazo(?: (?:para|em|de|ate))?|vencimento(?: (?:em|para))?|vence(?:ndo)?(?: (?:em|no|na))?|ate(?: o dia)?|para o dia)\s+/g
/** "push its due date to ...": the words between belong to the sentence, not to the date. */
const MOVED_DUE = /(?<![a-z])(?:due date|deadline|prazo|vencimento)(?![a-z]).*?\s(?:to|para|pra|pro)\s+/
const DUE_REACH = 30
const MAX_GAP_BEFORE_DATE = 3
const ASSIGNEE = /(?<![a-z])(?:assign(?:ed)?(?: .{1,80}?)? to|atribu\w+(?: .{1,80}?)? (?:a|ao|para))\s+/
/** "Qual é a saúde da conta ...?": what an earlier question was about. */
const ASKED_BEFORE =
  /(?:what(?:'s| is| are)|qual (?:é|e|era)|quais são)\s+(?:the|its|a|o|as|os)?\s*([\p{L}]+)\s+(?:of|for|on|da|do|de|dess[ae])\s/iu
/** Nouns for the thing that is changed, never for what about it. */
const NO_COLUMN =
  /^(?:it|that|this|them|page|task|deal|row|entry|item|project|record|one|title|name|database|block|pagina|tarefa|linha|projeto|registro|negocio|isso|ela|ele|titulo|nome|base|column|coluna|text|texto|conta|account|the|card|ticket|chamado|field|campo|content|conteudo|columns?|colunas?|http|https)$/

/** Values of a new row. A page inside a page has none, so there only what is surely a column is taken. */
export function propertiesForNew(situation: Situation, background: Background): Properties {
  if (situation.kind === 'page') return {}
  const { request } = situation
  const intoTable = situation.kind === 'database' || names(situation, 'database')
  const due = dueDate(request, background)
  const stated = [...pairs(request), ...withValues(request)].filter(([name]) => {
    const concept = conceptOf(name)
    return concept === 'due' ? Object.keys(due).length === 0 : intoTable || concept !== undefined
  })
  return { ...due, ...collect(stated, background) }
}

/** New values of a row or page. Empty if the request gives none. */
export function propertiesForChange(situation: Situation, background: Background): Properties {
  const { request } = situation
  const stated = { ...collect(pairs(request), background), ...dueDate(request, background) }
  if (Object.keys(stated).length > 0) return stated
  const assigned = valueFirst(request) ?? assignedPair(situation)
  const values = assigned === undefined ? {} : collect([assigned, ...furtherPairs(situation)], background)
  if (Object.keys(values).length > 0) return values
  const told = collect(toldPair(request), background)
  if (Object.keys(told).length > 0) return told
  const state = stateOf(request, background)
  return Object.keys(state).length > 0 ? state : toldState(request, background)
}

function collect(found: readonly Pair[], background: Background): Properties {
  const properties: Properties = {}
  for (const [name, written] of found) {
    const value = readValue(written, background.now)
    if (!NO_COLUMN.test(name.toLowerCase()) && value !== '') properties[columnName(name, background.columns)] ??= value
  }
  return properties
}

function pairs(request: Request): Pair[] {
  return [...request.folded.matchAll(PAIR)].flatMap((match) => {
    const name = asWritten(request, match.index, match[1]!)
    const [first = '', second] = name.split(' ')
    // Of two words the first may still belong to the sentence: "with status: open".
    const column = second === undefined || conceptOf(name) !== undefined || /^\p{Lu}/u.test(first) ? name : second
    return withPhrase(column, request, match.index + match[0].length)
  })
}

function withValues(request: Request): Pair[] {
  return [...request.folded.matchAll(WITH)].flatMap((match) => {
    const start = match.index + match[0].length - match[1]!.length
    const name = columnLike(asWritten(request, start, match[1]!).split(' '))
    const end = start + name.length
    return withPhrase(name, request, end + (SEPARATOR.exec(request.folded.slice(end))?.[0].length ?? 0))
  })
}

/** "priority High" is the column "priority"; "due date 1 May" the column "due date". */
function columnLike(words: readonly string[]): string {
  const two = words.join(' ')
  return conceptOf(two) === undefined ? (words[0] ?? '') : two
}

/** "The deadline for X is now 1 May": told rather than ordered. */
const TOLD = new RegExp(
  `(?<![\\p{L}])(?:(?:the|its|o|a)\\s+)?(${WORD}(?: ${WORD})?)\\s+(?:(?:of|for|on|por|pel[ao]|d[aeo]|n[ao])\\s+.*?\\ue000+\\s+)?(?:is|should be|must be|agora|e|eh|passou a ser|deve ser|mudou para)\\s+(?:now\\s+|agora\\s+|e\\s+)?`,
  'u',
)

/** "Priority of X should be Low": a column by its usual name, and what it should hold. */
export function tellsValue({ request }: Situation): boolean {
  const [pair] = toldPair(request)
  return pair !== undefined && conceptOf(pair[0]) !== undefined
}

/** "The task X is done, mark it so": the state is told of the thing itself. */
function toldState(request: Request, background: Background): Properties {
  const state = /\ue000\s+(?:ja\s+)?(?:is|esta|ta|foi)\s+(?:now\s+|already\s+|ja\s+)?([a-z]{3,})\s*(?:[,;.]|$)/.exec(
    request.folded,
  )?.[1]
  if (state === undefined || STOP_WORDS.has(state)) return {}
  const value = state.charAt(0).toUpperCase() + state.slice(1)
  return { [usualColumn('status', background.columns, request.language, value)]: value }
}

const VALUE_FIRST =
  /(?:^|\s)\p{L}+\s+(?:[oa]\s+)?(\p{Lu}\p{L}+(?: \p{Lu}\p{L}+)?)\s+(?:the|as(?: the)?|como(?: [oa])?)\s+(\p{L}+)\s+(?:of|for|on|in|d[aeo]|n[ao]|em)\s/u

function toldPair(request: Request): Pair[] {
  const match = TOLD.exec(request.folded)
  return match === null
    ? []
    : withPhrase(
        asWritten(request, match.index + match[0].indexOf(match[1]!), match[1]!),
        request,
        match.index + match[0].length,
      )
}

function assignedPair({ request, main }: Situation): Pair | undefined {
  const from = request.tokens[(main?.end ?? 0) - 1]?.end ?? 0
  const match = ASSIGNED.exec(request.folded.slice(from))
  if (match === null) return columnBehindVerb(request, from)
  const start = from + match[0].indexOf(match[1]!, match[0].search(/\S/))
  return (
    withPhrase(asWritten(request, start, match[1]!), request, from + match[0].length)[0] ??
    columnBehindVerb(request, from)
  )
}

/** "... and Status to Done": behind the first pair. */
function furtherPairs({ request, main }: Situation): Pair[] {
  const from = request.tokens[(main?.end ?? 0) - 1]?.end ?? 0
  return [...request.folded.slice(from).matchAll(FURTHER)].flatMap((match) => {
    const start = from + match.index + match[0].indexOf(match[1]!, match[0].search(/\s/))
    return withPhrase(asWritten(request, start, match[1]!), request, from + match.index + match[0].length)
  })
}

/** "Make Priya the Owner of X", "coloca a Carla como Responsável na X". */
function valueFirst(request: Request): Pair | undefined {
  const match = VALUE_FIRST.exec(request.text)
  const [, value = '', name = ''] = match ?? []
  return conceptOf(name) === undefined || conceptOf(value) !== undefined ? undefined : [name, value]
}

export function makesHolder({ request }: Situation): boolean {
  return valueFirst(request) !== undefined
}

/** "make its priority Low": no "to" between column and value. */
function columnBehindVerb(request: Request, from: number): Pair | undefined {
  const match = new RegExp(
    `^\\s+(?:(?:the|its|their|his|her|a|o|seu|sua)\\s+)?(${WORD})\\s+(?:(?:dela|dele|(?:of|for|on|da|do|de) .*?\\ue000+)\\s+)?`,
    'u',
  ).exec(request.folded.slice(from))
  if (match === null || conceptOf(match[1]!) === undefined) return undefined
  const start = from + match[0].indexOf(match[1]!)
  return withPhrase(asWritten(request, start, match[1]!), request, from + match[0].length)[0]
}

function withPhrase(name: string, request: Request, start: number): Pair[] {
  const value = phraseAt(request, start, VALUE_END)
  return value === undefined ? [] : [[name, value]]
}

/** "mark it as Done", "passa para Em risco": the column is the one spoken of before, else the status. */
function stateOf(request: Request, background: Background): Properties {
  const assignee = ASSIGNEE.exec(request.folded)
  const person = assignee === null ? undefined : phraseAt(request, assignee.index + assignee[0].length, VALUE_END)
  if (person !== undefined) return { [usualColumn('owner', background.columns, request.language)]: person }
  const last = [...request.folded.matchAll(STATE)].at(-1)
  const value = last === undefined ? undefined : phraseAt(request, last.index + last[0].length, VALUE_END)
  return value === undefined ? {} : columnOfState(value, request, background)
}

function columnOfState(value: string, request: Request, { columns, earlier, now }: Background): Properties {
  // "Passa para Etapa Ganho" names the column itself.
  const [first = '', ...others] = value.split(' ')
  if (others.length > 0 && conceptOf(first) !== undefined)
    return { [columnName(first, columns)]: readValue(others.join(' '), now) }
  const asked = ASKED_BEFORE.exec(earlier.at(-1) ?? '')?.[1]
  const spoken = asked === undefined || NO_COLUMN.test(asked.toLowerCase()) ? undefined : columnName(asked, columns)
  const usual = findDate(value, now)?.start === 0 ? 'due' : 'status'
  return { [spoken ?? usualColumn(usual, columns, request.language, value)]: readValue(value, now) }
}

function dueDate(request: Request, background: Background): Properties {
  const moved = MOVED_DUE.exec(request.folded)
  const starts = [...request.folded.matchAll(DUE)].map((match) => match.index + match[0].length)
  for (const start of moved === null ? starts : [...starts, moved.index + moved[0].length]) {
    const found = findDate(request.text.slice(start, start + DUE_REACH), background.now)
    if (found !== undefined && found.start <= MAX_GAP_BEFORE_DATE) {
      return { [usualColumn('due', background.columns, request.language)]: found.date }
    }
  }
  return {}
}
