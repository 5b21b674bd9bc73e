import { describe, expect, test } from 'vitest'
import { readDate, type Calendar } from './dates.ts'

/** A Sunday, 22 November 2026. */
const SUNDAY: Calendar = { now: new Date('2026-11-22T12:00:00Z'), timeZone: 'UTC' }
const FRIDAY: Calendar = { now: new Date('2026-11-27T12:00:00Z'), timeZone: 'UTC' }

describe('one day', () => {
  test.each([
    ['2026-12-01', '2026-12-01'],
    ['today', '2026-11-22'],
    ['Hoje', '2026-11-22'],
    ['tomorrow', '2026-11-23'],
    ['amanhã', '2026-11-23'],
    ['AMANHA', '2026-11-23'],
    ['yesterday', '2026-11-21'],
    ['ontem', '2026-11-21'],
    ['the day after tomorrow', '2026-11-24'],
    ['depois de amanhã', '2026-11-24'],
    ['anteontem', '2026-11-20'],
    ['in 3 days', '2026-11-25'],
    ['in a week', '2026-11-29'],
    ['two weeks from now', '2026-12-06'],
    ['em 3 dias', '2026-11-25'],
    ['em três dias', '2026-11-25'],
    ['daqui a duas semanas', '2026-12-06'],
    ['daqui a um mês', '2026-12-22'],
    ['dentro de 10 dias', '2026-12-02'],
    ['em dez dias', '2026-12-02'],
    ['3 days ago', '2026-11-19'],
    ['há 3 dias', '2026-11-19'],
    ['3 dias atrás', '2026-11-19'],
    ['a month ago', '2026-10-22'],
    ['friday', '2026-11-27'],
    ['next friday', '2026-11-27'],
    ['sexta', '2026-11-27'],
    ['próxima sexta-feira', '2026-11-27'],
    ['na sexta que vem', '2026-11-27'],
    ['sunday', '2026-11-29'],
    ['this sunday', '2026-11-22'],
    ['last friday', '2026-11-20'],
    ['sexta passada', '2026-11-20'],
    ['última segunda-feira', '2026-11-16'],
    ['last sunday', '2026-11-15'],
    ['wednesday of next week', '2026-11-25'],
    ['quarta da semana que vem', '2026-11-25'],
    ['end of the month', '2026-11-30'],
    ['fim do mês', '2026-11-30'],
    ['final da próxima semana', '2026-11-29'],
    ['start of next month', '2026-12-01'],
    ['início do ano que vem', '2027-01-01'],
    ['25 December 2026', '2026-12-25'],
    ['December 25th, 2026', '2026-12-25'],
    ['25 de dezembro de 2026', '2026-12-25'],
    ['1º de dezembro de 2026', '2026-12-01'],
    ['dia 25 de dezembro', '2026-12-25'],
    ['10 de janeiro', '2027-01-10'],
    ['10 de out', '2026-10-10'],
    ['sexta-feira, 27 de novembro', '2026-11-27'],
    ['25/12/2026', '2026-12-25'],
    ['12/25/2026', '2026-12-25'],
    ['25/12', '2026-12-25'],
    ['11/11/2026', '2026-11-11'],
  ])('%s is %s', (text, day) => {
    expect(readDate(text, SUNDAY)).toEqual({ start: day })
  })

  test('a weekday alone is never today, "this" may be', () => {
    expect(readDate('friday', FRIDAY)).toEqual({ start: '2026-12-04' })
    expect(readDate('esta sexta', FRIDAY)).toEqual({ start: '2026-11-27' })
    expect(readDate('last friday', FRIDAY)).toEqual({ start: '2026-11-20' })
  })

  test('a month further on may be shorter', () => {
    const calendar = { now: new Date('2027-01-31T12:00:00Z'), timeZone: 'UTC' }
    expect(readDate('in one month', calendar)).toEqual({ start: '2027-02-28' })
  })
})

