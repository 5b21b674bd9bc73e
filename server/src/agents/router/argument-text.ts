import { ID_MARK } from './request.ts'
import type { Request } from './request.ts'
import { does, says } from './situation.ts'
import type { Situation } from './situation.ts'
import { fold } from './text.ts'

/** A name that is written right behind its noun ends here. */
const NAME_END = new RegExp(
  '[,;:.!?\\n(]|\\s(?:under|inside|within|in|on|to|at|into|below|beneath|with|from|for|of|having|dentro|embaixo|sob|debaixo|em|na|no|nas|nos|para|pra|pro|com|ao|there|here|la|ali|ate|due)(?=\\s|$)|\\ue000',
)
const NEW_VALUE =
  /(?<![a-z])(?:to say|to read|to|with|as|into|para|pra|pro|por|pelo|pela|com|como)(?:\s*:)?\s+|=>|->|=\s*/g
const UNTICKED =
  /(?<![a-z])(?:untick|uncheck|unmark|deselect|desmar(?:c|qu)\w*|not (?:yet )?(?:done|complete|completed|finished)|undone|incomplete|pending|open again|(?:como )?nao (?:feit|conclu|termin|marcad)\w*|pendente|em aberto)/
const TICKED =
  /(?<![a-z])(?:tick\w*|check(?:ed)?|done|complete[d]?|finish(?:ed)?|cross\w*|feit[ao]|conclu\w*|pront[ao]|marcad[ao]|complet\w*|finaliz\w*|risc\w*|tic\w*|baixa|mar(?:ca|que)\w*|ok)(?![a-z])/
const WORDING = /(?<![a-z])(?:text|wording|words|texto|redacao|conteudo|content)(?![a-z])/
const PRONOUN_START = /^(?:it|that|this|them|there|a new|new|nov[ao]s?|isso|isto|el[ea]s?|la)(?![a-z])/
const ROW_NOUN =
  /^(?:the|a|an|um|uma|o|a)?\s*(?:new|nov[ao])?\s*(?:task|entry|item|record|row|card|contact|project|tarefa|registro|linha|contato|projeto|cartao)\s+/

/** "Tell Li it's approved", "fala pro Li que está aprovado". */
export const MESSAGE_TO =
  /(?:^|[,.!]\s|please\s|favor\s)(?:tell|let|fal[ae]|diz|diga|avis[ae]|cont[ae])\s+(?:(?:pr[oa]|para(?: [oa])?|ao?)\s+)?\p{Lu}\p{L}+(?:\s+know)?\s+(?:that\s+|que\s+)?(\S.*)$/iu

/** What a new page, row or table is to be called. */
export function titleFor(situation: Situation): string | undefined {
  const { request } = situation
  const labelled = /(?<![a-z])(?:nome|name|titulo|title)\s*[:=]\s*([^,;\n]+)/.exec(request.folded)
  if (labelled !== null && request.name === undefined)
    return slice(request, labelled.index + labelled[0].lastIndexOf(labelled[1]!), labelled[1]!)
  if (request.name !== undefined) return request.name.text
  const first = request.quotes[0]
  if (first !== undefined) return first.value
  return bareName(situation) ?? request.tail?.text ?? forWhom(situation)
}

/** What something is renamed to. */
export function newTitle(situation: Situation): string | undefined {
  const { request } = situation
  const last = request.quotes.at(-1)
  if (last !== undefined) return last.value
  if (!does(situation, 'rename') && !says(situation, /(?<![a-z])(?:title|name|titulo|nome)(?![a-z])/)) return undefined
  return request.name?.text ?? behindLast(request, NEW_VALUE) ?? request.tail?.text
}

/** The wording of a comment or of a block. */
export function wording(situation: Situation): string | undefined {
  const { request } = situation
  const quoted = request.quotes.at(-1)?.value
  if (quoted !== undefined) return quoted
  const said = request.said?.text ?? request.tail?.text
  if (said !== undefined) return said
  if (does(situation, 'update', 'rename')) return behindLast(request, NEW_VALUE)
  return reported(situation) ?? MESSAGE_TO.exec(request.text)?.[1]
}

/** "Add gym at 5pm to the bottom of X": what stands between the verb and the end of the page. */
export function putAtEnd({ request, main }: Situation): string | undefined {
  const from = request.tokens[(main?.end ?? 0) - 1]?.end
  const stop = from === undefined ? null : AT_END.exec(request.folded.slice(from))
  const text = stop === null ? '' : request.text.slice(from, (from ?? 0) + stop.index).trim()
  return text === '' || text.includes('"') || PRONOUN_START.test(fold(text)) ? undefined : text
}

const AT_END =
  /\s(?:to|at|on|in)\s+the\s+(?:very\s+)?(?:bottom|end)\s+of\s|\s(?:bem\s+)?(?:no|ao|pro)\s+(?:fim|final)\s+d[aeo]\s/

/** "Reply that we agree", "comente que falta a data". */
export function reported({ request, main }: Situation): string | undefined {
  const from = request.tokens[(main?.end ?? 0) - 1]?.end
  if (from === undefined) return undefined
  const match = /(?<![a-z])(?:that|que)\s+(.+)$/s.exec(request.folded.slice(from))
  if (match === null || match[1]!.includes(ID_MARK)) return undefined
  return request.text.slice(from + match.index + match[0].length - match[1]!.length).trim()
}

/** Whether a to-do is to be ticked (true) or cleared (false); undefined if the request is about something else. */
export function tickFor(situation: Situation): boolean | undefined {
  if (situation.request.quotes.length > 0 || says(situation, WORDING)) return undefined
  if (says(situation, UNTICKED)) return false
  return says(situation, TICKED) ? true : undefined
}

/** "the task Order bricks in ...": what stands between the noun, or the verb, and the next preposition. */
function bareName(situation: Situation): string | undefined {
  const start = startOfName(situation)
  const rest = situation.request.text.slice(start)
  const name = rest.slice(0, NAME_END.exec(situation.request.folded.slice(start))?.index).trim()
  const bare = name.slice(ROW_NOUN.exec(fold(name))?.[0].length ?? 0).replace(/^(?:the|an?|os?|as?|uma?)\s+/i, '')
  const isName = bare !== '' && !PRONOUN_START.test(fold(bare)) && !/^[a-z]{1,3}$/.test(bare)
  return isName ? bare : undefined
}

/** "A new record for John Smith". */
function forWhom({ request }: Situation): string | undefined {
  const match = /(?<!\p{L})(?:for|para|pra|pro)\s+(?:[oa]\s+)?((?:\p{Lu}[\p{L}'-]*\s?)+)/u.exec(request.text)
  return match?.[1]?.trim()
}

function startOfName({ request, main, object }: Situation): number {
  const before = object !== undefined && !object.governed ? object.end : (main?.end ?? 0)
  return request.tokens[before - 1]?.end ?? request.text.length
}

function behindLast(request: Request, pattern: RegExp): string | undefined {
  const matches = [...request.folded.matchAll(pattern)]
  const last = matches.at(-1)
  if (last === undefined) return undefined
  const text = request.text
    .slice(last.index + last[0].length)
    .trim()
    .replace(/[.!]$/, '')
  return text === '' || request.folded.includes(ID_MARK, last.index + last[0].length) ? undefined : text
}

function slice(request: Request, start: number, part: string): string {
  return request.text.slice(start, start + part.length).trim()
}
