import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { visitConsole, type ConsoleVisit, type Look } from './console-visit.ts'
import { startDemo, type DemoDescription, type RunningDemo } from './demo.ts'
import { prepareDirectory } from './prepared-directory.ts'
import { useBrowser } from './use-browser.ts'

/**
 * What every file of browser tests of the console stands on: one demo for all of its walks. After each walk
 * the browser must have complained of nothing and asked nobody but the server.
 *
 *     const stage = useConsoleStage()
 *     it('shows what was done', async () => {
 *       const user = await stage.newUser('Rita')
 *       const { page, enter, isSound } = await stage.visit(NARROW_DARK_EN)
 *       await enter(user, '/activity')
 *       await page.getByText('Nothing that fits was done.').waitFor()
 *       await isSound()
 *     })
 */

export const WIDE_LIGHT_PT = { locale: 'pt-BR', scheme: 'light', width: 1280 } as const satisfies Look
export const WIDE_DARK_EN = { locale: 'en-US', scheme: 'dark', width: 1280 } as const satisfies Look
export const NARROW_DARK_EN = { locale: 'en-US', scheme: 'dark', width: 360 } as const satisfies Look
export const NARROW_LIGHT_PT = { locale: 'pt-BR', scheme: 'light', width: 360 } as const satisfies Look

const PASSWORD = 'correct horse battery staple'

export type DemoUser = DemoDescription['users'][number]

/** Who signed up for one walk: nothing connected, no agent, no thread. */
export interface NewUser {
  readonly email: string
  readonly password: string
  readonly api_token: string
}

export interface Walk extends ConsoleVisit {
  /** Signs in without the form, and opens a page. */
  readonly enter: (user: { readonly email: string; readonly password: string }, path?: string) => Promise<void>
  /** Axe finds nothing on the screen as it is, and it is not too wide. */
  readonly isSound: () => Promise<void>
  /** The complaints that this walk provokes, such as a browser's own line for every answer that is a failure: `/422/`. */
  readonly expectComplaints: (pattern: RegExp) => void
  /** That the walk leads to another host, by its origin: a provider that asks for consent. */
  readonly expectOrigin: (origin: string) => void
}

export interface ConsoleStage {
  readonly demo: RunningDemo
  readonly baseUrl: string
  /** One of the demo's two: the first owns the instance. */
  readonly user: (index: 0 | 1) => DemoUser
  /** Somebody of their own for a walk, so that walks do not see what others left. */
  readonly newUser: (name: string) => Promise<NewUser>
  /** What the walk begins with, made through the API. */
  readonly ask: <Answer>(
    user: { readonly api_token: string },
    method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
  ) => Promise<Answer>
  readonly visit: (look: Look) => Promise<Walk>
  /** Ends the server, changes what lies in its directory, and starts it again, at another address. */
  readonly restart: (change: (directory: string) => void) => Promise<void>
}

interface OpenWalk {
  readonly visit: ConsoleVisit
  readonly expected: RegExp[]
  readonly origins: string[]
}

/**
 * For the top of a file: starts before its first test and ends after its last.
 * @param settings of the server, on top of the demo's: those that name what a file starts itself
 */
export function useConsoleStage(
  settings: () => Promise<Readonly<Record<string, string>>> = async () => ({}),
): ConsoleStage {
  let demo: RunningDemo
  const browser = useBrowser()
  const open: OpenWalk[] = []

  beforeAll(async () => {
    const directory = prepareDirectory(mkdtempSync(join(tmpdir(), 'chaveiro-demo-')))
    demo = await startDemo(directory, await settings())
  })
  afterEach(async () => {
    const ended = open.splice(0)
    await Promise.all(ended.map(({ visit }) => visit.close()))
    const unexpected = ended.flatMap(({ visit, expected, origins }) => [
      ...visit.complaints.filter((text) => !expected.some((pattern) => pattern.test(text))),
      ...visit.strangers.filter((url) => !origins.includes(new URL(url).origin)),
    ])
    expect(unexpected).toEqual([])
  })
  afterAll(async () => {
    await demo.stop()
    rmSync(demo.directory, { recursive: true, force: true })
  })

  const baseUrl = (): string => demo.description.base_url
  return {
    get demo() {
      return demo
    },
    get baseUrl() {
      return baseUrl()
    },
    user(index) {
      const user = demo.description.users[index]
      if (user === undefined) throw new Error('the demo has fewer users')
      return user
    },
    newUser: (name) => signUp(baseUrl(), name),
    ask: (user, method, path, body) => callApi(baseUrl() + path, method, user.api_token, body),
    async visit(look) {
      const visit = await visitConsole(browser(), baseUrl(), look)
      const walk: OpenWalk = { visit, expected: [], origins: [] }
      open.push(walk)
      return walkOf(walk)
    },
    async restart(change) {
      await demo.stop()
      change(demo.directory)
      demo = await startDemo(demo.directory)
    },
  }
}

function walkOf({ visit, expected, origins }: OpenWalk): Walk {
  return {
    ...visit,
    async enter({ email, password }, path = '/') {
      const answer = await visit.page.request.post('/api/auth/sign-in/email', { data: { email, password } })
      expect(answer.status()).toBe(200)
      await visit.page.goto(path)
    },
    async isSound() {
      const { pathname } = new URL(visit.page.url())
      expect([pathname, ...(await visit.faults())]).toEqual([pathname])
    },
    expectComplaints: (pattern) => void expected.push(pattern),
    expectOrigin: (origin) => void origins.push(origin),
  }
}

async function signUp(baseUrl: string, name: string): Promise<NewUser> {
  const email = `${name.toLowerCase().replaceAll(/\W+/g, '.')}@walk.example`
  const account = { name, email, password: PASSWORD }
  const { token } = await callApi<{ token: string }>(`${baseUrl}/api/auth/sign-up/email`, 'POST', null, account)
  const made = { name: 'walk', expires_in_days: null }
  const { token: apiToken } = await callApi<{ token: string }>(`${baseUrl}/api/tokens`, 'POST', token, made)
  return { email, password: PASSWORD, api_token: apiToken }
}

async function callApi<Answer>(url: string, method: string, token: string | null, body?: unknown): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as Answer
}

/** Presses a button in the way that works for keyboards, too: by its role and name. */
export const press = (place: Pick<Locator, 'getByRole'>, name: string | RegExp): Promise<void> =>
  place.getByRole('button', { name }).first().click()
