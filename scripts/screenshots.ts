import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { launchBrowser, visitConsole, type ConsoleVisit, type Look } from '../server/test/support/console-visit.ts'
import { startDemo, type DemoDescription } from '../server/test/support/demo.ts'
import { ROOT } from './steps.ts'

/** Every screen of the console as a picture, into `screenshots/`: both languages, both themes, desktop and phone. */

const FOLDER = join(ROOT, 'screenshots')

const LOOKS: readonly Look[] = [
  { locale: 'en-US', scheme: 'light', width: 1280 },
  { locale: 'pt-BR', scheme: 'dark', width: 1280 },
  { locale: 'pt-BR', scheme: 'light', width: 360 },
  { locale: 'en-US', scheme: 'dark', width: 360 },
]

const PATHS = [
  '/chat',
  '/agents',
  '/connections',
  '/connections?connect=notion',
  '/activity',
  '/activity?kind=calls&outcome=denied',
  '/usage',
  '/usage?range=24h&by=tool',
  '/access',
  '/access/connect',
  '/access/tokens',
  '/settings',
]

/** What the pictures show: an account with a connection, an agent, and a conversation that waits for a decision. */
interface Stage {
  readonly threadId: number
  readonly agentId: number
}

type DemoUser = DemoDescription['users'][number]

async function ask(base: string, user: DemoUser, path: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(base + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${user.api_token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Record<string, unknown>
}

async function setStage(base: string, user: DemoUser): Promise<Stage> {
  await ask(base, user, '/api/mcp/notion/connect', { api_key: user.notion_api_key })
  const tools = ['notion_search_pages', 'notion_read_page_content', 'notion_append_blocks', 'notion_update_page']
  const { id: agentId } = await ask(base, user, '/api/agents', { name: 'Ana', tools })
  const chat = { agent_id: agentId, message: 'Busque páginas sobre reuniões' }
  const { thread_id: threadId } = await ask(base, user, '/api/agents/chat', chat)
  const message = 'Adicione "Pauta: orçamento" na página Reuniões'
  await ask(base, user, '/api/agents/chat', { agent_id: agentId, thread_id: threadId, message })
  return { threadId: Number(threadId), agentId: Number(agentId) }
}

async function take({ page }: ConsoleVisit, look: Look, name: string): Promise<void> {
  await page.locator('h1').first().waitFor()
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: join(FOLDER, `${name}.${look.locale}.${look.scheme}.${look.width}.png`) })
}

/** What a conversation and an agent look like while something is done with them. */
async function takeStates(visit: ConsoleVisit, look: Look, { threadId, agentId }: Stage): Promise<void> {
  const { page } = visit
  await page.goto(`/chat/${threadId}`)
  await page.locator('summary').first().click()
  await page.locator('main ol button:has(svg)').first().click()
  await page.evaluate('window.scrollTo(0, 0)')
  await take(visit, look, 'chat-states')
  await page.goto(`/agents/${agentId}`)
  await page.locator('main legend').last().scrollIntoViewIfNeeded()
  await take(visit, look, 'agent-tools')
  await page.goto('/agents')
  await page.locator('main li button').nth(1).click()
  await take(visit, look, 'agents-undo')
  await page.locator('[role=status] button').first().click()
}

async function takeAll(browser: Browser, { base_url: base, users }: DemoDescription, stage: Stage): Promise<void> {
  const [first, second] = users
  if (first === undefined || second === undefined) throw new Error('The demo has fewer users')
  for (const look of LOOKS) {
    const visit = await visitConsole(browser, base, look)
    await visit.page.goto('/sign-in')
    await take(visit, look, 'sign-in')
    await visit.page.goto('/sign-up')
    await take(visit, look, 'sign-up')
    await visit.page.goto('/sign-in')
    await visit.signIn(first)
    for (const path of [...PATHS, `/chat/${stage.threadId}`, `/agents/${stage.agentId}`]) {
      await visit.page.goto(path)
      await take(visit, look, path.slice(1).replaceAll(/\W+/g, '-'))
    }
    await takeStates(visit, look, stage)
    await visit.close()
    const stranger = await visitConsole(browser, base, look)
    await stranger.page.goto('/chat')
    await stranger.signIn(second)
    await take(stranger, look, 'first-steps')
    await stranger.close()
  }
}

const directory = mkdtempSync(join(tmpdir(), 'chaveiro-screenshots-'))
mkdirSync(FOLDER, { recursive: true })
const demo = await startDemo(directory)
const browser = await launchBrowser()
try {
  const [user] = demo.description.users
  if (user === undefined) throw new Error('The demo has no users')
  await takeAll(browser, demo.description, await setStage(demo.description.base_url, user))
  console.log(`The pictures are in ${FOLDER}`)
} finally {
  await browser.close()
  await demo.stop()
  rmSync(directory, { recursive: true, force: true })
}
