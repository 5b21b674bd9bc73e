import { fold } from './text.ts'

export type Language = 'en' | 'pt'

/** Words so common that a sentence of the language can hardly do without them, and rare in the other. Folded. */
const MARKS: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: new Set(
    `the an of and to in on at is are was were be been it its this that these those what which who whom whose when where how
    why with from for by my our your their his her me we you they them please can could would should will does did have
    has had not any some all about into under inside there here thanks thank hello hi hey yes i im ill whats whos dont just
    show find get list add create delete update open read give tell search remove make set change rename move put mark page
    database task block comment as`.split(/\s+/),
  ),
  pt: new Set(
    `o os um uma uns umas de da das dos em na nos nas ao aos pelo pela por para pra pro com sem que qual quais quem
    quando onde como quanto quantos quantas e ou mas se nao sim isso isto esse essa este esta esses essas nesse nessa neste
    nesta aqui ali la me meu minha meus minhas nosso nossa seu sua ele ela eles elas dele dela voce voces eu ja tem ha esta
    sao foi ser obrigado obrigada oi ola bom boa tudo mostre mostra mostrar liste lista busque crie cria apague leia abra
    adicione pagina paginas favor pode apaga logo mano aff procura acha abre renomeia muda bota poe
    coloca tira joga manda traz marca bloco base tarefa comentario pra pro ta to oq vc tem`.split(/\s+/),
  ),
}
const PORTUGUESE_LETTERS = /[ãõçáéíóúâêôà]/i

/** The language of the newest text that shows one; English if none does. */
export function detectLanguage(texts: readonly string[]): Language {
  for (const text of texts.toReversed()) {
    const found = languageOf(text)
    if (found !== undefined) return found
  }
  return 'en'
}

function languageOf(text: string): Language | undefined {
  const prose = text.replace(/https?:\/\/\S+|\b(?=[0-9a-f-]*\d)[0-9a-f-]{8,}\b/gi, ' ')
  const unquoted = prose.replace(/"[^"]*"|“[^”]*”/g, ' ')
  const words = fold(unquoted).match(/[a-z]+/g) ?? []
  let balance = PORTUGUESE_LETTERS.test(unquoted) ? 1 : 0
  for (const word of words) {
    if (MARKS.pt.has(word)) balance += 1
    if (MARKS.en.has(word)) balance -= 1
  }
  if (balance === 0) return undefined
  return balance > 0 ? 'pt' : 'en'
}
