import type { Page } from 'playwright-core'
import type { Look } from '../../server/test/support/console-visit.ts'

/** Every screen and state of the console that there is a picture of. One more is one more line here. */

/** What the pictures show: an account with a connection, an agent, and conversations that wait for a decision. */
export interface Stage {
  /** The call that waits adds something. */
  readonly threadIds: Readonly<Record<Look['locale'], number>>
  /** The call that waits puts something in the place of what is there. */
  readonly changeIds: Readonly<Record<Look['locale'], number>>
  readonly agentId: number
}

export interface Shot {
  /** Of the file. */
  readonly name: string
  readonly path: string | ((stage: Stage, look: Look) => string)
  /** Who looks: the owner with everything, somebody who just signed up, or nobody yet. */
  readonly as: 'owner' | 'newcomer' | 'nobody'
  /** What is done on the page before the picture. Words are in two languages: find things by role, not by text. */
  readonly prepare?: (page: Page) => Promise<unknown>
  /** What takes back what was prepared, after the picture. */
  readonly after?: (page: Page) => Promise<unknown>
}

const BROKEN = { code: 'internal_error', detail: 'It was not your request.', request_id: 'r-42' }

/** The answers under an address fail, as those of a server in trouble. */
const broken =
  (pattern: string) =>
  async (page: Page): Promise<void> => {
    const answer = { status: 500, contentType: 'application/problem+json', body: JSON.stringify(BROKEN) }
    await page.route(pattern, (route) => route.fulfill(answer))
    await page.reload()
    await page.getByRole('alert').first().waitFor()
  }

/** The answers under an address never come. */
const waiting =
  (pattern: string) =>
  async (page: Page): Promise<void> => {
    await page.route(pattern, () => {})
    await page.reload()
    await page.locator('.skeleton').first().waitFor()
  }

/** Presses a button of the page, the first of its kind, and waits for what opens. */
const opening =
  (selector: string, role: 'dialog' | 'alertdialog' = 'dialog') =>
  async (page: Page): Promise<void> => {
    await page.locator(selector).click()
    await page.getByRole(role).waitFor()
  }

/** The figures of the server as they are where models have a price, which the demo has none of. */
const priced = async (page: Page): Promise<void> => {
  await page.route('**/api/usage?*', async (route) => {
    const response = await route.fetch()
    const usage = (await response.json()) as { readonly totals: object; readonly groups: readonly object[] }
    const cost = { cost_usd: 0.004_16 }
    const json = {
      ...usage,
      totals: { ...usage.totals, ...cost },
      groups: usage.groups.map((each) => ({ ...each, ...cost })),
    }
    await route.fulfill({ response, json })
  })
  await page.reload()
  await page.locator('main dl').first().waitFor()
}

/** The console's 48rem: from there on the rail stands beside the page. */
const WIDE_PIXELS = 768
const isWide = (page: Page) => (page.viewportSize()?.width ?? 0) >= WIDE_PIXELS

