import { beforeEach, describe, expect, test } from 'vitest'
import { emulatedNotion } from '#test/support/notion.ts'

/** Users and comments. */

const BOT = 'b5653801-8c5a-406b-8f08-78632da13d91'
const PERSONAL_BOT = '6c866e99-df56-47de-826f-31d93855764f'
const NO_EMAIL_BOT = '16fdacb6-7088-44fb-8443-9cdf7e34cdaf'
const NO_USERS_BOT = '89ffb313-22d7-424a-befe-4d47543d75a2'
const GRACE = '6c6707c4-43be-44d6-bc53-7cb15fae9db0'
const POSTMORTEM = '72195667-15b8-492a-83fc-fee38dfbdeec'
const EMPTY = 'ba6078be-bd37-4d49-99c6-a5fbae96f84c'

const notion = emulatedNotion('demo')
const { call, done, asked, emulator } = notion

beforeEach(notion.fresh)

describe('notion_list_users', () => {
  test('lists people and bots with addresses', async () => {
    const { text, value } = await done(BOT, 'notion_list_users', {})
    expect(text).toContain(`- Grace Okoro <grace.okoro@lumiara.example> ${GRACE.replaceAll('-', '')}`)
    expect(value.results).toContainEqual({
      id: GRACE,
      type: 'person',
      name: 'Grace Okoro',
      email: 'grace.okoro@lumiara.example',
    })
    expect(value.results.some(({ type }: { type: string }) => type === 'bot')).toBe(true)
  })

  test('goes on where it ended', async () => {
    const first = await done(BOT, 'notion_list_users', { page_size: 10 })
    const second = await done(BOT, 'notion_list_users', { page_size: 10, start_cursor: first.nextCursor ?? '' })
    expect(first.value.results.length).toBe(10)
    expect(first.value.results).not.toContainEqual(second.value.results[0])
  })

  test('leaves out the addresses that it may not see', async () => {
    const { text } = await done(NO_EMAIL_BOT, 'notion_list_users', {})
    expect(text).toContain(`- Grace Okoro ${GRACE.replaceAll('-', '')}`)
    expect(text).not.toContain('@')
  })
})

describe('notion_get_user', () => {
  test('tells name and address', async () => {
    expect((await done(BOT, 'notion_get_user', { user_id: GRACE })).text).toBe(
      `Grace Okoro <grace.okoro@lumiara.example> ${GRACE.replaceAll('-', '')}`,
    )
  })

  test('of nobody says how to find people', async () => {
    const outcome = await call(BOT, 'notion_get_user', { user_id: '2be794c6-0d1f-4358-a9cb-81f6e3507da2' })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'not_found' } })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('notion_list_users')
  })
})

describe('without the capability to see people', () => {
  test.each([
    ['notion_list_users', {}],
    ['notion_get_user', { user_id: GRACE }],
  ])('%s names what is missing', async (tool, input) => {
    const outcome = await call(NO_USERS_BOT, tool, input)
    expect(outcome).toMatchObject({
      ok: false,
      problem: { code: 'forbidden_by_provider', extra: { missing_permission: 'user_information' } },
    })
  })

  test('notion_get_bot_user works all the same', async () => {
    expect((await done(NO_USERS_BOT, 'notion_get_bot_user', {})).value.workspace_name).toBe('Lumiara')
  })
})

describe('notion_get_bot_user', () => {
  test('tells as which integration and in which workspace calls are made', async () => {
    const { text } = await done(BOT, 'notion_get_bot_user', {})
    expect(text).toBe(`Connected as "Lumiara assistant" (bot ${BOT}) in the workspace "Lumiara".`)
  })

  test('and on whose behalf', async () => {
    expect((await done(PERSONAL_BOT, 'notion_get_bot_user', {})).text).toContain('on behalf of Ana Duarte')
  })

  test('says that the key no longer works', async () => {
    emulator.control.injectFault({
      fault: {
        type: 'status',
        status: 401,
        body: { object: 'error', status: 401, code: 'unauthorized', message: 'API token is invalid.' },
      },
    })
    expect(await call(BOT, 'notion_get_bot_user', {})).toMatchObject({ ok: false, problem: { code: 'reauthorize' } })
  })
})

describe('notion_create_comment', () => {
  test.each(['page_id', 'block_id'])('on a page by %s', async (name) => {
    const { text, value } = await done(BOT, 'notion_create_comment', {
      [name]: EMPTY,
      text: 'Falta citar o **importador**',
    })
    expect(value).toMatchObject({ text: 'Falta citar o importador', discussion_id: expect.any(String) })
    expect(text).toContain(value.discussion_id.replaceAll('-', ''))
    const listed = await done(BOT, 'notion_list_comments', { page_id: EMPTY })
    expect(listed.text).toContain('Falta citar o importador')
  })

  test('as a reply', async () => {
    const comments = await done(BOT, 'notion_list_comments', { page_id: POSTMORTEM })
    const { discussion_id } = comments.value.results[0]
    const { value } = await done(BOT, 'notion_create_comment', { discussion_id, text: 'R$ 74,4 mil' })
    expect(value).toMatchObject({ discussion_id, text: 'R$ 74,4 mil' })
  })

  test.each([
    [{ text: 'x' }],
    [{ page_id: EMPTY, discussion_id: POSTMORTEM, text: 'x' }],
    [{ page_id: EMPTY, block_id: EMPTY, text: 'x' }],
  ])('refuses %j', async (input) => {
    expect(await call(BOT, 'notion_create_comment', input)).toMatchObject({
      ok: false,
      problem: { code: 'invalid_arguments' },
    })
    expect(asked()).toEqual([])
  })

  test('names the capability that is missing', async () => {
    const outcome = await call(NO_EMAIL_BOT, 'notion_create_comment', {
      page_id: 'bc25bb4a-3695-4aad-a461-01ab1b7e0792',
      text: 'x',
    })
    expect(outcome).toMatchObject({ ok: false, problem: { extra: { missing_permission: 'insert_comments' } } })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain('"Insert comments"')
  })
})

describe('notion_list_comments', () => {
  test.each(['page_id', 'block_id'])('by %s tells who said what, when and in which discussion', async (name) => {
    const { text, value } = await done(BOT, 'notion_list_comments', { [name]: POSTMORTEM })
    const [discussion, first, second, ...others] = text.split('\n')
    const { id, discussion_id } = value.results[0]
    expect(discussion).toBe(`Discussion ${discussion_id.replaceAll('-', '')}`)
    expect(first).toMatch(new RegExp(`^- ${id.replaceAll('-', '')} 2026-04-20T14:05 Ana Duarte: Obrigada`))
    expect(second).toMatch(/^- [0-9a-f]{32} 2026-/)
    expect(others).toEqual([])
  })

  test('says that there are none', async () => {
    const { value } = await done(BOT, 'notion_create_page', { parent_id: EMPTY, title: 'New' })
    expect((await done(BOT, 'notion_list_comments', { page_id: value.id })).text).toBe('There are no open comments.')
  })

  test.each([[{}], [{ page_id: EMPTY, block_id: EMPTY }]])('refuses %j', async (input) => {
    expect(await call(BOT, 'notion_list_comments', input)).toMatchObject({
      ok: false,
      problem: { code: 'invalid_arguments' },
    })
  })
})
