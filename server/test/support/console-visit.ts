import axe from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'

/** Somebody before the console, in a real browser, with an ear for every complaint of it. */

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
/** As root in a container Chromium has no sandbox of its own; the rest keeps it off the network. */
const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
]

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS })
}

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

interface AxeResult {
  readonly violations: readonly {
    readonly id: string
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
  }[]
}

async function faultsOf(page: Page): Promise<string[]> {
  // Evaluated by the browser's debugger, which the page's content security policy does not bind.
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(axe.source)
  const result = (await page.evaluate('axe.run()')) as AxeResult
  const tooWide = (await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )) as number
  return [
    ...result.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`),
    ...(tooWide > 0 ? [`${tooWide} pixels too wide`] : []),
  ]
}
