import type { Browser, Page } from 'playwright-core'
import { faultsOf } from './browser.ts'

/** Somebody before the console, in a real browser, with an ear for every complaint of it. */

export interface Look {
  readonly locale: 'en-US' | 'pt-BR'
  readonly scheme: 'light' | 'dark'
  /** Pixels. */
  readonly width: number
}

export interface ConsoleVisit {
  readonly page: Page
  /** Errors that the browser reported, refusals of the content security policy among them. */
  readonly complaints: string[]
  /** Where requests went to that were for another host. */
  readonly strangers: string[]
  /** Faults that axe finds on the screen as it is, and what does not fit it. */
  readonly faults: () => Promise<string[]>
  readonly signIn: (user: { readonly email: string; readonly password: string }) => Promise<void>
  readonly close: () => Promise<void>
}

const HEIGHT_PIXELS = 800

export async function visitConsole(browser: Browser, baseUrl: string, look: Look): Promise<ConsoleVisit> {
  const context = await browser.newContext({
    baseURL: baseUrl,
    locale: look.locale,
    colorScheme: look.scheme,
    viewport: { width: look.width, height: HEIGHT_PIXELS },
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const complaints: string[] = []
  const strangers: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => void complaints.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(baseUrl)) strangers.push(request.url())
  })
  return {
    page,
    complaints,
    strangers,
    faults: () => faultsOf(page),
    async signIn({ email, password }) {
      await page.locator('input[name=email]').fill(email)
      await page.locator('input[name=password]').fill(password)
      await page.locator('form button[type=submit]').click()
      await page.locator('nav').waitFor()
    },
    close: () => context.close(),
  }
}
