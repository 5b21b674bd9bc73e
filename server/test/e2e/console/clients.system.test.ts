import { createHash, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { NARROW_DARK_EN, NARROW_LIGHT_PT, press, useConsoleStage, WIDE_LIGHT_PT } from '../../support/console-stage.ts'

/** Letting programs in and out, and the account itself. */

const stage = useConsoleStage()

/** Where a client that has just registered sends its user. What it would do with the code is not asked here. */
async function authorizeUrlOf(name: string): Promise<string> {
  // Any address of this computer will do to be sent back to; this one answers.
  const redirectUri = `${stage.baseUrl}/icon.svg`
  const registered = await fetch(`${stage.baseUrl}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: name, redirect_uris: [redirectUri] }),
  })
  const { client_id: clientId } = (await registered.json()) as { client_id: string }
  const asked = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    code_challenge: createHash('sha256').update(randomBytes(32).toString('base64url')).digest('base64url'),
    code_challenge_method: 'S256',
    state: 'state-1',
  })
  return `${stage.baseUrl}/oauth/authorize?${asked.toString()}`
}

it('a client is told of the server, arrives while somebody waits, and is let out again', async () => {
  const user = await stage.newUser('Rui')
  const { page, enter, isSound } = await stage.visit(WIDE_LIGHT_PT)
  await enter(user, '/access')
  await page.getByText('Nenhum cliente ainda').waitFor()
  await isSound()
  await page.getByRole('link', { name: 'Conecte o seu primeiro cliente' }).click()
  await page.getByText(`claude mcp add --transport http chaveiro ${stage.baseUrl}/mcp`).waitFor()
  await page.getByText('VS Code', { exact: true }).click()
  await page.getByText(`"url":"${stage.baseUrl}/mcp"`).waitFor()
  expect(new URL(page.url()).search).toBe('?client=vs-code')
  await page.getByText(/^Esperando\./).waitFor()
  await isSound()

  const consent = await page.context().newPage()
  await consent.goto(await authorizeUrlOf('Claude Code'))
  await press(consent, 'Permitir')
  await consent.waitForURL(/code=/)
  await consent.close()
  await page.getByText(/^“Claude Code” \(127\.0\.0\.1.*\) está conectado\.$/).waitFor()
  await isSound()
  await page.getByRole('link', { name: 'Ver os seus clientes' }).click()
  await page.getByText(/Buscar e ler com as suas ferramentas/).waitFor()
  await isSound()
  await press(page, 'Encerrar o acesso de “Claude Code”')
  const confirm = page.getByRole('alertdialog', { name: 'Encerrar o acesso de “Claude Code”?' })
  await press(confirm, 'Encerrar o acesso de “Claude Code”')
  await page.getByText('O acesso de “Claude Code” foi encerrado.').waitFor()
  await page.getByText('Nenhum cliente ainda').waitFor()
  await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H1')
})

it('a token is made with the keyboard, shown once, noticed when it comes in, and revoked', async () => {
  const user = await stage.newUser('Rosa')
  const { page, enter, isSound, expectComplaints } = await stage.visit(NARROW_DARK_EN)
  expectComplaints(/400|422/)
  await enter(user, '/access/tokens')
  await page.getByRole('button', { name: 'Create token' }).press('Enter')
  const dialog = page.getByRole('dialog')
  const name = dialog.getByLabel('Name')
  await name.fill('backup')
  await dialog.getByLabel('Find and read with your tools').press('Space')
  await dialog.getByLabel('Create and change with your tools').press('Space')
  await name.press('Enter')
  await dialog.getByRole('alert').waitFor()
  expect(await name.inputValue()).toBe('backup')
  await isSound()
  await dialog.getByLabel('See your activity').press('Space')
  await name.press('Enter')
  const token = (await dialog.getByText(/^chv_/).textContent()) ?? ''
  await isSound()
  await dialog.getByRole('button', { name: 'I have copied it' }).press('Enter')
  await dialog.waitFor({ state: 'detached' })
  expect(await page.content()).not.toContain('chv_')

  await page.getByRole('link', { name: 'Connect a client' }).first().click()
  await page.getByText(/^Waiting\./).waitFor()
  await stage.ask({ api_token: token }, 'GET', '/api/activity')
  await page.getByText('A program came in with “backup” for the first time.').waitFor()
  await isSound()
  await page.getByRole('link', { name: 'See your tokens' }).click()
  await page.getByRole('button', { name: 'Revoke “backup”' }).press('Enter')
  await isSound()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke “backup”' }).press('Enter')
  await page.getByRole('heading', { name: 'backup', exact: true }).waitFor({ state: 'detached' })
  await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H1')
  await expect(stage.ask({ api_token: token }, 'GET', '/api/activity')).rejects.toThrow('401')
})

it('a name and a password are changed, and other devices signed out, which they notice', async () => {
  const user = await stage.newUser('Raul')
  const { page, enter, isSound, expectComplaints } = await stage.visit(NARROW_LIGHT_PT)
  expectComplaints(/40[01]|422/)
  const elsewhere = await stage.visit(NARROW_DARK_EN)
  elsewhere.expectComplaints(/401/)
  await elsewhere.enter(user, '/settings')
  await elsewhere.page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()

  await enter(user, '/settings')
  await page.getByLabel('Nome').fill('Raul Serra')
  await press(page, 'Salvar')
  await page.getByText('Salvo').waitFor()
  await press(page, 'Sair de todos os outros')
  await isSound()
  await press(page.getByRole('alertdialog'), 'Sair de todos os outros')
  await expect.poll(() => page.getByRole('button', { name: 'Sair de todos os outros' }).count()).toBe(0)
  await elsewhere.page.getByRole('link', { name: 'Connections' }).click()
  await elsewhere.page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor()

  await page.getByLabel('Senha atual').fill('not this one')
  await page.getByLabel('Nova senha').fill('another long passphrase')
  await press(page, 'Mudar a senha')
  await page.getByText('Esta não é a sua senha atual.').waitFor()
  expect(await page.getByLabel('Nova senha').inputValue()).toBe('another long passphrase')
  await isSound()
  await page.getByLabel('Senha atual').fill(user.password)
  await press(page, 'Mudar a senha')
  await page.getByText('A sua senha foi mudada.').waitFor()
  await isSound()
  await elsewhere.signIn({ email: user.email, password: 'another long passphrase' })
  await elsewhere.page.getByRole('heading', { name: 'Connections', level: 1 }).waitFor()
})

it('an address is changed, and the account deleted with its name and password, which ends everything', async () => {
  const user = await stage.newUser('Lia')
  const notion = { api_key: stage.user(0).notion_api_key }
  await stage.ask(user, 'POST', '/api/mcp/notion/connect', notion)
  const { page, enter, isSound, expectComplaints } = await stage.visit(NARROW_DARK_EN)
  expectComplaints(/40[019]/)
  await enter(user, '/settings')
  const form = page.locator('form', { has: page.getByLabel('New e-mail') })
  await form.getByLabel('New e-mail').fill(stage.user(0).email)
  await form.getByLabel('Your password').fill(user.password)
  await press(form, 'Change e-mail')
  await form.getByText('This address cannot be used here.').waitFor()
  await isSound()
  await form.getByLabel('New e-mail').fill('lia@new.example')
  await press(form, 'Change e-mail')
  await form.getByText('You sign in with lia@new.example.').waitFor()

  await press(page, 'Delete my account…')
  const dialog = page.getByRole('dialog')
  const confirm = dialog.getByRole('button', { name: 'Delete Lia for good' })
  await dialog.getByLabel('Your password').fill('not this one')
  expect(await confirm.isDisabled()).toBe(true)
  await dialog.getByLabel('To confirm, type Lia').fill('Lia')
  await confirm.click()
  await dialog.getByText('This is not your current password.').waitFor()
  await isSound()
  await dialog.getByLabel('Your password').fill(user.password)
  await confirm.click()
  await dialog.getByText('The keys were deleted here.').waitFor()
  await isSound()
  await page.clock.setFixedTime(Date.now() + 60_000)
  const asked = page.waitForResponse((response) => response.status() === 401)
  await page.evaluate(`window.dispatchEvent(new Event('visibilitychange'))`)
  await asked
  await isSound()
  await dialog.getByText('The keys were deleted here.').waitFor()
  await press(dialog, 'Leave')
  await page.getByRole('heading', { name: 'Sign in', level: 1 }).waitFor()
  await expect(stage.ask(user, 'GET', '/api/me')).rejects.toThrow('401')
})
