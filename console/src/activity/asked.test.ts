import { describe, expect, it } from 'vitest'
import { filterOf, splitClient, timesOf } from './asked.ts'
import { activitySearch } from './search.ts'

const NOW = new Date('2026-11-22T12:00:00.000Z')

describe('the address of the activity', () => {
  it('keeps what it knows and drops the rest', () => {
    const search = { outcome: 'denied', kind: 'calls', agent: 4, client: 'oauth_client:7', event: 9, since: '7d' }
    expect(activitySearch({ ...search, uses: true, from: '2026-11-01', tool: 'x' })).toEqual({
      ...search,
      uses: true,
      from: '2026-11-01',
      tool: 'x',
    })
    const strange = {
      outcome: 'x',
      kind: 3,
      agent: -1,
      client: 'root',
      event: 'a',
      since: '1y',
      uses: 'yes',
      from: 'now',
    }
    expect(activitySearch({ ...strange, tool: '', provider: 7 })).toEqual({})
  })
})

describe('what the filters ask for', () => {
  it('is everything but each use of a key, where nothing is chosen', () => {
    expect(filterOf({}, NOW)).toEqual({ except: 'credential.used' })
    expect(filterOf({ uses: true }, NOW)).toEqual({})
  })

  it('is what was chosen', () => {
    const filter = filterOf({ agent: 4, client: 'api_token:7', kind: 'agents', since: '24h', tool: 'x' }, NOW)
    expect(filter).toEqual({
      agent_id: 4,
      via: 'api_token',
      via_id: '7',
      type: 'agent.created,agent.changed,agent.deleted',
      except: 'credential.used',
      from: '2026-11-21T12:00:00.000Z',
      tool: 'x',
    })
  })

  it('covers whole days of the reader', () => {
    const { from = '', to = '' } = timesOf({ from: '2026-11-20', to: '2026-11-20' }, NOW)
    expect([new Date(from).getDate(), new Date(from).getHours(), new Date(to).getDate()]).toEqual([20, 0, 21])
    expect(timesOf({}, NOW)).toEqual({})
    expect(timesOf({ since: '7d', from: '2026-11-20' }, NOW)).toEqual({ from: '2026-11-15T12:00:00.000Z' })
  })

  it('tells a client from its kind', () => {
    expect(splitClient('session')).toEqual(['session', undefined])
    expect(splitClient('external_jwt:https://a.example:b')).toEqual(['external_jwt', 'https://a.example:b'])
  })
})
