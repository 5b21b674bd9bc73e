import { APIErrorCode, isFullBlock, isFullComment, isFullPage, type Client } from '@notionhq/client'
import { beforeEach, describe, expect, it } from 'vitest'
import { builtinSeed, type Emulator } from '../src/index.ts'
import {
  AURORA_ANA,
  AURORA_BOT,
  AURORA_HOME,
  AURORA_TASKS,
  NOBODY,
  clientOf,
  raw,
  testEmulator,
  title,
} from './support/emulator.ts'

const MEBIBYTE = 1_048_576
const HOUR_MS = 3_600_000
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 255, 13, 10, 45, 45])

const png = (): { data: Blob; filename: string } => ({
  data: new Blob([PNG], { type: 'image/png' }),
  filename: 'logo.png',
})
const bytes = (size: number): Blob => new Blob([new Uint8Array(size).fill(7)])

describe('file uploads', () => {
  let emulator: Emulator
  let notion: Client

  beforeEach(() => {
    emulator = testEmulator('two-tenants')
    notion = clientOf(emulator, AURORA_BOT)
  })

  async function uploaded(name = 'logo.png'): Promise<string> {
    const { id } = await notion.fileUploads.create({ filename: name })
    await notion.fileUploads.send({ file_upload_id: id, file: { data: new Blob([PNG]), filename: name } })
    return id
  }

  async function content(url: string): Promise<Uint8Array> {
    return new Uint8Array(await (await emulator.fetch(url)).arrayBuffer())
  }

  async function newPage(): Promise<string> {
    const page = await notion.pages.create({ parent: { page_id: AURORA_HOME }, properties: { title: title('Files') } })
    return page.id
  }

  it('begins in an hour that is counted to the minute, with the address to send to', async () => {
    const upload = await notion.fileUploads.create({})
    expect(upload).toEqual({
      object: 'file_upload',
      id: upload.id,
      created_time: '2026-11-22T12:34:00.000Z',
      created_by: { id: AURORA_BOT, type: 'bot' },
      last_edited_time: '2026-11-22T12:34:00.000Z',
      expiry_time: '2026-11-22T13:34:00.000Z',
      upload_url: `https://api.notion.com/v1/file_uploads/${upload.id}/send`,
      in_trash: false,
      status: 'pending',
      filename: null,
      content_type: null,
      content_length: null,
      request_id: expect.any(String) as string,
    })
  })

  it('takes a file at once and reads its name and type from the form', async () => {
    const { id } = await notion.fileUploads.create({})
    const sent = await notion.fileUploads.send({ file_upload_id: id, file: png() })
    expect(sent).toMatchObject({ status: 'uploaded', filename: 'logo.png', content_type: 'image/png' })
    expect(sent.content_length).toBe(PNG.byteLength)
    expect(sent).not.toHaveProperty('upload_url')
    const { request_id: _sent, ...same } = sent as typeof sent & { request_id: string }
    expect(await notion.fileUploads.retrieve({ file_upload_id: id })).toMatchObject(same)
  })

  it('names the file as announced, with the extension that its type stands for', async () => {
    const created = await notion.fileUploads.create({ filename: 'report', content_type: 'application/pdf' })
    expect(created).toMatchObject({ filename: 'report.pdf', content_type: 'application/pdf' })
    const sent = await notion.fileUploads.send({
      file_upload_id: created.id,
      file: { data: new Blob(['%PDF']), filename: 'blob' },
    })
    expect(sent).toMatchObject({ filename: 'report.pdf', content_type: 'application/pdf', status: 'uploaded' })
  })

  it('mirrors the trash flag for older versions', () => {
    const { body } = raw(emulator, 'POST /v1/file_uploads', { body: {}, version: '2025-09-03' })
    expect(body['archived']).toBe(false)
  })

  it('takes parts in any order and keeps the last of each', async () => {
    const roomy = builtinSeed('two-tenants').map((seed) => ({
      ...seed,
      workspace: { ...seed.workspace, max_upload_bytes: 6 * MEBIBYTE },
    }))
    emulator = testEmulator('two-tenants', { seeds: roomy })
    notion = clientOf(emulator, AURORA_BOT)
    const { id } = await notion.fileUploads.create({ mode: 'multi_part', number_of_parts: 2, filename: 'film.mp4' })
    const last = { file_upload_id: id, part_number: '2', file: { data: new Blob(['end']), filename: 'film.mp4' } }
    expect(await notion.fileUploads.send({ ...last, file: { data: new Blob(['other end']) } })).toMatchObject({
      status: 'pending',
      number_of_parts: { total: 2, sent: 1 },
      complete_url: `https://api.notion.com/v1/file_uploads/${id}/complete`,
    })
    await notion.fileUploads.send(last)
    await expect(notion.fileUploads.complete({ file_upload_id: id })).rejects.toThrow('Only 1 of 2 parts')
    const first = { file_upload_id: id, part_number: '1', file: { data: bytes(5 * MEBIBYTE) } }
    expect(await notion.fileUploads.send(first)).toMatchObject({
      status: 'pending',
      content_type: 'application/mp4',
      content_length: 5 * MEBIBYTE + 3,
      number_of_parts: { total: 2, sent: 2 },
    })
    const whole = await notion.fileUploads.complete({ file_upload_id: id })
    expect(whole).toMatchObject({ status: 'uploaded', content_length: 5 * MEBIBYTE + 3 })
    await expect(notion.fileUploads.complete({ file_upload_id: id })).rejects.toThrow('status of `uploaded`')

    const page = await notion.pages.update({ page_id: await newPage(), cover: { file_upload: { id } } })
    const cover = isFullPage(page) && page.cover?.type === 'file' ? page.cover.file.url : ''
    const file = await content(cover)
    expect(Buffer.from(file.subarray(-4)).toString()).toBe('\u0007end')
  })

  it.each([
    ['a part too many', { part_number: '3' }, 'body.part_number should be a number from 1 to 2'],
    ['no part number', {}, 'body.part_number should be a number from 1 to 2, instead was `undefined`'],
    ['a small part that is not the last', { part_number: '1' }, 'body.file.size should be ≥ `5242880`'],
  ])('refuses %s', async (_name, part, message) => {
    const { id } = await notion.fileUploads.create({ mode: 'multi_part', number_of_parts: 2, filename: 'film.mp4' })
    const file = { data: new Blob(['x']) }
    await expect(notion.fileUploads.send({ file_upload_id: id, file, ...part })).rejects.toThrow(message)
  })

  it.each([
    [
      'a multi-part upload without parts',
      { mode: 'multi_part', filename: 'a.mp4' },
      'body.number_of_parts should be defined',
    ],
    [
      'a multi-part upload without a name',
      { mode: 'multi_part', number_of_parts: 2 },
      'body.filename should be defined',
    ],
    ['parts of a file that comes at once', { number_of_parts: 2 }, 'body.number_of_parts should be not present'],
    ['no parts', { mode: 'multi_part', filename: 'a.mp4', number_of_parts: 0 }, 'should be ≥ `1`'],
    [
      'an import without an address',
      { mode: 'external_url', filename: 'a.png' },
      'body.external_url should be defined',
    ],
    [
      'an import without encryption',
      { mode: 'external_url', filename: 'a.png', external_url: 'http://example.com/a.png' },
      'a publicly accessible HTTPS URL',
    ],
    ['a program', { filename: 'setup.exe' }, 'File type is not supported: setup.exe'],
    ['an unknown content type', { content_type: 'application/x-msdownload' }, 'File type is not supported'],
    ['a type that the name denies', { filename: 'a.pdf', content_type: 'image/png' }, 'body.content_type should be'],
    ['a long name', { filename: `${'é'.repeat(449)}.png` }, 'body.filename should be 1 to 900 bytes long'],
    ['another member', { size: 3 }, 'body.size should be not present'],
  ])('refuses to begin %s', (_name, body, message) => {
    const answer = raw(emulator, 'POST /v1/file_uploads', { body })
    expect(answer.status).toBe(400)
    expect(answer.body['message']).toContain(message)
  })

  it.each([
    [
      'another type than announced',
      { filename: 'a.png' },
      new Blob(['x'], { type: 'application/pdf' }),
      'file.content_type',
    ],
    ['what nobody can tell the type of', {}, new Blob(['x']), 'File type is not supported'],
    ['nothing', { filename: 'a.png' }, new Blob([]), 'body.file.size should be ≥ `1`, instead was `0`'],
  ])('refuses to be sent %s', async (_name, body, data, message) => {
    const { id } = await notion.fileUploads.create(body)
    await expect(notion.fileUploads.send({ file_upload_id: id, file: { data, filename: 'x' } })).rejects.toThrow(
      message,
    )
  })

  it('refuses a body that is no form, and a form without a file', async () => {
    const { id } = await notion.fileUploads.create({})
    expect(raw(emulator, `POST /v1/file_uploads/${id}/send`, { body: { file: 'x' } }).body['message']).toContain(
      'multipart/form-data',
    )
    const form = new FormData()
    form.append('data', new Blob([PNG]))
    const headers = {
      authorization: `Bearer ${emulator.control.mintToken(AURORA_BOT)}`,
      'notion-version': '2026-03-11',
    }
    const answer = await emulator.fetch(`https://api.notion.com/v1/file_uploads/${id}/send`, {
      method: 'POST',
      headers,
      body: form,
    })
    expect(answer.status).toBe(400)
    expect(((await answer.json()) as { message: string }).message).toContain('body.file should be defined')
  })

  it('holds what a workspace may upload, and one request 20 MiB', async () => {
    const me = await notion.users.me({})
    const limits = me.type === 'bot' && 'workspace_limits' in me.bot ? me.bot.workspace_limits : undefined
    const limit = limits?.max_file_upload_size_in_bytes ?? 0
    const { id } = await notion.fileUploads.create({ filename: 'a.png' })
    const send = (data: Blob): Promise<unknown> =>
      notion.fileUploads.send({ file_upload_id: id, file: { data, filename: 'a.png' } })
    if (limit < 20 * MEBIBYTE)
      await expect(send(bytes(limit + 1))).rejects.toThrow(`body.file.size should be ≤ \`${limit}\``)
    await expect(send(bytes(20 * MEBIBYTE + 1))).rejects.toThrow(`body.file.size should be ≤ \`${20 * MEBIBYTE}\``)
    await expect(send(bytes(21 * MEBIBYTE))).rejects.toMatchObject({ status: 413 })
    expect(await notion.fileUploads.retrieve({ file_upload_id: id })).toMatchObject({ status: 'pending' })
  })

  it('keeps all files of an emulator below what its memory holds', async () => {
    emulator.control.configure({ uploadMemoryBytes: 2 * PNG.byteLength })
    await uploaded()
    await uploaded()
    await expect(uploaded()).rejects.toThrow('emulator: all uploads together')
    // What nobody attached makes room again.
    emulator.control.advanceClock(HOUR_MS)
    await expect(uploaded()).resolves.toBeDefined()
  })

  it('ends after an hour by the clock, unless something holds the file', async () => {
    const [loose, held] = [await uploaded(), await uploaded()]
    await notion.pages.update({ page_id: await newPage(), icon: { file_upload: { id: held } } })
    emulator.control.advanceClock(HOUR_MS - 1)
    expect(await notion.fileUploads.retrieve({ file_upload_id: loose })).toMatchObject({ status: 'uploaded' })
    emulator.control.advanceClock(1)
    expect(await notion.fileUploads.retrieve({ file_upload_id: loose })).toMatchObject({
      status: 'expired',
      in_trash: true,
    })
    expect(await notion.fileUploads.retrieve({ file_upload_id: held })).toMatchObject({
      status: 'uploaded',
      expiry_time: null,
    })
    const late = notion.pages.update({ page_id: await newPage(), icon: { file_upload: { id: loose } } })
    await expect(late).rejects.toThrow('status of `expired`')
    const send = notion.fileUploads.send({ file_upload_id: loose, file: png() })
    await expect(send).rejects.toThrow('status of `expired`, but should have a status of `pending`')
  })

  it('lists the uploads of this install, newest first, by status', async () => {
    const first = await uploaded()
    emulator.control.advanceClock(60_000)
    const second = await notion.fileUploads.create({})
    const list = async (query: Parameters<Client['fileUploads']['list']>[0]): Promise<string[]> =>
      (await notion.fileUploads.list(query)).results.map((upload) => upload.id)
    expect(await list({})).toEqual([second.id, first])
    expect(await list({ status: 'uploaded' })).toEqual([first])
    expect(await list({ status: 'failed' })).toEqual([])
    const page = await notion.fileUploads.list({ page_size: 1 })
    expect(page).toMatchObject({ type: 'file_upload', file_upload: {}, has_more: true, next_cursor: first })
    expect(await list({ start_cursor: page.next_cursor ?? '' })).toEqual([first])
    emulator.control.advanceClock(HOUR_MS)
    expect(await list({ status: 'expired' })).toEqual([second.id, first])
    expect(raw(emulator, 'GET /v1/file_uploads?status=lost').status).toBe(400)
  })

  it('imports from an address without asking it', async () => {
    emulator.control.configure({ importDelayMs: 5000 })
    const create = (host: string): ReturnType<Client['fileUploads']['create']> =>
      notion.fileUploads.create({ mode: 'external_url', filename: 'a.pdf', external_url: `https://${host}/a.pdf` })
    const [good, bad] = [await create('example.com'), await create('files.invalid')]
    expect(good).toMatchObject({ status: 'pending', content_type: 'application/pdf', content_length: null })
    emulator.control.advanceClock(5000)
    expect(await notion.fileUploads.retrieve({ file_upload_id: good.id })).toMatchObject({
      status: 'uploaded',
      file_import_result: { type: 'success', success: {}, imported_time: '2026-11-22T12:35:01.789+00:00' },
    })
    const failed = await notion.fileUploads.retrieve({ file_upload_id: bad.id })
    expect(failed).toMatchObject({ status: 'failed', file_import_result: { type: 'error' } })
    const use = notion.pages.update({ page_id: await newPage(), icon: { file_upload: { id: bad.id } } })
    await expect(use).rejects.toThrow('status of `failed`')
    const send = notion.fileUploads.send({ file_upload_id: good.id, file: png() })
    await expect(send).rejects.toThrow('should have a status of `pending`')
  })

  it.each(['image', 'file', 'pdf', 'video', 'audio'] as const)('hangs a file on a block: %s', async (type) => {
    const id = await uploaded()
    const media = { type: 'file_upload' as const, file_upload: { id } }
    const page = await newPage()
    const children = [{ [type]: media }] as unknown as Parameters<Client['blocks']['children']['append']>[0]['children']
    const { results } = await notion.blocks.children.append({ block_id: page, children })
    const [made] = results
    const block = made as unknown as Record<string, { type: string; file: { url: string; expiry_time: string } }>
    expect(Object.keys(block[type] ?? {})).toEqual(['caption', 'type', 'file', ...(type === 'file' ? ['name'] : [])])
    expect(block[type]).toMatchObject({ type: 'file', file: { expiry_time: '2026-11-22T13:34:56.789Z' } })
    if (type === 'file') expect(block[type]).toMatchObject({ name: 'logo.png' })
    expect(await content(block[type]?.file.url ?? '')).toEqual(PNG)
  })

  it('changes the file of a block, and its name with it', async () => {
    const page = await newPage()
    const { results } = await notion.blocks.children.append({
      block_id: page,
      children: [{ file: { external: { url: 'https://example.com/old.txt' }, caption: [{ text: { content: 'c' } }] } }],
    })
    const id = await uploaded()
    const changed = await notion.blocks.update({ block_id: results[0]?.id ?? '', file: { file_upload: { id } } })
    expect(isFullBlock(changed) && changed.type === 'file' && changed.file).toMatchObject({
      type: 'file',
      name: 'logo.png',
      caption: [{ plain_text: 'c' }],
    })
  })

  it('hangs files on pages, databases, callouts, properties and comments', async () => {
    const id = await uploaded()
    const held = { type: 'file', file: { url: expect.stringContaining('/logo.png?X-Amz-') as string } }
    const look = { icon: { file_upload: { id } }, cover: { file_upload: { id } } }
    const children = [{ callout: { rich_text: [], icon: { file_upload: { id } } } }]
    const page = await notion.pages.create({ parent: { page_id: AURORA_HOME }, ...look, children })
    expect(page).toMatchObject({ icon: held, cover: held })
    const { results } = await notion.blocks.children.list({ block_id: page.id })
    expect(results[0]).toMatchObject({ callout: { icon: held } })
    const database = await notion.databases.create({
      parent: { type: 'page_id', page_id: page.id },
      ...look,
      initial_data_source: { properties: { Papers: { files: {} } } },
    })
    expect(database).toMatchObject({ icon: held, cover: held })
    const sourceId = 'data_sources' in database ? (database.data_sources[0]?.id ?? '') : ''
    expect(await notion.dataSources.retrieve({ data_source_id: sourceId })).toMatchObject({ icon: held })
    const row = await notion.pages.create({
      parent: { data_source_id: sourceId },
      properties: { Papers: { files: [{ file_upload: { id }, name: 'contract.png' }, { file_upload: { id } }] } },
    })
    expect(isFullPage(row) && row.properties['Papers']).toMatchObject({
      files: [
        { name: 'contract.png', ...held },
        { name: 'logo.png', ...held },
      ],
    })
    const comment = await notion.comments.create({
      parent: { page_id: page.id },
      rich_text: [{ text: { content: 'see' } }],
      attachments: [{ file_upload_id: id }],
    })
    expect(isFullComment(comment) && comment.attachments).toMatchObject([{ category: 'image', file: held.file }])
    const plain = await notion.comments.create({ parent: { page_id: page.id }, rich_text: [] })
    expect(plain).not.toHaveProperty('attachments')
  })

  it('keeps a file that is given back by an address that was signed earlier', async () => {
    const id = await uploaded()
    const page = await newPage()
    const { results } = await notion.blocks.children.append({
      block_id: page,
      children: [{ image: { file_upload: { id } } }, { paragraph: { rich_text: [{ text: { content: 'x' } }] } }],
    })
    const { markdown } = await notion.pages.retrieveMarkdown({ page_id: page })
    emulator.control.advanceClock(2 * HOUR_MS)
    const new_str = markdown.replace(/x$/, 'changed')
    await notion.pages.updateMarkdown({ page_id: page, type: 'replace_content', replace_content: { new_str } })
    const after = await notion.blocks.children.list({ block_id: page })
    expect(after.results.map((block) => block.id)).toEqual(results.map((block) => block.id))
    const copy = await notion.pages.create({ parent: { page_id: page }, markdown })
    const [block] = (await notion.blocks.children.list({ block_id: copy.id })).results
    const image = block !== undefined && isFullBlock(block) && block.type === 'image' ? block.image : undefined
    expect(image).toMatchObject({ type: 'file' })
    expect(await content(image?.type === 'file' ? image.file.url : '')).toEqual(PNG)
  })

  it('serves a file for an hour, to whoever has the address and to nobody else', async () => {
    const id = await uploaded('a b.png')
    const page = await notion.pages.create({ parent: { page_id: AURORA_HOME }, icon: { file_upload: { id } } })
    const url = isFullPage(page) && page.icon?.type === 'file' ? page.icon.file.url : ''
    const answer = await emulator.fetch(url)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('image/png')
    expect(answer.headers.get('content-security-policy')).toContain('sandbox')
    expect((await emulator.fetch(url, { method: 'HEAD' })).headers.get('content-length')).toBe(String(PNG.byteLength))
    const denied = async (address: string, init = {}): Promise<string> => {
      const response = await emulator.fetch(address, init)
      expect(response.status).toBe(403)
      return response.text()
    }
    const forged = await denied(url.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')))
    expect(await denied(url.replace(id, NOBODY))).toBe(forged)
    expect(await denied(url.replace('Date=2026', 'Date=2027'))).toBe(forged)
    expect(await denied(url.replace(/\?.*/, '?x=1'))).toBe(forged)
    expect(await denied(url, { method: 'DELETE' })).toBe(forged)
    emulator.control.advanceClock(HOUR_MS)
    expect(await denied(url)).toContain('Request has expired')
    const again = await notion.pages.retrieve({ page_id: page.id })
    const fresh = isFullPage(again) && again.icon?.type === 'file' ? again.icon.file.url : ''
    expect(await content(fresh)).toEqual(PNG)
    emulator.control.reset()
    expect(await denied(fresh)).toBe(forged)
  })

  it('does not make a file of another workspace its own, whoever has the address', async () => {
    const page = await notion.pages.create({
      parent: { page_id: AURORA_HOME },
      icon: { file_upload: { id: await uploaded() } },
    })
    const url = isFullPage(page) && page.icon?.type === 'file' ? page.icon.file.url : ''
    const [boreal] = builtinSeed('tenant-boreal')
    const stranger = clientOf(emulator, boreal?.installs[0]?.bot_id ?? '')
    const home = boreal?.installs[0]?.roots[0] ?? ''
    const copy = await stranger.pages.create({
      parent: { page_id: home },
      icon: { external: { url } },
      markdown: `![x](${url})`,
    })
    expect(isFullPage(copy) && copy.icon).toEqual({ type: 'external', external: { url } })
    emulator.control.advanceClock(HOUR_MS)
    const [block] = (await stranger.blocks.children.list({ block_id: copy.id })).results
    expect(block).toMatchObject({ image: { type: 'external', external: { url } } })
    expect((await emulator.fetch(url)).status).toBe(403)
  })

  it('changes nothing when an upload cannot be used', async () => {
    const { id } = await notion.fileUploads.create({ filename: 'a.png' })
    const page = await newPage()
    const before = JSON.stringify(emulator.control.stateOf(page))
    const children = [{ image: { file_upload: { id } } }]
    await expect(notion.blocks.children.append({ block_id: page, children })).rejects.toThrow('status of `pending`')
    await expect(notion.pages.update({ page_id: page, cover: { file_upload: { id } } })).rejects.toThrow('`pending`')
    const comment = { parent: { page_id: page }, rich_text: [], attachments: [{ file_upload_id: id }] }
    await expect(notion.comments.create(comment)).rejects.toThrow('`pending`')
    const row = { data_source_id: AURORA_TASKS }
    await expect(notion.pages.create({ parent: row, icon: { file_upload: { id } } })).rejects.toThrow('`pending`')
    expect(JSON.stringify(emulator.control.stateOf(page))).toBe(before)
    expect((await notion.comments.list({ block_id: page })).results).toEqual([])
  })

  it('needs an install that may insert', () => {
    emulator.control.grant(AURORA_BOT, { capabilities: ['read_content', 'update_content'] })
    for (const target of ['POST /v1/file_uploads', `POST /v1/file_uploads/${NOBODY}/complete`]) {
      expect(raw(emulator, target, { body: {} })).toMatchObject({ status: 403, body: { code: 'restricted_resource' } })
    }
    expect(raw(emulator, 'GET /v1/file_uploads').body['results']).toEqual([])
  })

  it('hides uploads from other installs, even of the same workspace', async () => {
    const id = await uploaded()
    const other = clientOf(emulator, AURORA_ANA)
    const page = await other.pages.create({ parent: { page_id: AURORA_HOME }, properties: { title: title('Hers') } })
    const attempts = [
      (upload: string) => other.fileUploads.retrieve({ file_upload_id: upload }),
      (upload: string) => other.fileUploads.send({ file_upload_id: upload, file: png() }),
      (upload: string) => other.fileUploads.complete({ file_upload_id: upload }),
      (upload: string) => other.pages.update({ page_id: page.id, icon: { file_upload: { id: upload } } }),
      (upload: string) =>
        other.comments.create({
          parent: { page_id: page.id },
          rich_text: [],
          attachments: [{ file_upload_id: upload }],
        }),
    ]
    for (const attempt of attempts) {
      const message = async (upload: string): Promise<string> =>
        attempt(upload).then(
          () => 'done',
          (error: Error & { code?: string }) => `${error.code ?? ''} ${error.message.replaceAll(upload, '<id>')}`,
        )
      expect(await message(id)).toBe(await message(NOBODY))
      expect(await message(id)).toContain(`${APIErrorCode.ObjectNotFound} Could not find file_upload with ID: <id>`)
    }
    expect((await other.fileUploads.list({})).results).toEqual([])
  })
})
