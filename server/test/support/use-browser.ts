import type { Browser } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { launchBrowser } from './browser.ts'

let launched: Promise<Browser> | undefined

/**
 * For the top of a file: the browser of this process, which ends with it, for starting one takes longer than most walks. The
 * file's windows are closed after its last test; each context has cookies and storage of its own.
 */
export function useBrowser(): () => Browser {
  let browser: Browser
  beforeAll(async () => {
    launched ??= launchBrowser()
    browser = await launched
  })
  afterAll(() => Promise.all(browser.contexts().map((context) => context.close())))
  return () => browser
}
