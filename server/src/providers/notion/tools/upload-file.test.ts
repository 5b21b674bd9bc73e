import { beforeEach, describe, expect, test } from 'vitest'
import { emulatedNotion } from '#test/support/notion.ts'

const BOT = 'b5653801-8c5a-406b-8f08-78632da13d91'
const EMPTY = 'ba6078be-bd37-4d49-99c6-a5fbae96f84c'
const PNG = Buffer.from('89504e470d0a1a0a00', 'hex').toString('base64')

const notion = emulatedNotion('demo')
const { call, done, asked, emulator } = notion

beforeEach(notion.fresh)

/** The last block of a page, as Notion tells it. */
async function lastBlock(pageId: string): Promise<Record<string, unknown>> {
  const { value } = await done(BOT, 'notion_get_block_children', { block_id: pageId, page_size: 100 })
  return value.results.at(-1)
}

describe('notion_upload_file', () => {
  test.each([
    ['notes.txt', { text: 'Olá, mundo' }, 'file', 'text/plain'],
    ['dot.png', { base64: PNG }, 'image', 'image/png'],
    ['dot.png', { base64: `data:image/png;base64,${PNG}` }, 'image', 'image/png'],
    ['plan.pdf', { base64: PNG }, 'pdf', 'application/pdf'],
    ['song.mp3', { base64: PNG }, 'audio', 'audio/mpeg'],
    ['data.json', { text: '{}', content_type: 'application/json' }, 'file', 'application/json'],
  ])('puts %s on a page', async (name, content, type, content_type) => {
    const { text, value } = await done(BOT, 'notion_upload_file', { name, ...content, block_id: EMPTY })
    expect(value).toMatchObject({ name, content_type, parent_id: EMPTY, block_id: expect.any(String) })
    expect(text).toBe(`Put ${name} (${content_type}) on ${EMPTY}: block ${value.block_id}.`)
    expect(await lastBlock(EMPTY)).toMatchObject({ id: value.block_id, type })
  })

  test('sends every byte as it is', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index))
    const { value } = await done(BOT, 'notion_upload_file', { name: 'all.png', base64: bytes.toString('base64') })
    const [announced, sent] = emulator.control.requests().slice(-2)
    expect([announced?.path, sent?.path]).toEqual(['/v1/file_uploads', `/v1/file_uploads/${value.file_upload_id}/send`])
    const upload = await emulator.fetch(`https://api.notion.com/v1/file_uploads/${value.file_upload_id}`, {
      method: 'GET',
      headers: { authorization: `Bearer ${emulator.control.mintToken(BOT)}`, 'notion-version': '2026-03-11' },
    })
    expect(JSON.parse(await upload.text())).toMatchObject({ status: 'uploaded', content_length: bytes.length })
  })

  test('hands back an id that can be put on a page later, without its content', async () => {
    const first = await done(BOT, 'notion_upload_file', { name: 'a.txt', text: 'x' })
    const { file_upload_id } = first.value
    expect(first.text).toBe(
      `Uploaded a.txt (text/plain): file_upload_id ${file_upload_id}. Put it on a page within an hour.`,
    )
    const second = await done(BOT, 'notion_upload_file', { file_upload_id, block_id: EMPTY })
    expect(second.value).toMatchObject({ file_upload_id, name: 'a.txt', parent_id: EMPTY })
  })

  test('hands back an id that a property of files takes', async () => {
    const database = await done(BOT, 'notion_create_database', {
      parent_id: EMPTY,
      title: 'Recibos',
      properties: { Nome: 'title', Anexos: 'files' },
    })
    const { value } = await done(BOT, 'notion_upload_file', { name: 'a.txt', text: 'x' })
    const properties = { Anexos: [value.file_upload_id, 'https://a.example/b.pdf'] }
    const row = await done(BOT, 'notion_create_page', { parent_id: database.value.id, title: 'Um', properties })
    const read = await done(BOT, 'notion_read_page', { page_id: row.value.id })
    expect(read.value.properties.Anexos).toEqual([
      expect.stringContaining(value.file_upload_id),
      'https://a.example/b.pdf',
    ])
  })

  test('says how to go on where the file was sent and not put on the page', async () => {
    emulator.control.injectFault({
      match: { method: 'PATCH' },
      fault: { type: 'connection_reset', afterCommit: false },
    })
    const outcome = await call(BOT, 'notion_upload_file', { name: 'a.txt', text: 'x', block_id: EMPTY })
    if (outcome.ok) throw new Error('It was put on the page')
    const { code, detail, extra } = outcome.problem
    expect(code).toBe('outcome_unknown')
    expect(detail).toMatch(/notion_get_block_children.*pass file_upload_id [0-9a-f-]{36} instead of its content/)
    const { value } = await done(BOT, 'notion_upload_file', {
      file_upload_id: (extra as { file_upload_id: string }).file_upload_id,
      block_id: EMPTY,
    })
    expect(value.name).toBe('a.txt')
  })

  test('goes on where Notion saved the announcement and answered with an error', async () => {
    const fault = { type: 'unavailable_after_commit' } as const
    emulator.control.injectFault({ match: { method: 'POST' }, times: 2, fault })
    const { value } = await done(BOT, 'notion_upload_file', { name: 'a.png', base64: PNG, block_id: EMPTY })
    expect(value).toMatchObject({ name: 'a.png', block_id: expect.any(String) })
  })

  test.each([
    [{ name: 'a.txt' }, 'exactly one of text, base64 and file_upload_id'],
    [{ name: 'a.txt', text: 'x', base64: PNG }, 'exactly one of'],
    [{ text: 'x' }, 'name of the file'],
    [{ name: 'a.txt', text: '' }, 'empty'],
    [{ name: 'a.png', base64: '' }, 'not valid base64'],
    [{ name: 'a.png', base64: 'a' }, 'not valid base64'],
    [{ name: 'a.png', base64: 'https://a.example/a.png' }, 'not valid base64'],
    [{ file_upload_id: EMPTY }, 'page or block'],
    [{ file_upload_id: 'mine', block_id: EMPTY }, 'file_upload_id must be'],
  ])('refuses %j', async (input, detail) => {
    const outcome = await call(BOT, 'notion_upload_file', input)
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments' } })
    expect(outcome.ok ? '' : outcome.problem.detail).toContain(detail)
    expect(asked()).toEqual([])
  })

  test('gives the reason why Notion refuses a file', async () => {
    const outcome = await call(BOT, 'notion_upload_file', { name: 'virus.exe', base64: PNG })
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments' } })
    expect(asked()).toEqual(['POST /v1/file_uploads'])
  })
})
