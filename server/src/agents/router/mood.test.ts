import { describe, expect, it } from 'vitest'
import { brief, decideOn, knowledgeWith, PAGE } from '#test/support/router-tools.ts'
import { parseRequest } from './request.ts'
import type { Language } from './language.ts'

const { lexicon } = knowledgeWith()

/** The mood of the verb that deletes, wherever it stands in the text. */
function moodIn(text: string, language: Language): string | undefined {
  return parseRequest(text, language, lexicon).verbs.find((verb) => verb.concepts.has('delete'))?.mood
}

describe('the mood of a verb', () => {
  it.each([
    ['order', 'Delete the page', 'Apague a página'],
    ['order', 'could you delete the page please', 'vc pode apagar a página'],
    ['order', 'I want you to delete the page', 'quero que você apague a página'],
    ['order', 'if you could delete the page', 'se puder apagar a página'],
    ['order', "don't forget to delete the page", 'não esquece de apagar a página'],
    ['order', 'would you mind deleting the page', 'é para apagar a página'],
    ['order', 'I want this page deleted', 'quero essa página apagada'],
    ['order', 'the page should be deleted', 'a página deve ser apagada'],
    ['negated', "please don't ever delete the page", 'por favor não apague a página'],
    ['negated', 'you should not delete the page', 'nunca apague a página'],
    ['condition', 'what happens if I delete the page', 'o que acontece se eu apagar a página'],
    ['condition', 'tell me before you delete the page', 'me avisa antes de apagar a página'],
    ['intention', 'I will delete the page tomorrow', 'vou apagar a página amanhã'],
    ['intention', "I'm going to delete the page", 'pensei em apagar a página'],
    ['report', 'I already deleted the page', 'já apaguei a página'],
    ['report', 'Ana has deleted the page', 'a Ana apagou a página'],
    ['question', 'how do I delete the page', 'como apagar a página'],
    ['permission', 'can I delete the page', 'posso apagar a página'],
    ['participle', 'look at the page deleted yesterday', 'veja a página apagada ontem'],
  ])('is %s in %j and %j', (mood, english, portuguese) => {
    expect(moodIn(english, 'en')).toBe(mood)
    expect(moodIn(portuguese, 'pt')).toBe(mood)
  })
})

describe('what is no order', () => {
  it.each([
    `Don't archive ${PAGE}`,
    `What would happen if I archived page ${PAGE}?`,
    `I archived ${PAGE} yesterday, all good`,
    `Can I archive page ${PAGE}?`,
    `How do I rename ${PAGE}?`,
    `She said "archive page ${PAGE}" but I refused`,
    `Archive ${PAGE}... no wait, never mind`,
    `Não arquive a ${PAGE}`,
    `O que acontece se eu arquivar a página ${PAGE}?`,
    `Já arquivei a ${PAGE}, tudo certo`,
    `Será que eu devo arquivar a página ${PAGE}?`,
    `Ele disse "arquive a página ${PAGE}" e eu não quis`,
    `Arquiva a ${PAGE}. Deixa pra lá`,
  ])('changes nothing: %j', (message) => {
    expect(brief(decideOn(message))).toMatch(/^decline/)
  })
})
