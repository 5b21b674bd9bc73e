import { describe, expect, it } from 'vitest'
import { NARROW_DARK_EN, press, useConsoleStage, WIDE_LIGHT_PT } from '../../support/console-stage.ts'

/** The first minute of somebody who never saw it: from an empty browser to an answer, a change, and its end. */

/** Of the machine, for a stranger's whole path: they have a minute, and should need it for reading. */
const STRANGER_SECONDS = 60
const PASSWORD = 'correct horse battery staple'

const stage = useConsoleStage()

describe('a stranger', () => {
  it('opens, signs up, connects, asks, approves a write, sees it, and disconnects', async () => {
    const started = performance.now()
    const { page, isSound } = await stage.visit(WIDE_LIGHT_PT)
    await page.goto('/')
    await page.getByRole('link', { name: 'Crie uma' }).click()
    await page.getByRole('heading', { name: 'Crie a sua conta' }).waitFor()
    await isSound()
    await page.getByLabel('Nome').fill('Clara Lumiara')
    await page.getByLabel('E-mail').fill('clara@lumiara.example')
    await page.getByLabel('Senha').fill(PASSWORD)
    await press(page, 'Criar conta')

    await page.getByRole('heading', { name: 'Conecte uma conta' }).waitFor()
    await isSound()
    await press(page, 'Conectar Notion')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Segredo da integração').fill(stage.user(0).notion_api_key)
    await isSound()
    await press(dialog, 'Conectar')
    await dialog.getByText('está conectada').waitFor()
    await press(dialog, 'Pronto')
    await press(page, 'Criar “Assistente”')

    await page.getByText('O que você quer saber ou fazer?').waitFor()
    await isSound()
    const composer = page.getByLabel('Escreva uma mensagem')
    await composer.fill('Busque páginas sobre reuniões')
    await composer.press('Enter')
    await page.getByRole('link', { name: 'Reuniões', exact: true }).waitFor()
    await page.getByText('A resposta chegou.').waitFor({ state: 'attached' })
    expect(new URL(page.url()).pathname).toMatch(/^\/chat\/\d+$/)
    await page.getByRole('button', { name: /não é um modelo de IA/ }).waitFor()
    await page.locator('summary').first().click()
    await isSound()

    await composer.fill('Adicione "Pauta: orçamento" na página Reuniões')
    await composer.press('Enter')
    const approval = page.getByRole('region', { name: 'A sua decisão' })
    await approval.getByText('Pauta: orçamento').waitFor()
    await isSound()
    await press(approval, 'Aprovar uma vez')
    await page.getByText(/^Acrescentado/).waitFor()
    await approval.waitFor({ state: 'detached' })

    await page.getByRole('link', { name: 'Atividade' }).click()
    await page.getByRole('row').filter({ hasText: 'Chamada aprovada' }).first().waitFor()
    await page.getByRole('row').filter({ hasText: 'Acrescentar conteúdo' }).first().waitFor()
    await isSound()

    await page.getByRole('link', { name: 'Conexões' }).click()
    await press(page, 'Testar agora')
    await page.getByText('Funciona').waitFor()
    await press(page, 'Desconectar')
    const confirm = page.getByRole('alertdialog')
    await confirm.waitFor()
    await isSound()
    await press(confirm, /^Desconectar “/)
    await page.getByText(/foi desconectada/).waitFor()
    await page.getByText('Nada está conectado ainda').waitFor()
    await isSound()

    expect((performance.now() - started) / 1000).toBeLessThan(STRANGER_SECONDS)
  })

  it('connects by the provider’s own page in one press, comes back to the next step, and gets a first answer', async () => {
    const { page, isSound, enter, expectOrigin } = await stage.visit(NARROW_DARK_EN)
    expectOrigin(new URL(stage.demo.description.notion_api_url).origin)
    await enter(await stage.newUser('Davi'))
    await page.getByRole('link', { name: 'Connect Notion' }).click()
    await page.getByRole('heading', { name: 'Chaveiro asks for access' }).waitFor()
    await page.getByRole('listitem').getByRole('link').first().click()
    await page.getByRole('checkbox').first().check()
    await press(page, 'Allow access')
    await page.getByText('Done: ').waitFor({ state: 'attached' })
    expect(new URL(page.url()).pathname).toBe('/chat')
    await isSound()
    await press(page, 'Create “Reader”')
    await press(page, 'Search pages about meetings')
    await page.getByText('The answer is there.').waitFor({ state: 'attached' })
  })

  it('who takes back the consent is told so, and can go on', async () => {
    const { page, isSound, enter } = await stage.visit(WIDE_LIGHT_PT)
    await enter(await stage.newUser('Eva'), '/chat?connect_error=access_denied')
    await page.getByRole('alert').getByText('Nada foi conectado').waitFor()
    await isSound()
  })
})
