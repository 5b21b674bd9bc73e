import { expect, it } from 'vitest'
import { NARROW_DARK_EN, press, useConsoleStage, WIDE_DARK_EN } from '../../support/console-stage.ts'

/** Agents as people make, change and leave them. */

const stage = useConsoleStage()

interface Policies {
  readonly policies: readonly { readonly tool: string; readonly decision: string; readonly for_agent: string | null }[]
}

it('an agent is made, changed and given rules; what is not saved is not lost unasked', async () => {
  const user = await stage.newUser('Edna')
  const { page, enter, isSound } = await stage.visit(NARROW_DARK_EN)
  await enter(user, '/agents')
  await page.getByText('You have no agent yet').waitFor()
  await isSound()
  await press(page, 'Create “Scribe”')
  await page.getByRole('heading', { name: 'Scribe', level: 1 }).waitFor()
  const agentId = Number(new URL(page.url()).pathname.split('/').at(-1))
  await page.getByLabel('Model').waitFor()
  await page.getByText('Built-in router, not an AI model.').waitFor()
  const save = page.getByRole('button', { name: 'Save' })
  expect(await save.isDisabled()).toBe(true)
  await page.getByLabel('Name').fill('Scribe of the house')
  await page.getByRole('checkbox', { name: /^Search pages/ }).setChecked(false)
  await isSound()

  await page.getByRole('link', { name: 'Activity' }).click()
  const leaving = page.getByRole('alertdialog', { name: 'Leave without saving?' })
  await leaving.waitFor()
  await isSound()
  await press(leaving, 'Cancel')
  await leaving.waitFor({ state: 'detached' })
  expect(await page.getByLabel('Name').inputValue()).toBe('Scribe of the house')
  await save.click()
  await page.getByText('Saved').waitFor()
  await page.getByRole('heading', { name: 'Scribe of the house', level: 1 }).waitFor()

  const held = async (tool: string) =>
    (await stage.ask<Policies>(user, 'GET', `/api/agents/${agentId}/policies`)).policies.find(
      (one) => one.tool === tool,
    )
  const rule = page.getByLabel('When “Create page” is called')
  await rule.selectOption({ label: 'Ask me' })
  await expect.poll(() => held('notion_create_page')).toMatchObject({ decision: 'ask', for_agent: 'ask' })
  await page.getByLabel('by anything that acts for me').check()
  await rule.selectOption({ label: 'Deny' })
  await expect.poll(() => held('notion_create_page')).toMatchObject({ decision: 'deny', for_agent: 'ask' })
  await page.getByLabel('by this agent').check()
  await page.getByText('Denied for all').waitFor()
  await isSound()
})

it('an agent is duplicated, and deleted with a way back, by the keyboard alone', async () => {
  const user = await stage.newUser('Dora')
  await stage.ask(user, 'POST', '/api/agents', { name: 'Archivist', tools: ['notion_search_pages'] })
  const { page, enter, isSound } = await stage.visit(WIDE_DARK_EN)
  await enter(user, '/agents')
  await page.getByRole('button', { name: 'Duplicate “Archivist”' }).press('Enter')
  await page.getByRole('heading', { name: 'Copy of Archivist', level: 1 }).waitFor()
  await page.getByLabel('Name').fill('Not to be kept')
  await page.getByRole('button', { name: 'Delete agent' }).press('Enter')
  await page.getByText('“Copy of Archivist” is being deleted').waitFor()
  await expect.poll(() => page.getByRole('link', { name: 'Copy of Archivist' }).count()).toBe(0)
  await isSound()
  // The way back goes along, wherever in the console its reader goes.
  await page.getByRole('link', { name: 'Usage' }).press('Enter')
  await page.getByRole('heading', { name: 'Usage', level: 1 }).waitFor()
  await page.getByRole('button', { name: 'Undo' }).press('Enter')
  await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H1')
  await page.getByRole('link', { name: 'Agents' }).press('Enter')
  await page.getByRole('link', { name: 'Copy of Archivist' }).waitFor()

  await page.getByRole('button', { name: 'Delete “Copy of Archivist”' }).press('Enter')
  await page.getByText('“Copy of Archivist” is being deleted').waitFor()
  // Who closes the console has decided: it is deleted at once.
  await page.goto('/settings')
  const names = async () =>
    (await stage.ask<{ agents: { name: string }[] }>(user, 'GET', '/api/agents')).agents.map(({ name }) => name)
  await expect.poll(names).toEqual(['Archivist'])
})

it('an agent that could not be saved keeps what was typed', async () => {
  const user = await stage.newUser('Fausto')
  const agent = await stage.ask<{ id: number }>(user, 'POST', '/api/agents', { name: 'Kept', tools: [] })
  const { page, enter, isSound, expectComplaints } = await stage.visit(WIDE_DARK_EN)
  expectComplaints(/500/)
  await page.route('**/api/agents/*', (route) =>
    route.request().method() === 'PATCH'
      ? route.fulfill({
          status: 500,
          contentType: 'application/problem+json',
          body: JSON.stringify({ code: 'internal_error', request_id: 'r-77' }),
        })
      : route.continue(),
  )
  await enter(user, `/agents/${agent.id}`)
  await page.getByLabel('Instructions').fill('Be brief.')
  await press(page, 'Save')
  await page.getByRole('alert').getByText('r-77').waitFor()
  expect(await page.getByLabel('Instructions').inputValue()).toBe('Be brief.')
  await isSound()
})
