import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../server/test/support/browser.ts'
import { visitConsole, type ConsoleVisit, type Look } from '../server/test/support/console-visit.ts'
import { startDemo, type DemoDescription } from '../server/test/support/demo.ts'
import { SHOTS, type Shot, type Stage } from './screenshots/shots.ts'
import { ROOT } from './steps.ts'

/**
 * Every screen of the console as a picture, into `screenshots/`: both languages, both themes, desktop and phone.
 * `npm run screenshots -- chat activity` makes those whose name begins so, `npm run screenshots -- --readme` the four of the
 * README, into `docs/images/`.
 */

const FOLDER = join(ROOT, 'screenshots')
const README_FOLDER = join(ROOT, 'docs', 'images')
const README_SHOTS = ['chat-approval', 'connections', 'activity', 'access-connect']

const LOOKS: readonly Look[] = [
  { locale: 'en-US', scheme: 'light', width: 1280 },
  { locale: 'pt-BR', scheme: 'dark', width: 1280 },
  { locale: 'pt-BR', scheme: 'light', width: 360 },
  { locale: 'en-US', scheme: 'dark', width: 360 },
]
/** Each README in its language, each picture for a light and for a dark reader. */
const README_LOOKS: readonly Look[] = (['en-US', 'pt-BR'] as const).flatMap((locale) =>
  (['light', 'dark'] as const).map((scheme) => ({ locale, scheme, width: 1280 })),
)

type DemoUser = DemoDescription['users'][number]
type Keep = (page: Page, name: string, look: Look) => Promise<void>

async function ask(base: string, user: DemoUser, path: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(base + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${user.api_token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Record<string, unknown>
}

/** More than anybody mistypes, so that it is marked as unusual. */
const REFUSALS = 12

async function tryTheDoor(base: string, { api_token: token }: DemoUser): Promise<void> {
  for (let count = 0; count < REFUSALS; count += 1) {
    await fetch(`${base}/api/admin/keys`, { headers: { authorization: `Bearer ${token}` } })
  }
}

async function setStage(base: string, user: DemoUser): Promise<Stage> {
  await ask(base, user, '/api/mcp/notion/connect', { api_key: user.notion_api_key })
  const tools = ['notion_search_pages', 'notion_read_page_content', 'notion_append_blocks', 'notion_update_page']
  const { id: agentId } = await ask(base, user, '/api/agents', { name: 'Ana', tools })
  const converse = async (messages: readonly string[]): Promise<number> => {
    let thread: Record<string, unknown> = {}
    for (const message of messages) {
      const { thread_id } = await ask(base, user, '/api/agents/chat', { agent_id: agentId, message, ...thread })
      thread = { thread_id }
    }
    return Number(thread['thread_id'])
  }
  const changeIds = { 'pt-BR': await converse(CHANGE['pt-BR']), 'en-US': await converse(CHANGE['en-US']) }
  const threadIds = { 'pt-BR': await converse(TALK['pt-BR']), 'en-US': await converse(TALK['en-US']) }
  return { threadIds, changeIds, agentId: Number(agentId) }
}

/** A wish that would put one thing in the place of another. */
const CHANGE = {
  'en-US': ['Rename the page "Reuniões" to "Meetings"'],
  'pt-BR': ['Renomeie a página "Reuniões" para "Encontros"'],
} as const

/** A question, and a wish that needs a decision. */
const TALK = {
  'en-US': ['Search pages about "Reuniões"', 'Append "Agenda: budget" to page "Reuniões"'],
  'pt-BR': ['Busque páginas sobre reuniões', 'Adicione "Pauta: orçamento" na página Reuniões'],
} as const

const keepPicture: Keep = async (page, name, look) => {
  await page.screenshot({ path: join(FOLDER, `${name}.${look.locale}.${look.scheme}.${look.width}.png`) })
}

/** Of what a photograph may lose without anybody seeing it, letters lose nothing. */
const WEBP_QUALITY = 0.86

/** The browser itself makes the small file: no other program is needed. */
const keepSmallPicture: Keep = async (page, name, look) => {
  const picture = (await page.screenshot()).toString('base64')
  const blank = await page.context().newPage()
  const address = (await blank.evaluate(`(async () => {
    const image = new Image()
    image.src = 'data:image/png;base64,${picture}'
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.width
    canvas.height = image.height
    canvas.getContext('2d').drawImage(image, 0, 0)
    return canvas.toDataURL('image/webp', ${WEBP_QUALITY})
  })()`)) as string
  await blank.close()
  const content = Buffer.from(address.slice(address.indexOf(',') + 1), 'base64')
  writeFileSync(join(README_FOLDER, `${name}.${look.locale.slice(0, 2)}.${look.scheme}.webp`), content)
}

interface Taking {
  readonly browser: Browser
  readonly demo: DemoDescription
  readonly stage: Stage
  readonly keep: Keep
}

async function take({ demo, stage, keep }: Taking, visit: ConsoleVisit, look: Look, shot: Shot): Promise<void> {
  const { page } = visit
  await page.goto(typeof shot.path === 'string' ? shot.path : shot.path(stage, look))
  await page.locator('h1').first().waitFor()
  await page.waitForLoadState('networkidle')
  await page.locator('.skeleton').first().waitFor({ state: 'detached' })
  await shot.prepare?.(page)
  await keep(page, shot.name, look)
  await shot.after?.(page)
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await page.goto(demo.base_url)
}

async function takeAll(taking: Taking, looks: readonly Look[], shots: readonly Shot[]): Promise<void> {
  const [owner, newcomer] = taking.demo.users
  if (owner === undefined || newcomer === undefined) throw new Error('The demo has fewer users')
  for (const look of looks) {
    for (const [as, user] of [['nobody', null] as const, ['owner', owner] as const, ['newcomer', newcomer] as const]) {
      const theirs = shots.filter((shot) => shot.as === as)
      if (theirs.length === 0) continue
      const visit = await visitConsole(taking.browser, taking.demo.base_url, look)
      if (user !== null) {
        await visit.page.goto('/sign-in')
        await visit.signIn(user)
      }
      for (const shot of theirs) await take(taking, visit, look, shot)
      await visit.close()
    }
  }
}

const README_FLAG = '--readme'
const isForReadme = process.argv.includes(README_FLAG)
const wanted = process.argv.slice(2).filter((word) => word !== README_FLAG)
const shots = SHOTS.filter(
  ({ name }) =>
    (!isForReadme || README_SHOTS.includes(name)) &&
    (wanted.length === 0 || wanted.some((begin) => name.startsWith(begin))),
)
const folder = isForReadme ? README_FOLDER : FOLDER

const directory = mkdtempSync(join(tmpdir(), 'chaveiro-screenshots-'))
mkdirSync(folder, { recursive: true })
const demo = await startDemo(directory)
const browser = await launchBrowser()
try {
  const [user, newcomer] = demo.description.users
  if (user === undefined || newcomer === undefined) throw new Error('The demo has fewer users')
  await tryTheDoor(demo.description.base_url, newcomer)
  const stage = await setStage(demo.description.base_url, user)
  const keep = isForReadme ? keepSmallPicture : keepPicture
  await takeAll({ browser, demo: demo.description, stage, keep }, isForReadme ? README_LOOKS : LOOKS, shots)
  console.log(`The pictures are in ${folder}`)
} finally {
  await browser.close()
  await demo.stop()
  rmSync(directory, { recursive: true, force: true })
}
