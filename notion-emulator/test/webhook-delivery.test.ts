import { signWebhookPayload } from '@notionhq/client'
import { beforeEach, describe, expect, it } from 'vitest'
import { AURORA_BOT, AURORA_CLIENTS, AURORA_HOME, NOBODY, paragraph, raw } from './support/emulator.ts'
import {
  arrivals,
  briefly,
  integrationIdOf,
  subscribe,
  wiredEmulator,
  type ReceivedEvent,
  type Wired,
} from './support/webhooks.ts'

const URL_OF_RECEIVER = 'http://receiver.example/hook'
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

let wired: Wired

beforeEach(() => {
  wired = wiredEmulator('tenant-aurora')
})

function send(target: string, body?: unknown): Record<string, unknown> {
  const answer = raw(wired.emulator, target, { body })
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}

const setLock = (isLocked: boolean, id = AURORA_HOME): unknown => send(`PATCH /v1/pages/${id}`, { is_locked: isLocked })
const append = (): unknown => send(`PATCH /v1/blocks/${AURORA_HOME}/children`, { children: [paragraph('a')] })
const newPage = (): string => String(send('POST /v1/pages', { parent: { page_id: AURORA_HOME } })['id'])
const setTrash = (id: string, isTrashed: boolean): unknown => send(`PATCH /v1/pages/${id}`, { in_trash: isTrashed })

async function flush(): Promise<ReceivedEvent[]> {
  wired.receiver.forget()
  await wired.emulator.control.webhooks.flush()
  return wired.receiver.events
}

describe('a new subscription', () => {
  const create = (draft: object = {}) =>
    wired.emulator.control.webhooks.create({
      integrationId: integrationIdOf(wired.emulator, AURORA_BOT),
      url: URL_OF_RECEIVER,
      ...draft,
    })

  it('sends its address a token, signed with itself, and shows it to nobody else', async () => {
    const subscription = create()
    await flush()
    const { token, posts } = wired.receiver
    expect(token).toMatch(/^secret_[A-Za-z0-9]{40,}$/)
    const body = JSON.stringify({ verification_token: token })
    const signature = await signWebhookPayload({ body, verificationToken: token })
    const headers = { 'content-type': 'application/json', 'x-notion-signature': signature }
    expect(posts).toEqual([{ url: URL_OF_RECEIVER, headers, body }])
    expect(JSON.stringify([subscription, wired.emulator.control.webhooks.list()])).not.toContain(token)
  })

  it('is silent until the token is pasted back, and then tells only what happens from there on', async () => {
    const { id, status } = create()
    expect(status).toBe('pending')
    setLock(true)
    expect(await flush()).toEqual([])
    const { webhooks } = wired.emulator.control
    await flush()
    webhooks.resend(id)
    await flush()
    expect(webhooks.verify(id, 'secret_other')).toBe(false)
    setLock(false)
    expect(webhooks.verify(id, wired.receiver.token)).toBe(true)
    expect(webhooks.list()).toMatchObject([{ id, status: 'active', apiVersion: '2026-03-11' }])
    expect(await flush()).toEqual([])
    setLock(true)
    expect(briefly(await flush())).toEqual([`page.locked ${AURORA_HOME}`])
  })

  it('has an address that can be changed until it is verified, and never after', async () => {
    const { webhooks } = wired.emulator.control
    const { id } = create()
    await flush()
    const first = wired.receiver.token
    webhooks.change(id, { url: 'http://elsewhere.example/' })
    await flush()
    expect(wired.receiver.posts.map((post) => post.url)).toEqual(['http://elsewhere.example/'])
    expect(webhooks.verify(id, first)).toBe(false)
    expect(webhooks.verify(id, wired.receiver.token)).toBe(true)
    expect(() => webhooks.change(id, { url: URL_OF_RECEIVER })).toThrow(/address of a verified/)
    expect(() => webhooks.resend(id)).toThrow(/verified/)
    webhooks.change(id, { url: 'http://elsewhere.example/', eventTypes: ['page.unlocked'], apiVersion: '2025-09-03' })
    setLock(true)
    setLock(false)
    expect((await flush()).map((event) => [event.type, event.api_version])).toEqual([['page.unlocked', '2025-09-03']])
  })

  it('is asked for its token once, and again only on demand', async () => {
    wired.receiver.statuses = [500]
    const { id } = create()
    await flush()
    wired.emulator.control.advanceClock(DAY)
    await flush()
    expect(wired.receiver.posts).toEqual([])
    expect(wired.emulator.control.webhooks.deliveries()).toMatchObject([
      { type: 'verification', entityId: null, status: 'failed', dueAt: null, attempts: [{ status: 500 }] },
    ])
    wired.emulator.control.webhooks.resend(id)
    await flush()
    expect(wired.receiver.posts).toHaveLength(1)
  })

  it.each([
    ['an integration that does not exist', { integrationId: NOBODY }, RangeError],
    ['an address that is none', { url: 'receiver' }, TypeError],
    ['an address of another kind', { url: 'file:///etc/hosts' }, TypeError],
    ['an event that does not exist', { eventTypes: ['page.eaten'] }, TypeError],
    ['a version that does not exist', { apiVersion: '2021-05-13' }, TypeError],
  ])('is refused for %s', (_name, draft, error) => {
    expect(() => create(draft)).toThrow(error)
    expect(wired.emulator.control.webhooks.list()).toEqual([])
  })

  it('can be ended: what waited is never sent', async () => {
    const id = await subscribe(wired)
    setLock(true)
    wired.emulator.control.webhooks.remove(id)
    setLock(false)
    expect(await flush()).toEqual([])
    expect(wired.emulator.control.webhooks.deliveries().at(-1)).toMatchObject({ status: 'cancelled', attempts: [] })
    expect(() => wired.emulator.control.webhooks.verify(id, 'x')).toThrow(RangeError)
  })
})

