import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { generateKeyText } from '../../../src/vault/keys.ts'
import {
  NARROW_DARK_EN,
  NARROW_LIGHT_PT,
  press,
  useConsoleStage,
  WIDE_DARK_EN,
  WIDE_LIGHT_PT,
} from '../../support/console-stage.ts'

/** Looking after the server: what its owner sees and does, and that nobody else is led there. */

const stage = useConsoleStage()
const REFUSALS = 10

const rowsOf = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text })

it('the owner finds somebody, keeps them out, lets them in again, and sees what was denied to them', async () => {
  const rita = await stage.newUser('Rita')
  const { page, enter, isSound } = await stage.visit(WIDE_DARK_EN)
  for (let count = 0; count < REFUSALS; count += 1) {
    await expect(stage.ask(rita, 'GET', '/api/admin/keys')).rejects.toThrow('403')
  }
  await enter(stage.user(0), '/administration')
  await page.getByRole('heading', { name: 'Administration', level: 1 }).waitFor()
  await page.getByLabel('Name, e-mail address or number').fill('rita')
  await expect.poll(() => rowsOf(page, '@').count()).toBe(1)
  expect(new URL(page.url()).search).toBe('?search=rita')
  await press(page, 'Manage Rita')
  const panel = page.getByRole('dialog', { name: 'Rita' })
  await panel.getByText(rita.email).waitFor()
  await isSound()
  await panel.getByLabel('Reason').fill('Looks around')
  await press(panel, 'Disable Rita')
  await panel.getByText('Disabled: Looks around').waitFor()
  await expect(stage.ask(rita, 'GET', '/api/me')).rejects.toThrow(/answered 40[13]/)
  await press(panel, 'Enable Rita again')
  await panel.getByText('Rita can sign in again.').waitFor()
  await expect(stage.ask(rita, 'GET', '/api/activity')).resolves.toBeDefined()
  await press(panel, 'End all connections of Rita')
  const confirm = page.getByRole('alertdialog', { name: 'End all connections of Rita?' })
  await isSound()
  await press(confirm, 'End all connections of Rita')
  await panel.getByText('0 connections were ended.').waitFor()
  await panel.getByRole('link', { name: 'What was denied to them' }).click()

  await page.getByText(/^11 refused attempts of or on Rita \(no\. \d+\)$/).waitFor()
  await page.getByText(/^Only Rita \(no\. \d+\)$/).waitFor()
  await expect.poll(() => rowsOf(page, '/api/admin/keys').count()).toBe(REFUSALS)
  await isSound()
  await page.getByLabel('What').selectOption({ label: 'Sign-in failed' })
  await page.getByText('Nothing that fits was refused.').waitFor()
  expect(new URL(page.url()).search).toMatch(/^\?type=user.sign_in_failed&user=\d+$/)
  await isSound()
  await page.getByLabel('What').selectOption({ label: 'All' })
  await page.getByRole('link', { name: 'Show everyone’s' }).click()
  await expect.poll(() => new URL(page.url()).search).toBe('')
})

it('who was invited comes in by the link, which works once', async () => {
  const { page, enter, isSound } = await stage.visit(NARROW_LIGHT_PT)
  await enter(stage.user(0), '/administration/invitations')
  await page.getByText(/^Abert/).waitFor()
  await page.getByLabel('E-mail').fill('nova@walk.example')
  await press(page, 'Criar convite')
  const link = page.getByRole('region', { name: 'Link do convite' })
  await link.getByText(/\/sign-up\?invitation=/).waitFor()
  await isSound()
  const address = /https?:\S+/.exec((await link.textContent()) ?? '')?.[0] ?? ''

  const stranger = await stage.visit(NARROW_DARK_EN)
  await stranger.page.goto(address)
  await stranger.page.getByLabel('Name').fill('Nova')
  await stranger.page.getByLabel('E-mail').fill('nova@walk.example')
  await stranger.page.getByLabel('Password').fill('a long passphrase of hers')
  expect(await stranger.page.getByLabel('Invitation').inputValue()).not.toBe('')
  await stranger.isSound()
  await press(stranger.page, 'Create account')
  await stranger.page.locator('nav').first().waitFor()

  await page.reload()
  await page.getByText('Nenhum convite em espera.').waitFor()
  await page.getByLabel('E-mail').fill('outra@walk.example')
  await press(page, 'Criar convite')
  await press(page, 'Retirar o convite de outra@walk.example')
  await isSound()
  await press(page.getByRole('alertdialog'), 'Retirar o convite de outra@walk.example')
  await page.getByText('Nenhum convite em espera.').waitFor()
})

