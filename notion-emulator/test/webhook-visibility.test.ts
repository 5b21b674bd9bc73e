import { beforeEach, describe, expect, it } from 'vitest'
import type { Capability } from '../src/index.ts'
import {
  AURORA_ANA,
  AURORA_BOT,
  AURORA_CLIENTS,
  AURORA_HOME,
  AURORA_PEDRO,
  AURORA_RITA,
  paragraph,
  raw,
} from './support/emulator.ts'
import {
  briefly,
  integrationIdOf,
  subscribe,
  wiredEmulator,
  type ReceivedEvent,
  type Wired,
} from './support/webhooks.ts'

const AURORA = '995e1da0-dad0-4bf6-aa3a-dfbea098e740'
/** The page Reuniões, which is all that Pedro shares. */
const MEETINGS = 'fc1907e8-f57c-4869-aabc-3d2d14b114da'
const NEXT_MEETING = 'e45016d2-6b16-4d8a-8b65-03126e5bdb44'

let wired: Wired

beforeEach(() => {
  wired = wiredEmulator('two-tenants')
})

/** Ids that `accessible_by` of an event names. */
const named = (event: ReceivedEvent | undefined): string[] => (event?.accessible_by ?? []).map((entry) => entry.id)

function act(botId: string, target: string, body?: unknown): Record<string, unknown> {
  const answer = raw(wired.emulator, target, { botId, body })
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}

async function news(): Promise<ReceivedEvent[]> {
  wired.receiver.forget()
  await wired.emulator.control.webhooks.flush()
  return wired.receiver.events
}

const lock = (id: string): unknown => act(AURORA_BOT, `PATCH /v1/pages/${id}`, { is_locked: true })
const comment = (id: string): unknown =>
  act(AURORA_BOT, 'POST /v1/comments', { parent: { page_id: id }, markdown: 'hello' })

const ownerOf = (botId: string): string | undefined => {
  const me = raw(wired.emulator, 'GET /v1/users/me', { botId }).body as {
    bot?: { owner: { user?: { id: string } } }
  }
  return me.bot?.owner.user?.id
}

describe('an event in one of two workspaces', () => {
  const everyone = () => wired.emulator.control.installs()
  const borealInstalls = () => everyone().filter((install) => install.workspaceId !== AURORA)
  const borealPublic = () => borealInstalls().filter((install) => install.kind === 'public')

  it('goes to an integration that both have, and names bots and people of the one where it happened only', async () => {
    const integrationId = integrationIdOf(wired.emulator, AURORA_ANA)
    expect(borealPublic().map((install) => install.integrationId)).toContain(integrationId)
    await subscribe(wired, AURORA_ANA)
    lock(NEXT_MEETING)
    const [event, ...others] = await news()
    expect(others).toEqual([])
    expect(event).toMatchObject({ type: 'page.locked', workspace_id: AURORA, integration_id: integrationId })
    const bots = [AURORA_ANA, AURORA_PEDRO]
    expect(event?.accessible_by).toEqual([
      ...bots.map((id) => ({ id, type: 'bot' })),
      ...bots.map((id) => ({ id: ownerOf(id), type: 'person' })),
    ])
  })

  it('says nothing to an integration that only the other has', async () => {
    const internal = borealInstalls().find((install) => install.kind === 'internal')?.botId ?? ''
    await subscribe(wired, internal)
    lock(AURORA_HOME)
    act(AURORA_BOT, 'POST /v1/pages', { parent: { page_id: AURORA_HOME } })
    comment(AURORA_HOME)
    expect(await news()).toEqual([])
    expect(wired.emulator.control.webhooks.deliveries().filter((entry) => entry.type !== 'verification')).toEqual([])
  })

  it('never holds an id of the other, whatever both do', async () => {
    await subscribe(wired, AURORA_ANA)
    const changed = new Map<string, string>()
    for (const { botId, workspaceId, roots, capabilities } of everyone()) {
      if (!capabilities.includes('insert_content')) continue
      const made = act(botId, 'POST /v1/pages', { parent: { page_id: roots[0] }, children: [paragraph('a')] })
      act(botId, 'POST /v1/comments', { parent: { page_id: made['id'] }, markdown: 'a' })
      act(botId, `PATCH /v1/pages/${String(made['id'])}`, { in_trash: true })
      changed.set(String(made['id']), workspaceId)
    }
    await news()
    const posts = wired.receiver.posts.map(({ body }) => body)
    const seen = new Set(posts.map((body) => (JSON.parse(body) as ReceivedEvent).workspace_id))
    expect(seen.size).toBe(2)
    for (const body of posts) {
      const { workspace_id: workspaceId } = JSON.parse(body) as ReceivedEvent
      const foreign = everyone().filter((install) => install.workspaceId !== workspaceId)
      const ids = [...foreign.map((install) => install.botId), ...foreign.flatMap((install) => install.roots)]
      const pages = [...changed].filter(([, home]) => home !== workspaceId).map(([id]) => id)
      const people = foreign.flatMap((install) => ownerOf(install.botId) ?? [])
      for (const id of [...ids, ...pages, ...people]) expect(body).not.toContain(id)
    }
  })
})

