import { afterAll, describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import {
  NARROW_DARK_EN,
  NARROW_LIGHT_PT,
  press,
  useConsoleStage,
  WIDE_DARK_EN,
  WIDE_LIGHT_PT,
} from '../../support/console-stage.ts'
import { startBentServer, type BentServer } from '../../support/bent-server.ts'
import { SEND, startRemoteServer, WHOAMI, type RemoteServer } from '../../support/remote-tool-server.ts'

/** Connections: made by a key, at the provider's page and by an address; looked after; ended. */

const REMOTE_TOKEN = 'rt-ana'
const REPLACEMENT = 'rt-ana-2'

let remote: RemoteServer
/** Lets nobody in who did not sign in there. */
let toolbox: BentServer
const stage = useConsoleStage(async () => {
  ;[remote, toolbox] = await Promise.all([startRemoteServer(), startBentServer()])
  remote.tokens.add(REMOTE_TOKEN)
  return { CHAVEIRO_REMOTE_SERVER_HOSTS: `${remote.host},${toolbox.host}` }
})
afterAll(() => Promise.all([remote[Symbol.asyncDispose](), toolbox[Symbol.asyncDispose]()]))

const cards = (page: Page) => page.getByRole('main').locator('li:has(dl)')
const focused = (page: Page) => page.evaluate('document.activeElement?.tagName')

describe('an account', () => {
  it('is connected by a key, named, tested, preferred and disconnected', async () => {
    const user = await stage.newUser('Rita')
    const { page, enter, isSound, expectComplaints } = await stage.visit(WIDE_LIGHT_PT)
    expectComplaints(/status of 422/)
    await enter(user, '/connections')
    await page.getByText('Nada está conectado ainda').waitFor()
    await isSound()
    await press(page, 'Conectar Notion')
    const dialog = page.getByRole('dialog')
    const secret = dialog.getByLabel('Segredo da integração')
    await secret.fill('ntn_wrong')
    await press(dialog, 'Conectar')
    await dialog.getByRole('alert').getByText('O provedor não aceita esta chave.').waitFor()
    expect(await secret.inputValue()).toBe('ntn_wrong')
    await isSound()
    await secret.fill(stage.user(0).notion_api_key)
    await secret.press('Enter')
    await dialog.getByText('está conectada').waitFor()
    await isSound()
    await press(dialog, 'Pronto')
    await cards(page).getByText('Conectada', { exact: true }).first().waitFor()

    await press(page, 'Renomear')
    const name = page.getByLabel('Nome da conexão')
    await name.fill('Trabalho')
    await isSound()
    await name.press('Enter')
    await page.getByRole('heading', { name: 'Trabalho' }).waitFor()
    await expect.poll(() => focused(page)).toBe('BUTTON')
    await press(page, 'Testar agora')
    await page.getByText('Funciona: a chave acabou de ser aceita.').waitFor()
    await isSound()

    await stage.ask(user, 'POST', '/api/mcp/notion/connect', { api_key: stage.user(1).notion_api_key })
    await page.reload()
    const second = cards(page).nth(1)
    await press(second, 'Tornar padrão')
    await second.getByText(/· padrão/).waitFor()
    await expect.poll(() => focused(page)).toBe('BUTTON')
    await isSound()

    await press(page.getByRole('group', { name: 'Trabalho' }), 'Desconectar')
    const confirm = page.getByRole('alertdialog')
    await confirm.getByText('Nada é apagado').waitFor()
    await isSound()
    await press(confirm, 'Desconectar “Trabalho”')
    await page.getByText('“Trabalho” foi desconectada').waitFor()
    await page.getByText('A chave em si ainda vale lá (Notion)').waitFor()
    await expect.poll(() => focused(page)).toBe('H1')
    expect(await page.getByRole('link', { name: 'Apagar a chave: Notion' }).getAttribute('href')).toMatch(/^https:/)
    await expect.poll(() => cards(page).count()).toBe(1)
    await isSound()
  })

  it('is connected at the provider’s page, or is not', async () => {
    const user = await stage.newUser('Davi')
    const { page, enter, isSound, expectOrigin } = await stage.visit(WIDE_DARK_EN)
    expectOrigin(new URL(stage.demo.description.notion_api_url).origin)
    await enter(user, '/connections?connect=notion')
    const leave = page.getByRole('dialog').getByRole('link', { name: 'Continue with Notion' })
    await leave.click()
    await press(page, 'Cancel')
    await page.getByRole('alert').getByText('You did not allow access there.').waitFor()
    await isSound()
    await press(page, 'Close')
    await expect.poll(() => new URL(page.url()).search).toBe('')
    expect(await focused(page)).toBe('H1')
    await press(page, 'Connect Notion')
    await leave.click()
    await page.locator('a[href*="person="]').first().click()
    await press(page, 'Allow access')
    await page.getByText(/^“.+” is connected\.$/).waitFor()
    await cards(page).waitFor()
    await isSound()
    await press(page, 'Disconnect')
    await press(page.getByRole('alertdialog'), /^Disconnect “/)
    await page.getByText(/was told, and accepts the key no more/).waitFor()
    await isSound()
  })
})

describe('a remote server', () => {
  it('is added by its address, shows what it changed, and is connected again', async () => {
    const user = await stage.newUser('Nilo')
    const { page, enter, isSound, expectComplaints } = await stage.visit(NARROW_DARK_EN)
    expectComplaints(/status of 4(00|22)/)
    await enter(user, '/access')
    await page.getByRole('link', { name: 'Connections' }).click()
    await press(page, 'Add any MCP server')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'GitHub' }).click()
    await isSound()
    const address = dialog.getByLabel('Address')
    await address.fill('http://127.0.0.1:9/mcp')
    await dialog.getByLabel('Name (if you like)').fill('Letters')
    await press(dialog, 'Connect')
    await dialog.getByRole('alert').waitFor()
    expect(await address.inputValue()).toBe('http://127.0.0.1:9/mcp')
    await isSound()
    await address.fill(remote.url)
    await dialog.getByLabel(/^Token/).fill('wrong')
    await press(dialog, 'Connect')
    await dialog.getByRole('alert').getByText(/token/i).first().waitFor()
    await dialog.getByLabel(/^Token/).fill(REMOTE_TOKEN)
    await press(dialog, 'Connect')
    await page.getByRole('heading', { name: 'Tools of “Letters”' }).waitFor()
    await dialog.getByText('letters_send').waitFor()
    await isSound()

    remote.tools = [WHOAMI, { ...SEND, description: 'Sends a text to everybody.' }]
    await press(dialog, 'Ask for its tools now')
    await dialog.getByText('Sends a text to everybody.').waitFor()
    await dialog.getByText('Sends a text to somebody.').waitFor()
    await isSound()
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Connections 1 changed tool waits for you' }).waitFor()
    await isSound()
    await press(page, '1 changed tool waits for you')
    await press(dialog, 'Accept “send”')
    await dialog.getByText('Sends a text to everybody.').waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByText('1 changed tool waits for you').count()).toBe(0)

    remote.tokens.clear()
    await press(page, 'Test now')
    await page.getByText('It did not work.').waitFor()
    await cards(page).getByText('Its key no longer works. Connect again to go on.').waitFor()
    await isSound()
    remote.tokens.add(REPLACEMENT)
    await press(page, 'Connect again')
    await dialog.getByRole('heading', { name: 'Connect “Letters” again' }).waitFor()
    await dialog.getByLabel(/^Token/).fill(REPLACEMENT)
    await isSound()
    await press(dialog, 'Connect')
    await page.getByRole('heading', { name: 'Tools of “Letters”' }).waitFor()
    await page.keyboard.press('Escape')
    await cards(page).getByText('Connected', { exact: true }).waitFor()
    await press(page, 'Disconnect')
    await press(page.getByRole('alertdialog'), 'Disconnect “Letters”')
    await page.getByText('“Letters” is disconnected.').waitFor()
    await isSound()
  })

  it('that wants a sign-in is connected there, and again once that has ended', async () => {
    const user = await stage.newUser('Iara')
    const { page, enter, isSound, expectOrigin } = await stage.visit(NARROW_LIGHT_PT)
    expectOrigin(toolbox.origin)
    await enter(user, '/connections?server=new')
    const dialog = page.getByRole('dialog')
    const address = dialog.getByLabel('Endereço')
    await address.fill(toolbox.url)
    await press(dialog, 'Conectar')
    await page.getByRole('link', { name: 'Refuse' }).click()
    await page.getByRole('alert').getByText('Você não autorizou o acesso lá.').waitFor()
    await isSound()
    await press(page, 'Adicionar um servidor MCP')
    expect(await address.inputValue()).toBe(toolbox.url)
    await press(dialog, 'Conectar')
    await page.getByRole('link', { name: 'Allow' }).click()
    await page.getByText(/^“.+” está conectada\.$/).waitFor()
    await isSound()
    await press(page, 'Adicionar um servidor MCP')
    expect(await address.inputValue()).toBe('')
    await page.keyboard.press('Escape')

    toolbox.forget()
    await press(page, 'Testar agora')
    await cards(page).getByText('A chave não funciona mais.').first().waitFor()
    await press(page, 'Conectar de novo')
    await dialog.getByText('Entre lá mais uma vez.').waitFor()
    await isSound()
    await press(dialog, 'Entrar lá')
    await page.getByRole('link', { name: 'Allow' }).click()
    await page.getByText(/^“.+” está conectada\.$/).waitFor()
    await cards(page).getByText('Conectada', { exact: true }).first().waitFor()
    expect(await cards(page).count()).toBe(1)
    await press(page, 'Testar agora')
    await page.getByText('Funciona').waitFor()
  })
})

