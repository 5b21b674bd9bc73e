import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureThirdParty } from '../third-party.ts'
import { openHouse } from './house.ts'
import { startRival, type Rival } from './rival.ts'

const house = openHouse(['demo'])
const key = house.keyOf('Lumiara')
let rival: Rival
let close: () => Promise<void>

beforeAll(async () => {
  await ensureThirdParty(() => {})
  const served = await house.emulator.listen({ host: '127.0.0.1', port: 0 })
  close = served.close
  rival = await startRival(served.url, key)
})

afterAll(async () => {
  await rival.stop()
  await close()
})

test('what is measured beside ours are the answers of the other server to the same questions', async () => {
  expect(rival.definitions.length).toBe(24)
  const theirs = JSON.parse(await rival.call('API-post-search', { query: 'weekly', page_size: 25 }))
  const own = await house.ask(key, 'search', { query: 'weekly', page_size: 25 })
  expect(theirs.results.map(({ id }: { id: string }) => id)).toEqual(own.results.map(({ id }: { id: string }) => id))
})
