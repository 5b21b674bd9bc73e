import type { Page } from 'playwright-core'
import { longThread } from '../../server/test/support/long-conversations.ts'
import type { Interaction, Paths } from './event-timing.ts'

/** What people do all day, on every screen. */

interface User {
  readonly api_token: string
  readonly notion_api_key: string
}

/** Two conversations to change between, a key and an agent. */
export async function prepare(base: string, { api_token: token, notion_api_key: key }: User): Promise<Paths> {
  const ask = async (path: string, body: unknown): Promise<Record<string, unknown>> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const answer = await fetch(base + path, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Record<string, unknown>
  }
  await ask('/api/mcp/notion/connect', { api_key: key })
  const tools = ['notion_search_pages', 'notion_read_page_content']
  const { id } = await ask('/api/agents', { name: 'Ana', tools })
  const talk = async (message: string) => {
    const { thread_id: threadId } = await ask('/api/agents/chat', { agent_id: id, message })
    return `/chat/${String(threadId)}`
  }
  return { threads: [await talk('Search pages about "Reuniões"'), await talk('Search pages about "Projetos"')] }
}

const LONG = { id: 987_654, messages: 300 }

/** A conversation of years, as the server would give it: questions, calls, lists and tables. */
async function openLongThread(page: Page, { threads: [first] }: Paths): Promise<void> {
  await page.route(new RegExp(`/api/threads/${LONG.id}\\?`), async (route) => {
    const known = await page.request.get(`/api${first.replace('/chat/', '/threads/')}?limit=1`)
    const thread = (await known.json()) as Record<string, unknown>
    await route.fulfill({ json: { ...thread, id: LONG.id, messages: longThread(LONG.messages), next_cursor: null } })
  })
  await page.goto(`/chat/${LONG.id}`)
  await page.getByText(`Resposta ${LONG.messages}`).waitFor()
}

const goTo = (path: string) => async (page: Page) => {
  await page.goto(path)
  await page.locator('h1').first().waitFor()
}
const goToThread = async (page: Page, { threads: [first] }: Paths) => void (await page.goto(first))
const composer = (page: Page) => page.getByLabel('Write a message')
const typeLetter = (page: Page) => composer(page).press('a')
const isEven = (round: number) => round % 2 === 0
const byKeys = (keys: string) => (page: Page) => page.keyboard.press(keys)
const openPalette = async (page: Page) => {
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').waitFor()
}
const closeDialog = async (page: Page) => {
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}
const radio = (page: Page, name: string | RegExp) => page.getByRole('radio', { name }).click()

export const INTERACTIONS: readonly Interaction[] = [
  {
    name: 'open a thread',
    arrive: goToThread,
    act: (page, round) =>
      page
        .getByRole('link', { name: isEven(round) ? /Projetos/ : /Reuniões/ })
        .first()
        .click(),
  },
  { name: 'unfold a tool card', arrive: goToThread, act: (page) => page.locator('ol summary').first().click() },
  { name: 'type in the composer', arrive: goToThread, act: typeLetter },
  { name: 'type below 300 messages', arrive: openLongThread, act: typeLetter },
  {
    name: 'unfold below 300 messages',
    arrive: openLongThread,
    act: (page) => page.locator('ol > li').last().locator('summary').first().click(),
  },
  {
    name: 'open and close the palette',
    arrive: goTo('/agents'),
    async act(page) {
      await openPalette(page)
      await closeDialog(page)
    },
  },
  {
    name: 'search in the palette',
    async arrive(page) {
      await goTo('/agents')(page)
      await openPalette(page)
    },
    act: byKeys('a'),
  },
  { name: 'fold the rail', arrive: goTo('/agents'), act: (page) => page.locator('[aria-controls=rail]').click() },
  {
    name: 'change the page',
    arrive: goTo('/agents'),
    act: (page, round) => page.locator(`#rail a[href="${isEven(round) ? '/connections' : '/agents'}"]`).click(),
  },
  {
    name: 'change the language',
    arrive: goTo('/settings'),
    act: (page, round) => radio(page, isEven(round) ? /Português/ : 'English'),
  },
  {
    name: 'change the theme',
    async arrive(page) {
      await page.evaluate(() => localStorage.setItem('chaveiro.language', 'en'))
      await page.goto('/settings')
    },
    act: (page, round) => radio(page, isEven(round) ? 'Dark' : 'Light'),
  },
  {
    name: 'filter the activity',
    arrive: goTo('/activity'),
    async act(page, round) {
      const filter = page.getByLabel('Outcome')
      await filter.focus()
      await page.keyboard.press(isEven(round) ? 'ArrowDown' : 'ArrowUp')
    },
  },
  {
    name: 'open and close an event',
    arrive: goTo('/activity'),
    async act(page) {
      await page.locator('[data-event]').first().click()
      await page.getByRole('dialog').waitFor()
      await closeDialog(page)
    },
  },
  {
    name: 'open and close the connect dialog',
    arrive: goTo('/connections'),
    async act(page) {
      await page
        .getByRole('button', { name: /^Connect / })
        .first()
        .click()
      await page.getByRole('dialog').waitFor()
      await closeDialog(page)
    },
  },
  {
    name: 'change the tab',
    arrive: goTo('/administration/users'),
    act: (page, round) =>
      page
        .locator(`a[href="/administration/${isEven(round) ? 'health' : 'users'}"]`)
        .first()
        .click(),
  },
  {
    name: 'tell usage apart by tool',
    arrive: goTo('/usage'),
    async act(page, round) {
      await page.getByLabel('Told apart by').focus()
      await page.keyboard.press(isEven(round) ? 'ArrowDown' : 'ArrowUp')
    },
  },
]
