import { builtinSeed, createEmulator, type RunningServer } from '@chaveiro/notion-emulator'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEgress, type Egress } from '#kernel/egress.ts'
import notion from '#providers/notion/provider.ts'

/** Through the guarded fetch and a socket: a file goes out as bytes, not as text, and comes back as it was. */

const BOT = 'b5653801-8c5a-406b-8f08-78632da13d91'
const EMPTY = 'ba6078be-bd37-4d49-99c6-a5fbae96f84c'
const CALL_TIMEOUT_MS = 20_000
const BYTES = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256))

const emulator = createEmulator({ seeds: builtinSeed('demo') })
let served: RunningServer
let egress: Egress

beforeAll(async () => {
  served = await emulator.listen()
  egress = createEgress({ allowedHosts: [new URL(served.url).host] })
})
afterAll(() => Promise.all([egress.close(), served.close()]))

test('a file arrives byte for byte', async () => {
  const tool = notion.tools.find(({ name }) => name === 'notion_upload_file')
  const api_key = emulator.control.mintToken(BOT)
  const access = {
    credential: { api_key },
    fetch: egress.bind({ hosts: [new URL(served.url).host], purpose: 'provider' }),
    apiUrl: served.url,
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
  }
  const input = { name: 'all bytes.png', base64: BYTES.toString('base64'), block_id: EMPTY }
  const outcome = await tool?.run(notion.api(access), tool.input.parse(input))
  expect(outcome).toMatchObject({ ok: true })
  const { block_id } = (outcome?.ok === true ? outcome.value.value : {}) as { block_id: string }
  const block = await fetch(`${served.url}/v1/blocks/${block_id}`, {
    headers: { authorization: `Bearer ${api_key}`, 'notion-version': '2026-03-11' },
  })
  const { image } = (await block.json()) as { image: { file: { url: string } } }
  const file = await fetch(image.file.url)
  expect(Buffer.from(await file.arrayBuffer()).equals(BYTES)).toBe(true)
})
