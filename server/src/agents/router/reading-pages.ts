import { conceptOf } from './columns.ts'
import type { Reading } from './reading.ts'
import { does, givesPlace, names, says } from './situation.ts'
import type { Situation } from './situation.ts'

const REPLACES =
  /(?<![a-z])(?:replac\w*|substitut\w*|swap\w*|find and|substitu\w*|localiz\w*|troc\w+ .*(?:por|pel[ao]) )/
const WORDS =
  /(?<![a-z])(?:words?|phrase|passage|wording|typo|spelling|spelled|misspelled|palavras?|trecho|passagem|grafia|erro de digitacao)(?![a-z])/

/** "Where it says "a" put "b"", "onde está "a" ponha "b"". */
const WHERE_IT_SAYS =
  /(?<![a-z])(?:where (?:it|there) (?:says|reads|is)|(?:onde|no lugar de onde) (?:esta|ta|diz|se le|le-se|tem|consta|aparece))\s*:?\s*"/

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
  if (request.quotes.length !== 2 || !hasTarget || (kind !== undefined && kind !== 'page')) return undefined
  if (names(situation, 'title', 'column', 'property', 'database')) return undefined
  return corrects(situation) ? { deed: 'update', thing: 'content' } : undefined
}

function corrects(situation: Situation): boolean {
  if (says(situation, WHERE_IT_SAYS)) return does(situation, 'update', 'search', 'add')
  const isColumn = conceptOf(situation.request.quotes[0]?.value ?? '') !== undefined
  return does(situation, 'update', 'search') && (says(situation, WORDS) || (says(situation, REPLACES) && !isColumn))
}
