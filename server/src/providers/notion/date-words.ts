import { folded } from './names.ts'

/**
 * What people write for a day or a span of days, in English and Portuguese, in one plain form: lower-case English words in the
 * singular, numbers as digits, "next" and "last" before what they go with, and nothing that tells nothing.
 */

export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

export const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
] as const

type Rewriting = readonly [pattern: RegExp, plain: string]

/** In this order: longer wordings before the words that they are made of. */
const WORDINGS: readonly Rewriting[] = [
  [/\bdepois de amanha\b|\b(?:the )?day after tomorrow\b/g, 'overmorrow'],
  [/\banteontem\b|\bantes de ontem\b|\b(?:the )?day before yesterday\b/g, 'ereyesterday'],
  [/\bhoje\b/g, 'today'],
  [/\bamanha\b/g, 'tomorrow'],
  [/\bontem\b/g, 'yesterday'],
  [/\bagora\b/g, 'now'],
  [/\bfi(?:m|nal|ns|nais) de semana\b/g, 'weekend'],
  [/\b(?:fim|final)\b/g, 'end'],
  [/\b(?:inicio|comeco|beginning)\b/g, 'start'],
  [/\bdaqui (?:a |em )?|\bdentro de |\bem (?=\w+ (?:dia|semana|mes|ano|trimestre))/g, 'in '],
  [/\b(?:from now|from today|hence|a partir de (?:hoje|agora|today|now))\b/g, 'ahead'],
  [/\bha (?=\w+ (?:dia|semana|mes|ano|trimestre))|\batras\b/g, ' ago '],
  [/\bproxim[ao]s?\b|\bque vem\b|\bseguinte\b|\bcoming\b/g, 'next'],
  [/\bpassad[ao]s?\b|\bultim[ao]s?\b|\bpast\b|\bprevious\b/g, 'last'],
  [/\b(?:n?est[ea]|n?ess[ea]|dest[ea]|dess[ea]|current|atual)\b/g, 'this'],
  [/\bdias?\b|\bdays\b/g, 'day'],
  [/\bsemanas?\b|\bweeks\b/g, 'week'],
  [/\bmes(?:es)?\b|\bmonths\b/g, 'month'],
  [/\btrimestres?\b|\bquarters\b/g, 'quarter'],
  [/\banos?\b|\byears\b/g, 'year'],
]

/** Numbers that people write out. */
const NUMBERS: readonly Rewriting[] = [
  [/\b(?:one|an?|uma?)\b/g, '1'],
  [/\b(?:two|dois|duas)\b/g, '2'],
  [/\b(?:three|tres)\b/g, '3'],
  [/\b(?:four|quatro)\b/g, '4'],
  [/\b(?:five|cinco)\b/g, '5'],
  [/\b(?:six|seis)\b/g, '6'],
  [/\b(?:seven|sete)\b/g, '7'],
  [/\b(?:eight|oito)\b/g, '8'],
  [/\b(?:nine|nove)\b/g, '9'],
  [/\b(?:ten|dez(?= (?:day|week|month|year|quarter)))\b/g, '10'],
]

/** Names of weekdays and months: Portuguese, and abbreviations. */
const NAMES: readonly Rewriting[] = [
  [/\bdomingo\b|\bsun\b/g, 'sunday'],
  [/\bsegunda(?:[- ]feira)?\b|\bmon\b/g, 'monday'],
  [/\bterca(?:[- ]feira)?\b|\btues?\b/g, 'tuesday'],
  [/\bquarta(?:[- ]feira)?\b|\bwed\b/g, 'wednesday'],
  [/\bquinta(?:[- ]feira)?\b|\bthu(?:rs?)?\b/g, 'thursday'],
  [/\bsexta(?:[- ]feira)?\b|\bfri\b/g, 'friday'],
  [/\bsabado\b|\bsat\b/g, 'saturday'],
  [/\bjan(?:eiro)?\b/g, 'january'],
  [/\b(?:fev(?:ereiro)?|feb)\b/g, 'february'],
  [/\bmar(?:co)?\b/g, 'march'],
  [/\b(?:abr(?:il)?|apr)\b/g, 'april'],
  [/\bmaio?\b/g, 'may'],
  [/\bjun(?:ho)?\b/g, 'june'],
  [/\bjul(?:ho)?\b/g, 'july'],
  [/\b(?:ago(?:sto)|aug)\b/g, 'august'],
  [/\b(?:set(?:embro)?|sept?)\b/g, 'september'],
  [/\b(?:out(?:ubro)?|oct)\b/g, 'october'],
  [/\b(?:nov(?:embro)?)\b/g, 'november'],
  [/\b(?:dez(?:embro)?|dec)\b/g, 'december'],
]

const FILLERS = /\b(?:the|of|on|d[aeo]s?|[ao]|n[ao]|by|next day)\b|[,.]/g
const UNIT = `day|week|weekend|month|quarter|year|${WEEKDAYS.join('|')}`
const BEHIND = new RegExp(`\\b(${UNIT}) (next|last)\\b(?! week)`, 'g')

/** A wording in its plain form, such as "proxima sexta-feira" → "next friday", "há duas semanas" → "ago 2 week". */
export function plainWording(text: string): string {
  let plain = folded(text).replaceAll(/(?<=\d)(?:st|nd|rd|th)\b|[ºª°]/g, '')
  for (const [pattern, word] of [...WORDINGS, ...NUMBERS, ...NAMES]) plain = plain.replaceAll(pattern, word)
  plain = plain.replaceAll(FILLERS, ' ').replaceAll(/\s+/g, ' ').trim()
  return plain.replaceAll(BEHIND, '$2 $1').replace(/^day (?=\d)/, '')
}