export const SHOTS: readonly Shot[] = [
  { name: 'sign-in', path: '/sign-in', as: 'nobody' },
  { name: 'sign-up', path: '/sign-up', as: 'nobody' },
  { name: 'first-steps', path: '/chat', as: 'newcomer' },
  { name: 'chat', path: '/chat', as: 'owner' },
  { name: 'chat-approval', path: ({ threadIds }, { locale }) => `/chat/${threadIds[locale]}`, as: 'owner' },
  {
    name: 'chat-approval-change',
    path: ({ changeIds }, { locale }) => `/chat/${changeIds[locale]}`,
    as: 'owner',
  },
  {
    name: 'chat-loading',
    path: ({ threadIds }, { locale }) => `/chat/${threadIds[locale]}`,
    as: 'owner',
    prepare: waiting('**/api/threads/*?*'),
  },
  { name: 'chat-missing', path: '/chat/987654', as: 'owner' },
  {
    name: 'chat-states',
    path: ({ threadIds }, { locale }) => `/chat/${threadIds[locale]}`,
    as: 'owner',
    async prepare(page) {
      await page.locator('summary').first().click()
      await page.locator('main ol button:has(svg)').first().click()
      await page.evaluate('window.scrollTo(0, 0)')
    },
  },
  { name: 'agents', path: '/agents', as: 'owner' },
  { name: 'agents-empty', path: '/agents', as: 'newcomer' },
  { name: 'agent', path: ({ agentId }) => `/agents/${agentId}`, as: 'owner' },
  {
    name: 'agent-tools',
    path: ({ agentId }) => `/agents/${agentId}`,
    as: 'owner',
    prepare: (page) => page.locator('main legend').last().scrollIntoViewIfNeeded(),
  },
  {
    name: 'agents-undo',
    path: '/agents',
    as: 'owner',
    prepare: (page) => page.locator('main li button').nth(1).click(),
    after: (page) => page.locator('[role=status] button').first().click(),
  },
  { name: 'connections', path: '/connections', as: 'owner' },
  { name: 'connections-empty', path: '/connections', as: 'newcomer' },
  { name: 'connections-loading', path: '/connections', as: 'owner', prepare: waiting('**/api/mcp/connections') },
  { name: 'connections-error', path: '/connections', as: 'owner', prepare: broken('**/api/mcp/connections') },
  { name: 'connections-connect', path: '/connections?connect=notion', as: 'owner' },
  {
    name: 'connections-wrong-key',
    path: '/connections?connect=notion',
    as: 'owner',
    async prepare(page) {
      await page.locator('input[name=api_key]').fill('ntn_wrong')
      await page.locator('[role=dialog] button[type=submit]').click()
      await page.locator('[role=dialog] [role=alert]').waitFor()
    },
  },
  { name: 'connections-back', path: '/connections?connected=1', as: 'owner' },
  { name: 'connections-denied', path: '/connections?connect_error=denied', as: 'newcomer' },
  { name: 'connections-server', path: '/connections?server=new', as: 'owner' },
  { name: 'activity', path: '/activity', as: 'owner' },
  { name: 'activity-denied', path: '/activity?kind=calls&outcome=denied', as: 'owner' },
  { name: 'activity-error', path: '/activity', as: 'owner', prepare: broken('**/api/activity*') },
  { name: 'usage', path: '/usage', as: 'owner' },
  { name: 'usage-by-tool', path: '/usage?range=24h&by=tool', as: 'owner' },
  { name: 'usage-cost', path: '/usage?by=agent', as: 'owner', prepare: priced },
  { name: 'access', path: '/access', as: 'owner' },
  { name: 'access-connect', path: '/access/connect', as: 'owner' },
  { name: 'access-tokens', path: '/access/tokens', as: 'owner' },
  { name: 'access-empty', path: '/access', as: 'newcomer' },
  {
    name: 'access-token-form',
    path: '/access/tokens',
    as: 'owner',
    prepare: opening('main div:has(> div > h1) > button'),
  },
  { name: 'administration-users', path: '/administration/users', as: 'owner' },
  { name: 'administration-user', path: '/administration/users?user=2', as: 'owner' },
  {
    name: 'administration-users-error',
    path: '/administration/users',
    as: 'owner',
    prepare: broken('**/api/admin/users*'),
  },
  { name: 'administration-invitations', path: '/administration/invitations', as: 'owner' },
  { name: 'administration-denials', path: '/administration/denials', as: 'owner' },
  { name: 'administration-denials-filtered', path: '/administration/denials?user=2&type=access.denied', as: 'owner' },
  {
    name: 'administration-denials-recorded',
    path: '/administration/denials',
    as: 'owner',
    prepare: (page) => page.locator('main details summary').first().click(),
  },
  { name: 'administration-providers', path: '/administration/providers', as: 'owner' },
  {
    name: 'administration-app',
    path: '/administration/providers',
    as: 'owner',
    prepare: opening('main section:first-of-type li button >> nth=0'),
  },
  { name: 'administration-keys', path: '/administration/keys', as: 'owner' },
  {
    name: 'administration-chain',
    path: '/administration/keys',
    as: 'owner',
    async prepare(page) {
      await page.locator('form button[type=submit]').click()
      await page.locator('main [role=status] [role=region]').scrollIntoViewIfNeeded()
    },
  },
  { name: 'administration-health', path: '/administration/health', as: 'owner' },
  {
    name: 'administration-loading',
    path: '/administration/health',
    as: 'owner',
    prepare: waiting('**/api/admin/instance'),
  },
  { name: 'administration-denied', path: '/administration', as: 'newcomer' },
  { name: 'settings', path: '/settings', as: 'owner' },
  {
    name: 'settings-end',
    path: '/settings',
    as: 'newcomer',
    prepare: (page) => page.locator('main section').last().scrollIntoViewIfNeeded(),
  },
  { name: 'settings-delete', path: '/settings', as: 'newcomer', prepare: opening('main section:last-of-type button') },
  {
    name: 'palette',
    path: '/agents',
    as: 'owner',
    async prepare(page) {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').waitFor()
    },
  },
  {
    name: 'shortcuts',
    path: '/agents',
    as: 'owner',
    async prepare(page) {
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'more-places',
    path: '/agents',
    as: 'owner',
    async prepare(page) {
      if (isWide(page)) return page.keyboard.press('[')
      await page.locator('#rail button[aria-haspopup=dialog]').last().click()
      return page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'away',
    path: '/activity',
    as: 'owner',
    async prepare(page) {
      await page.route('**/api/**', (route) => route.abort())
      await page.evaluate("window.dispatchEvent(new Event('offline'))")
      await page.locator('[role=status] p').first().waitFor()
    },
  },
]
