import { describe, expect, it } from 'vitest'
import { knowledgeWith, PAGE, TABLE } from '#test/support/router-tools.ts'
import { ID_MARK, parseRequest } from './request.ts'
import type { Request } from './request.ts'

const { lexicon } = knowledgeWith()

function parse(text: string, language: 'en' | 'pt' = 'en'): Request {
  return parseRequest(text, language, lexicon)
}

function commands(request: Request): string[] {
  return request.verbs.filter((verb) => verb.command).flatMap((verb) => [...verb.concepts])
}

describe('material', () => {
  it.each([
    ['name', 'Create a page called Delete me later under X', 'Delete me later'],
    ['name', 'Crie uma página chamada Lições aprendidas dentro de X', 'Lições aprendidas'],
    ['name', 'Make a table named "Search", please', 'Search'],
    ['said', 'Leave a comment saying we should archive this', 'we should archive this'],
    ['said', 'Deixe um comentário dizendo que falta a data', 'falta a data'],
    ['topic', 'Find pages about how to delete users', 'how to delete users'],
    ['topic', 'Procure tudo que fale de férias', 'férias'],
    ['tail', 'Reply: thanks, please update the docs', 'thanks, please update the docs'],
  ] as const)('finds the %s in %j', (piece, text, expected) => {
    expect(parse(text)[piece]?.text).toBe(expected)
  })

  it('gives no orders', () => {
    expect(commands(parse('Find pages about how to delete users'))).toEqual(['search'])
    expect(commands(parse('Comment: delete this page'))).toEqual(['comment'])
  })

  it('ends a name where a place begins', () => {
    expect(parse(`Create a page called Week 7 in ${PAGE}`).name?.text).toBe('Week 7')
    expect(parse(`Create a page called Made in Portugal`).name?.text).toBe('Made in Portugal')
  })

  it('hides quotations and ids from every pattern', () => {
    const { folded } = parse(`rename ${PAGE} to "delete all"`)
    expect(folded).toContain(ID_MARK.repeat(PAGE.length))
    expect(folded).not.toContain('delete')
  })
})

describe('orders', () => {
  it.each([
    ['an order', 'Delete the page', 'en', true],
    ['a polite order', 'Could you delete the page?', 'en', true],
    ['an order in Portuguese', 'Pode apagar a página?', 'pt', true],
    ['a report', 'I deleted the page', 'en', false],
    ['a report in Portuguese', 'Excluí a página', 'pt', false],
    ['a negation', "Don't delete the page", 'en', false],
    ['a negation in Portuguese', 'Não apague a página', 'pt', false],
    ['a question', 'Who can delete the page?', 'en', false],
    ['a question of how', 'Como apagar uma página?', 'pt', false],
    ['an adjective', 'Show the deleted page', 'en', false],
  ] as const)('tells %s', (_, text, language, isOrder) => {
    expect(commands(parse(text, language)).includes('delete')).toBe(isOrder)
  })

  it('reads a word that may be noun or verb by its place', () => {
    expect(commands(parse('Comment on the list'))).toEqual(['comment'])
    expect(commands(parse('Read the comment'))).toEqual(['read'])
  })

  it('takes the preposition "de" for no form of "dar"', () => {
    expect(commands(parse('Tabela de preços', 'pt'))).toEqual([])
    expect(commands(parse('Dê os detalhes', 'pt'))).toContain('get')
  })
})

describe('questions', () => {
  it.each([
    ['What does it say?', 'what'],
    ['Great, who wrote it?', 'who'],
    ['O que ficou decidido?', 'que'],
    ['Com qual conta você está conectado?', 'qual'],
    ['Está funcionando?', 'esta'],
    ['E aos domingos?', '?'],
    ['Esta página pode sair', undefined],
    ['Show the page', undefined],
  ])('hears %j', (text, question) => {
    expect(parse(text, 'pt').question).toBe(question)
  })
})

describe('nouns', () => {
  it('tells what hangs on a preposition from what the verb acts on', () => {
    const governed = (text: string): boolean[] => parse(text).nouns.map((noun) => noun.governed)
    expect(governed(`Add a task to the database ${TABLE}`)).toEqual([false, true])
    expect(governed(`Add to the contacts table ${TABLE} a task`)).toEqual([true, true, false])
  })

  it('knows "à base" from "a base"', () => {
    expect(parse('Acrescente à base uma coluna', 'pt').nouns.map((noun) => noun.governed)).toEqual([true, false])
  })

  it('looks through "the list of"', () => {
    expect(parse('the list of people').nouns.map((noun) => [...noun.concepts][0])).toEqual(['people'])
  })

  it('does not take a Portuguese "todos" for to-dos', () => {
    expect(parse('todos', 'pt').nouns).toEqual([])
  })
})
