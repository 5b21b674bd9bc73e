import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultsOf } from '../support/browser.ts'
import { startDemo, type RunningDemo } from '../support/demo.ts'
import { prepareDirectory } from '../support/prepared-directory.ts'
import { useBrowser } from '../support/use-browser.ts'

/** Connecting and approving as a person does who came by a client's link: in a real browser, without a script. */

const ARGUMENTS = { page_id: '0'.repeat(32), title: 'Plano\u202e 2027 <b>', content: 'palavra '.repeat(200) }

let demo: RunningDemo
const browser = useBrowser()

beforeAll(async () => {
  demo = await startDemo(prepareDirectory(mkdtempSync(join(tmpdir(), 'chaveiro-demo-'))))
  await api('POST', '/api/mcp/notion/connect', { api_key: userAt(0).notion_api_key })
})
afterAll(async () => {
  await demo.stop()
  rmSync(demo.directory, { recursive: true, force: true })
})

const userAt = (index: number) => {
  const user = demo.description.users[index]
  if (user === undefined) throw new Error('the demo has fewer users')
  return user
}

async function api(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(demo.description.base_url + path, {
    method,
    headers: { authorization: `Bearer ${userAt(0).api_token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return (await answer.json()) as Record<string, unknown>
}

/** A client that cannot ask its user itself; the address that it was given. */
async function linkFor(title: string): Promise<string> {
  const version = '2026-07-28'
  const name = 'notion_update_page'
  const answer = await fetch(`${demo.description.base_url}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${userAt(0).api_token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': version,
      'mcp-method': 'tools/call',
      'mcp-name': name,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: {
        name,
        arguments: { ...ARGUMENTS, title },
        _meta: {
          'io.modelcontextprotocol/protocolVersion': version,
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    }),
  })
  const [link] = /http:\/\/[^ "]+\/approvals\/\d+/.exec(await answer.text()) ?? []
  if (link === undefined) throw new Error('the client was given no link')
  return new URL(new URL(link).pathname, demo.description.base_url).href
}

async function openPage(address: string, { scheme = 'light', width = 1280, locale = 'en-US' } = {}) {
  const context = await browser().newContext({
    colorScheme: scheme === 'dark' ? 'dark' : 'light',
    viewport: { width, height: 800 },
    locale,
    javaScriptEnabled: false,
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
  page.on('requestfailed', (request) => void complaints.push(request.url()))
  await page.goto(address)
  return { page, complaints }
}

async function signIn(page: Page, index: number): Promise<void> {
  await page.locator('input[name=email]').fill(userAt(index).email)
  await page.locator('input[name=password]').fill(userAt(index).password)
  await page.locator('button[value=sign_in]').click()
}

/** The markup in a page of its own, where scripts are let run; its look comes with it. */
async function faultsOfMarkup(page: Page): Promise<string[]> {
  const context = await browser().newContext({ viewport: page.viewportSize() })
  const copy = await context.newPage()
  await copy.setContent(await page.content())
  const faults = await faultsOf(copy)
  await context.close()
  return faults
}

describe.each([
  { scheme: 'light', width: 1280, locale: 'en-US', allow: 'Allow this call?', done: 'You can go back to your client' },
  { scheme: 'dark', width: 360, locale: 'pt-BR', allow: 'Permitir esta chamada?', done: 'voltar ao seu cliente' },
])('in $locale at $width pixels', ({ allow, done, ...look }) => {
  it('somebody who is not signed in comes to the call and approves it', async () => {
    const link = await linkFor(`${ARGUMENTS.title} ${look.locale}`)
    const { page, complaints } = await openPage(link, look)
    expect(await faultsOfMarkup(page)).toEqual([])
    await signIn(page, 0)
    expect(await page.locator('h1').textContent()).toBe(allow)
    expect(await page.locator('pre').textContent()).toContain(String.raw`Plano\u202e 2027 <b>`)
    expect(await page.locator('.who').textContent()).toContain(userAt(0).email)
    expect(await faultsOfMarkup(page)).toEqual([])
    await page.locator('button[value=approve]').click()
    expect(await page.locator('.lede').textContent()).toContain(done)
    expect(await faultsOfMarkup(page)).toEqual([])
    expect(await api('GET', `/api${new URL(link).pathname}`)).toMatchObject({ status: 'approved' })
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('somebody connects, is told of a wrong key, and gets back to their client', async () => {
    const { page, complaints } = await openPage(`${demo.description.base_url}/connect/notion`, look)
    await signIn(page, 1)
    expect(await faultsOfMarkup(page)).toEqual([])
    await page.locator('input[name=api_key]').fill('ntn_wrong')
    await page.locator('button[value=connect]').click()
    expect(await page.locator('[role=alert]').count()).toBe(1)
    expect(await page.locator('input[name=api_key]').inputValue()).toBe('')
    expect(await faultsOfMarkup(page)).toEqual([])
    await page.locator('input[name=api_key]').fill(userAt(1).notion_api_key)
    await page.locator('button[value=connect]').click()
    expect(await page.locator('.lede').textContent()).toContain(done)
    expect(await faultsOfMarkup(page)).toEqual([])
    // A browser tells of every answer that is a failure; the wrong key is one.
    expect(complaints.filter((text) => !text.includes('422'))).toEqual([])
    await page.locator('button[value=sign_out]').click()
    expect(await page.locator('input[name=password]').count()).toBe(1)
    await page.context().close()
  })
})

it('somebody allows access at the provider, refuses it, and gains nothing by coming back twice', async () => {
  const { page } = await openPage(`${demo.description.base_url}/connect/notion`)
  const returns: string[] = []
  page.on('request', (request) => void (request.url().includes('/callback') && returns.push(request.url())))
  await signIn(page, 1)
  const begin = () => page.locator('a[href*="/api/mcp/notion/authorize"]').first().click()
  const connected = async () => {
    const answer = await fetch(`${demo.description.base_url}/api/mcp/connections`, {
      headers: { authorization: `Bearer ${userAt(1).api_token}` },
    })
    const { connections } = (await answer.json()) as { connections: { method: string }[] }
    return connections.filter(({ method }) => method === 'oauth2').length
  }

  await begin()
  expect(page.url().startsWith(demo.description.notion_api_url)).toBe(true)
  await page.locator('button[value=cancel]').first().click()
  expect(await page.locator('[role=alert]').textContent()).toContain('You did not allow access at Notion.')
  expect(await connected()).toBe(0)

  await begin()
  await page.locator('a[href*="person="]').first().click()
  await page.locator('button[value=allow]').first().click()
  expect(page.url()).toContain('connected=')
  expect(await page.locator('[role=alert]').count()).toBe(0)
  expect(await connected()).toBe(1)

  await page.goto(returns.at(-1) ?? '')
  expect(await page.locator('[role=alert]').textContent()).toContain('This attempt is not open')
  expect(await connected()).toBe(1)
  await page.context().close()
})
