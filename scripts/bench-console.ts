import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchBrowser } from '../server/test/support/browser.ts'
import { visitConsole } from '../server/test/support/console-visit.ts'
import { startDemo } from '../server/test/support/demo.ts'
import { measure, reportOf, watchEvents } from './bench/event-timing.ts'
import { INTERACTIONS, prepare } from './bench/interactions.ts'

/**
 * `npm run bench:console`: how long the console takes from an input to the next picture, in headless Chromium against the
 * demo, over its screens. What the browser itself measures (Event Timing). It fails where the median of one is over the limit.
 */

const directory = mkdtempSync(join(tmpdir(), 'chaveiro-bench-console-'))
const demo = await startDemo(directory)
const browser = await launchBrowser()
try {
  const [user] = demo.description.users
  if (user === undefined) throw new Error('The demo has no user')
  const paths = await prepare(demo.description.base_url, user)
  const { page, signIn } = await visitConsole(browser, demo.description.base_url, {
    locale: 'en-US',
    scheme: 'light',
    width: 1280,
  })
  await watchEvents(page)
  await page.goto('/sign-in')
  await signIn(user)
  const figures = []
  for (const interaction of INTERACTIONS) figures.push(await measure(page, interaction, paths))
  const report = reportOf(figures)
  console.log('\nFrom an input to the next picture (ms); the browser rounds to 8 and tells nothing under 16')
  console.table(report.table)
  console.log(report.verdict)
  if (!report.isMet) process.exitCode = 1
} finally {
  await browser.close()
  await demo.stop()
  rmSync(directory, { recursive: true, force: true })
}
