import { conceptOf } from './columns.ts'
import type { Reading } from './reading.ts'
import { does, givesPlace, names, says } from './situation.ts'
import type { Situation } from './situation.ts'

const REPLACES =
  /(?<![a-z])(?:replac\w*|substitut\w*|swap\w*|find and|substitu\w*|localiz\w*|troc\w+ .*(?:por|pel[ao]) )/
const WORDS =
  /(?<![a-z])(?:words?|phrase|passage|wording|typo|spelling|spelled|misspelled|palavras?|trecho|passagem|grafia|erro de digitacao)(?![a-z])/

/** A page with a place named for it: "move A under B". A move that ends in a state or in the trash is something else. */
export function readMove(situation: Situation): Reading | undefined {
  const { quotes, tail, said } = situation.request
  const hasMaterial = quotes.length > 0 || tail !== undefined || said !== undefined
  if (hasMaterial || !givesPlace(situation) || names(situation, 'trash', 'block')) return undefined
  const arePages = situation.focus.own.every(({ kind }) => kind === undefined || kind === 'page' || kind === 'database')
  return arePages ? { deed: 'move', thing: 'page' } : undefined
}

/** "In X replace "a" with "b"": a passage of the text, given as it is and as it is to be. */
export function readEdit(situation: Situation): Reading | undefined {
  const { request, kind, hasTarget } = situation
  const [from] = request.quotes
  if (from === undefined || request.quotes.length !== 2 || !hasTarget) return undefined
  if ((kind !== undefined && kind !== 'page') || names(situation, 'title', 'column', 'property', 'database'))
    return undefined
  const speaksOfText = says(situation, WORDS) || (says(situation, REPLACES) && conceptOf(from.value) === undefined)
  return does(situation, 'update', 'search') && speaksOfText ? { deed: 'update', thing: 'content' } : undefined
}
