import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { isMet } from './figure.ts'
import { openHouse, API_VERSION } from './house.ts'
import { replayFigures } from './replay.ts'

const directory = mkdtempSync(join(tmpdir(), 'chaveiro-figures-'))
afterAll(() => rmSync(directory, { recursive: true }))

test('tells how much of recorded traffic is answered alike', async () => {
  const house = openHouse(['tenant-aurora'])
  const [workspace] = house.emulator.control.workspaces()
  const answer = await house.ask(house.keyOf(workspace?.name ?? ''), 'users/me')
  const request = { notion_version: API_VERSION, method: 'GET', path: '/v1/users/me', query: '', request_body: null }
  const recorded = { ...request, status: 200, response_body: answer }
  const foreign = { ...recorded, response_body: { ...answer, unheard_of: true } }
  const lines = [recorded, recorded, recorded, foreign].map((line, index) => ({ id: `me#${index}`, ...line }))
  writeFileSync(join(directory, 'me.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'))
  const [equal] = replayFigures(directory)
  expect(equal).toMatchObject({ name: 'replay: equal answers, 3 of 4', ours: 75, bar: { least: 98 } })
  expect(equal === undefined ? undefined : isMet(equal)).toBe(false)
})
