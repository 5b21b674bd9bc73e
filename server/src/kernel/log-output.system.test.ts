import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from 'vitest'

/** A server whose log nobody reads any more goes on: a pipe that broke is no reason to stop for everybody. */

/** Logs a line when it is told to, says on the other stream that it still runs, and ends. */
const PROGRAM = `
const { createLog } = await import(${JSON.stringify(join(import.meta.dirname, 'log.ts'))})
const log = createLog({ level: 'info' })
process.stdin.once('data', () => {
  log.warn({}, 'written at once')
  process.stderr.write('still here')
  process.exit(0)
})
log.warn({}, 'ready')
`

it('goes on, and ends, where the reader of its log is gone', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], { stdio: 'pipe' })
  let said = ''
  child.stderr.on('data', (chunk) => (said += String(chunk)))
  const [first] = (await once(child.stdout, 'data')) as [Buffer]
  expect(first.toString()).toContain('"message":"ready"')
  child.stdout.destroy()
  await once(child.stdout, 'close')
  child.stdin.write('go on\n')
  const patience = setTimeout(() => child.kill('SIGKILL'), 20_000)
  const [exitCode] = (await once(child, 'close')) as [number | null]
  clearTimeout(patience)
  expect(said).toBe('still here')
  expect(exitCode).toBe(0)
})
