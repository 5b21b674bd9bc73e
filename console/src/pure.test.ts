import { describe, expect, test } from 'vitest'
import { resultCount, shownArguments } from './chat/shown-value.ts'
import { matching } from './frame/matches.ts'
import { deviceOf } from './settings/device.ts'
import { duration, relativeTime, seconds } from './times.ts'

describe('times', () => {
  const now = new Date('2026-11-22T12:00:00Z')
  test.each([
    ['2026-11-22T11:59:50Z', 'now', 'agora'],
    ['2026-11-22T11:58:59Z', '1 minute ago', 'há 1 minuto'],
    ['2026-11-22T09:00:00Z', '3 hours ago', 'há 3 horas'],
    ['2026-11-21T09:00:00Z', 'yesterday', 'ontem'],
    ['2026-11-22T12:15:00Z', 'in 15 minutes', 'em 15 minutos'],
    ['2025-01-02T12:00:00Z', 'Jan 2, 2025', '2 de jan. de 2025'],
  ])('%s', (iso, en, pt) => {
    expect([relativeTime(iso, 'en', now), relativeTime(iso, 'pt-BR', now)]).toEqual([en, pt])
  })

  test('of calls are never nothing', () => {
    expect([seconds(3, 'en'), seconds(2_460, 'en')]).toEqual(['0.1 sec', '2.5 sec'])
    expect([duration(0, 'en'), duration(999, 'pt-BR'), duration(2_460, 'en')]).toEqual(['0 ms', '999 ms', '2.5 sec'])
  })
})

test('a few letters find, whatever their case and accents', () => {
  const items = [{ text: 'Reunião semanal' }, { text: 'Semana de provas' }, { text: 'Orçamento' }]
  expect(matching(items, 'reuniao')).toEqual([items[0]])
  expect(matching(items, 'SEMAN')).toEqual([items[0], items[1]])
  expect(matching(items, 'semanal  reu')).toEqual([items[0]])
  expect(matching(items, ' ')).toEqual(items)
  expect(matching(items, 'x')).toEqual([])
})

test('a device is called as people call it', () => {
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36'
  expect(deviceOf(chrome)).toBe('Chrome · Linux')
  expect(deviceOf(`${chrome} Edg/156.0`)).toBe('Edge · Linux')
  expect(deviceOf('curl/8.5.0')).toBe('curl/8.5.0')
  expect(deviceOf(null)).toBeNull()
})

test('arguments are shown as they are', () => {
  expect(shownArguments({ query: 'x', page_size: 3, filter: { a: 1 } })).toEqual([
    ['query', 'x'],
    ['page_size', 3],
    ['filter', { a: 1 }],
  ])
  expect([shownArguments(null), shownArguments('x'), shownArguments([1])]).toEqual([[], [], []])
})

test('results are counted where they are a list', () => {
  expect([resultCount({ results: [1, 2] }), resultCount([1]), resultCount({ id: 1 }), resultCount(null)]).toEqual([
    2,
    1,
    null,
    null,
  ])
})