describe('states', () => {
  it('are told apart on a phone, whatever is wrong', async () => {
    const user = await stage.newUser('Gil')
    const notion = { api_key: stage.user(0).notion_api_key }
    const made = await stage.ask<Record<string, unknown>>(user, 'POST', '/api/mcp/notion/connect', notion)
    const { page, enter, isSound, expectComplaints } = await stage.visit(NARROW_LIGHT_PT)
    expectComplaints(/status of 500/)
    const at = new Date(0).toISOString()
    const broken = { connected: false, last_error: 'The provider said no.', last_error_at: at }
    const connections = [
      { ...made, connection_id: 1, label: 'Velha', status: 'needs_reauthorization', ...broken },
      { ...made, connection_id: 2, label: 'Quebrada', status: 'error', is_default: false, ...broken },
      { ...made, connection_id: 3, label: 'Cortada', is_default: false, cut_off: 'An incident.' },
      { ...made, connection_id: 4, label: 'N'.repeat(100), is_default: false, permissions: {} },
    ]
    await page.route('**/api/mcp/connections', (route) => route.fulfill({ json: { connections, next_cursor: null } }))
    await enter(user, '/connections')
    for (const text of ['Conecte de novo', 'Não funciona', 'Bloqueada', 'Conectada']) {
      await cards(page).getByText(text, { exact: true }).first().waitFor()
    }
    expect(
      await page.getByRole('group', { name: 'Cortada' }).getByRole('button', { name: 'Testar agora' }).isDisabled(),
    ).toBe(true)
    await isSound()
    await press(page, 'Conectar de novo')
    await page.getByRole('dialog').getByRole('link', { name: 'Continuar com Notion' }).waitFor()
    expect(new URL(page.url()).search).toBe('?connect=notion&again=1')
    await isSound()
    await page.keyboard.press('Escape')
    await page.route('**/api/mcp/connections', (route) =>
      route.fulfill({ status: 500, json: { code: 'internal_error' } }),
    )
    await page.reload()
    await press(page, 'Tentar de novo')
    await page.getByRole('alert').first().waitFor()
    await isSound()
  })
})