describe('the signature', () => {
  it('fits the bytes that were sent, whatever they hold', async () => {
    const { receiver } = wired
    const { webhooks } = wired.emulator.control
    const integrationId = integrationIdOf(wired.emulator, AURORA_BOT)
    const { id } = webhooks.create({ integrationId, url: URL_OF_RECEIVER })
    await flush()
    const { token } = receiver
    webhooks.verify(id, token)
    setLock(true)
    append()
    const events = await arrivals(wired, token)
    expect(events).toHaveLength(2)
    expect(events[0]?.workspace_name).toBe('Estúdio Aurora')
  })
})

describe('a delivery that fails', () => {
  beforeEach(async () => {
    await subscribe(wired)
  })

  it('is tried eight times within about a day of the clock, each time later, as the same event', async () => {
    wired.receiver.statuses = [500]
    setLock(true)
    await wired.emulator.control.webhooks.flush()
    for (let minute = 0; minute < 2 * 24 * 60; minute += 1) {
      wired.emulator.control.advanceClock(MINUTE)
      await wired.emulator.control.webhooks.flush()
    }
    const { events } = wired.receiver
    expect(events.map((event) => event.attempt_number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(new Set(events.map((event) => event.id)).size).toBe(1)
    expect(new Set(events.map((event) => event.timestamp)).size).toBe(1)
    const [delivery] = wired.emulator.control.webhooks.deliveries().filter((entry) => entry.type === 'page.locked')
    expect(delivery).toMatchObject({ id: events[0]?.id, status: 'failed', dueAt: null })
    const times = delivery?.attempts.map((attempt) => attempt.time) ?? []
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0))
    expect(waits).toEqual(waits.toSorted((left, right) => left - right))
    const whole = (times.at(-1) ?? 0) - (times[0] ?? 0)
    expect(Math.abs(whole - DAY)).toBeLessThan(HOUR)
  })

  it('is not tried before its time, not even by a flush', async () => {
    wired.receiver.statuses = [503, 200]
    setLock(true)
    expect(await flush()).toHaveLength(1)
    expect(await flush()).toEqual([])
    const due = wired.emulator.control.webhooks.deliveries().at(-1)?.dueAt ?? 0
    const now = wired.emulator.control.advanceClock(1)
    wired.emulator.control.advanceClock(due - now - 1)
    expect(await flush()).toEqual([])
    wired.emulator.control.advanceClock(1)
    expect((await flush()).map((event) => event.attempt_number)).toEqual([2])
    wired.emulator.control.advanceClock(DAY)
    expect(await flush()).toEqual([])
  })

  it.each([199, 301, 404, 429, 500])('is one that was answered with %i', async (status) => {
    wired.receiver.statuses = [status]
    setLock(true)
    await flush()
    expect(wired.emulator.control.webhooks.deliveries().at(-1)).toMatchObject({ status: 'waiting' })
  })

  it.each([200, 204, 299])('is none that was answered with %i', async (status) => {
    wired.receiver.statuses = [status]
    setLock(true)
    await flush()
    expect(wired.emulator.control.webhooks.deliveries().at(-1)).toMatchObject({ status: 'delivered', dueAt: null })
  })

  it('does not keep others from arriving', async () => {
    wired.receiver.statuses = [500, 200]
    setLock(true)
    setLock(false)
    await flush()
    expect(wired.emulator.control.webhooks.deliveries().map((entry) => entry.status)).toEqual([
      'delivered',
      'waiting',
      'delivered',
    ])
  })
})

