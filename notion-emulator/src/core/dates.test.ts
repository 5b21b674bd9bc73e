import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isIsoTime, isTimeZone, storedDate } from './dates.ts'

const start = (text: string, zone?: string): unknown =>
  storedDate({ start: text, ...(zone === undefined ? {} : { time_zone: zone }) })?.['start']

describe('storedDate', () => {
  it.each([
    ['2026-01-02', undefined, '2026-01-02'],
    ['2026-01-02', 'America/Sao_Paulo', '2026-01-02'],
    ['2026-01-02T03:04:59.999Z', undefined, '2026-01-02T03:04:00.000+00:00'],
    ['2026-01-02T03:04:05+09:00', undefined, '2026-01-02T03:04:00.000+09:00'],
    ['2026-01-02T03:04:05-0330', undefined, '2026-01-02T03:04:00.000-03:30'],
    ['2026-01-02T03:04:05', undefined, '2026-01-02T03:04:00.000+00:00'],
    ['2026-01-02T03:04:05', 'America/Sao_Paulo', '2026-01-02T03:04:00.000-03:00'],
    ['2026-06-02T12:00:00Z', 'Europe/London', '2026-06-02T13:00:00.000+01:00'],
    ['2026-01-02T12:00:00Z', 'Asia/Kolkata', '2026-01-02T17:30:00.000+05:30'],
  ])('answers %s in zone %s as %s', (text, zone, answer) => {
    expect(start(text, zone)).toBe(answer)
  })

  it('keeps the instant, to the minute, whatever the zone', () => {
    const zones = fc.constantFrom('UTC', 'America/Sao_Paulo', 'Asia/Kathmandu', 'Pacific/Auckland', 'Europe/Lisbon')
    const instants = fc.integer({ min: Date.parse('1990-01-01'), max: Date.parse('2060-01-01') })
    fc.assert(
      fc.property(instants, zones, (instant, zone) => {
        const answer = String(start(new Date(instant).toISOString(), zone))
        expect(Date.parse(answer)).toBe(Math.floor(instant / 60_000) * 60_000)
      }),
    )
  })

  it('keeps the end, and shows no zone', () => {
    expect(storedDate({ start: '2026-01-01', end: '2026-01-05', time_zone: null })).toEqual({
      start: '2026-01-01',
      end: '2026-01-05',
      time_zone: null,
    })
    expect(storedDate(null)).toBeNull()
  })

  it('knows times and zones from other texts', () => {
    expect(['2026-01-02', '2026-01-02T03:04Z', '2026-01'].map(isIsoTime)).toEqual([true, true, true])
    expect(['tomorrow', '', '1', '2026-13-45', '12/31/2026'].map(isIsoTime)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ])
    expect(['Europe/Lisbon', 'UTC', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, true, false, false])
  })

  it('keeps a text that is no time, which only Markdown can bring here', () => {
    expect(start('someday')).toBe('someday')
  })
})
