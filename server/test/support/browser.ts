import axe from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'
import { browserPath } from './browser-path.ts'

/** A real browser for tests, and what axe has to say about the page in it. */

/** As root in a container Chromium has no sandbox of its own; the rest keeps it off the network. */
const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
]

/** @throws Error where there is no Chromium */
export function launchBrowser(): Promise<Browser> {
  const executablePath = browserPath()
  if (executablePath === undefined) throw new Error('There is no Chromium here. Set CHROMIUM_PATH to one.')
  return chromium.launch({ executablePath, args: CHROMIUM_FLAGS })
}

/** Axe's violations alone, as text: all that it looked at would be megabytes. */
const RUN_AXE = `axe
  .run({ resultTypes: ['violations'], preload: false })
  .then(({ violations }) => violations.map(({ id, nodes: [node] }) => id + ': ' + node.html + ' ' + node.failureSummary))`

/** Faults that axe finds on the page as it is, and what does not fit it. */
export async function faultsOf(page: Page): Promise<string[]> {
  // Evaluated by the browser's debugger, which the page's content security policy does not bind.
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(axe.source)
  const violations = (await page.evaluate(RUN_AXE)) as string[]
  const tooWide = (await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )) as number
  return [...violations, ...(tooWide > 0 ? [`${tooWide} pixels too wide`] : [])]
}
