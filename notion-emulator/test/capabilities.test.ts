import { beforeEach, describe, expect, it } from 'vitest'
import type { Capability, Emulator } from '../src/index.ts'
import {
  AURORA_BOT,
  AURORA_CLIENTS,
  AURORA_HOME,
  AURORA_TASKS,
  AURORA_TASKS_DATABASE,
  AURORA_RITA,
  NOBODY,
  raw,
  testEmulator,
} from './support/emulator.ts'

const child = { paragraph: { rich_text: [{ text: { content: 'x' } }] } }
const text = [{ text: { content: 'x' } }]

const ALL: Capability[] = [
  'read_content',
  'update_content',
  'insert_content',
  'read_comments',
  'insert_comments',
  'user_email',
]

const needs: [capability: Capability, target: string, body?: unknown][] = [
  ['read_content', 'POST /v1/search', {}],
  ['read_content', `GET /v1/blocks/${AURORA_HOME}`],
  ['read_content', `GET /v1/blocks/${AURORA_HOME}/children`],
  ['read_content', `GET /v1/pages/${AURORA_HOME}/markdown`],
  ['read_content', `GET /v1/pages/${AURORA_HOME}/properties/title`],
  ['read_content', `GET /v1/databases/${AURORA_TASKS_DATABASE}`],
  ['read_content', `GET /v1/data_sources/${AURORA_TASKS}`],
  ['read_content', `POST /v1/data_sources/${AURORA_TASKS}/query`, {}],
  ['insert_content', 'POST /v1/pages', { parent: { page_id: AURORA_HOME } }],
  ['insert_content', `PATCH /v1/blocks/${AURORA_HOME}/children`, { children: [child] }],
  ['insert_content', 'POST /v1/databases', { parent: { page_id: AURORA_HOME } }],
  ['insert_content', 'POST /v1/data_sources', { parent: { database_id: AURORA_TASKS_DATABASE }, properties: {} }],
  ['update_content', `PATCH /v1/pages/${AURORA_HOME}`, { is_locked: true }],
  [
    'update_content',
    `PATCH /v1/pages/${AURORA_HOME}/markdown`,
    { type: 'replace_content', replace_content: { new_str: '' } },
  ],
  ['update_content', `PATCH /v1/blocks/${AURORA_HOME}`, { in_trash: true }],
  ['update_content', `DELETE /v1/blocks/${AURORA_HOME}`],
  ['update_content', `PATCH /v1/databases/${AURORA_TASKS_DATABASE}`, { title: text }],
  ['update_content', `PATCH /v1/data_sources/${AURORA_TASKS}`, { title: text }],
  ['read_comments', `GET /v1/comments?block_id=${AURORA_HOME}`],
  ['insert_comments', 'POST /v1/comments', { parent: { page_id: AURORA_HOME }, rich_text: text }],
  ['user_email', 'GET /v1/users'],
  ['user_email', `GET /v1/users/${NOBODY}`],
]

describe('capabilities', () => {
  let emulator: Emulator

  beforeEach(() => {
    emulator = testEmulator('tenant-aurora')
  })

  it.each(needs)('%s is needed for %s', (capability, target, body) => {
    expect(raw(emulator, target, { body }).status).not.toBe(403)
    emulator.control.reset()
    emulator.control.grant(AURORA_BOT, { capabilities: ALL.filter((other) => other !== capability) })
    expect(raw(emulator, target, { body }).body).toMatchObject({
      status: 403,
      code: 'restricted_resource',
      message: 'Insufficient permissions for this endpoint.',
    })
  })

  it('lets a bot know itself whatever it may do', () => {
    emulator.control.grant(AURORA_BOT, { capabilities: [] })
    expect(raw(emulator, 'GET /v1/users/me').status).toBe(200)
  })

  it('hides addresses from an install that may not see them', () => {
    emulator.control.grant(AURORA_BOT, { capabilities: ['user_no_email'] })
    const { text } = raw(emulator, 'GET /v1/users')
    expect(text).toContain('"person":{}')
    expect(text).not.toContain('@aurora.example')
  })

  it('shows people by id only to an install that may not read users', () => {
    emulator.control.grant(AURORA_BOT, { capabilities: ['read_content', 'user_none'] })
    const { text } = raw(emulator, `POST /v1/data_sources/${AURORA_TASKS}/query`, { body: {} })
    expect(text).toMatch(/"people":\[\{"object":"user","id":"[0-9a-f-]{36}"\}\]/)
    expect(text).not.toContain('"person":')
  })

  it('tells an install that may only insert that a page is there, and nothing of it', () => {
    emulator.control.grant(AURORA_BOT, { capabilities: ['insert_content'] })
    const { body } = raw(emulator, `GET /v1/pages/${AURORA_HOME}`)
    expect(Object.keys(body)).toEqual(['object', 'id', 'request_id'])
  })

  it('come with the seed: Rita reads clients and writes nothing', () => {
    expect(raw(emulator, `GET /v1/pages/${AURORA_CLIENTS}`, { botId: AURORA_RITA }).status).toBe(200)
    expect(raw(emulator, `GET /v1/pages/${AURORA_HOME}`, { botId: AURORA_RITA }).status).toBe(404)
    const write = raw(emulator, 'POST /v1/pages', { botId: AURORA_RITA, body: { parent: { page_id: AURORA_CLIENTS } } })
    expect(write.status).toBe(403)
  })

  it('reads below a read-only root and refuses to write there', () => {
    emulator.control.grant(AURORA_BOT, { readonlyRoots: [AURORA_HOME] })
    expect(raw(emulator, `GET /v1/pages/${AURORA_HOME}`).status).toBe(200)
    for (const [capability, target, body] of needs) {
      const isWrite = ['insert_content', 'update_content', 'insert_comments'].includes(capability)
      if (isWrite) expect(raw(emulator, target, { body }).status, target).toBe(403)
    }
  })
})