describe('several days', () => {
  test.each([
    ['this week', '2026-11-16', '2026-11-22'],
    ['next week', '2026-11-23', '2026-11-29'],
    ['semana que vem', '2026-11-23', '2026-11-29'],
    ['na próxima semana', '2026-11-23', '2026-11-29'],
    ['last week', '2026-11-09', '2026-11-15'],
    ['semana passada', '2026-11-09', '2026-11-15'],
    ['this month', '2026-11-01', '2026-11-30'],
    ['mês que vem', '2026-12-01', '2026-12-31'],
    ['last quarter', '2026-07-01', '2026-09-30'],
    ['ano que vem', '2027-01-01', '2027-12-31'],
    ['next weekend', '2026-11-28', '2026-11-29'],
    ['fim de semana', '2026-11-21', '2026-11-22'],
    ['2026-12-01/2026-12-05', '2026-12-01', '2026-12-05'],
    ['2026-12-01 to 2026-12-05', '2026-12-01', '2026-12-05'],
    ['monday to friday', '2026-11-23', '2026-11-27'],
    ['de segunda a sexta', '2026-11-23', '2026-11-27'],
    ['de 1 de dezembro até 5 de dezembro', '2026-12-01', '2026-12-05'],
    ['today – tomorrow', '2026-11-22', '2026-11-23'],
    ['hoje/daqui a 3 dias', '2026-11-22', '2026-11-25'],
    ['between today and next week', '2026-11-22', '2026-11-29'],
  ])('%s', (text, start, end) => {
    expect(readDate(text, SUNDAY)).toEqual({ start, end })
  })
})

describe('a time of day', () => {
  test.each([
    ['2026-12-01T09:00:00-03:00', { start: '2026-12-01T09:00:00-03:00' }],
    ['2026-12-01 09:00', { start: '2026-12-01T09:00' }],
    ['tomorrow at 3pm', { start: '2026-11-23T15:00:00Z' }],
    ['tomorrow 12 am', { start: '2026-11-23T00:00:00Z' }],
    ['amanhã às 15h', { start: '2026-11-23T15:00:00Z' }],
    ['amanhã às 9h30', { start: '2026-11-23T09:30:00Z' }],
    ['sexta-feira 18:45', { start: '2026-11-27T18:45:00Z' }],
    ['25 de dezembro de 2026 às 10', { start: '2026-12-25T10:00:00Z' }],
    ['amanhã às 15h America/Sao_Paulo', { start: '2026-11-23T15:00:00', time_zone: 'America/Sao_Paulo' }],
  ])('%s', (text, value) => {
    expect(readDate(text, SUNDAY)).toEqual(value)
  })
})

describe('what day it is depends on where', () => {
  const late: Calendar = { now: new Date('2026-11-23T01:30:00Z'), timeZone: 'America/Sao_Paulo' }

  test('by the time zone of the calendar', () => {
    expect(readDate('hoje', late)).toEqual({ start: '2026-11-22' })
    expect(readDate('hoje', { ...late, timeZone: 'UTC' })).toEqual({ start: '2026-11-23' })
  })

  test('unless the text names one', () => {
    expect(readDate('today (UTC)', late)).toEqual({ start: '2026-11-23' })
    expect(readDate('amanhã Asia/Tokyo', late)).toEqual({ start: '2026-11-24' })
  })
})

test.each([
  '',
  'soon',
  'logo',
  'weekends',
  '01/12/2026',
  '2026-02-30',
  '30 de fevereiro de 2026',
  '2026-13-01',
  '2026-12-01/2026-12-02/2026-12-03',
  '2026-12-05/2026-12-01',
  'tomorrow at 25h',
  'tomorrow at 13pm',
  'next week at 3pm',
  'in 99999 days',
  'tomorrow Nowhere/Land',
  'amanhã ou depois',
  '3 dias',
  'may',
])('%j is no date that could be taken', (text) => {
  expect(readDate(text, SUNDAY)).toBeUndefined()
})

test('whatever is given comes back as a date that exists, or not at all, and soon', () => {
  const words = 'next last this em há daqui a monday sexta 3 31 fevereiro / to até week mês às 25h de em . -'.split(' ')
  let state = 7
  const next = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
  for (let round = 0; round < 2_000; round += 1) {
    const text = Array.from({ length: 1 + next(6) }, () => words[next(words.length)]).join(' ')
    const date = readDate(text, SUNDAY)
    for (const day of [date?.start, date?.end]) {
      if (day !== undefined) expect(Number.isNaN(Date.parse(day)), text).toBe(false)
    }
    if (date?.end !== undefined) expect(date.start <= date.end, text).toBe(true)
  }
  expect(readDate(' '.repeat(100_000) + 'x', SUNDAY)).toBeUndefined()
  expect(readDate(`${'1 '.repeat(50_000)}day`, SUNDAY)).toBeUndefined()
})
