import { describe, expect, it } from 'vitest'
import { BLOCK, PAGE, PERSON, situationOf, TABLE, THREAD } from '#test/support/router-tools.ts'
import { readSituation } from './reading.ts'

function read(message: string, ...before: readonly string[]): string | undefined {
  const reading = readSituation(situationOf(message, ...before))
  return reading === undefined ? undefined : `${reading.deed} ${reading.thing}`
}

const FOUND = ['Find the plan', `"Plan" (${PAGE})`] as const

describe('readSituation', () => {
  it.each([
    ['search page', 'Find the plan', 'Onde está o plano?'],
    ['search page', 'Open the plan', 'Temos alguma página sobre férias?'],
    ['read content', `Open page ${PAGE}`, `O que diz ${PAGE}?`],
    ['read page', `Who edited page ${PAGE}?`, `Mostre as propriedades de ${PAGE}`],
    ['create page', `Create a page "A" in ${PAGE}`, `Cadastre "A" na base ${TABLE}`],
    ['update page', `Mark page ${PAGE} as done`, `Renomeie ${PAGE} para "B"`],
    ['update page', `Move the deal ${PAGE} to Won`, `Coloque a tarefa ${PAGE} como Feita`],
    ['delete page', `Trash page ${PAGE}`, `Jogue a página ${PAGE} no lixo`],
    ['restore page', `Take page ${PAGE} out of the trash`, `Apaguei ${PAGE} sem querer, recupera`],
    ['read block', `Get block ${BLOCK}`, `O bloco ${BLOCK} está marcado?`],
    ['list children', `List the blocks of ${PAGE}`, `O que tem dentro do bloco ${BLOCK}?`],
    ['update block', `Tick block ${BLOCK}`, `Troque o texto do bloco ${BLOCK} por "B"`],
    ['delete block', `Delete block ${BLOCK}`, `Tira o parágrafo ${BLOCK}`],
    ['append block', `Append "A" to ${PAGE}`, `Acrescente um título "A" em ${PAGE}`],
    ['read database', `What columns does ${TABLE} have?`, `Como está montada a base ${TABLE}?`],
    ['create database', `Make a table "A" in ${PAGE}`, `Monta uma base chamada A em ${PAGE}`],
    ['update database', `Rename database ${TABLE} to "B"`, `Adicione uma coluna "A" na base ${TABLE}`],
    ['query database', `List the rows of database ${TABLE}`, `Quantos itens em ${TABLE} estão vencidos?`],
    ['list user', 'Who is in the workspace?', 'Liste os usuários'],
    ['read user', `Who is user ${PERSON}?`, `Me dê os dados do usuário ${PERSON}`],
    ['read bot', 'Is the connection working?', 'Com qual integração você está conectado?'],
    ['create comment', `Comment "A" on ${PAGE}`, `Deixe um comentário em ${PAGE} dizendo A`],
    ['list comment', `Show the comments on ${PAGE}`, `O que comentaram em ${PAGE}?`],
  ])('reads as %s: %j and %j', (reading, ...messages) => {
    expect(messages.map((message) => read(message))).toEqual([reading, reading])
  })

  it.each([
    ['read content', 'What does it say about overtime?'],
    ['read content', 'E aos domingos?'],
    ['delete page', 'Get rid of it'],
    ['update page', 'Mude a prioridade dela para Alta'],
    ['append block', 'Add a heading "Risks" below that'],
    ['create page', 'Put a page called Risks there'],
  ])('reads as %s, of a page spoken of before: %j', (reading, message) => {
    expect(read(message, ...FOUND)).toBe(reading)
  })

  it('answers in a discussion that was just shown', () => {
    expect(read('Reply: agreed', 'Comments?', `Eva: "Shorter" (discussion ${THREAD}).`)).toBe('create comment')
  })

  it('asks about a person that was just named', () => {
    expect(read('What is their e-mail?', 'Who wrote it?', `User ${PERSON} did.`)).toBe('read user')
  })

  it.each([
    'Good morning',
    'What is 18 % of 4,250?',
    'Qual é a capital da Austrália?',
    'The weather is nice',
    'Who are you?',
  ])('finds nothing to do in %j', (message) => {
    expect(read(message)).toBeUndefined()
  })

  it('takes thanks for no question about the page before', () => {
    expect(read('Thanks, that was quick!', ...FOUND)).toBeUndefined()
  })
})
