import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, afterAll, expect, it } from 'vitest'
import { startBentServer, type BentServer } from '../../server/test/support/bent-server.ts'
import { freePort } from '../../server/test/support/postgres-cluster.ts'
import { NARROW_DARK_EN, useConsoleStage, WIDE_LIGHT_PT } from '../../server/test/support/console-stage.ts'

/** Both examples of connecting from a product: the button as a reader starts it, in a browser, and the types of the other. */

const ROOT = join(import.meta.dirname, '..', '..')
let port: number
let product: ChildProcess
/** A remote server that lets nobody in who did not sign in there. */
let toolbox: BentServer

const stage = useConsoleStage(async () => {
  ;[port, toolbox] = await Promise.all([freePort(), startBentServer()])
  return { CHAVEIRO_ALLOWED_HOSTS: `127.0.0.1:${port}`, CHAVEIRO_REMOTE_SERVER_HOSTS: toolbox.host }
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
afterAll(async () => {
  product.kill()
  await toolbox[Symbol.asyncDispose]()
})

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

it('goes to the provider’s own page in that window, and comes back by it', async () => {
  const { page, expectOrigin } = await stage.visit(NARROW_DARK_EN)
  const origin = `http://127.0.0.1:${port}`
  expectOrigin(origin)
  await page.goto(origin)
  const opened = page.waitForEvent('popup')
  await page.getByRole('button').click()
  const dialog = await opened
  await dialog.locator('button[value=authorize]').click()
  await dialog.locator('a[href*="person="]').first().click()
  await dialog.getByRole('button', { name: 'Allow access' }).click()
  await page.getByText(/^Connected: /).waitFor()
  await expect.poll(() => dialog.isClosed()).toBe(true)
})

it('leads to the sign-in of a remote server and back, refused or allowed', async () => {
  const { page, isSound, expectOrigin, expectComplaints } = await stage.visit(NARROW_DARK_EN)
  const origin = `http://127.0.0.1:${port}`
  expectComplaints(/status of 4(04|10)/)
  for (const each of [origin, toolbox.origin]) expectOrigin(each)
  const link = { server_url: toolbox.url, return_to: `${origin}/back?tab=1` }
  const { url } = await stage.ask<{ url: string }>(stage.user(0), 'POST', '/api/connect-sessions', link)
  const connect = page.getByRole('button', { name: 'Connect', exact: true })
  await page.goto(url)
  await isSound()
  await connect.click()
  await page.getByRole('link', { name: 'Refuse' }).click()
  // Back on the page of the link, which says so and can be pressed again.
  await connect.waitFor()
  await isSound()
  await connect.click()
  await page.getByRole('link', { name: 'Allow' }).click()
  await page.waitForURL(/\/back\?tab=1&connected=\d+$/)
  await page.goto(url)
  await page.getByRole('heading', { name: 'This link was used already' }).waitFor()
  await isSound()
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
