import { describe, expect, it } from 'vitest'
import { inflect } from './inflect.ts'
import type { Language } from './language.ts'

function forms(word: string, language: Language, part: 'verb' | 'noun', past = false): string[] {
  return inflect(word, language, part)
    .filter((form) => form.past === past)
    .map((form) => form.word)
}

describe('verbs', () => {
  it.each([
    ['archive', 'en', 'archives archiving'],
    ['swap', 'en', 'swaps swapping'],
    ['tidy up', 'en', 'tidies up'],
    ['buscar', 'pt', 'busca busque busquem buscando'],
    ['apagar', 'pt', 'apaga apague'],
    ['começar', 'pt', 'comeca comece'],
    ['renomear', 'pt', 'renomeia renomeie'],
    ['inserir', 'pt', 'insere insira'],
    ['incluir', 'pt', 'inclui inclua'],
    ['trazer * de volta', 'pt', 'traz * de volta'],
    ['me passar', 'pt', 'me passa me passe'],
  ] as const)('inflects %s (%s)', (verb, language, expected) => {
    const found = forms(verb, language, 'verb')
    const wanted =
      expected.includes('*') || expected.includes(' up') || expected.startsWith('me ')
        ? splitPhrases(expected)
        : expected.split(' ')
    expect(found).toEqual(expect.arrayContaining(wanted))
  })

  it.each([
    ['delete', 'en', 'deleted'],
    ['write', 'en', 'wrote'],
    ['apagar', 'pt', 'apaguei'],
    ['excluir', 'pt', 'excluiu'],
    ['fazer', 'pt', 'fez'],
  ] as const)('marks the past of %s (%s)', (verb, language, form) => {
    expect(forms(verb, language, 'verb', true)).toContain(form)
    expect(forms(verb, language, 'verb')).not.toContain(form)
  })

  it('leaves the first person of the present out: "arquivo" is also a file', () => {
    expect(forms('arquivar', 'pt', 'verb')).not.toContain('arquivo')
  })
})

describe('nouns', () => {
  it.each([
    ['entry', 'en', 'entries'],
    ['box', 'en', 'boxes'],
    ['página', 'pt', 'paginas'],
    ['observação', 'pt', 'observacoes'],
    ['canal', 'pt', 'canais'],
    ['item', 'pt', 'itens'],
    ['base de dados', 'pt', 'bases de dados'],
  ] as const)('knows the plural of %s (%s)', (noun, language, plural) => {
    expect(forms(noun, language, 'noun')).toContain(plural)
  })
})

function splitPhrases(text: string): string[] {
  return text.startsWith('me ') ? ['me passa', 'me passe'] : [text]
}
