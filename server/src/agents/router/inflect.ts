import { fold } from './text.ts'
import type { Language } from './language.ts'

/**
 * The forms in which a dictionary word turns up in a request. Forms that only report the past are marked: "I deleted it"
 * is no order to delete. The first person of the present ("arquivo", also "file") is left out on purpose.
 */
export interface Form {
  readonly word: string
  readonly past: boolean
}

const ENGLISH_PAST: Readonly<Record<string, readonly string[]>> = {
  find: ['found'],
  make: ['made'],
  get: ['got', 'gotten'],
  give: ['gave', 'given'],
  tell: ['told'],
  write: ['wrote', 'written'],
  put: [],
  set: [],
  read: [],
  see: ['saw', 'seen'],
  bring: ['brought'],
  take: ['took', 'taken'],
  throw: ['threw', 'thrown'],
  leave: ['left'],
  send: ['sent'],
  build: ['built'],
  show: ['showed', 'shown'],
  draw: ['drew', 'drawn'],
  dig: ['dug'],
  undo: ['undid', 'undone'],
  buy: ['bought'],
  say: ['said'],
  stick: ['stuck'],
  rewrite: ['rewrote', 'rewritten'],
  let: [],
  sell: ['sold'],
  pay: ['paid'],
  cut: [],
  sing: ['sang'],
  teach: ['taught'],
  swap: ['swapped'],
  run: ['ran'],
  do: ['did'],
}

/** Infinitive → forms that are or can be an order or a present, then forms of the past. */
const PORTUGUESE_IRREGULAR: Readonly<Record<string, readonly [string, string]>> = {
  ler: ['le leia leiam leem ler lendo', 'leu li leram lido lida'],
  ir: ['ir va vai vao indo', 'foi foram fui ido'],
  ver: ['ve veja vejam veem ver vendo vejo', 'viu vi viram visto vista'],
  dar: ['da de deem dar dando', 'deu dei deram dado'],
  trazer: ['traz traga tragam trazem trazer trazendo', 'trouxe trouxeram trazido'],
  dizer: ['diz diga digam dizem dizer dizendo', 'disse disseram dito'],
  fazer: ['faz faca facam fazem fazer fazendo', 'fez fiz fizeram feito feita'],
  desfazer: ['desfaz desfaca desfacam desfazer', 'desfez desfiz desfizeram desfeito'],
  refazer: ['refaz refaca refazer', 'refez refiz refeito'],
  por: ['poe ponha ponham poem pondo', 'pos puseram posto posta'],
  inserir: ['insere insira insiram inserem inserir inserindo', 'inseriu inseri inseriram inserido inserida'],
  redigir: ['redige redija redijam redigir', 'redigiu redigi redigido'],
  corrigir: ['corrige corrija corrijam corrigir', 'corrigiu corrigi corrigiram corrigido'],
  sumir: ['some suma sumam sumir', 'sumiu sumi sumiram'],
  traduzir: ['traduz traduza traduzam traduzir', 'traduziu traduzi traduzido'],
  reproduzir: ['reproduz reproduza reproduzir', 'reproduziu'],
  excluir: ['exclui exclua excluam excluem excluir excluindo', 'excluiu excluiram excluido excluida'],
  repor: ['repoe reponha repor', 'repos reposto'],
}

/** Every form of a word or phrase; in a verb phrase the first word is inflected, in a noun phrase the first and the last. */
export function inflect(entry: string, language: Language, part: 'verb' | 'noun'): Form[] {
  const folded = fold(entry)
  // "me passe": the pronoun stays in front of whatever the verb becomes.
  if (folded.startsWith('me ')) {
    return inflect(folded.slice('me '.length), language, part).map((form) => ({ ...form, word: `me ${form.word}` }))
  }
  const [head = '', ...rest] = folded.split(' ')
  const tail = rest.length === 0 ? '' : ` ${rest.join(' ')}`
  if (part === 'verb') return verbForms(head, language).map((form) => ({ ...form, word: form.word + tail }))
  const heads = plurals(head, language)
  if (rest.length === 0) return heads.map((word) => ({ word, past: false }))
  const last = rest.at(-1) ?? ''
  const lasts = plurals(last, language).map((word) => [head, ...rest.slice(0, -1), word].join(' '))
  return [...new Set([...heads.map((word) => word + tail), ...lasts])].map((word) => ({ word, past: false }))
}

