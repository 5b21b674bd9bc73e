import { expect, it } from 'vitest'
import { longThread, manyThreads } from '../../support/long-conversations.ts'
import { NARROW_DARK_EN, press, useConsoleStage, WIDE_LIGHT_PT, type NewUser } from '../../support/console-stage.ts'

/** Conversations as they are lived with: decided about, changed, found again, and long. */

const stage = useConsoleStage()

const TOOLS = ['notion_search_pages', 'notion_read_page_content', 'notion_append_blocks', 'notion_archive_page']

async function equip(user: NewUser, name: string): Promise<number> {
  await stage.ask(user, 'POST', '/api/mcp/notion/connect', { api_key: stage.user(0).notion_api_key })
  const agent = await stage.ask<{ id: number }>(user, 'POST', '/api/agents', { name, tools: TOOLS })
  return agent.id
}

it('a write is approved for good, asked for again without being repeated, changed, renamed and found', async () => {
  const user = await stage.newUser('Rita')
  const agentId = await equip(user, 'Ana')
  const { page, enter, isSound } = await stage.visit(WIDE_LIGHT_PT)
  await enter(user, `/chat?agent=${agentId}`)
  const composer = page.getByLabel('Escreva uma mensagem')
  const say = async (message: string) => {
    await composer.fill(message)
    await composer.press('Enter')
  }
  const answered = () => page.getByText('A resposta chegou.').waitFor({ state: 'attached' })
  await say('Busque páginas sobre reuniões')
  await page.getByRole('link', { name: 'Reuniões', exact: true }).waitFor()
  await answered()
  await page.locator('summary').first().click()
  await page.getByRole('group', { name: 'Resultado' }).getByRole('link').first().waitFor()
  await page.getByText('Resultado bruto').click()
  await isSound()

  await say('Adicione "Pauta: orçamento" na página Reuniões')
  const approval = page.getByRole('region', { name: 'A sua decisão' })
  await approval.getByText('em “Reuniões”').waitFor()
  await approval.getByText('Ana pede').waitFor()
  await isSound()
  await press(approval, 'Sempre para este agente')
  await page.getByText(/^Acrescentado/).waitFor()
  await approval.waitFor({ state: 'detached' })

  await answered()
  await press(page, 'Responder de novo')
  await page.getByText('não foi feito de novo').waitFor()
  await answered()
  expect(await page.getByRole('list', { name: 'Mensagens' }).getByRole('listitem').count()).toBeGreaterThanOrEqual(4)
  await isSound()

  await say('Adicione "Segunda pauta" na página Reuniões')
  await expect.poll(() => page.getByText(/^Acrescentado/).count()).toBe(2)
  await answered()
  expect(await approval.count()).toBe(0)

  await expect.poll(() => page.getByRole('button', { name: 'Editar mensagem' }).count()).toBe(3)
  await page.getByText('Adicione "Segunda pauta"').hover()
  await page.getByRole('button', { name: 'Editar mensagem' }).last().click()
  const edited = page.getByRole('textbox', { name: 'Editar mensagem' })
  await isSound()
  await edited.fill('Busque páginas sobre férias')
  await edited.press('Enter')
  await page.getByText('Busque páginas sobre férias').waitFor()
  await answered()
  expect(await page.getByText('Segunda pauta').count()).toBe(0)

  await page.getByRole('link', { name: 'Busque páginas sobre reuniões' }).hover()
  await press(page, 'Renomear “Busque páginas sobre reuniões”')
  const dialog = page.getByRole('dialog', { name: 'Renomear conversa' })
  await dialog.getByLabel('Título').fill('Pautas do mês')
  await isSound()
  await press(dialog, 'Salvar')
  await page.getByRole('heading', { name: 'Pautas do mês', level: 1 }).waitFor()

  const found = await stage.ask<{ threads: { title: string }[] }>(user, 'GET', '/api/threads?search=ferias%20orcamento')
  expect(found.threads.map(({ title }) => title)).toEqual(['Pautas do mês'])
  const gone = await stage.ask<{ threads: unknown[] }>(user, 'GET', '/api/threads?search=segunda')
  expect(gone.threads).toEqual([])
})

