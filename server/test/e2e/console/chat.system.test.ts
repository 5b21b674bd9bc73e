import { expect, it } from 'vitest'
import { NARROW_DARK_EN, press, useConsoleStage, WIDE_LIGHT_PT } from '../../support/console-stage.ts'

/** Conversations in a real browser: what is missing, what is shown of what others wrote. */

const stage = useConsoleStage()

it('a missing connection is told of, made there, and the conversation goes on by itself', async () => {
  const { page, isSound, signIn, expectComplaints } = await stage.visit(NARROW_DARK_EN)
  // A browser tells of every answer that is a failure; the wrong key is one.
  expectComplaints(/422/)
  await page.goto('/agents')
  await signIn(stage.user(1))
  await page.getByText('You have no agent yet').waitFor()
  await isSound()
  await press(page, 'Create “Reader”')
  await page.getByRole('heading', { name: 'Reader', level: 1 }).waitFor()
  await page.getByLabel('Name').fill('Librarian')
  await page.getByRole('checkbox', { name: /Search pages/ }).waitFor()
  await isSound()
  await press(page, 'Save')
  await page.getByText('Saved').waitFor()

  await page.getByRole('link', { name: 'Chat' }).first().click()
  await press(page, 'Search pages about meetings')
  const missing = page.getByRole('region', { name: 'Connect Notion to go on' })
  await missing.waitFor()
  await isSound()
  await press(missing, 'Connect Notion')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Integration secret').fill('ntn_wrong')
  await press(dialog, 'Connect')
  await dialog
    .getByRole('alert')
    .getByText(/does not accept this key/)
    .waitFor()
  await isSound()
  await dialog.getByLabel('Integration secret').fill(stage.user(1).notion_api_key)
  await press(dialog, 'Connect')
  await press(dialog, 'Done')
  await page
    .getByText(/^I found|result/i)
    .first()
    .waitFor()
  await missing.waitFor({ state: 'detached' })
  await isSound()
})

it('a hostile page loads nothing, runs nothing, and its links are asked about', async () => {
  const { page, isSound, enter } = await stage.visit(WIDE_LIGHT_PT)
  await enter(stage.user(0))
  const text = [
    '# Title',
    '<script>window.__ran = 1</script><img src="https://evil.example/1.png" onerror="window.__ran = 2">',
    '<style>body { display: none }</style><iframe src="https://evil.example/frame"></iframe>',
    '![pixel](https://evil.example/2.png) [click](javascript:window.__ran=3) [away](https://evil.example/path?x=1)',
    '[page](data:text/html,<script>window.__ran=4</script>) ![d](data:image/svg+xml,<svg/onload=alert(1)>) [v](vbscript:x)',
    'Pay \u202Eecnis\u202C to 👩‍👩‍👧 שלום',
    '| a | b |\n|---|---|\n| `x` | 😀 |',
    '```js\nconst a = 1\n```',
    `[](https://evil.example) ${'word '.repeat(200)}`,
    ['| n | value |', '|---|---|', ...Array.from({ length: 400 }, (_, row) => `| ${row} | ${'x'.repeat(80)} |`)].join(
      '\n',
    ),
  ].join('\n\n')
  const call = {
    type: 'tool-notion_read_page_content',
    toolCallId: 'c1',
    state: 'output-available',
    input: { page_id: '<img src=x onerror=window.__ran=5>\u202E' },
    output: { text, result: { text }, duration_ms: 5, connection: { label: '<b>A</b>' } },
  }
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
          {
            ...message,
            id: 2,
            role: 'assistant',
            parts: [call, { type: 'text', text }],
            metadata: { status: 'succeeded' },
          },
        ],
        next_cursor: null,
      },
    }),
  )
  await page.goto('/chat/9')
  await page.getByRole('heading', { name: '<b>Hostile</b>' }).waitFor()
  await page.getByRole('cell', { name: '😀' }).waitFor()
  await page.getByText('Pay ⟦U+202E⟧ecnis').first().waitFor()
  await page.locator('summary').first().click()
  await page.getByRole('group', { name: 'Resultado' }).getByRole('cell', { name: '😀' }).waitFor()
  await page.getByText('Resultado bruto').click()
  await isSound()
  expect(await page.locator('main :is(script, iframe, style, img, i)').count()).toBe(0)
  expect(await page.locator('main :is(a[href^="javascript"], a[href^="data"], a[href^="vbscript"])').count()).toBe(0)
  await page.getByRole('link', { name: 'away' }).last().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('https://evil.example/path?x=1').waitFor()
  await isSound()
  await press(dialog, 'Cancelar')
  expect(await page.evaluate('window.__ran')).toBeUndefined()
})
