/** Numbers as people write them, with English or Portuguese signs, currencies and percent. */

/** Signs and codes of money, and the mark of a negative amount around them. */
const MONEY = /R\$|US\$|[$€£¥]|\b(?:BRL|USD|EUR|GBP|reais|real|euros?|d[oó]lar(?:es)?|dollars?)(?![\p{L}\d])/giu
const SPACES = /[\s\u00A0\u202F']/g
const PORTUGUESE_MONEY = /R\$|€|\b(?:BRL|EUR|reais|real|euros?)(?![\p{L}\d])/iu

const PLAIN = /^\d+$/
/** Groups of three, with the other sign before the decimals. */
const ENGLISH = /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/
const PORTUGUESE = /^[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?$/
const ONE_SIGN = /^\d*[.,]\d+$/
/** "1.234" is a thousand and more, or a little more than one: it depends on who wrote it. */
const OPEN = /^[1-9]\d{0,2}[.,]\d{3}$/

/** Longer than any number that Notion can hold, with its currency. */
const MOST_CHARACTERS = 60

const PERCENT = 100
/** A share such as 12.5 % would come out as 0.125000000001 otherwise. */
const SHARE_DECIMALS = 12

/**
 * Reads "1.234,56", "R$ 1.234", "12,5", "1,234.56", "15%". A percentage is a share of one, as Notion keeps it, in a column
 * that shows percent. What can be read two ways, such as "1.234" without a currency, is not taken.
 */
export function readNumber(text: string, isShare: boolean): number | undefined {
  if (text.length > MOST_CHARACTERS) return undefined
  const signed = text.replace(/[−–]/g, '-').trim()
  const percent = signed.endsWith('%')
  const bare = signed.replace(/%$/, '').replaceAll(MONEY, '').replaceAll(SPACES, '')
  const sign = bare.startsWith('-') ? -1 : 1
  const amount = amountOf(bare.replace(/^[+-]/, ''), PORTUGUESE_MONEY.test(text))
  if (amount === undefined) return undefined
  const share = percent && isShare ? Number((amount / PERCENT).toFixed(SHARE_DECIMALS)) : amount
  return sign * share
}

function amountOf(digits: string, isPortuguese: boolean): number | undefined {
  if (PLAIN.test(digits)) return Number(digits)
  if (/^\d+(?:\.\d+)?e[+-]?\d{1,2}$/i.test(digits)) return Number(digits)
  if (OPEN.test(digits)) {
    const isGrouped = isPortuguese && digits.includes('.')
    return isGrouped ? Number(digits.replace('.', '')) : undefined
  }
  if (ENGLISH.test(digits)) return Number(digits.replaceAll(',', ''))
  if (PORTUGUESE.test(digits)) return Number(digits.replaceAll('.', '').replace(',', '.'))
  return ONE_SIGN.test(digits) ? Number(digits.replace(',', '.')) : undefined
}
