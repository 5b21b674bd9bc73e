import { describe, expect, it } from 'vitest'
import { BLOCK, brief, decideOn, OTHER, PAGE, TABLE, THREAD } from '#test/support/router-tools.ts'

function input(message: string, ...before: readonly string[]): unknown {
  const decision = decideOn(message, before)
  return decision.kind === 'call' ? decision.input : brief(decision)
}

describe('ids', () => {
  it('go to the argument made for their kind', () => {
    expect(input(`Reply "ok" there`, 'Comments?', `Eva: "Hm" (discussion ${THREAD}).`)).toMatchObject({
      discussion_id: THREAD,
    })
    expect(input(`Comment "ok" on ${PAGE}`)).toMatchObject({ page_id: PAGE })
  })

  it.each([
    ['nothing was named', 'Delete the page', []],
    ['several things were named', 'Archive it', ['Find rules', `"A" (${PAGE})\n"B" (${OTHER})`]],
    ['what was named is no page', 'Restore the page', ['Comments?', `Eva: "Hm" (discussion ${THREAD}).`]],
  ])('are never made up: %s', (_, message, before) => {
    expect(input(message, ...before)).toMatch(/^(?:ask page_id|decline)/)
  })
})

describe('what a search looks for', () => {
  it.each([
    ['Find everything about vacation in our docs', 'vacation'],
    ['Busque páginas sobre reuniões', 'reuniões'],
    ['Search for "Team plan"', 'Team plan'],
    ['Is there a page called Night shift?', 'Night shift'],
    ['Open the runbook for the gateway and tell me how to roll back', 'runbook for the gateway'],
    ['Onde está a especificação da confirmação em um toque?', 'especificação da confirmação em um toque'],
    ['Do we have anything on parental leave?', 'parental leave'],
  ])('%j: %j', (message, query) => {
    expect(input(message)).toEqual({ query })
  })

  it('may be limited to tables', () => {
    expect(input('Which databases do we have about suppliers?')).toEqual({ query: 'suppliers', filter: 'database' })
  })
})

describe('names and texts', () => {
  it.each([
    [`Create a page called Week 7 in ${PAGE}`, { parent_id: PAGE, title: 'Week 7' }],
    [`Create a page Week 7 under ${PAGE}`, { parent_id: PAGE, title: 'Week 7' }],
    [`New task in database ${TABLE}: Buy milk`, { parent_id: TABLE, title: 'Buy milk' }],
    [`Add Maria Lopes to the contacts database ${TABLE}`, { parent_id: TABLE, title: 'Maria Lopes' }],
    [`Rename ${PAGE} to Week 8`, { page_id: PAGE, title: 'Week 8' }],
    [`Dê à página ${PAGE} o título "Semana 8"`, { page_id: PAGE, title: 'Semana 8' }],
    [`Change the text of block ${BLOCK} to "Open at 7"`, { block_id: BLOCK, text: 'Open at 7' }],
    [`Comente em ${PAGE} que falta a data`, { page_id: PAGE, text: 'falta a data' }],
  ])('%j', (message, expected) => {
    expect(input(message)).toEqual(expected)
  })

  it('are asked for where they are missing', () => {
    expect(input(`Create a page in ${PAGE}`)).toBe('ask title')
    expect(input(`Comment on ${PAGE}`)).toBe('ask text')
    expect(input(`Update page ${PAGE}`)).toBe('ask properties')
  })

  it('complete the request when they come in answer to a question', () => {
    const before = [`Create a page in ${PAGE}`, 'What should it be called?']
    expect(input('"Week 7"', ...before)).toEqual({ parent_id: PAGE, title: 'Week 7' })
  })
})

describe('content', () => {
  it.each([
    ['a heading', `Add a heading "Risks" to ${PAGE}`, '## Risks'],
    ['to-dos', `Add three to-dos to ${PAGE}: tag, tell and watch`, '- [ ] tag\n- [ ] tell\n- [ ] watch'],
    ['a numbered list', `Adicione uma lista numerada em ${PAGE}: a; b`, '1. a\n1. b'],
    ['a quotation', `Add the quote "Less" to ${PAGE}`, '> Less'],
    ['a divider', `Put a divider at the end of ${PAGE}`, '---'],
    ['a paragraph', `Escreva "Aprovado" no fim de ${PAGE}`, 'Aprovado'],
    ['a section with its text', `Inclui em ${PAGE} uma seção Riscos com "nenhum"`, '## Riscos\n\nnenhum'],
    ['what is told', `Write down on ${PAGE} that we try tea`, 'we try tea'],
  ])('is written as %s', (_, message, content) => {
    expect(input(message)).toEqual({ block_id: PAGE, content })
  })

  it.each([
    ['Append "Agenda: budget" to page "Board"', 'Agenda: budget'],
    ['Adicione "Pauta" e "Metas" na página "Reuniões"', 'Pauta\n\nMetas'],
    ['Append "to the page" to the page "Board"', 'to the page'],
  ])('is not the page that it goes to: %j', (message, content) => {
    expect(input(message, 'Find pages', `"Board" (${PAGE})\n"Reuniões" (${PAGE})`)).toMatchObject({ content })
  })
})

describe('ticks', () => {
  it.each([
    [`Tick block ${BLOCK}`, true],
    [`Marque o bloco ${BLOCK} como feito`, true],
    [`Uncheck the to-do ${BLOCK}`, false],
    [`Marque o bloco ${BLOCK} como não feito`, false],
  ])('%j', (message, checked) => {
    expect(input(message)).toEqual({ block_id: BLOCK, checked })
  })
})

