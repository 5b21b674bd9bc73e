import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  NARROW_DARK_EN,
  NARROW_LIGHT_PT,
  press,
  useConsoleStage,
  WIDE_DARK_EN,
  WIDE_LIGHT_PT,
} from '../../support/console-stage.ts'

/** Activity and usage: what was done, narrowed, looked at whole, taken along, and counted. */

const stage = useConsoleStage()
let agentId: number
let threadId: number

beforeAll(async () => {
  const user = stage.user(0)
  await stage.ask(user, 'POST', '/api/mcp/notion/connect', { api_key: user.notion_api_key })
  const tools = ['notion_search_pages', 'notion_append_blocks']
  const agent = await stage.ask<{ id: number }>(user, 'POST', '/api/agents', { name: 'Ana', tools })
  agentId = agent.id
  const chat = { agent_id: agentId, message: 'Busque páginas sobre reuniões' }
  const answer = await stage.ask<{ thread_id: number }>(user, 'POST', '/api/agents/chat', chat)
  threadId = answer.thread_id
  const missing = { page_id: '11111111-1111-4111-8111-111111111111' }
  await stage.ask(user, 'POST', '/api/tools/notion_list_users/call', { arguments: {} })
  await stage.ask(user, 'POST', '/api/tools/notion_read_page/call', { arguments: missing }).catch(() => undefined)
})

const rows = (page: Page) => page.locator('[data-event]')
const focusedRow = (page: Page) => page.evaluate('document.activeElement?.dataset.event ?? null')

describe('activity', () => {
  it('is narrowed by filters that the address keeps, and taken along as a file', async () => {
    const { page, enter, isSound } = await stage.visit(WIDE_LIGHT_PT)
    await enter(stage.user(0), '/activity')
    await page.getByRole('row').filter({ hasText: 'Listar usuários' }).waitFor()
    await isSound()
    await page.getByLabel('Agente').selectOption({ label: 'Ana' })
    await expect.poll(() => rows(page).count()).toBe(1)
    expect(new URL(page.url()).search).toBe(`?agent=${agentId}`)
    await page.getByLabel('Período').selectOption({ label: 'Últimas 24 horas' })
    await page.getByLabel('Assunto').selectOption({ label: 'Chamadas de ferramentas' })
    await page.getByLabel('Mostrar também cada uso').check()
    await expect.poll(() => rows(page).count()).toBe(2)
    await page.reload()
    await expect.poll(() => rows(page).count()).toBe(2)
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Exportar CSV')])
    expect(download.suggestedFilename()).toBe('chaveiro-activity.csv')
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n')
    expect(lines.map((line) => line.split(',')[2])).toEqual(['type', 'tool.called', 'credential.used'])
    await page.getByText('O arquivo foi salvo.').waitFor()
    await page.getByLabel('Desfecho').selectOption({ label: 'Negado' })
    await page.getByText('Nada do que você procura foi feito.').waitFor()
    await isSound()
    await press(page, 'Limpar os filtros')
    await page.getByRole('row').filter({ hasText: 'Listar usuários' }).waitFor()
    await page.getByLabel('Período').selectOption({ label: 'Dias à minha escolha' })
    await page.getByLabel('Primeiro dia').fill('2020-01-01')
    await page.getByLabel('Último dia').fill('2020-01-02')
    await page.getByText('Nada do que você procura foi feito.').waitFor()
    await isSound()
  })

  it('is walked through with the keyboard alone, event by event', async () => {
    const { page, enter, isSound } = await stage.visit(WIDE_DARK_EN)
    await enter(stage.user(0), '/activity?kind=calls')
    await rows(page).nth(2).waitFor()
    const ids = await rows(page).evaluateAll((all) => all.map((row) => row.getAttribute('data-event')))
    await rows(page).first().focus()
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => focusedRow(page)).toBe(ids[1])
    await page.keyboard.press('End')
    await expect.poll(() => focusedRow(page)).toBe(ids.at(-1))
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    const panel = page.getByRole('dialog')
    await panel.getByText('not_found', { exact: true }).waitFor()
    await panel.getByText('It does not exist, or is not yours.').waitFor()
    await isSound()
    await page.keyboard.press('ArrowDown')
    await panel.getByText('List users').first().waitFor()
    await page.keyboard.press('ArrowDown')
    await panel.getByText('Ana → Tool called → Search pages').waitFor()
    await panel.getByText('Your browser').or(panel.getByText('Token “demo”')).waitFor()
    expect(new URL(page.url()).searchParams.get('event')).toBe(ids[2])
    expect(await panel.getByRole('link', { name: 'Open the conversation' }).getAttribute('href')).toBe(
      `/chat/${threadId}`,
    )
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    await expect.poll(() => focusedRow(page)).toBe(ids[2])
    await page.goto(`/activity?outcome=denied&event=${ids[2]}`)
    await panel.getByText('Ana → Tool called → Search pages').waitFor()
    await press(panel, 'Close')
    await page.goto('/activity?event=999999999')
    await panel.getByText('There is no such event').waitFor()
    await isSound()
  })

  it('is drawn only where it is seen, however long it is, and says so where it is new or out of reach', async () => {
    const { page, enter, isSound, expectComplaints } = await stage.visit(NARROW_DARK_EN)
    const newcomer = await stage.newUser('Lia')
    await enter(newcomer, '/activity?kind=approvals')
    await press(page, 'filter set')
    await page.getByText('Nothing that fits was done.').waitFor()
    await isSound()
    const total = 3_000
    await page.route('**/api/activity?*', (route) => {
      const before = Number(new URL(route.request().url()).searchParams.get('cursor') ?? total + 1)
      const events = Array.from({ length: 100 }, (_, index) => eventAt(before - 1 - index))
      return route.fulfill({ json: { events, next_cursor: before - 100 > 1 ? before - 100 : null } })
    })
    await page.goto('/activity')
    await rows(page).first().waitFor()
    await rows(page).first().focus()
    // Each press leads to the end of what is there, and fetches the events after it: pressed until four such pages are.
    const toTheEnd = async () => {
      await page.keyboard.press('End')
      return Number((await focusedRow(page)) ?? Number.NaN)
    }
    await expect.poll(toTheEnd).toBeLessThanOrEqual(total + 1 - 400)
    expect(await rows(page).count()).toBeLessThan(60)
    await isSound()
    expectComplaints(/500/)
    await page.route('**/api/activity?*', (route) =>
      route.fulfill({ status: 500, json: { code: 'internal_error', detail: 'x', request_id: 'r-9' } }),
    )
    await page.goto('/activity')
    await page.getByRole('alert').getByText('r-9').waitFor()
    await isSound()
  })
})

