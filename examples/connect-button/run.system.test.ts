import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, afterAll, expect, it } from 'vitest'
import { freePort } from '../../server/test/support/postgres-cluster.ts'
import { useConsoleStage, WIDE_LIGHT_PT } from '../../server/test/support/console-stage.ts'

/** Both examples of connecting from a product: the button as a reader starts it, in a browser, and the types of the other. */

const ROOT = join(import.meta.dirname, '..', '..')
let port: number
let product: ChildProcess

const stage = useConsoleStage(async () => {
  port = await freePort()
  return { CHAVEIRO_ALLOWED_HOSTS: `127.0.0.1:${port}` }
})
const environment = (token: string) => ({
  PATH: process.env['PATH'],
  CHAVEIRO_URL: stage.baseUrl,
  CHAVEIRO_TOKEN: token,
  PORT: String(port),
})
const COMMAND = ['examples/connect-button/server.mjs']

beforeAll(async () => {
  const env = environment(stage.user(0).api_token)
  product = spawn(process.execPath, COMMAND, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve) => product.stdout?.once('data', resolve))
})
afterAll(() => void product.kill())

it('connects in a window of its own, hears of it, and believes the server alone', async () => {
  const { page, expectOrigin, expectComplaints } = await stage.visit(WIDE_LIGHT_PT)
  const origin = `http://127.0.0.1:${port}`
  expectOrigin(origin)
  expectComplaints(/404/)
  await page.goto(origin)
  const press = async () => {
    const opened = page.waitForEvent('popup')
    await page.getByRole('button').click()
    return opened
  }
  const refused = await press()
  await refused.locator('button[value=cancel]').click()
  await page.getByText('Not connected: denied').waitFor()
  const dialog = await press()
  await dialog.locator('input[name=api_key]').fill(stage.user(0).notion_api_key)
  await dialog.locator('button[value=connect]').click()
  await page.getByText('Connected: Estúdio Aurora').waitFor()
  const forged = await fetch(`${origin}/links?attempt=${crypto.randomUUID()}`, { method: 'POST' })
  expect(forged.status).toBe(404)
})

it('says at once what is wrong with its settings', () => {
  const ended = spawnSync(process.execPath, COMMAND, { cwd: ROOT, env: environment('wrong'), encoding: 'utf8' })
  expect([ended.status, ended.stderr]).toEqual([1, expect.stringContaining('/api/connect-sessions answered 401')])
})

it('has types that fit React', () => {
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', 'examples/connect-react'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect([status, stdout]).toEqual([0, ''])
})
