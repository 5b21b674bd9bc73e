import { describe, expect, it } from 'vitest'
import { NOW } from '#test/support/router-tools.ts'
import { findDate } from './dates.ts'

describe('findDate', () => {
  it.each([
    ['2026-12-01', '2026-12-01'],
    ['em 23/11', '2026-11-23'],
    ['1/2/2027', '2027-02-01'],
    ['12 March 2027', '2027-03-12'],
    ['12 de março de 2027', '2027-03-12'],
    ['December 4', '2026-12-04'],
    ['4 de janeiro', '2027-01-04'],
    ['today', '2026-11-20'],
    ['amanhã', '2026-11-21'],
    ['in 3 days', '2026-11-23'],
    ['daqui a 2 semanas', '2026-12-04'],
    ['on Friday', '2026-11-27'],
    ['segunda-feira', '2026-11-23'],
  ])('reads %j', (text, date) => {
    expect(findDate(text, NOW)?.date).toBe(date)
  })

  it.each(['31/02/2027', '40 March', 'version 2', 'marching on'])('finds no date in %j', (text) => {
    expect(findDate(text, NOW)).toBeUndefined()
  })

  it('tells where the date stands', () => {
    expect(findDate('due 2026-12-01 sharp', NOW)).toMatchObject({ start: 4, end: 14 })
  })
})