function eventAt(id: number) {
  return {
    id,
    type: 'tool.called',
    outcome: 'success',
    actor: { kind: 'user', via: 'session', via_id: '1' },
    target: { kind: 'connection', id: 1, label: `Row ${id}`, provider: 'notion' },
    details: { tool: 'notion_search_pages', duration_ms: 12 },
    request_id: 'r-1',
    at: '2026-11-22T12:00:00.000Z',
  }
}

describe('usage', () => {
  it('is drawn by group and time, with the same in tables', async () => {
    const { page, enter, isSound } = await stage.visit(WIDE_LIGHT_PT)
    await enter(stage.user(0), '/usage')
    await page.getByRole('img', { name: 'Chamadas ao longo do tempo, por grupo' }).locator('svg').first().waitFor()
    await page.getByRole('img', { name: 'Quanto as chamadas levaram' }).locator('svg').first().waitFor()
    await page.getByRole('row', { name: /^Notion 3 1 / }).waitFor()
    await isSound()
    await page.getByLabel('Separado por').selectOption({ label: 'Agente' })
    await page.getByRole('row', { name: /^Ana 1 0 / }).waitFor()
    await page.getByRole('row', { name: /^Sem agente 2 1 / }).waitFor()
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ by: 'agent', range: '7d' })
    await page.getByText('Mostrar os números').click()
    await expect.poll(() => page.getByRole('table').first().getByRole('row').count()).toBe(9)
    await isSound()
    await page.getByLabel('Período').selectOption({ label: 'Últimas 24 horas' })
    await expect.poll(() => page.getByRole('table').first().getByRole('row').count()).toBeGreaterThan(24)
  })

  it('fits a phone, and says so where there is nothing, or nobody answers', async () => {
    const { page, enter, isSound, expectComplaints } = await stage.visit(NARROW_LIGHT_PT)
    await enter(stage.user(0), '/usage?by=tool&range=24h')
    await page.getByRole('row', { name: /^Listar usuários 1 0 / }).waitFor()
    await page.getByRole('img', { name: 'Erros ao longo do tempo' }).locator('svg').first().waitFor()
    await isSound()
    const newcomer = await stage.newUser('Noa')
    await enter(newcomer, '/usage')
    await page.getByText('Nada foi chamado neste período').waitFor()
    await isSound()
    expectComplaints(/500/)
    await page.route('**/api/usage?*', (route) =>
      route.fulfill({ status: 500, json: { code: 'internal_error', detail: 'x', request_id: 'r-9' } }),
    )
    await page.reload()
    await page.getByRole('alert').getByText('r-9').waitFor()
    await page.unroute('**/api/usage?*')
    await press(page, 'Tentar de novo')
    await page.getByText('Nada foi chamado neste período').waitFor()
  })
})