describe('a receiver that does not answer', () => {
  it('counts as a failed attempt', async () => {
    let isBroken = false
    const deliver: typeof wired.receiver.deliver = (url, headers, body) => {
      if (isBroken) throw new Error('refused')
      return wired.receiver.deliver(url, headers, body)
    }
    wired = { ...wired, emulator: wiredEmulator('tenant-aurora', { deliver }).emulator }
    await subscribe(wired)
    isBroken = true
    setLock(true)
    await flush()
    expect(wired.emulator.control.webhooks.deliveries().at(-1)).toMatchObject({
      status: 'waiting',
      attempts: [{ status: null }],
    })
  })

  it('is not sent the same event by two who send at once', async () => {
    await subscribe(wired)
    setLock(true)
    const { webhooks } = wired.emulator.control
    await Promise.all([webhooks.flush(), webhooks.flush(), webhooks.flush()])
    expect(wired.receiver.events).toHaveLength(1)
  })
})

describe('the order of events', () => {
  it('is that of the changes, or the other way round when the switch says so', async () => {
    await subscribe(wired)
    const change = (): void => {
      setLock(true)
      append()
      setLock(false)
    }
    change()
    const expected = ['page.locked', 'page.content_updated', 'page.unlocked']
    expect((await flush()).map((event) => event.type)).toEqual(expected)
    wired.emulator.control.configure({ webhookOutOfOrder: true })
    change()
    expect((await flush()).map((event) => event.type)).toEqual(expected.toReversed())
  })
})

