import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createSpool } from './spool.ts'

const ANSWER = {
  user_id: 1,
  provider: 'example',
  connection_id: 7,
  version: 2,
  token: 'sealed',
  binding_tag: 'tag',
  key_id: 'key',
}

let directory: string
let folder: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaveiro-spool-'))
  folder = join(directory, 'renewed-tokens')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

it('gives back what it was given, to another process too, until it is removed', async () => {
  const name = await createSpool(directory).write(ANSWER)
  expect(await createSpool(directory).read()).toEqual([{ name, answer: ANSWER }])
  await createSpool(directory).remove(name)
  expect(await createSpool(directory).read()).toEqual([])
  await createSpool(directory).remove(name)
})

it('is for its owner alone', async () => {
  const name = await createSpool(directory).write(ANSWER)
  expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
})

it('makes nothing before something is written', async () => {
  expect(await createSpool(directory).read()).toEqual([])
  expect(readdirSync(directory)).toEqual([])
})

it('passes over what is no answer, and half of one', async () => {
  const spool = createSpool(directory)
  const name = await spool.write(ANSWER)
  writeFileSync(join(folder, '8-torn.json'), '{"user_id":1')
  writeFileSync(join(folder, '9-other.json'), '{"user_id":"1"}')
  writeFileSync(join(folder, '9-cut.json.draft'), JSON.stringify(ANSWER))
  expect(await spool.read()).toEqual([{ name, answer: ANSWER }])
})

it('takes a bounded number', async () => {
  const spool = createSpool(directory, 1)
  await spool.write(ANSWER)
  await expect(spool.write(ANSWER)).rejects.toThrow('full')
})
