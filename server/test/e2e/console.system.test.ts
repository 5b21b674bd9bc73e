import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, Locator } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser, visitConsole, type ConsoleVisit, type Look } from '../support/console-visit.ts'
import { ROOT, startDemo, type RunningDemo } from '../support/demo.ts'

/** The console as people use it: in a real browser, against the whole server and the emulated Notion. */

/** Of the machine, for a stranger's whole path: they have a minute, and should need it for reading. */
const STRANGER_SECONDS = 60
const PASSWORD = 'correct horse battery staple'

let demo: RunningDemo
let browser: Browser
const visits: ConsoleVisit[] = []

beforeAll(async () => {
  demo = await startDemo()
  browser = await launchBrowser()
})
afterEach(async () => {
  await Promise.all(visits.splice(0).map((visit) => visit.close()))
})
afterAll(async () => {
  await browser.close()
  await demo.stop()
  rmSync(demo.directory, { recursive: true, force: true })
})

async function visit(look: Look): Promise<ConsoleVisit> {
  const made = await visitConsole(browser, demo.description.base_url, look)
  visits.push(made)
  return made
}

function userAt(index: number) {
  const user = demo.description.users[index]
  if (user === undefined) throw new Error('the demo has fewer users')
  return user
}

async function createAgent(name: string): Promise<void> {
  const answer = await fetch(`${demo.description.base_url}/api/agents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${userAt(1).api_token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name, tools: [] }),
  })
  expect(answer.status).toBe(200)
}

const WIDE = { locale: 'pt-BR', scheme: 'light', width: 1280 } as const
const NARROW = { locale: 'en-US', scheme: 'dark', width: 360 } as const

/** Presses a button in the way that works for keyboards, too: by its role and name. */
const press = (place: Pick<Locator, 'getByRole'>, name: string | RegExp) =>
  place.getByRole('button', { name }).first().click()

describe('a stranger', () => {
  it('opens, signs up, connects, asks, approves a write, sees it, and disconnects', async () => {
    const started = performance.now()
    const { page, complaints, strangers, faults } = await visit(WIDE)
    await page.goto('/')
    await page.getByRole('link', { name: 'Crie uma' }).click()
    await page.getByRole('heading', { name: 'Crie a sua conta' }).waitFor()
    expect(await faults()).toEqual([])
    await page.getByLabel('Nome').fill('Clara Lumiara')
    await page.getByLabel('E-mail').fill('clara@lumiara.example')
    await page.getByLabel('Senha').fill(PASSWORD)
    await press(page, 'Criar conta')

    await page.getByRole('heading', { name: 'Conecte uma conta' }).waitFor()
    expect(await faults()).toEqual([])
    await press(page, 'Conectar Notion')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Segredo da integração').fill(userAt(0).notion_api_key)
    expect(await faults()).toEqual([])
    await press(dialog, 'Conectar')
    await dialog.getByText('está conectada').waitFor()
    await press(dialog, 'Pronto')
    await press(page, 'Criar “Assistente”')

    await page.getByText('O que você quer saber ou fazer?').waitFor()
    expect(await faults()).toEqual([])
    const composer = page.getByLabel('Escreva uma mensagem')
    await composer.fill('Busque páginas sobre reuniões')
    await composer.press('Enter')
    await page.getByRole('link', { name: 'Reuniões', exact: true }).waitFor()
    await page.getByText('A resposta chegou.').waitFor({ state: 'attached' })
    expect(new URL(page.url()).pathname).toMatch(/^\/chat\/\d+$/)
    await page.getByRole('button', { name: /não é um modelo de IA/ }).waitFor()
    await page.locator('summary').first().click()
    expect(await faults()).toEqual([])

    await composer.fill('Adicione "Pauta: orçamento" na página Reuniões')
    await composer.press('Enter')
    const approval = page.getByRole('region', { name: 'A sua decisão' })
    await approval.getByText('Pauta: orçamento').waitFor()
    expect(await faults()).toEqual([])
    await press(approval, 'Aprovar uma vez')
    await page.getByText(/^Acrescentado/).waitFor()
    await approval.waitFor({ state: 'detached' })

    await page.getByRole('link', { name: 'Atividade' }).click()
    await page.getByRole('listitem').filter({ hasText: 'Chamada aprovada' }).first().waitFor()
    await page.getByText('Acrescentar conteúdo').first().waitFor()
    expect(await faults()).toEqual([])

    await page.getByRole('link', { name: 'Conexões' }).click()
    await press(page, 'Testar agora')
    await page.getByText('Funciona').waitFor()
    await press(page, 'Desconectar')
    const confirm = page.getByRole('alertdialog')
    await confirm.waitFor()
    expect(await faults()).toEqual([])
    await press(confirm, /^Desconectar “/)
    await page.getByText(/foi desconectada/).waitFor()
    await page.getByText('Nada está conectado ainda').waitFor()
    expect(await faults()).toEqual([])

    expect((performance.now() - started) / 1000).toBeLessThan(STRANGER_SECONDS)
    expect(complaints).toEqual([])
    expect(strangers).toEqual([])
  })
})

describe('somebody on a phone', () => {
  it('is told that a connection is missing, connects there, and the conversation goes on by itself', async () => {
    const { page, complaints, faults, signIn } = await visit(NARROW)
    await page.goto('/agents')
    await signIn(userAt(1))
    await page.getByText('You have no agent yet').waitFor()
    expect(await faults()).toEqual([])
    await press(page, 'Create “Reader”')
    await page.getByRole('heading', { name: 'Reader', level: 1 }).waitFor()
    await page.getByLabel('Name').fill('Librarian')
    await page.getByRole('checkbox', { name: /Search pages/ }).waitFor()
    expect(await faults()).toEqual([])
    await press(page, 'Save')
    await page.getByText('Saved').waitFor()

    await page.getByRole('link', { name: 'Chat' }).first().click()
    await press(page, 'Search pages about meetings')
    const missing = page.getByRole('region', { name: 'Connect Notion to go on' })
    await missing.waitFor()
    expect(await faults()).toEqual([])
    await press(missing, 'Connect Notion')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Integration secret').fill('ntn_wrong')
    await press(dialog, 'Connect')
    await dialog
      .getByRole('alert')
      .getByText(/does not accept this key/)
      .waitFor()
    expect(await faults()).toEqual([])
    await dialog.getByLabel('Integration secret').fill(userAt(1).notion_api_key)
    await press(dialog, 'Connect')
    await press(dialog, 'Done')
    await page
      .getByText(/^I found|result/i)
      .first()
      .waitFor()
    await missing.waitFor({ state: 'detached' })
    expect(await faults()).toEqual([])
    // A browser tells of every answer that is a failure; the wrong key is one.
    expect(complaints.filter((text) => !text.includes('422'))).toEqual([])
  })

  it('goes anywhere with the keyboard alone, and finds the focus where it should be', async () => {
    await createAgent('Archivist')
    const { page, complaints, faults, signIn } = await visit(NARROW)
    await page.goto('/settings')
    await signIn(userAt(1))
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
    await page.keyboard.press('Control+k')
    const input = page.getByRole('combobox', { name: 'Page, agent or conversation' })
    await input.waitFor()
    expect(await faults()).toEqual([])
    await page.keyboard.type('archiv')
    await page.getByRole('option', { name: /Archivist/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Archivist', level: 1 }).waitFor()
    await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H1')

    await press(page, 'Delete agent')
    const confirm = page.getByRole('alertdialog', { name: 'Delete “Archivist”?' })
    await confirm.waitFor()
    expect(await faults()).toEqual([])
    await page.keyboard.press('Escape')
    await confirm.waitFor({ state: 'detached' })
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Delete agent')
    await press(page, 'Delete agent')
    await press(confirm, 'Delete agent')
    await page.getByRole('heading', { name: 'Agents', level: 1 }).waitFor()
    await expect.poll(() => page.getByRole('link', { name: 'Archivist' }).count()).toBe(0)
    expect(complaints).toEqual([])
  })

  it('reads it in another language and another light at once, and signs out', async () => {
    const { page, complaints, faults, signIn } = await visit(NARROW)
    await page.goto('/settings')
    await signIn(userAt(1))
    await page.getByLabel('Português (Brasil)').click()
    await page.getByRole('heading', { name: 'Ajustes', level: 1 }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('pt-BR')
    await page.getByLabel('Claro').check()
    expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('light')
    expect(await faults()).toEqual([])
    await page.reload()
    await page.getByRole('heading', { name: 'Ajustes', level: 1 }).waitFor()
    await page.getByText('Este dispositivo').waitFor()
    await press(page, 'Sair')
    await page.getByRole('heading', { name: 'Entrar', level: 1 }).waitFor()
    expect(await faults()).toEqual([])
    await page.goto('/connections')
    await page.getByRole('heading', { name: 'Entrar', level: 1 }).waitFor()
    expect(complaints).toEqual([])
  })
})

const PATHS = ['/chat', '/agents', '/connections', '/connections?connect=notion', '/activity', '/settings']
const hrefs = (elements: readonly { getAttribute: (name: string) => string | null }[]) =>
  elements.map((element) => element.getAttribute('href') ?? '')

describe.each([
  { locale: 'en-US', scheme: 'light', width: 1280 },
  { locale: 'pt-BR', scheme: 'dark', width: 360 },
] as const)('every screen in $locale, $scheme, at $width pixels', (look) => {
  it('is whole', async () => {
    const { page, complaints, strangers, faults, signIn } = await visit(look)
    await page.goto('/')
    await signIn(userAt(0))
    const links = new Set<string>()
    for (const path of PATHS) {
      await page.goto(path)
      await page.locator('h1').waitFor()
      await expect.poll(() => page.getByRole('status', { name: /Loading|Carregando/ }).count()).toBe(0)
      expect([path, ...(await faults())]).toEqual([path])
      expect(await page.title()).toMatch(/ · Chaveiro$/)
      for (const link of await page.locator('a[href^="/"]').evaluateAll(hrefs)) links.add(link)
    }
    expect([...complaints, ...strangers]).toEqual([])
    expect(links.size).toBeGreaterThan(PATHS.length)
    for (const link of links) expect([link, (await page.request.get(link)).status()]).toEqual([link, 200])
  })
})

describe('a server in trouble', () => {
  it('is told of, with the number to give to its operator, and asked again', async () => {
    const { page, faults, signIn } = await visit(WIDE)
    await page.goto('/')
    await signIn(userAt(0))
    let broken = true
    await page.route('**/api/mcp/connections', (route) =>
      broken
        ? route.fulfill({
            status: 500,
            contentType: 'application/problem+json',
            body: JSON.stringify({ code: 'internal_error', detail: 'It was not your request.', request_id: 'r-42' }),
          })
        : route.continue(),
    )
    await page.goto('/connections')
    const alert = page.getByRole('alert')
    await alert.getByText('Algo deu errado do nosso lado').waitFor()
    expect(await alert.textContent()).toContain('r-42')
    expect(await faults()).toEqual([])
    broken = false
    await press(alert, 'Tentar de novo')
    await page.getByText('Nada está conectado ainda').waitFor()
  })

  it('that does not answer at all is told of, too', async () => {
    const { page, faults } = await visit(NARROW)
    await page.route('**/api/auth/get-session', (route) => route.abort())
    await page.goto('/chat')
    await page.getByRole('alert').getByText('The server does not answer').waitFor({ timeout: 20_000 })
    expect(await faults()).toEqual([])
    await page.unroute('**/api/auth/get-session')
    await press(page, 'Try again')
    await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor()
  })
})

it('a session that ends elsewhere leads to signing in, and back', async () => {
  const { page, signIn } = await visit(NARROW)
  await page.goto('/')
  await signIn(userAt(1))
  await page.goto('/settings')
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
  await page.context().clearCookies()
  await page.getByRole('link', { name: 'Activity' }).click()
  await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor()
  await signIn(userAt(1))
  await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor()
})

it('a hostile page loads nothing, runs nothing, and its links are asked about', async () => {
  const { page, complaints, strangers, faults, signIn } = await visit(WIDE)
  await page.goto('/')
  await signIn(userAt(0))
  const text = [
    '# Title',
    '<script>window.__ran = 1</script><img src="https://evil.example/1.png" onerror="window.__ran = 2">',
    '<style>body { display: none }</style><iframe src="https://evil.example/frame"></iframe>',
    '![pixel](https://evil.example/2.png) [click](javascript:window.__ran=3) [away](https://evil.example/path?x=1)',
    '| a | b |\n|---|---|\n| `x` | 😀 |',
    '```js\nconst a = 1\n```',
    `[](https://evil.example) ${'word '.repeat(200)}`,
  ].join('\n\n')
  const at = '2026-11-22T12:00:00.000Z'
  const message = { run_id: 1, created_at: at }
  await page.route('**/api/threads/9?*', (route) =>
    route.fulfill({
      json: {
        id: 9,
        agent_id: null,
        title: '<b>Hostile</b>',
        created_at: at,
        updated_at: at,
        messages: [
          { ...message, id: 1, role: 'user', parts: [{ type: 'text', text: '<i>hi</i>' }], metadata: {} },
          { ...message, id: 2, role: 'assistant', parts: [{ type: 'text', text }], metadata: { status: 'succeeded' } },
        ],
        next_cursor: null,
      },
    }),
  )
  await page.goto('/chat/9')
  await page.getByRole('heading', { name: '<b>Hostile</b>' }).waitFor()
  await page.getByRole('cell', { name: '😀' }).waitFor()
  expect(await faults()).toEqual([])
  expect(await page.locator('main :is(script, iframe, style, img, i)').count()).toBe(0)
  expect(await page.locator('main a[href^="javascript"]').count()).toBe(0)
  await page.getByRole('link', { name: 'away' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('https://evil.example/path?x=1').waitFor()
  expect(await faults()).toEqual([])
  await press(dialog, 'Cancelar')
  expect(await page.evaluate('window.__ran')).toBeUndefined()
  expect([...complaints, ...strangers]).toEqual([])
})

describe('what is loaded', () => {
  interface Chunk {
    readonly file: string
    readonly imports?: readonly string[]
  }
  /** Bytes of compressed script before a page can be used: its own chunk and all that chunk needs. */
  const FIRST_LOAD_BYTES = 150_000
  const built = join(ROOT, 'console', 'dist')
  const chunks = () => JSON.parse(readFileSync(join(built, '.vite', 'manifest.json'), 'utf8')) as Record<string, Chunk>

  function bytesOf(manifest: Record<string, Chunk>, names: readonly string[]): number {
    const needed = new Set<string>()
    const add = (name: string): void => {
      if (needed.has(name)) return
      needed.add(name)
      manifest[name]?.imports?.forEach(add)
    }
    names.forEach(add)
    const files = [...needed].flatMap((name) => manifest[name]?.file ?? []).filter((file) => file.endsWith('.js'))
    return files.reduce((sum, file) => sum + gzipSync(readFileSync(join(built, file))).length, 0)
  }

  it('before any page but the chat is little, and the chat has a chunk of its own', () => {
    const manifest = chunks()
    const pages = Object.keys(manifest).filter((name) => name.endsWith('-page.tsx'))
    const others = pages.filter((name) => !name.endsWith('/chat-page.tsx'))
    expect([pages.length, others.length]).toEqual([8, 7])
    const sizes = others.map((name) => ({ name, bytes: bytesOf(manifest, ['index.html', name]) }))
    expect(sizes.filter(({ bytes }) => bytes > FIRST_LOAD_BYTES)).toEqual([])
  })

  it('is compressed on its way, kept by digest, and never by anybody framed', async () => {
    const page = await fetch(demo.description.base_url)
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    const [, script = ''] = /<script type="module"[^>]* src="([^"]+)"/.exec(await page.text()) ?? []
    const answer = await fetch(demo.description.base_url + script, { headers: { 'accept-encoding': 'gzip' } })
    expect(answer.headers.get('content-encoding')).toBe('gzip')
    expect(answer.headers.get('cache-control')).toContain('immutable')
  })
})
