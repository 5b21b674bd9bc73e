import { beforeEach, describe, expect, it } from 'vitest'
import type { Emulator } from '../src/index.ts'
import {
  AURORA_ANA,
  AURORA_BOT,
  AURORA_CLIENTS,
  AURORA_HOME,
  AURORA_PEDRO,
  paragraph,
  raw,
  testEmulator,
  title,
} from './support/emulator.ts'

const MEETINGS = 'fc1907e8-f57c-4869-aabc-3d2d14b114da'

let emulator: Emulator

beforeEach(() => {
  emulator = testEmulator('tenant-aurora')
})

function send(botId: string, target: string, body?: unknown): Record<string, unknown> {
  const answer = raw(emulator, target, { botId, body })
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}

const statusOf = (botId: string, target: string, body?: unknown): number =>
  raw(emulator, target, { botId, body }).status

const find = (botId: string, query: string): string[] =>
  (send(botId, 'POST /v1/search', { query })['results'] as { id: string }[]).map((found) => found.id)

const ownerOf = (botId: string): string =>
  (send(botId, 'GET /v1/users/me') as { bot: { owner: { user: { id: string } } } }).bot.owner.user.id

describe('a private page of somebody', () => {
  const newPrivate = (name = 'Zebra'): string =>
    String(send(AURORA_ANA, 'POST /v1/pages', { properties: { title: title(name) } })['id'])

  it('is seen and written by the install that made it, with all that hangs below it', () => {
    const page = newPrivate()
    const below = String(send(AURORA_ANA, 'POST /v1/pages', { parent: { page_id: page } })['id'])
    const database = String(
      send(AURORA_ANA, 'POST /v1/databases', { parent: { type: 'workspace', workspace: true } })['id'],
    )
    expect(send(AURORA_ANA, `GET /v1/pages/${below}`)).toMatchObject({ parent: { page_id: page } })
    expect(send(AURORA_ANA, `GET /v1/pages/${page}`)).toMatchObject({ parent: { type: 'workspace', workspace: true } })
    expect(send(AURORA_ANA, `GET /v1/databases/${database}`)).toMatchObject({ id: database })
    expect(find(AURORA_ANA, 'Zebra')).toEqual([page])
    send(AURORA_ANA, `PATCH /v1/blocks/${page}/children`, { children: [paragraph('a')] })
  })

  it('stays when the person shares other pages with the integration', () => {
    const page = newPrivate()
    emulator.control.grant(AURORA_ANA, { roots: [MEETINGS] })
    expect(statusOf(AURORA_ANA, `GET /v1/pages/${page}`)).toBe(200)
    expect(statusOf(AURORA_ANA, `GET /v1/pages/${AURORA_CLIENTS}`)).toBe(404)
  })

  it('is not there for anybody else', () => {
    const page = newPrivate()
    for (const botId of [AURORA_BOT, AURORA_PEDRO]) {
      expect(statusOf(botId, `GET /v1/pages/${page}`)).toBe(404)
      expect(find(botId, 'Zebra')).toEqual([])
    }
  })

  it('is seen by the person, and by no other person', () => {
    const page = newPrivate()
    const read = (botId: string): number =>
      emulator.control.actAs(ownerOf(botId), { method: 'GET', path: `/v1/pages/${page}` }).status
    expect(read(AURORA_ANA)).toBe(200)
    expect(read(AURORA_PEDRO)).toBe(404)
  })

  it('is shared by its person only', () => {
    const page = newPrivate()
    const { integrationId, workspaceId } = emulator.control.installs().find(({ botId }) => botId === AURORA_ANA) ?? {
      integrationId: '',
      workspaceId: '',
    }
    const install = (botId: string, roots?: string[]) =>
      emulator.control.install({
        integrationId,
        workspaceId,
        userId: ownerOf(botId),
        ...(roots === undefined ? {} : { roots }),
      })
    expect(() => install(AURORA_PEDRO, [page])).toThrow(RangeError)
    const { botId } = install(AURORA_PEDRO)
    expect(statusOf(botId, `GET /v1/pages/${AURORA_HOME}`)).toBe(200)
    expect(statusOf(botId, `GET /v1/pages/${page}`)).toBe(404)
    expect(() => install(AURORA_ANA, [page])).not.toThrow()
  })

  it('cannot be made by an integration that belongs to nobody', () => {
    expect(statusOf(AURORA_BOT, 'POST /v1/pages', { properties: { title: title('x') } })).toBe(400)
  })
})

