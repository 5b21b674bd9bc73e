/**
 * Words of English and Portuguese reduced to what their forms have in common: "pages" and "page", "apague" and "apagar".
 * One rule set for both, because a request does not say its language. Crude on purpose: both sides of a comparison go
 * through it, so a stem has to be the same, not right.
 */

const WORD = /[\p{L}\p{N}]+/gu

/** Shorter words carry their meaning in their last letters. */
const SHORTEST_STEM = 3

/** Words that stand in nearly every request and tell tools apart from nothing. */
const STOP_WORDS = new Set(
  `a an and are at be by can could do does for from get has have how i in into is it its me my of on one or our out please
   something that the them this to us was we what when which will with would you your about all any there want need new
   ao aos as com como da das de dela dele do dos e em era essa esse esta este eu isso lhe mais meu minha na nas no nos o os
   ou para pela pelo por pra qual quais quando que se ser seu sua tem um uma umas uns quero preciso favor sobre todos todas novo nova
   ja nao ha foi sao`.split(/\s+/),
)

/** Forms that no ending tells. */
const IRREGULAR: Readonly<Record<string, string>> = {
  found: 'find',
  wrote: 'write',
  written: 'write',
  made: 'make',
  people: 'person',
  children: 'child',
  leia: 'ler',
  leio: 'ler',
  lendo: 'ler',
  veja: 'ver',
  vejo: 'ver',
  vendo: 'ver',
  traga: 'trazer',
  ponha: 'por',
  diga: 'dizer',
  faca: 'fazer',
}

/** Endings of Portuguese verbs, of Portuguese nouns, of English words; looked for longest first. */
const ENDINGS = `ariam assem armos ando endo indo aram eram iram ados adas idos idas amos emos imos ado ada ido ida ava
   arios arias ario aria acao acoes coes cao oes ais eis ao
   ations ation ings ing ies ed es er ar ir em am ou eu iu ei al el s a e i o y`
  .split(/\s+/)
  .sort((one, other) => other.length - one.length)

/** What a request names, other than what it asks for: addresses, ids, quotations. Bounded, so that reading stays linear. */
const NAMED =
  /https?:\/\/\S{1,500}|\b[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\b|"[^"]{0,300}"|“[^”]{0,300}”|«[^»]{0,300}»/gi

/** "un-archive", "to-do" and "e-mail" are one word each. */
const JOINING_HYPHEN = /(?<=\b(?:un|re|to|e))-/gi

/** The stems of a text in order, without the words that say nothing. */
export function stemsOf(text: string): string[] {
  const words = fold(text.replaceAll(NAMED, ' ').replaceAll(JOINING_HYPHEN, '')).match(WORD) ?? []
  return words.filter((word) => !STOP_WORDS.has(word)).map(stemOf)
}

function stemOf(word: string): string {
  const regular = IRREGULAR[word] ?? word
  // An English plural, so that what follows sees the same word with and without it.
  const singular = regular.length > SHORTEST_STEM + 1 ? regular.replace(/(?<=[^s])s$/, '') : regular
  const ending = ENDINGS.find((each) => singular.endsWith(each) && singular.length - each.length >= SHORTEST_STEM)
  const stem = ending === undefined ? singular : singular.slice(0, singular.length - ending.length)
  // "busque" and "buscar", "apague" and "apagar"; "stopped" and "stop".
  return stem
    .replace(/qu$/, 'c')
    .replace(/gu$/, 'g')
    .replace(/([bdgmnpt])\1$/, '$1')
}

/** Lower case, without accents; names in snake_case and camelCase fall apart into their words. */
function fold(text: string): string {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
}