describe('who hears of a page', () => {
  it('is every bot of the integration that sees it; the internal integration is told of no bots', async () => {
    await subscribe(wired, AURORA_ANA)
    await subscribe(wired, AURORA_BOT)
    lock(AURORA_CLIENTS)
    const events = await news()
    expect(events.map((event) => named(event))).toEqual([
      [AURORA_ANA, AURORA_RITA, ownerOf(AURORA_ANA), ownerOf(AURORA_RITA)],
      [],
    ])
    expect(Object.keys(events[1] ?? {})).not.toContain('accessible_by')
  })

  it('is nobody when it was not shared, and whoever gets it shared from then on', async () => {
    wired.emulator.control.grant(AURORA_ANA, { roots: [] })
    wired.emulator.control.grant(AURORA_RITA, { roots: [] })
    await subscribe(wired, AURORA_PEDRO)
    lock(AURORA_CLIENTS)
    expect(await news()).toEqual([])
    wired.emulator.control.grant(AURORA_PEDRO, { roots: [AURORA_CLIENTS] })
    comment(AURORA_CLIENTS)
    const events = await news()
    expect(events.map((event) => [event.type, named(event)])).toEqual([
      ['comment.created', [AURORA_PEDRO, ownerOf(AURORA_PEDRO)]],
    ])
  })

  it('is only who still may when it is sent', async () => {
    await subscribe(wired, AURORA_ANA)
    lock(NEXT_MEETING)
    wired.emulator.control.grant(AURORA_PEDRO, { roots: [] })
    expect((await news()).map(named)).toEqual([[AURORA_ANA, ownerOf(AURORA_ANA)]])
    lock(MEETINGS)
    wired.emulator.control.grant(AURORA_ANA, { roots: [] })
    expect(await news()).toEqual([])
    expect(wired.emulator.control.webhooks.deliveries().at(-1)).toMatchObject({ status: 'cancelled', attempts: [] })
  })

  it('is not who got it shared after it happened', async () => {
    wired.emulator.control.grant(AURORA_PEDRO, { roots: [] })
    await subscribe(wired, AURORA_ANA)
    lock(NEXT_MEETING)
    wired.emulator.control.grant(AURORA_PEDRO, { roots: [MEETINGS] })
    expect((await news()).map(named)).toEqual([[AURORA_ANA, ownerOf(AURORA_ANA)]])
  })

  it('is told where a page went when it moves into sight, and nothing when it moves out of it', async () => {
    wired.emulator.control.grant(AURORA_ANA, { roots: [] })
    wired.emulator.control.grant(AURORA_RITA, { roots: [] })
    await subscribe(wired, AURORA_PEDRO)
    act(AURORA_BOT, `POST /v1/pages/${AURORA_CLIENTS}/move`, { parent: { page_id: MEETINGS } })
    const moved = [`page.moved ${AURORA_CLIENTS}`, `page.content_updated ${MEETINGS}`]
    expect(briefly(await news())).toEqual(moved)
    act(AURORA_BOT, `POST /v1/pages/${AURORA_CLIENTS}/move`, { parent: { page_id: AURORA_HOME } })
    expect(briefly(await news())).toEqual([`page.content_updated ${MEETINGS}`])
  })
})

describe('who hears of a comment', () => {
  const without = (capability: Capability): Capability[] =>
    (wired.emulator.control.installs().find((install) => install.botId === AURORA_PEDRO)?.capabilities ?? []).filter(
      (entry) => entry !== capability,
    )

  it('is only who may read comments', async () => {
    wired.emulator.control.grant(AURORA_PEDRO, { capabilities: without('read_comments') })
    await subscribe(wired, AURORA_PEDRO)
    comment(NEXT_MEETING)
    lock(NEXT_MEETING)
    const events = await news()
    expect(events.map((event) => [event.type, named(event).includes(AURORA_PEDRO)])).toEqual([
      ['comment.created', false],
      ['page.locked', true],
    ])
    wired.emulator.control.grant(AURORA_ANA, { capabilities: without('read_comments') })
    comment(NEXT_MEETING)
    expect(await news()).toEqual([])
  })
})

describe('who hears of a file upload', () => {
  it('is the bot that uploads, and no other of the same integration', async () => {
    await subscribe(wired, AURORA_ANA)
    await subscribe(wired, AURORA_BOT)
    const upload = String(act(AURORA_ANA, 'POST /v1/file_uploads', { filename: 'a.png' })['id'])
    const events = await news()
    expect(briefly(events)).toEqual([`file_upload.created ${upload}`])
    expect(named(events[0])).toEqual([AURORA_ANA, ownerOf(AURORA_ANA)])
    expect(Object.keys(events[0] ?? {})).not.toContain('data')
    wired.emulator.control.advanceClock(24 * 60 * 60 * 1000)
    expect(briefly(await news())).toEqual([`file_upload.expired ${upload}`])
  })
})

describe('several subscriptions', () => {
  it('are silent until each is verified by itself', async () => {
    const first = await subscribe(wired)
    const integrationId = integrationIdOf(wired.emulator, AURORA_BOT)
    wired.emulator.control.webhooks.create({ integrationId, url: 'http://other.example/' })
    await news()
    lock(AURORA_HOME)
    expect((await news()).map((event) => event.subscription_id)).toEqual([first])
  })

  it('each get their own event, with their own id and key', async () => {
    const first = await subscribe(wired)
    const second = await subscribe(wired)
    lock(AURORA_HOME)
    const events = await news()
    expect(events.map((event) => event.subscription_id)).toEqual([first, second])
    expect(new Set(events.map((event) => event.id)).size).toBe(2)
    expect(new Set(wired.receiver.posts.map((post) => post.headers['x-notion-signature'])).size).toBe(2)
  })
})