function verbForms(verb: string, language: Language): Form[] {
  const [present, past] = language === 'en' ? englishVerb(verb) : portugueseVerb(verb)
  const forms = new Map(past.map((word) => [word, true]))
  for (const word of present) forms.set(word, false)
  return [...forms].map(([word, isPast]) => ({ word, past: isPast }))
}

function englishVerb(verb: string): readonly [string[], string[]] {
  const stem = verb.endsWith('e') ? verb.slice(0, -1) : verb
  const doubled = /[^aeiou][aeiou][bdgmnpt]$/.test(verb) ? verb + verb.slice(-1) : verb
  const soft = /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}i` : verb
  const third = /(?:s|x|z|ch|sh)$/.test(verb) ? `${verb}es` : soft === verb ? `${verb}s` : `${soft}es`
  const irregular = ENGLISH_PAST[verb]
  const past = irregular ?? [`${stem}ed`, `${doubled}ed`, `${soft}ed`]
  return [[verb, third, `${stem}ing`, `${doubled}ing`], [...past]]
}

function portugueseVerb(verb: string): readonly [string[], string[]] {
  const irregular = PORTUGUESE_IRREGULAR[verb]
  if (irregular !== undefined) return [irregular[0].split(' '), irregular[1].split(' ')]
  const stem = verb.slice(0, -2)
  const add = (base: string, endings: string): string[] => endings.split(' ').map((ending) => base + ending)
  // "renomear" → "renomeia", "renomeie".
  if (verb.endsWith('ear'))
    return [
      [verb, ...add(stem, 'ia ie iam iem ando amos emos')],
      add(stem, 'ei ou aram ado ada ados adas amos aria ariam arei'),
    ]
  if (verb.endsWith('ar')) {
    const soft = stem.endsWith('c') ? `${stem.slice(0, -1)}qu` : stem.endsWith('g') ? `${stem}u` : stem
    // A ç is folded to c before it gets here ("começar"), and then keeps its c.
    const softs = stem.endsWith('c') ? [soft, stem] : [soft]
    return [
      [
        verb,
        ...add(stem, 'a am ando as amos asse assem assemos'),
        ...softs.flatMap((base) => add(base, 'e em es emos')),
      ],
      [...add(stem, 'ou aram ado ada ados adas ava avam arei aria ariam ariamos'), ...softs.map((base) => `${base}ei`)],
    ]
  }
  if (verb.endsWith('er'))
    return [[verb, ...add(stem, 'e a em am endo esse essem')], add(stem, 'eu i eram ido ida idos idas erei eria')]
  const present = /[aeou]$/.test(stem) ? 'i a em am indo' : 'e a em am indo'
  return [[verb, ...add(stem, present)], add(stem, 'iu iram ido ida idos idas')]
}

function plurals(noun: string, language: Language): string[] {
  if (language === 'en') {
    if (/[^aeiou]y$/.test(noun)) return [noun, `${noun.slice(0, -1)}ies`]
    return [noun, /(?:s|x|z|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`]
  }
  if (noun.endsWith('ao')) return [noun, `${noun.slice(0, -2)}oes`, `${noun}s`]
  if (noun.endsWith('m')) return [noun, `${noun.slice(0, -1)}ns`]
  if (/[aou]l$/.test(noun)) return [noun, `${noun.slice(0, -1)}is`]
  if (noun.endsWith('el')) return [noun, `${noun.slice(0, -2)}eis`]
  return [noun, /[rzs]$/.test(noun) ? `${noun}es` : `${noun}s`]
}
