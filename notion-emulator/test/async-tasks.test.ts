import type { Client, GetAsyncTaskResponse } from '@notionhq/client'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Emulator } from '../src/index.ts'
import { AURORA_ANA, AURORA_BOT, AURORA_HOME, NOBODY, clientOf, raw, testEmulator } from './support/emulator.ts'

describe('background work', () => {
  let emulator: Emulator
  let notion: Client

  beforeEach(() => {
    emulator = testEmulator('two-tenants')
    notion = clientOf(emulator, AURORA_BOT)
  })

  const create = (markdown: string): ReturnType<typeof raw> =>
    raw(emulator, 'POST /v1/pages', { body: { parent: { page_id: AURORA_HOME }, markdown, allow_async: true } })
  const replace = (id: string, new_str: string): ReturnType<typeof raw> =>
    raw(emulator, `PATCH /v1/pages/${id}/markdown`, {
      body: { type: 'replace_content', replace_content: { new_str }, allow_async: true },
    })
  const poll = (id: string): Promise<GetAsyncTaskResponse> => notion.asyncTasks.retrieve({ task_id: id })
  const markdown = async (page: string): Promise<string> =>
    (await notion.pages.retrieveMarkdown({ page_id: page })).markdown
  const newPage = async (): Promise<string> =>
    (await notion.pages.create({ parent: { page_id: AURORA_HOME }, markdown: '# Draft\nbefore' })).id

  it('is promised with 202 and done after two polls, with the answer as its result', async () => {
    const { status, body } = create('# Later\nText')
    expect(status).toBe(202)
    const id = String(body['id'])
    expect(body).toEqual({
      object: 'async_task',
      id,
      status_url: `https://api.notion.com/v1/async_tasks/${id}`,
      created_time: '2026-11-22T12:34:56.789Z',
      operation: { surface: 'rest', name: 'create_page' },
      status: 'queued',
      poll_after_seconds: 2,
      request_id: body['request_id'],
    })
    expect(await poll(id)).toMatchObject({ status: 'running', poll_after_seconds: 2 })
    expect((await notion.search({ query: 'Later' })).results).toEqual([])
    const done = await poll(id)
    expect(done).not.toHaveProperty('poll_after_seconds')
    const page = done.status === 'succeeded' && typeof done.result['id'] === 'string' ? done.result['id'] : ''
    expect(await markdown(page)).toBe('Text')
    expect(await poll(id)).toEqual({ ...done, request_id: expect.any(String) as string })
  })

  it('changes nothing before it is done', async () => {
    const page = await newPage()
    const task = String(replace(page, 'after').body['id'])
    await poll(task)
    expect(await markdown(page)).toBe('before')
    expect(await poll(task)).toMatchObject({
      operation: { name: 'update_page_markdown' },
      status: 'succeeded',
      result: { object: 'page_markdown', markdown: 'after' },
    })
    expect(await markdown(page)).toBe('after')
  })

  it('is done by the clock when nobody polls, in the order of the promises', async () => {
    const page = await newPage()
    replace(page, 'first')
    replace(page, 'second')
    emulator.control.advanceClock(3999)
    expect(await markdown(page)).toBe('before')
    emulator.control.advanceClock(1)
    expect(await markdown(page)).toBe('second')
  })

  it('takes as many polls as the setting says', async () => {
    emulator.control.configure({ asyncPolls: 1 })
    const id = String(create('x').body['id'])
    expect(await poll(id)).toMatchObject({ status: 'succeeded' })
  })

  it('fails with the error of the moment at which it is done', async () => {
    const page = await newPage()
    const task = String(replace(page, 'after').body['id'])
    await notion.pages.update({ page_id: page, in_trash: true })
    await poll(task)
    const failed = await poll(task)
    expect(failed).toMatchObject({
      status: 'failed',
      error: { object: 'error', status: 400, code: 'validation_error' },
    })
    expect(failed).not.toHaveProperty('error.request_id')
  })

  it('is refused at once when the request is', () => {
    expect(replace(NOBODY, 'x').body['code']).toBe('object_not_found')
    emulator.control.grant(AURORA_BOT, { capabilities: ['read_content'] })
    expect(create('x').status).toBe(403)
  })

  it('is for Markdown alone: blocks are written at once', () => {
    const body = { parent: { page_id: AURORA_HOME }, children: [{ divider: {} }], allow_async: true }
    expect(raw(emulator, 'POST /v1/pages', { body })).toMatchObject({ status: 200, body: { object: 'page' } })
    const bare = { parent: { page_id: AURORA_HOME }, markdown: 'x', allow_async: false }
    expect(raw(emulator, 'POST /v1/pages', { body: bare }).status).toBe(200)
  })

  it('is nobody else’s business, even in the same workspace', async () => {
    const id = String(create('x').body['id'])
    const answer = (task: string): string => {
      const { text, body } = raw(emulator, `GET /v1/async_tasks/${task}`, { botId: AURORA_ANA })
      return text.replaceAll(task, '<id>').replaceAll(String(body['request_id']), '<request>')
    }
    expect(answer(id)).toBe(answer(NOBODY))
    expect(answer(id)).toContain('Could not find async_task with ID: <id>')
    expect(await poll(id)).toMatchObject({ status: 'running' })
  })

  it('is forgotten when it is done and a thousand others came', async () => {
    const ids = Array.from({ length: 1001 }, () => {
      const id = String(create('x').body['id'])
      emulator.control.advanceClock(4000)
      return id
    })
    expect(raw(emulator, `GET /v1/async_tasks/${ids[0] ?? ''}`).status).toBe(404)
    expect(await poll(ids.at(-1) ?? '')).toMatchObject({ status: 'succeeded' })
  })
})