it('an app is set up without its secret ever being shown, and a provider cut off and let in', async () => {
  const { page, enter, isSound } = await stage.visit(NARROW_DARK_EN)
  await enter(stage.user(0), '/administration/providers')
  await press(page, 'Set up: GitHub')
  const app = page.getByRole('dialog')
  await app.getByLabel('Client id').fill('Iv1.walk')
  await app.getByLabel('Client secret').fill('never-shown-again')
  await isSound()
  await press(app, 'Save')
  await page.getByText('Client id: Iv1.walk').waitFor()
  expect(await page.content()).not.toContain('never-shown-again')
  await press(page, 'Cut Slack off')
  await page.getByRole('dialog').getByLabel('Reason').fill('A leak')
  await press(page.getByRole('dialog'), 'Cut Slack off')
  await page.getByText('Reason: A leak').waitFor()
  await isSound()
  await press(page, 'Let Slack in again')
  await page.getByText('Reason: A leak').waitFor({ state: 'detached' })
})

it('nobody else is led there, and who comes anyway is told', async () => {
  const { page, enter, isSound } = await stage.visit(WIDE_DARK_EN)
  await enter(stage.user(1), '/administration/users')
  await page.getByText('Only the owner of this server and its administrators can look here.').waitFor()
  expect(await page.getByRole('link', { name: 'Administration' }).count()).toBe(0)
  await isSound()
})

it('the chain and the health of the server are read, and keys rotated to another one', async () => {
  const owner = stage.user(0)
  await stage.ask(owner, 'POST', '/api/mcp/notion/connect', { api_key: owner.notion_api_key })
  await stage.restart((directory) => {
    const file = join(directory, 'encryption.key')
    writeFileSync(file, `${generateKeyText()},${readFileSync(file, 'utf8').trim()}`)
  })
  const { page, enter, isSound } = await stage.visit(WIDE_LIGHT_PT)
  await enter(stage.user(0), '/administration/keys')
  const progress = page.getByRole('progressbar')
  await progress.waitFor()
  const remaining = async () =>
    Number(await progress.getAttribute('max')) - Number(await progress.getAttribute('value'))
  expect(await remaining()).toBeGreaterThan(0)
  await isSound()
  await press(page, 'Selar tudo com a chave primária')
  await page
    .getByRole('status')
    .getByText(/^Pronto/)
    .waitFor()
  expect(await remaining()).toBe(0)
  await rowsOf(page, 'Na lista')
    .getByText(/sela 0 registro/)
    .waitFor()
  await isSound()

  await press(page, 'Verificar')
  await page.getByText(/eventos, e nada foi alterado/).waitFor()
  const head = page.getByRole('region', { name: 'Ponta da cadeia' })
  await page
    .getByLabel('Ponta que você anotou antes')
    .fill(/\d+:[0-9a-f]{64}/.exec((await head.textContent()) ?? '')?.[0] ?? '')
  await press(page, 'Verificar')
  await page.getByText(/eventos, e nada foi alterado/).waitFor()
  await isSound()
  await page.goto('/administration/health')
  await page.getByText(/^Embutido, responde em/).waitFor()
  await page.getByText('CHAVEIRO_RUN_STEPS').waitFor()
  await isSound()
})