describe('a page that is shared for reading only', () => {
  beforeEach(() => {
    emulator.control.grant(AURORA_BOT, { roots: [AURORA_HOME, MEETINGS], readonlyRoots: [MEETINGS] })
  })

  it('reads, and refuses what writes, inside a page that may be written', () => {
    expect(statusOf(AURORA_BOT, `GET /v1/pages/${MEETINGS}`)).toBe(200)
    expect(statusOf(AURORA_BOT, `PATCH /v1/pages/${MEETINGS}`, { is_locked: true })).toBe(403)
    expect(statusOf(AURORA_BOT, `DELETE /v1/blocks/${MEETINGS}`)).toBe(403)
    expect(statusOf(AURORA_BOT, `PATCH /v1/pages/${AURORA_HOME}`, { is_locked: true })).toBe(200)
  })

  it('is not thrown away by the Markdown of the page above it', () => {
    const replace = (newText: string): number =>
      statusOf(AURORA_BOT, `PATCH /v1/pages/${AURORA_HOME}/markdown`, {
        type: 'replace_content',
        replace_content: { new_str: newText, allow_deleting_content: true },
      })
    const before = send(AURORA_BOT, `GET /v1/pages/${AURORA_HOME}/markdown`)
    expect(replace('empty')).toBe(403)
    expect(send(AURORA_BOT, `GET /v1/pages/${AURORA_HOME}/markdown`)['markdown']).toBe(before['markdown'])
    expect(replace(`${String(before['markdown'])}\nmore`)).toBe(200)
  })

  it('keeps the comments that are on it', () => {
    emulator.control.grant(AURORA_BOT, { readonlyRoots: [] })
    const body = { parent: { page_id: MEETINGS }, markdown: 'a' }
    const comment = String(send(AURORA_BOT, 'POST /v1/comments', body)['id'])
    emulator.control.grant(AURORA_BOT, { readonlyRoots: [MEETINGS] })
    expect(statusOf(AURORA_BOT, 'POST /v1/comments', body)).toBe(403)
    expect(statusOf(AURORA_BOT, `PATCH /v1/comments/${comment}`, { markdown: 'b' })).toBe(403)
    expect(statusOf(AURORA_BOT, `DELETE /v1/comments/${comment}`)).toBe(403)
    expect(statusOf(AURORA_BOT, `GET /v1/comments/${comment}`)).toBe(200)
  })
})

describe('the lag of search', () => {
  const DELAY = 3000

  beforeEach(() => {
    emulator.control.configure({ indexDelayMs: DELAY })
  })

  it('holds back what hangs below a page that was just shared; the page itself is found, and all of it can be read', () => {
    const below = 'e45016d2-6b16-4d8a-8b65-03126e5bdb44'
    emulator.control.grant(AURORA_PEDRO, { roots: [] })
    emulator.control.grant(AURORA_PEDRO, { roots: [MEETINGS] })
    expect(find(AURORA_PEDRO, 'Reuniões planejamento')).toEqual([MEETINGS])
    expect(statusOf(AURORA_PEDRO, `GET /v1/pages/${below}`)).toBe(200)
    emulator.control.advanceClock(DELAY - 1)
    expect(find(AURORA_PEDRO, 'planejamento')).toEqual([])
    emulator.control.advanceClock(1)
    expect(find(AURORA_PEDRO, 'planejamento')).toEqual([below])
  })

  it('does not come again for what stays shared', () => {
    emulator.control.grant(AURORA_PEDRO, { roots: [MEETINGS, AURORA_CLIENTS] })
    expect(find(AURORA_PEDRO, 'planejamento')).toHaveLength(1)
    expect(find(AURORA_PEDRO, 'Acme')).toEqual([])
    emulator.control.advanceClock(DELAY)
    expect(find(AURORA_PEDRO, 'Acme')).toHaveLength(1)
  })

  it('is that of the earliest sharing where a page was shared twice', () => {
    emulator.control.grant(AURORA_PEDRO, { roots: [MEETINGS, AURORA_HOME] })
    expect(find(AURORA_PEDRO, 'planejamento')).toHaveLength(1)
  })

  it('holds for private pages, too', () => {
    const page = String(send(AURORA_ANA, 'POST /v1/pages', { properties: { title: title('Zebra') } })['id'])
    expect(find(AURORA_ANA, 'Zebra')).toEqual([])
    emulator.control.advanceClock(DELAY)
    expect(find(AURORA_ANA, 'Zebra')).toEqual([page])
  })
})
