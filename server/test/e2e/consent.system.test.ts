import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultsOf } from '../support/browser.ts'
import { startDemo, type RunningDemo } from '../support/demo.ts'
import { prepareDirectory } from '../support/prepared-directory.ts'
import { useBrowser } from '../support/use-browser.ts'

/** Letting a client in as a person does, in a real browser: from the client's link to the code at its own address. */

const VERIFIER = randomBytes(32).toString('base64url')
const CALLBACK_TIMEOUT_MS = 15_000

let demo: RunningDemo
const browser = useBrowser()
let client: LoopbackClient

beforeAll(async () => {
  demo = await startDemo(prepareDirectory(mkdtempSync(join(tmpdir(), 'chaveiro-demo-'))))
  client = await startLoopbackClient(demo.description.base_url)
  const [user] = demo.description.users
  await fetch(`${demo.description.base_url}/api/mcp/notion/connect`, {
    method: 'POST',
    headers: { authorization: `Bearer ${user?.api_token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ api_key: user?.notion_api_key }),
  })
})
afterAll(async () => {
  await client.close()
  await demo.stop()
  rmSync(demo.directory, { recursive: true, force: true })
})

interface LoopbackClient {
  readonly authorizeUrl: string
  /** What its address got since it was last asked. */
  readonly takeRequests: () => { readonly url: URL; readonly referer: string | undefined }[]
  readonly redeem: (code: string) => Promise<Record<string, unknown>>
  readonly close: () => Promise<void>
}

/** A program on this computer, whose address sends the browser on to another site when it has the code. */
async function startLoopbackClient(baseUrl: string): Promise<LoopbackClient> {
  const requests: { url: URL; referer: string | undefined }[] = []
  const final = await listen((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><html lang="en"><title>Connected</title>')
  })
  const callback = await listen((request, response) => {
    requests.push({ url: new URL(request.url ?? '', 'http://127.0.0.1'), referer: request.headers.referer })
    // Another origin: browsers hold redirects of a form against the page's policy.
    response.writeHead(303, { location: `http://localhost:${portOf(final)}/done` }).end()
  })
  const redirectUri = `http://127.0.0.1:${portOf(callback)}/callback`
  const registered = await fetch(`${baseUrl}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Claude\u202e Code <b>', redirect_uris: [redirectUri] }),
  })
  const { client_id: clientId } = (await registered.json()) as { client_id: string }
  const asked = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
    state: 'state-1',
  })
  return {
    authorizeUrl: `${baseUrl}/oauth/authorize?${asked.toString()}`,
    takeRequests: () => requests.splice(0),
    async redeem(code) {
      const form = { grant_type: 'authorization_code', client_id: clientId, redirect_uri: redirectUri }
      const body = new URLSearchParams({ ...form, code, code_verifier: VERIFIER })
      const answer = await fetch(`${baseUrl}/oauth/token`, { method: 'POST', body })
      return (await answer.json()) as Record<string, unknown>
    },
    close: async () => void (await Promise.all([close(callback), close(final)])),
  }
}

function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(handle)
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

interface Visitor {
  readonly page: Page
  readonly complaints: string[]
}

async function visitor(options: BrowserContextOptions): Promise<Visitor> {
  const page = await (await browser().newContext(options)).newPage()
  const complaints: string[] = []
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())))
  page.on('pageerror', (error) => void complaints.push(error.message))
  return { page, complaints }
}

async function expectSound({ page, complaints }: Visitor): Promise<void> {
  expect(await faultsOf(page)).toEqual([])
  expect(complaints).toEqual([])
}

const WORDS = {
  en: {
    signIn: 'Sign in',
    create: 'Create an account',
    existing: /Sign in with/,
    only: 'Only these',
    allow: 'Allow',
    end: /^End the access of Claude Code/,
  },
  pt: {
    signIn: 'Entrar',
    create: 'Criar uma conta',
    existing: /Entrar com/,
    only: 'Só estas',
    allow: 'Permitir',
    end: /^Encerrar o acesso de Claude Code/,
  },
} as const

async function signIn(page: Page, words: (typeof WORDS)[keyof typeof WORDS], password?: string): Promise<void> {
  const [user] = demo.description.users
  await page.locator('input[name=email]').fill(user?.email ?? '')
  await page.locator('input[name=password]').fill(password ?? user?.password ?? '')
  await page.getByRole('button', { name: words.signIn, exact: true }).click()
}

async function expectCode(page: Page): Promise<void> {
  await page.waitForURL(/\/done$/, { timeout: CALLBACK_TIMEOUT_MS })
  const [request, ...others] = client.takeRequests()
  expect(others).toEqual([])
  expect(request?.referer).toBeUndefined()
  expect(request?.url.searchParams.get('state')).toBe('state-1')
  expect(await client.redeem(request?.url.searchParams.get('code') ?? '')).toMatchObject({ token_type: 'Bearer' })
}

describe.each([
  ['en', 'light', 1280],
  ['en', 'dark', 360],
  ['pt', 'light', 360],
  ['pt', 'dark', 1280],
] as const)('in %s, %s, %i pixels wide', (language, colorScheme, width) => {
  it('leads from sign-in through consent to a code, and no page has a fault', async () => {
    const words = WORDS[language]
    const locale = language === 'pt' ? 'pt-BR' : 'en-US'
    const visit = await visitor({ colorScheme, locale, viewport: { width, height: 800 } })
    const { page, complaints } = visit
    await page.goto(client.authorizeUrl)
    await expectSound(visit)
    await page.getByRole('link', { name: words.create }).click()
    await expectSound(visit)
    await page.getByRole('link', { name: words.existing }).click()
    await signIn(page, words, 'wrong')
    expect(await page.locator('input[name=email]').inputValue()).toBe(demo.description.users[0]?.email)
    // A browser names every answer of 400 and more in its console; nothing else may stand there.
    expect(complaints.splice(0).every((complaint) => complaint.includes('401'))).toBe(true)
    await expectSound(visit)
    await signIn(page, words)
    await page.getByRole('heading', { level: 1, name: 'Claude Code <b>' }).waitFor()
    await expectSound(visit)
    await page.getByLabel(words.only, { exact: true }).check()
    await expectSound(visit)
    await page.locator('input[name=connection]').first().check()
    await page.getByRole('button', { name: words.allow, exact: true }).click()
    await expectCode(page)
    expect(complaints).toEqual([])

    await page.goto(`${demo.description.base_url}/clients`)
    const listed = await page.locator('button[value=end]').count()
    await expectSound(visit)
    await page.getByRole('button', { name: words.end }).first().click()
    await page.locator('.note.good').waitFor()
    expect(await page.locator('button[value=end]').count()).toBe(listed - 1)
    await expectSound(visit)

    const gone = await page.goto(`${demo.description.base_url}/oauth/interaction/gone`)
    expect(gone?.status()).toBe(410)
    complaints.splice(0)
    await expectSound(visit)
    await page.context().close()
  })
})

it('is complete without scripts, by keyboard alone, and before anything is connected', async () => {
  const { page } = await visitor({ javaScriptEnabled: false, locale: 'en-US' })
  await page.goto(client.authorizeUrl)
  const [, user] = demo.description.users
  await page.locator('input[name=email]').focus()
  await page.keyboard.type(user?.email ?? '')
  await page.keyboard.press('Tab')
  await page.keyboard.type(user?.password ?? '')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'use your tools?' }).waitFor()
  await page.getByRole('link', { name: 'Connect Notion' }).waitFor()
  await page.getByRole('button', { name: 'Allow', exact: true }).focus()
  await page.keyboard.press('Enter')
  await expectCode(page)
  await page.context().close()
})

it('says no where somebody only pressed Enter', async () => {
  const { page } = await visitor({ locale: 'en-US' })
  await page.goto(client.authorizeUrl)
  await signIn(page, WORDS.en)
  await page.locator('input[name=scope]').focus()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/done$/, { timeout: CALLBACK_TIMEOUT_MS })
  expect(client.takeRequests()[0]?.url.searchParams.get('error')).toBe('access_denied')
  await page.context().close()
})

it('leaves a client that opened it in a window its handle to that window', async () => {
  const { page } = await visitor({ locale: 'en-US' })
  const opening = await listen((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Client</title>')
  })
  await page.goto(`http://127.0.0.1:${portOf(opening)}/`)
  const popup = page.waitForEvent('popup')
  await page.evaluate(`void window.open(${JSON.stringify(client.authorizeUrl)})`)
  const opened = await popup
  await signIn(opened, WORDS.en)
  await opened.getByRole('button', { name: 'Allow', exact: true }).click()
  await expectCode(opened)
  expect(await opened.evaluate('window.opener !== null')).toBe(true)
  await close(opening)
  await page.context().close()
})

it('is shown in no frame', async () => {
  const { page, complaints } = await visitor({ locale: 'en-US' })
  await page.goto(`${demo.description.base_url}/healthz`)
  const address = new URL(client.authorizeUrl)
  const framing = await listen((_request, response) => {
    const source = address.href.replaceAll('&', '&amp;')
    response.setHeader('content-type', 'text/html').end(`<!doctype html><iframe src="${source}"></iframe>`)
  })
  await page.goto(`http://127.0.0.1:${portOf(framing)}/`)
  await expect.poll(() => complaints.join('\n')).toMatch(/frame-ancestors|X-Frame-Options/)
  expect(page.frames().map((frame) => frame.url())).not.toContainEqual(expect.stringContaining('/oauth/interaction'))
  await close(framing)
  await page.context().close()
})