it('a long conversation among a thousand answers within the blink of an eye', async () => {
  const user = await stage.newUser('Longa')
  const { page, enter, isSound } = await stage.visit(WIDE_LIGHT_PT)
  const threads = manyThreads(1_000)
  const messages = longThread(500)
  await page.route(/\/api\/threads\?/, (route) => {
    const query = new URL(route.request().url()).searchParams
    const search = query.get('search')
    const cursor = Number(query.get('cursor') ?? Infinity)
    const limit = Number(query.get('limit'))
    const fitting = threads.filter(({ id, title }) => id < cursor && (search === null || title.includes(search)))
    const rows = fitting.slice(0, limit)
    return route.fulfill({
      json: { threads: rows, next_cursor: fitting.length > limit ? (rows.at(-1)?.id ?? null) : null },
    })
  })
  await page.route(/\/api\/threads\/\d+\?/, (route) => {
    const url = new URL(route.request().url())
    const cursor = Number(url.searchParams.get('cursor') ?? Infinity)
    const limit = Number(url.searchParams.get('limit'))
    const before = messages.filter(({ id }) => id < cursor)
    const rows = before.slice(-limit)
    const id = Number(url.pathname.split('/').at(-1))
    const thread = threads.find((one) => one.id === id)
    return route.fulfill({
      json: { ...thread, messages: rows, next_cursor: before.length > limit ? (rows[0]?.id ?? null) : null },
    })
  })
  await enter(user, '/chat/1000')
  await page.getByText('Resposta 500').waitFor()
  await isSound()
  expect(await page.locator('aside li').count()).toBeLessThan(100)

  // What was read stays where it is while earlier messages come above it.
  for (let asked = 0; asked < 4; asked += 1) {
    const before = await page.getByText(`Pergunta ${471 - asked * 30}`).boundingBox()
    await page.getByRole('button', { name: 'Mostrar mensagens anteriores' }).click()
    await page.getByText(`Pergunta ${441 - asked * 30}`).waitFor({ state: 'attached' })
    expect(before).not.toBeNull()
  }

  await page.evaluate(`(() => {
    globalThis.slowest = {}
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const key = entry.name
        globalThis.slowest[key] = Math.max(globalThis.slowest[key] ?? 0, entry.duration)
      }
    }).observe({ type: 'event', durationThreshold: 16, buffered: true })
  })()`)
  const slowest = async (what: string) => {
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50)))')
    const durations = (await page.evaluate('globalThis.slowest')) as Record<string, number>
    await page.evaluate('(() => { globalThis.slowest = {} })()')
    return `${what}: ${Math.max(0, ...Object.values(durations))} ms`
  }
  // What a machine under load makes of the least that can be asked of it is the measure for the rest.
  await page.getByLabel('Escreva uma mensagem').focus()
  for (let pressed = 0; pressed < 20; pressed += 1) await page.keyboard.press('Shift')
  const measured = [await slowest('keys that do nothing')]
  await page.getByLabel('Escreva uma mensagem').pressSequentially('uma frase que alguém escreve')
  measured.push(await slowest('typing a sentence'))
  await page.locator('summary').last().click()
  measured.push(await slowest('unfolding a card'))
  await page.getByRole('link', { name: 'Conversa 995', exact: true }).click()
  await page.getByRole('heading', { name: 'Conversa 995' }).waitFor()
  measured.push(await slowest('opening another conversation'))
  console.log(
    `The slowest interaction each, with 150 messages of 500 shown among 1,000 conversations: ${measured.join(', ')}`,
  )

  await page.getByLabel('Buscar conversas').fill('Conversa 77')
  await page.getByRole('link', { name: 'Conversa 779', exact: true }).waitFor()
  await page.waitForURL(/search=Conversa/)
  await page.getByRole('link', { name: 'Conversa 779', exact: true }).click()
  await page.getByRole('heading', { name: 'Conversa 779' }).waitFor()
  expect(await page.getByLabel('Buscar conversas').inputValue()).toBe('Conversa 77')
})

it('a run that was cut off is followed again, and gone on with, on a phone', async () => {
  const user = await stage.newUser('Cut')
  const { page, enter, isSound } = await stage.visit(NARROW_DARK_EN)
  const at = '2026-11-22T12:00:00.000Z'
  let status: string | null = null
  let text = ''
  await page.route(/\/api\/threads\/9\?/, (route) =>
    route.fulfill({
      json: {
        id: 9,
        agent_id: 1,
        title: 'Cut off',
        created_at: at,
        updated_at: at,
        messages: [
          { id: 1, run_id: 4, role: 'user', parts: [{ type: 'text', text: 'Go' }], metadata: {}, created_at: at },
          {
            id: 2,
            run_id: 4,
            role: 'assistant',
            parts: text === '' ? [] : [{ type: 'text', text }],
            metadata: status === null ? {} : { status },
            created_at: at,
          },
        ],
        next_cursor: null,
      },
    }),
  )
  const start = { type: 'start', messageId: '2', messageMetadata: { thread_id: 9, run_id: 4 } }
  const stream = (chunks: readonly object[]) => ({
    contentType: 'text/event-stream',
    body: [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map((line) => `data: ${line}\n\n`).join(''),
  })
  await page.route('**/api/runs/4/stream', (route) => {
    status = 'interrupted'
    text = 'The first half'
    return route.fulfill(stream([start, { type: 'text-start', id: 't' }, { type: 'text-delta', id: 't', delta: text }]))
  })
  await page.route('**/api/runs/4/resume', (route) => {
    status = 'succeeded'
    text = 'The whole of it.'
    const said = [
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta: text },
    ]
    return route.fulfill(stream([start, ...said, { type: 'finish', messageMetadata: { status } }]))
  })
  await enter(user, '/chat/9')
  await page.getByText('The first half').waitFor()
  await page.getByText('The server stopped in the middle').waitFor()
  await isSound()
  await press(page, 'Go on')
  await page.getByText('The whole of it.').waitFor()
  await expect.poll(() => page.getByText('The first half').count()).toBe(0)
  await isSound()
})
