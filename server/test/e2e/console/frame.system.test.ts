import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { NARROW_DARK_EN, press, useConsoleStage, WIDE_LIGHT_PT } from '../../support/console-stage.ts'
import { ROOT } from '../../support/demo.ts'

/** What surrounds every screen, in a real browser, against the whole server. */

const stage = useConsoleStage()

describe('somebody on a phone', () => {
  it('goes anywhere with the keyboard alone, and finds the focus where it should be', async () => {
    await stage.ask(stage.user(1), 'POST', '/api/agents', { name: 'Archivist', tools: [] })
    const { page, isSound, signIn } = await stage.visit(NARROW_DARK_EN)
    await page.goto('/settings')
    await signIn(stage.user(1))
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
    await page.keyboard.press('Control+k')
    const input = page.getByRole('combobox', { name: 'Page, action, agent or conversation' })
    await input.waitFor()
    await isSound()
    await page.keyboard.type('archiv')
    await page.getByRole('option', { name: /Archivist/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Archivist', level: 1 }).waitFor()
    await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H1')

    await press(page, 'Delete agent')
    await page.getByRole('heading', { name: 'Agents', level: 1 }).waitFor()
    await page.getByText('“Archivist” is being deleted').waitFor()
    await expect.poll(() => page.getByRole('link', { name: 'Archivist' }).count()).toBe(0)
  })

  it('reads it in another language and another light at once, and signs out', async () => {
    const { page, isSound, signIn } = await stage.visit(NARROW_DARK_EN)
    await page.goto('/settings')
    await signIn(stage.user(1))
    await page.getByLabel('Português (Brasil)').click()
    await page.getByRole('heading', { name: 'Ajustes', level: 1 }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('pt-BR')
    await page.getByLabel('Claro').check()
    expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('light')
    await isSound()
    await page.reload()
    await page.getByRole('heading', { name: 'Ajustes', level: 1 }).waitFor()
    await page.getByText('Este dispositivo').waitFor()
    await press(page, 'Sair')
    await page.getByRole('heading', { name: 'Entrar', level: 1 }).waitFor()
    await isSound()
    await page.goto('/connections')
    await page.getByRole('heading', { name: 'Entrar', level: 1 }).waitFor()
  })
})

const PATHS = [
  '/chat',
  '/agents',
  '/connections',
  '/connections?connect=notion',
  '/activity',
  '/usage',
  '/access',
  '/access/connect',
  '/access/tokens',
  '/administration',
  '/settings',
]
const hrefs = (elements: readonly { getAttribute: (name: string) => string | null }[]) =>
  elements.map((element) => element.getAttribute('href') ?? '')

describe.each([
  { locale: 'en-US', scheme: 'light', width: 1280 },
  { locale: 'pt-BR', scheme: 'dark', width: 360 },
] as const)('every screen in $locale, $scheme, at $width pixels', (look) => {
  it('is whole', async () => {
    const { page, isSound, enter } = await stage.visit(look)
    await enter(stage.user(0))
    const links = new Set<string>()
    for (const path of PATHS) {
      await page.goto(path)
      await page.locator('h1').waitFor()
      await expect.poll(() => page.getByRole('status', { name: /Loading|Carregando/ }).count()).toBe(0)
      await isSound()
      expect(await page.title()).toMatch(/ · Chaveiro$/)
      for (const link of await page.locator('a[href^="/"]').evaluateAll(hrefs)) links.add(link)
    }
    expect(links.size).toBeGreaterThan(PATHS.length)
    for (const link of links) expect([link, (await page.request.get(link)).status()]).toEqual([link, 200])
  })
})

describe('the frame', () => {
  it('folds and stays folded, tells its keys, and does from the palette what the pages do', async () => {
    const { page, isSound, enter } = await stage.visit(WIDE_LIGHT_PT)
    await enter(stage.user(0), '/agents')
    await page.getByRole('heading', { name: 'Agentes', level: 1 }).waitFor()
    const rail = page.getByRole('navigation', { name: 'Páginas' })
    const width = async () => (await rail.boundingBox())?.width ?? 0
    const unfolded = await width()
    await page.keyboard.press('[')
    await expect.poll(width).toBeLessThan(unfolded / 2)
    await isSound()
    await page.reload()
    await rail.getByRole('link', { name: 'Conexões' }).waitFor()
    expect(await width()).toBeLessThan(unfolded / 2)
    await press(rail, 'Abrir o menu')
    await expect.poll(width).toBe(unfolded)

    await page.keyboard.press('?')
    const shortcuts = page.getByRole('dialog', { name: 'Atalhos do teclado' })
    await shortcuts.getByText('Conexões').waitFor()
    await isSound()
    await page.keyboard.press('Escape')
    await shortcuts.waitFor({ state: 'detached' })
    await page.keyboard.press('g')
    await page.keyboard.press('4')
    await page.getByRole('heading', { name: 'Atividade', level: 1 }).waitFor()

    const choose = async (typed: string, option: string) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').fill(typed)
      await page.getByRole('option', { name: option }).waitFor()
      await page.keyboard.press('Enter')
    }
    await choose('tema esc', 'Tema: escuro')
    await expect.poll(() => page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('dark')
    await choose('ajustes', 'Ajustes')
    await page.getByLabel('Escuro').waitFor()
    expect(await page.getByLabel('Escuro').isChecked()).toBe(true)
    await choose('tema cla', 'Tema: claro')
    await expect.poll(() => page.getByLabel('Claro').isChecked()).toBe(true)
    await choose('conectar not', 'Conectar Notion')
    await page.getByRole('dialog', { name: 'Conectar Notion' }).waitFor()
    await page.keyboard.press('Escape')
    await choose('english', 'Idioma: English')
    await page.getByRole('heading', { name: 'Connections', level: 1 }).waitFor()
    await isSound()
    await choose('sign out', 'Sign out')
    await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor()
  })

  it('has room for every page on a phone, and none of its keys is taken from somebody who types', async () => {
    const { page, isSound, enter, expectComplaints } = await stage.visit(NARROW_DARK_EN)
    expectComplaints(/404/)
    await enter(stage.user(1), '/chat/987654')
    await page.getByRole('heading', { name: 'There is nothing here', level: 1 }).waitFor()
    await isSound()
    await press(page, 'More')
    const more = page.getByRole('dialog', { name: 'More pages' })
    await more.waitFor()
    await isSound()
    await more.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
    await more.waitFor({ state: 'detached' })
    await press(page, 'More')
    await press(more, 'Go to')
    await page.getByRole('combobox').fill('n?[')
    await page.getByText('Nothing has that name.').waitFor()
    await page.keyboard.press('Escape')
    expect(new URL(page.url()).pathname).toBe('/settings')
  })
})

describe('a server in trouble', () => {
  it('is told of, with the number to give to its operator, and asked again', async () => {
    const { page, isSound, enter, expectComplaints } = await stage.visit(WIDE_LIGHT_PT)
    expectComplaints(/500/)
    await enter(stage.user(0))
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
    await isSound()
    broken = false
    await press(alert, 'Tentar de novo')
    await page.getByText('Nada está conectado ainda').waitFor()
  })

  it('that does not answer at all is told of, too', async () => {
    const { page, isSound, expectComplaints } = await stage.visit(NARROW_DARK_EN)
    expectComplaints(/ERR_FAILED|Failed to fetch|error occurred in/)
    await page.route('**/api/auth/get-session', (route) => route.abort())
    await page.goto('/chat')
    await page.getByRole('alert').getByText('The server does not answer').waitFor({ timeout: 20_000 })
    await isSound()
    await press(page, 'Try again')
    await page.getByRole('status').getByText('The server does not answer').waitFor()
    await page.unroute('**/api/auth/get-session')
    await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor()
    await page.getByRole('status').getByText('The server answers again').waitFor()
    await isSound()
  })
})

it('a session that ends elsewhere leads to signing in, and back', async () => {
  const { page, signIn, enter, expectComplaints } = await stage.visit(NARROW_DARK_EN)
  expectComplaints(/401/)
  await enter(stage.user(1), '/settings')
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
  await page.context().clearCookies()
  await page.getByRole('link', { name: 'Activity' }).click()
  await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor()
  await signIn(stage.user(1))
  await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor()
})

describe('what is loaded', () => {
  interface Chunk {
    readonly file: string
    readonly imports?: readonly string[]
  }
  /** Bytes of compressed script before a page can be used: what the document names, the page's own chunk and all that needs. */
  const FIRST_LOAD_BYTES = 150_000
  const built = join(ROOT, 'console', 'dist')
  const chunks = () => JSON.parse(readFileSync(join(built, '.vite', 'manifest.json'), 'utf8')) as Record<string, Chunk>
  const document = () => readFileSync(join(built, 'index.html'), 'utf8')

  function filesOf(manifest: Record<string, Chunk>, page: string): readonly string[] {
    const needed = new Set<string>()
    const add = (name: string): void => {
      if (needed.has(name)) return
      needed.add(name)
      manifest[name]?.imports?.forEach(add)
    }
    add(page)
    const files = [...needed].flatMap((name) => manifest[name]?.file ?? []).filter((file) => file.endsWith('.js'))
    const named = [...document().matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].flatMap(([, file]) => file ?? [])
    expect(named).not.toEqual([])
    return [...new Set([...files, ...named])]
  }

  it('before any page but the chat is little, and the chat has a chunk of its own', () => {
    const manifest = chunks()
    const pages = Object.keys(manifest).filter((name) => name.endsWith('-page.tsx'))
    const others = pages.filter((name) => !name.endsWith('/chat-page.tsx'))
    expect(pages.length).toBeGreaterThanOrEqual(8)
    expect(others.length).toBe(pages.length - 1)
    const sizes = others.map((name) => ({
      name,
      bytes: filesOf(manifest, name).reduce((sum, file) => sum + gzipSync(readFileSync(join(built, file))).length, 0),
    }))
    expect(sizes.filter(({ bytes }) => bytes > FIRST_LOAD_BYTES)).toEqual([])
  })

  it('before a page stands, its words and all that it asked for in the meantime, comes to no more', async () => {
    const { page, enter } = await stage.visit(WIDE_LIGHT_PT)
    const bodies: Promise<number>[] = []
    page.on('response', (response) => {
      if (response.url().endsWith('.js')) {
        bodies.push(
          response
            .request()
            .sizes()
            .then(({ responseBodySize }) => responseBodySize),
        )
      }
    })
    await enter(stage.user(0), '/agents')
    await page.getByRole('heading', { name: 'Agentes', level: 1 }).waitFor()
    await page.waitForLoadState('networkidle')
    const bytes = (await Promise.all(bodies)).reduce((sum, size) => sum + size, 0)
    expect(bytes).toBeGreaterThan(FIRST_LOAD_BYTES / 2)
    expect(bytes).toBeLessThan(FIRST_LOAD_BYTES)
  })

  it('is compressed on its way, kept by digest, and never by anybody framed', async () => {
    const page = await fetch(stage.baseUrl)
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    const [, script = ''] = /<script type="module"[^>]* src="([^"]+)"/.exec(await page.text()) ?? []
    const answer = await fetch(stage.baseUrl + script, { headers: { 'accept-encoding': 'gzip, br' } })
    expect(answer.headers.get('content-encoding')).toBe('br')
    expect(answer.headers.get('cache-control')).toContain('immutable')
  })
})
