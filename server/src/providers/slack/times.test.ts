import { describe, expect, test } from 'vitest'
import { isTimeZone, readMoment, shownMoment } from './times.ts'

const now = new Date('2026-03-10T15:30:00Z')

function read(text: string, timeZone = 'UTC'): string | undefined {
  return readMoment(text, { now, timeZone })?.toISOString().replace('.000Z', 'Z')
}

describe('a moment', () => {
  test.each([
    ['2026-01-31', '2026-01-31T00:00:00Z'],
    ['2026-01-31 09:30', '2026-01-31T09:30:00Z'],
    ['2026-01-31T09:30:15', '2026-01-31T09:30:15Z'],
    ['2026-01-31T09:30:15Z', '2026-01-31T09:30:15Z'],
    ['2026-01-31T09:30-03:00', '2026-01-31T12:30:00Z'],
    ['1700000000', '2023-11-14T22:13:20Z'],
    ['1700000000.000100', '2023-11-14T22:13:20Z'],
    ['2 hours ago', '2026-03-10T13:30:00Z'],
    ['30m', '2026-03-10T15:00:00Z'],
    ['last 3 days', '2026-03-07T15:30:00Z'],
    ['past week', undefined],
    ['last 1 week', '2026-03-03T15:30:00Z'],
    ['an hour ago', '2026-03-10T14:30:00Z'],
    ['há 2 horas', '2026-03-10T13:30:00Z'],
    ['3 dias atrás', '2026-03-07T15:30:00Z'],
    ['in 2 hours', '2026-03-10T17:30:00Z'],
    ['em 10 minutos', '2026-03-10T15:40:00Z'],
    ['daqui a uma semana', '2026-03-17T15:30:00Z'],
    ['today', '2026-03-10T00:00:00Z'],
    ['Ontem', '2026-03-09T00:00:00Z'],
    ['tomorrow at 9am', '2026-03-11T09:00:00Z'],
    ['tomorrow 12 pm', '2026-03-11T12:00:00Z'],
    ['tomorrow at 12am', '2026-03-11T00:00:00Z'],
    ['tomorrow at noon', '2026-03-11T12:00:00Z'],
    ['amanhã às 15h', '2026-03-11T15:00:00Z'],
    ['amanhã às 15h45', '2026-03-11T15:45:00Z'],
    ['today at 18:05', '2026-03-10T18:05:00Z'],
  ])('%s is %s', (text, moment) => {
    expect(read(text)).toBe(moment)
  })

  test.each([
    '',
    'soon',
    '2026-02-30',
    '2026-13-01',
    '2026-00-10',
    '2026-01-31 24:00',
    '2026-01-31 10:60',
    '31/01/2026',
    'in 2 hours ago',
    'in 2 fortnights',
    'tomorrow at 25',
    'tomorrow at 13pm',
    'tomorrow at 0am',
    'tomorrow at 9:75',
    '99999 days ago',
    'x'.repeat(5_000),
  ])('%s is none', (text) => {
    expect(read(text)).toBeUndefined()
  })

  test.each([
    ['tomorrow at 9am', 'America/Sao_Paulo', '2026-03-11T12:00:00Z'],
    ['2026-07-01 09:00', 'Europe/Berlin', '2026-07-01T07:00:00Z'],
    ['2026-12-01 09:00', 'Europe/Berlin', '2026-12-01T08:00:00Z'],
    // The day on which clocks go forward at 2, and the hours around it.
    ['2026-03-29 01:30', 'Europe/Berlin', '2026-03-29T00:30:00Z'],
    ['2026-03-29 03:30', 'Europe/Berlin', '2026-03-29T01:30:00Z'],
    ['2026-10-25 12:00', 'Europe/Berlin', '2026-10-25T11:00:00Z'],
    ['tomorrow', 'Pacific/Kiritimati', '2026-03-11T10:00:00Z'],
  ])('%s in %s is %s', (text, timeZone, moment) => {
    expect(read(text, timeZone)).toBe(moment)
  })

  test('is shown as clocks there show it', () => {
    expect(shownMoment(now, 'America/Sao_Paulo')).toBe('2026-03-10 12:30 America/Sao_Paulo')
    expect(shownMoment(new Date('2026-03-10T00:05:00Z'), 'UTC')).toBe('2026-03-10 00:05 UTC')
  })
})

test.each([
  ['America/Sao_Paulo', true],
  ['UTC', true],
  ['Mars/Base', false],
  ['', false],
])('the time zone %s exists: %s', (name, exists) => {
  expect(isTimeZone(name)).toBe(exists)
})
