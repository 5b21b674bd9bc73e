import { describe, expect, it } from 'vitest'
import { CSV_HEAD, csvLine } from './csv.ts'
import type { EventView } from './event-view.ts'

const EVENT: EventView = {
  id: 7,
  type: 'tool.called',
  outcome: 'failure',
  actor: { kind: 'agent', agent_id: 3, via: 'session', via_id: '9' },
  target: { kind: 'connection', id: 2, label: 'Aurora', provider: 'example' },
  details: { code: 'not_found', duration_ms: 41, run_id: 5, tool: 'example_read' },
  request_id: 'r-1',
  at: '2026-11-22T12:00:00.000Z',
}

const labelled = (label: string) => csvLine({ ...EVENT, target: { ...EVENT.target, label } })

describe('an event as a line of a table', () => {
  it('has a cell for each column', () => {
    expect(csvLine(EVENT)).toBe(
      '7,2026-11-22T12:00:00.000Z,tool.called,failure,not_found,agent,3,session,9,,connection,2,Aurora,example,example_read,5,41,r-1\r\n',
    )
    expect(csvLine(EVENT).split(',')).toHaveLength(CSV_HEAD.split(',').length)
  })

  it('leaves empty what an event does not have', () => {
    const bare = csvLine({ ...EVENT, actor: {}, target: {}, details: {}, request_id: null })
    expect(bare).toBe('7,2026-11-22T12:00:00.000Z,tool.called,failure,,,,,,,,,,,,,,\r\n')
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '\n+1'])('never begins a formula: %j', (label) => {
    expect(labelled(label)).toMatch(/,"?'/)
  })

  it.each(['=HYPERLINK("https://evil.example","x"),y', 'a,b', 'say "so"', 'two\nlines', 'two\rlines'])(
    'keeps %j within its cell',
    (label) => {
      expect(labelled(label)).toMatch(/,"[^\r\n]*(?:""|[,\r\n])/)
      expect(labelled(label).endsWith(',example,example_read,5,41,r-1\r\n')).toBe(true)
    },
  )

  it('leaves harmless texts as they are', () => {
    expect(labelled('Reuniões = 3 – ok')).toContain(',Reuniões = 3 – ok,')
  })
})
