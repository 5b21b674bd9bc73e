import { findDate } from './dates.ts'
import { fold } from './text.ts'

const COUNTS: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  fifty: 50,
  hundred: 100,
  dozen: 12,
  um: 1,
  uma: 1,
  dois: 2,
  duas: 2,
  tres: 3,
  quatro: 4,
  cinco: 5,
  seis: 6,
  sete: 7,
  oito: 8,
  nove: 9,
  dez: 10,
  doze: 12,
  quinze: 15,
  vinte: 20,
  cinquenta: 50,
  cem: 100,
  duzia: 12,
}
const TRUE = new Set(['true', 'yes', 'sim', 'verdadeiro', 'checked', 'on', 'marcado', 'marcada'])
const FALSE = new Set(['false', 'no', 'nao', 'falso', 'unchecked', 'off', 'desmarcado', 'desmarcada'])
const PERCENT = 100

export type Value = string | number | boolean

/** A value as written → as a tool takes it: number, truth, ISO date, or the text itself. */
export function readValue(written: string, now: Date): Value {
  const text = written
    .trim()
    .replace(/^["“«'`]|["”»'`]$/g, '')
    .replace(/[.!?;,]+$/, '')
    .trim()
  const folded = fold(text)
  if (TRUE.has(folded)) return true
  if (FALSE.has(folded)) return false
  const number = readNumber(folded)
  if (number !== undefined) return number
  const date = findDate(text, now)
  return date !== undefined && date.start === 0 && date.end === folded.length ? date.date : text
}

/** "0.9", "8,280", "8.280,50", "R$ 40", "18 %" (0.18). Both languages' separators: the last one with 1–2 digits is decimal. */
export function readNumber(text: string): number | undefined {
  const match = /^(?:r\$|us\$|\$|€|£)?\s*(-?\d[\d.,]*)\s*(%|k|mil)?\s*(?:reais|euros|dollars|dolares)?$/.exec(
    fold(text).trim(),
  )
  if (match === null) return undefined
  const digits = match[1] ?? ''
  const decimal = /[.,](\d{1,2}|\d{4,})$/.exec(digits)
  const whole = (decimal === null ? digits : digits.slice(0, decimal.index)).replace(/[.,]/g, '')
  const value = Number(decimal === null ? whole : `${whole}.${decimal[1]}`)
  if (Number.isNaN(value)) return undefined
  if (match[2] === '%') return value / PERCENT
  return match[2] === undefined ? value : value * 1000
}

/** A count in digits or words. */
export function readCount(word: string): number | undefined {
  return /^\d{1,4}$/.test(word) ? Number(word) : COUNTS[fold(word)]
}