describe('the window in which changes are put together', () => {
  const WINDOW = 30_000

  beforeEach(async () => {
    await subscribe(wired)
    wired.emulator.control.configure({ webhookWindowMs: WINDOW })
  })

  const later = (): number => wired.emulator.control.advanceClock(1000)

  it('makes one event of many changes of one page, with all its blocks and the time of the last', async () => {
    append()
    later()
    append()
    const [event, ...others] = await flush()
    expect(others).toEqual([])
    expect(event).toMatchObject({ type: 'page.content_updated', timestamp: '2026-11-22T12:34:57.789Z' })
    expect(new Set(((event?.data?.['updated_blocks'] ?? []) as { id: string }[]).map((block) => block.id)).size).toBe(2)
  })

  it('puts together property ids, and the fate of each property', async () => {
    const source = send('POST /v1/databases', { parent: { type: 'page_id', page_id: AURORA_HOME } })
    const { id } = (source['data_sources'] as { id: string }[])[0] ?? { id: '' }
    await flush()
    const change = (properties: object): unknown => send(`PATCH /v1/data_sources/${id}`, { properties })
    change({ Kept: { number: {} }, Gone: { number: {} } })
    change({ Kept: { name: 'Renamed' }, Gone: null, Name: { name: 'Title' } })
    const [event] = await flush()
    const updated = event?.data?.['updated_properties'] as { name: string; action: string }[]
    expect(updated.map(({ name, action }) => [name, action])).toEqual([
      ['Renamed', 'created'],
      ['Title', 'updated'],
    ])
  })

  it('names everybody who had a part in it', async () => {
    const other = wired.emulator.control.installs().find((install) => install.ownerName === 'Ana Souza')?.botId ?? ''
    append()
    raw(wired.emulator, `PATCH /v1/blocks/${AURORA_HOME}/children`, {
      botId: other,
      body: { children: [paragraph('b')] },
    })
    expect((await flush()).map((event) => event.authors)).toEqual([
      [
        { id: AURORA_BOT, type: 'bot' },
        { id: other, type: 'bot' },
      ],
    ])
  })

  it('makes nothing of what was created and deleted, and nothing of what was deleted and restored', async () => {
    const page = newPage()
    send(`PATCH /v1/blocks/${page}/children`, { children: [paragraph('a')] })
    setTrash(page, true)
    setTrash(AURORA_CLIENTS, true)
    setTrash(AURORA_CLIENTS, false)
    expect(briefly(await flush())).toEqual([`page.content_updated ${AURORA_HOME}`])
    setTrash(AURORA_CLIENTS, true)
    setTrash(AURORA_CLIENTS, false)
    setTrash(AURORA_CLIENTS, true)
    expect(briefly(await flush())).toEqual([`page.content_updated ${AURORA_HOME}`, `page.deleted ${AURORA_CLIENTS}`])
  })

  it('tells of what was created, deleted and restored as of something new', async () => {
    const page = newPage()
    setTrash(page, true)
    setTrash(page, false)
    const expected = [`page.created ${page}`, `page.content_updated ${AURORA_HOME}`]
    expect(briefly(await flush()).toSorted()).toEqual(expected.toSorted())
  })

  it('leaves locks and comments as they are', async () => {
    setLock(true)
    setLock(false)
    const comment = send('POST /v1/comments', { parent: { page_id: AURORA_HOME }, markdown: 'a' })
    send(`DELETE /v1/comments/${String(comment['id'])}`)
    expect((await flush()).map((event) => event.type)).toEqual([
      'page.locked',
      'page.unlocked',
      'comment.created',
      'comment.deleted',
    ])
  })

  it('ends: what comes after it is another event', async () => {
    append()
    wired.emulator.control.advanceClock(WINDOW)
    append()
    expect(briefly(await flush())).toEqual([
      `page.content_updated ${AURORA_HOME}`,
      `page.content_updated ${AURORA_HOME}`,
    ])
  })

  it('holds what a server sends by itself until it is over, and is cut short by a flush only', async () => {
    append()
    const [delivery] = wired.emulator.control.webhooks.deliveries().slice(-1)
    expect(delivery).toMatchObject({ status: 'waiting', attempts: [] })
    expect((delivery?.dueAt ?? 0) - Date.parse('2026-11-22T12:34:56.789Z')).toBe(WINDOW)
  })

  it('never cancels what was sent before', async () => {
    const page = newPage()
    await flush()
    setTrash(page, true)
    expect(briefly(await flush())).toContain(`page.deleted ${page}`)
  })
})

describe('a reset', () => {
  it('forgets what waits, and subscriptions with it', async () => {
    await subscribe(wired)
    setLock(true)
    wired.emulator.control.reset()
    expect(await flush()).toEqual([])
    expect(wired.emulator.control.webhooks.list()).toEqual([])
  })
})
