import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveEmulator, type ServedEmulator } from './support/served.ts'

const PROGRAM = fileURLToPath(new URL('programs/official-client.ts', import.meta.url))
const run = promisify(execFile)

describe('the official client, a program of its own against a served emulator', () => {
  let emulator: ServedEmulator
  beforeAll(async () => {
    emulator = await serveEmulator('--seed', 'two-tenants')
  })
  afterAll(() => emulator?.stop())

  it.each(['2025-09-03', '2026-03-11'])('drives every operation of the tools at %s', async (version) => {
    const { stdout } = await run(process.execPath, [PROGRAM, emulator.url, emulator.tokens[0] ?? '', version])
    expect(JSON.parse(stdout)).toMatchObject({
      markdown: '# Plan\n- Roof',
      states: [true, false],
      changed: true,
      blocks: 3,
      properties: ['Kind', 'Tool', 'Weight'],
      heavy: 1,
      self: true,
      comments: 1,
      refusal: 'APIResponseError object_not_found',
    })
  })
})