describe('properties', () => {
  it.each([
    [`Set the priority of page ${PAGE} to High`, { Priority: 'High' }],
    [`Altere a Prioridade da página ${PAGE} para Alta`, { Prioridade: 'Alta' }],
    [`Update ${PAGE}: Status = Done, Budget = 40`, { Status: 'Done', Budget: 40 }],
    [`Change Status to In progress on page ${PAGE}`, { Status: 'In progress' }],
    [`Mark page ${PAGE} as Done`, { Status: 'Done' }],
    [`Adie a tarefa ${PAGE} para 12/03/2027`, { Prazo: '2027-03-12' }],
    [`Push the due date of ${PAGE} to next Monday`, { 'Due date': '2026-11-23' }],
    [`Assign page ${PAGE} to Paulo`, { Owner: 'Paulo' }],
    [`Make the priority of ${PAGE} Low`, { Priority: 'Low' }],
  ])('%j', (message, properties) => {
    expect(input(message)).toMatchObject({ page_id: PAGE, properties })
  })

  it('come with a new row', () => {
    expect(input(`Add "Buy milk" to database ${TABLE} with Status set to Open, due tomorrow`)).toEqual({
      parent_id: TABLE,
      title: 'Buy milk',
      properties: { Status: 'Open', 'Due date': '2026-11-21' },
    })
  })

  it('are spelled as the table that was shown spells them', () => {
    const before = [`What columns does database ${TABLE} have?`, 'Tarefa, Situação, Prazo.']
    expect(input(`Add "Tea" to ${TABLE}, due 2026-12-01`, ...before)).toMatchObject({
      properties: { Prazo: '2026-12-01' },
    })
  })

  it('are those that were just asked about, where only a value is given', () => {
    const before = [`Qual é a saúde da conta ${PAGE}?`, 'Está como Atenção.']
    expect(input('Passa para Em risco', ...before)).toMatchObject({ properties: { Saúde: 'Em risco' } })
  })

  it('are left out of a page inside a page, which has none', () => {
    const link = `https://docs.example/Team-plan-${PAGE.replaceAll('-', '')}`
    expect(input(`Create a page "A" in the page ${link} with status Open`)).toEqual({ parent_id: PAGE, title: 'A' })
  })
})

describe('columns', () => {
  it('of a new table get a type, and the first is its title', () => {
    expect(input(`Create a table "A" in ${PAGE} with columns Name, Owner (person) and Renewal date`)).toEqual({
      parent_id: PAGE,
      title: 'A',
      properties: { Name: 'title', Owner: 'people', 'Renewal date': 'date' },
    })
    expect(input(`Make a table called Flags in ${PAGE} with a checkbox On and a select Team`)).toMatchObject({
      title: 'Flags',
      properties: { Name: 'title', On: 'checkbox', Team: 'select' },
    })
  })

  it.each([
    [`Add a date column "Reviewed on" to database ${TABLE}`, { 'Reviewed on': 'date' }],
    [`Adicione a coluna "Aprovado por" do tipo pessoa na base ${TABLE}`, { 'Aprovado por': 'people' }],
    [`Preciso de um campo novo "Custo", numérico, na base ${TABLE}`, { Custo: 'number' }],
    [`Remove the column "Old" from database ${TABLE}`, { Old: null }],
  ])('of a table are changed: %j', (message, properties) => {
    expect(input(message)).toEqual({ database_id: TABLE, properties })
  })
})

describe('rows', () => {
  it.each([
    [`Show the rows of ${TABLE} where Status is Overdue`, { property: 'Status', equals: 'Overdue' }],
    [`Filtre ${TABLE} por País igual a Espanha`, { property: 'País', equals: 'Espanha' }],
    [`List the SEV1 incidents from ${TABLE}`, { property: 'Severity', equals: 'SEV1' }],
    [`Na base ${TABLE}, quais tarefas estão urgentes?`, { property: 'Urgente', equals: true }],
    [`List the blocked tasks in database ${TABLE}`, { property: 'Status', equals: 'Blocked' }],
    [
      `Traz da base ${TABLE} os do Q4 com confiança baixa`,
      {
        and: [
          { property: 'Trimestre', equals: 'Q4' },
          { property: 'Confiança', equals: 'baixa' },
        ],
      },
    ],
  ])('are filtered: %j', (message, filter) => {
    expect(input(message)).toMatchObject({ database_id: TABLE, filter })
  })

  it.each([
    [`Query ${TABLE} and sort by Price descending`, [{ property: 'Price', direction: 'descending' }]],
    [`Ordene ${TABLE} por Idade`, [{ property: 'Idade', direction: 'ascending' }]],
    [`Query ${TABLE}, earliest Deadline first`, [{ property: 'Deadline', direction: 'ascending' }]],
    [`Show the newest entries of database ${TABLE}`, [{ timestamp: 'created_time', direction: 'descending' }]],
    [`Give me the largest orders by amount in ${TABLE}`, [{ property: 'Amount', direction: 'descending' }]],
  ])('are sorted: %j', (message, sorts) => {
    expect(input(message)).toMatchObject({ database_id: TABLE, sorts })
  })

  it.each([
    [`Query ${TABLE}, at most 20`, 20],
    [`Mostre os 5 maiores negócios de ${TABLE}`, 5],
    [`Show the first ten rows of ${TABLE}`, 10],
    [`List the rows of ${TABLE}, max 500`, 50],
  ])('are limited: %j', (message, page_size) => {
    expect(input(message)).toMatchObject({ page_size })
  })

  it('come all where nothing limits them', () => {
    expect(input(`List all rows of database ${TABLE}`)).toEqual({ database_id: TABLE })
  })
})
