import type { Language } from '../language.ts'

/** What a tool's title says to do, said as done: "Search pages" → "Searched pages". */

const DOUBLED = new Set(['submit', 'stop', 'tag'])

const ENDINGS: Readonly<Record<string, string>> = { ar: 'ou', er: 'eu', ir: 'iu' }

/** Verbs that titles begin with. A first word that is none of them may be a noun, and is left as it is. */
const ENGLISH = verbs(
  'accept add answer append apply approve archive assign book cancel check clear close comment complete copy create delete disable download edit enable export fetch filter follow import insert invite join label link list look mark merge move open order play post publish query remove rename reopen replace reply report request reset resolve restore review save schedule search share show start stop submit subscribe summarize sync tag translate unarchive update upload',
  englishPast,
  {
    find: 'found',
    get: 'got',
    make: 'made',
    put: 'put',
    read: 'read',
    run: 'ran',
    send: 'sent',
    set: 'set',
    write: 'wrote',
  },
)

const PORTUGUESE = verbs(
  'abrir aceitar acrescentar adicionar agendar alterar apagar aplicar aprovar arquivar atribuir atualizar baixar buscar cancelar checar comentar compartilhar completar consultar copiar criar definir desarquivar editar encontrar entrar enviar excluir executar exportar fechar gravar importar iniciar inserir ler limpar listar localizar marcar mostrar mover obter pesquisar postar publicar reabrir remover renomear responder restaurar resumir revisar salvar substituir sincronizar traduzir verificar',
  portuguesePast,
  { fazer: 'fez', obter: 'obteve', pôr: 'pôs', ver: 'viu' },
)

type Verbs = ReadonlyMap<string, string>

function verbs(list: string, past: (verb: string) => string, irregular: Readonly<Record<string, string>>): Verbs {
  const regular = list.split(' ').map((verb) => [verb, past(verb)] as const)
  return new Map([...regular, ...Object.entries(irregular)])
}

function englishPast(verb: string): string {
  if (verb.endsWith('e')) return `${verb}d`
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ied`
  return `${verb}${DOUBLED.has(verb) ? verb.at(-1) : ''}ed`
}

function portuguesePast(verb: string): string {
  return `${verb.slice(0, -2)}${ENDINGS[verb.slice(-2)] ?? ''}`
}

/** Two verbs before what they are done to: "Find and replace on a page". */
const AND: Readonly<Record<Language, string>> = { en: 'and', 'pt-BR': 'e' }

/** The title as done; as it is where it does not begin with a verb that is known. A remote server's may be in English. */
export function pastTense(title: string, language: Language): string {
  const known = language === 'en' ? [ENGLISH] : [PORTUGUESE, ENGLISH]
  const [first = '', second, third, ...rest] = title.split(' ')
  const list = known.find((each) => each.has(first.toLowerCase()))
  if (list === undefined) return title
  const isPair = second === AND[list === ENGLISH ? 'en' : 'pt-BR'] && third !== undefined && list.has(third)
  const words = isPair ? [second, past(list, third), ...rest] : [second, third, ...rest]
  return [past(list, first), ...words.filter((word) => word !== undefined)].join(' ')
}

function past(list: Verbs, word: string): string {
  const done = list.get(word.toLowerCase()) ?? word
  return word.charAt(0) === word.charAt(0).toUpperCase() ? done.charAt(0).toUpperCase() + done.slice(1) : done
}
