import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client, LogLevel, verifyWebhookSignature } from '@notionhq/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Emulator, RunningServer } from '../src/index.ts'
import { AURORA_ANA, AURORA_BOT, AURORA_HOME, testEmulator } from './support/emulator.ts'
import { integrationIdOf } from './support/webhooks.ts'

const SECRET = 'control-secret'

interface Arrived {
  body: Buffer
  signature: string | undefined
  contentType: string | undefined
}

/** Somebody on this machine who takes events. `next` waits for the one after those that were already handed out. */
class RealReceiver {
  private readonly arrived: Arrived[] = []
  private readonly waiting: ((arrived: Arrived) => void)[] = []
  private readonly server: Server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      outgoing.writeHead(204).end()
      const { 'x-notion-signature': signature, 'content-type': contentType } = incoming.headers
      const post = { body: Buffer.concat(chunks), signature: signature?.toString(), contentType }
      const waiter = this.waiting.shift()
      if (waiter === undefined) this.arrived.push(post)
      else waiter(post)
    })
  })

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`
  }

  async next(): Promise<Arrived> {
    return this.arrived.shift() ?? new Promise((resolve) => this.waiting.push(resolve))
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

describe('webhooks of a server', () => {
  let emulator: Emulator
  let server: RunningServer
  let receiver: RealReceiver
  let url: string

  beforeEach(async () => {
    emulator = testEmulator('two-tenants')
    server = await emulator.listen({ controlPort: 0, controlSecret: SECRET })
    receiver = new RealReceiver()
    url = await receiver.start()
  })

  afterEach(async () => {
    await server.close()
    await receiver.stop()
  })

  async function control(target: string, body?: unknown): Promise<Record<string, unknown>> {
    const [method = 'GET', path = ''] = target.split(' ')
    const response = await fetch(`${server.controlUrl ?? ''}${path}`, {
      method,
      headers: { authorization: `Bearer ${SECRET}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { httpStatus: response.status, ...((await response.json()) as object) }
  }

  const integrationOf = (botId: string): string => integrationIdOf(emulator, botId)

  async function subscribed(): Promise<{ id: string; token: string }> {
    const { id } = await control('POST /webhooks', { integration_id: integrationOf(AURORA_BOT), url })
    const handshake = JSON.parse((await receiver.next()).body.toString()) as { verification_token: string }
    const { verification_token: token } = handshake
    const pasted = { id, verification_token: token }
    expect(await control('POST /webhooks/verify', pasted)).toMatchObject({ httpStatus: 200, verified: true })
    return { id: String(id), token }
  }

  it('arrive by themselves, signed over the bytes on the wire', async () => {
    const { id, token } = await subscribed()
    const auth = emulator.control.mintToken(AURORA_BOT)
    const notion = new Client({ auth, notionVersion: '2026-03-11', baseUrl: server.url, logLevel: LogLevel.ERROR })
    const page = await notion.pages.create({ parent: { page_id: AURORA_HOME }, markdown: '# Olá' })
    const { body, signature, contentType } = await receiver.next()
    expect(contentType).toBe('application/json')
    expect(await verifyWebhookSignature({ body, signature, verificationToken: token })).toBe(true)
    expect(JSON.parse(body.toString())).toMatchObject({
      type: 'page.created',
      subscription_id: id,
      workspace_name: 'Estúdio Aurora',
      entity: { id: page.id },
    })
  })

  it('arrive from what people do, too, with the person as the author', async () => {
    await subscribed()
    const { bot } = (await (
      await fetch(`${server.url}/v1/users/me`, {
        headers: {
          authorization: `Bearer ${emulator.control.mintToken(AURORA_ANA)}`,
          'notion-version': '2026-03-11',
        },
      })
    ).json()) as { bot: { owner: { user: { id: string } } } }
    const personId = bot.owner.user.id
    emulator.control.actAs(personId, { method: 'PATCH', path: `/v1/pages/${AURORA_HOME}`, body: { is_locked: true } })
    const { body } = await receiver.next()
    expect(JSON.parse(body.toString())).toMatchObject({
      type: 'page.locked',
      authors: [{ id: personId, type: 'person' }],
    })
  })

  it('are listed, changed, flushed and ended on the control port', async () => {
    const { id } = await subscribed()
    expect(await control(`PATCH /webhooks/${id}`, { event_types: ['page.locked'], api_version: '2025-09-03' })).toEqual(
      {
        httpStatus: 200,
        id,
        integrationId: integrationOf(AURORA_BOT),
        url,
        eventTypes: ['page.locked'],
        apiVersion: '2025-09-03',
        status: 'active',
      },
    )
    expect(await control(`PATCH /webhooks/${id}`, { url: `${url}/2` })).toMatchObject({ httpStatus: 400 })
    expect(await control('GET /webhooks')).toMatchObject({ webhooks: [{ id, url }] })
    expect(await control('POST /webhooks/flush')).toMatchObject({
      deliveries: [{ subscriptionId: id, type: 'verification', status: 'delivered', attempts: [{ status: 204 }] }],
    })
    expect(await control('GET /webhooks/deliveries')).toMatchObject({ deliveries: [{ status: 'delivered' }] })
    expect(await control(`DELETE /webhooks/${id}`)).toEqual({ httpStatus: 200 })
    expect(await control('GET /webhooks')).toEqual({ httpStatus: 200, webhooks: [] })
    expect(await control('POST /webhooks/resend', { id })).toMatchObject({ httpStatus: 400 })
  })

  it('are refused where a body does not fit', async () => {
    const draft = { integration_id: integrationOf(AURORA_BOT), url }
    for (const wrong of [{ url: 7 }, { event_types: ['page.eaten'] }, { api_version: '1' }, { secret: 'x' }]) {
      expect(await control('POST /webhooks', { ...draft, ...wrong }), JSON.stringify(wrong)).toMatchObject({
        httpStatus: 400,
      })
    }
  })

  it('never leave this machine by themselves', async () => {
    const elsewhere = 'https://example.com/hook'
    await control('POST /webhooks', { integration_id: integrationOf(AURORA_BOT), url: elsewhere })
    expect(await control('POST /webhooks/flush')).toMatchObject({
      deliveries: [{ type: 'verification', status: 'failed', attempts: [{ status: null }] }],
    })
  })

  it('fail where nobody listens', async () => {
    await subscribed()
    await receiver.stop()
    emulator.control.actAs(emulator.control.users()[0]?.id ?? '', {
      method: 'PATCH',
      path: `/v1/pages/${AURORA_HOME}`,
      body: { is_locked: true },
    })
    await control('POST /webhooks/flush')
    expect(emulator.control.webhooks.deliveries().at(-1)).toMatchObject({
      status: 'waiting',
      attempts: [{ status: null }],
    })
    receiver = new RealReceiver()
    await receiver.start()
  })
})
