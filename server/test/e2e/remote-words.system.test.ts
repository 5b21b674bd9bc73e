import type { Progress } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { startLivelyServer, WORK, type LivelyServer } from '../support/lively-server.ts'
import { connectMcpClient } from '../support/mcp-client.ts'
import { WHOAMI } from '../support/remote-tool-server.ts'
import { addTokenUser } from '../support/token-user.ts'
import { createWholeApp, type WholeApp } from '../support/whole-app.ts'

/**
 * What a remote server says while it works, and between two calls, over real sockets: progress, questions and changes of
 * its tools, of servers and clients of both eras. Whoever caused it hears it, and nobody else.
 */

const ERAS = ['legacy', 'modern'] as const
type Era = (typeof ERAS)[number]
/** At once, half of them at a server of each era, and half of those with a client of each. */
const USERS = 52
const PAIRS = ERAS.flatMap((server) => ERAS.map((client) => ({ server, client })))

let database: TestDatabase
let servers: Record<Era, LivelyServer>
let app: WholeApp
let users = 0

beforeAll(async () => {
  database = await openTestDatabase('pglite')
  servers = { legacy: await startLivelyServer('legacy'), modern: await startLivelyServer('modern') }
  const hosts = `${servers.legacy.host},${servers.modern.host}`
  app = await createWholeApp(database, { CHAVEIRO_REMOTE_SERVER_HOSTS: hosts })
})
afterAll(async () => {
  await app?.close()
  for (const era of ERAS) await servers?.[era][Symbol.asyncDispose]()
  await database?.close()
})

interface Connected {
  readonly id: number
  readonly token: string
  readonly key: string
  readonly serverId: number
}

async function connected(era: Era): Promise<Connected> {
  users += 1
  const user = await addTokenUser(database, `words${users}@example.com`)
  const key = `token-of-${user.id}.`
  const body = { url: servers[era].url, label: 'Lively', token: key }
  const answer = await app.request('POST', '/api/mcp/servers', { token: user.token, body })
  expect(answer.status, answer.text).toBe(200)
  return { ...user, key, serverId: Number(answer.json()['connection_id']) }
}

interface Asked {
  readonly message: string
  readonly url?: string
}

/** A client whose user answers every question with a word of their own. */
async function clientOf(user: Connected, era: Era, modes: readonly ('form' | 'url')[] = ['form', 'url']) {
  const asked: Asked[] = []
  let changes = 0
  const client = await connectMcpClient(app, {
    token: user.token,
    era,
    ...(modes.length === 0
      ? {}
      : { capabilities: { elicitation: Object.fromEntries(modes.map((mode) => [mode, {}])) } }),
    ...(modes.length === 0
      ? {}
      : {
          async answer(question: unknown) {
            asked.push(question as Asked)
            return { action: 'accept', content: { word: `word-of-${user.id}.`, other: 'not asked for' } }
          },
        }),
  })
  client.setNotificationHandler('notifications/tools/list_changed', () => void (changes += 1))
  return {
    client,
    asked,
    changes: () => changes,
    work: async (given: object, onprogress?: (report: Progress) => void) => {
      const result = await client.callTool(
        { name: 'lively_work', arguments: { ...given } },
        onprogress === undefined ? {} : { onprogress },
      )
      return { text: JSON.stringify(result.content), isError: result.isError === true }
    },
  }
}

describe.each(PAIRS)('a $server server and a $client client', ({ server: serverEra, client: clientEra }) => {
  it('pass progress on, to the call that it is about', async () => {
    const [one, other] = [await connected(serverEra), await connected(serverEra)]
    const [a, b] = [await clientOf(one, clientEra), await clientOf(other, clientEra)]
    const reports: Progress[][] = [[], []]
    const given = { reports: 3, milliseconds: 5 }
    await Promise.all([
      a.work(given, (report) => reports[0]?.push(report)),
      b.work(given, (report) => reports[1]?.push(report)),
      a.work({ reports: 1 }),
    ])
    for (const [at, { key }] of [one, other].entries()) {
      expect(reports[at]?.map(({ progress, total, message }) => [progress, total, message])).toEqual(
        [1, 2, 3].map((step) => [step, 3, `step of ${key}`]),
      )
    }
    await Promise.all([a.client.close(), b.client.close()])
  })

  it('bring a question to the user of that client, with the server’s name, and the answer back', async () => {
    const user = await connected(serverEra)
    const { client, asked, work } = await clientOf(user, clientEra)
    const { text, isError } = await work({ ask: 'form', times: 2, reports: 1 })
    expect(isError, text).toBe(false)
    expect(asked.map(({ message }) => message)).toEqual([1, 2].map((time) => wordsOf(user, time)))
    const accepted = { action: 'accept', content: { word: `word-of-${user.id}.` } }
    expect(answersTo(serverEra, user)).toEqual([accepted, accepted])
    await client.close()
  })

  function wordsOf({ key }: Connected, time: number): string {
    const { host } = servers[serverEra]
    return `The remote server "Lively" (${host}) that you connected asks, and your answer goes to it: Question ${time} of ${key}?`
  }

  it('have a user open a page, whose host is named', async () => {
    const user = await connected(serverEra)
    const { client, asked, work } = await clientOf(user, clientEra)
    await work({ ask: 'url' })
    expect(asked).toMatchObject([{ mode: 'url', url: 'https://pages.example/consent' }])
    expect(asked[0]?.message).toContain('asks you to open a page at pages.example: Question 1')
    expect(answersTo(serverEra, user)).toEqual([{ action: 'accept' }])
    await client.close()
  })

  it('say in words what could not be asked', async () => {
    const user = await connected(serverEra)
    const { client, work } = await clientOf(user, clientEra, [])
    const { text } = await work({ ask: 'form' })
    expect(answersTo(serverEra, user)).toEqual([{ action: 'decline' }])
    expect(text).toContain('The server wanted to ask its user')
    expect(text).toContain(`Question 1 of ${user.key}?`)
    await client.close()
  })

  it('bound the questions of a call', async () => {
    const user = await connected(serverEra)
    const { client, asked, work } = await clientOf(user, clientEra)
    await work({ ask: 'form', times: 7 })
    expect(asked).toHaveLength(5)
    expect(answersTo(serverEra, user).slice(5)).toEqual([{ action: 'decline' }, { action: 'decline' }])
    await client.close()
  })
})

function answersTo(era: Era, { key }: Connected): unknown[] {
  return servers[era].answers.filter(({ token }) => token === key).map(({ answer }) => answer)
}

describe.each(ERAS)('a %s server', (era) => {
  it('gets no answer of a model', async () => {
    const user = await connected(era)
    const { client, work } = await clientOf(user, 'modern')
    const { text } = await work({ ask: 'sample' })
    expect(text).toMatch(era === 'legacy' ? /Method not found|does not support/i : /do not declare/)
    await client.close()
  })

  it('is told no where a program calls, which has nobody to ask', async () => {
    const user = await connected(era)
    const answer = await app.request('POST', '/api/tools/lively_work/call', {
      token: user.token,
      body: { arguments: { ask: 'form' } },
    })
    expect(answersTo(era, user)).toEqual([{ action: 'decline' }])
    expect(answer.json()['text']).toContain('The server wanted to ask its user')
  })

  it('that says its tools have changed has them learned again for that user, whose client alone is told', async () => {
    const server = servers[era]
    const [one, other] = [await connected(era), await connected(era)]
    const [a, b] = [await clientOf(one, 'legacy'), await clientOf(other, 'legacy')]
    await Promise.all([a.work({}), b.work({})])
    await expect.poll(() => server.listening()).toEqual(expect.arrayContaining([one.key, other.key]))
    const listed = () => server.lists.filter((token) => token === one.key).length
    const [before, ofOther] = [listed(), server.lists.filter((token) => token === other.key).length]
    server.tools = [WHOAMI, { ...WORK, description: 'Looks longer.' }]
    await server.tell(one.key)
    try {
      await expect.poll(listed, { timeout: 10_000 }).toBeGreaterThan(before)
      await expect.poll(a.changes, { timeout: 10_000 }).toBeGreaterThan(0)
      const names = async (mine: typeof a) => (await mine.client.listTools()).tools.map(({ name }) => name)
      expect(await names(a)).not.toContain('lively_work')
      expect(await names(b)).toContain('lively_work')
      expect(b.changes()).toBe(0)
      expect(server.lists.filter((token) => token === other.key)).toHaveLength(ofOther)
      const changes = await app.request('GET', `/api/mcp/servers/${one.serverId}/changes`, { token: one.token })
      expect(changes.json()).toMatchObject({ changes: [{ tool: 'lively_work', kind: 'changed' }] })
    } finally {
      server.tools = [WHOAMI, WORK]
      await Promise.all([a.client.close(), b.client.close()])
    }
  })
})

describe('a server of a suspended user', () => {
  it('has nothing sent to it by saying that its tools have changed', async () => {
    const server = servers.legacy
    const [one, other] = [await connected('legacy'), await connected('legacy')]
    const clients = [await clientOf(one, 'legacy'), await clientOf(other, 'legacy')]
    await Promise.all(clients.map(({ work }) => work({})))
    await expect.poll(() => server.listening()).toEqual(expect.arrayContaining([one.key, other.key]))
    await Promise.all(clients.map(({ client }) => client.close()))
    const listed = ({ key }: Connected) => server.lists.filter((token) => token === key).length
    const before = [one, other].map(listed)
    await database.asOwner(`update users set banned = true where id = ${one.id}`)
    await server.tell(one.key)
    await server.tell(other.key)
    await expect.poll(() => listed(other), { timeout: 10_000 }).toBeGreaterThan(before[1] ?? 0)
    expect(listed(one)).toBe(before[0])
  })
})

describe('a client of the user’s own', () => {
  it('hears nothing where a connection changes and its list of tools does not', async () => {
    const user = await connected('modern')
    const { client, changes } = await clientOf(user, 'legacy')
    await client.listTools()
    await database.asOwner(
      `update mcp_connections set version = version, expires_at = now() where user_id = ${user.id}`,
    )
    const path = `/api/mcp/connections/${user.serverId}`
    await app.request('PUT', '/api/tools/lively_work/policy', { token: user.token, body: { decision: 'deny' } })
    await expect.poll(changes, { timeout: 10_000 }).toBe(1)
    // Its tools bear the server's label, so another label is another list.
    await app.request('PATCH', path, { token: user.token, body: { label: 'Renamed' } })
    await expect.poll(changes, { timeout: 10_000 }).toBe(2)
    await client.close()
  })
})

describe('users at once, more than fifty,', () => {
  it('with the same ids and progress tokens get nothing but their own', async () => {
    const eraOf = (at: number, half: number) => ERAS[Math.floor(at / half) % ERAS.length] ?? 'modern'
    const all: { at: number; user: Connected }[] = []
    // Connecting has a deadline of its own, so not all of it at once: what is looked at are the calls.
    for (let at = 0; at < USERS; at += PAIRS.length) {
      const group = PAIRS.map(async (_pair, next) => ({ at: at + next, user: await connected(eraOf(at + next, 1)) }))
      all.push(...(await Promise.all(group)))
    }
    await Promise.all(
      all.map(async ({ at, user }) => {
        const mine = await clientOf(user, eraOf(at, 2))
        const reports: Progress[] = []
        const given = { ask: 'form', reports: 3, milliseconds: 30 }
        // The official client reports its own rounds to itself, too.
        const note = (report: Progress) => {
          if (report.message?.startsWith('Fulfilling') !== true) reports.push(report)
        }
        const [worked, whoami] = await Promise.all([
          mine.work(given, note),
          mine.client.callTool({ name: 'lively_whoami', arguments: {} }),
        ])
        expect(worked.text).toContain(`worked as ${user.key}`)
        expect(JSON.stringify(whoami.content)).toContain(`whoami as ${user.key}`)
        expect(reports.map(({ progress, message }) => [progress, message])).toEqual(
          [1, 2, 3].map((step) => [step, `step of ${user.key}`]),
        )
        expect(mine.asked.map(({ message }) => message)).toEqual([
          expect.stringContaining(`Question 1 of ${user.key}?`),
        ])
        const own = { action: 'accept', content: { word: `word-of-${user.id}.` } }
        expect(answersTo(eraOf(at, 1), user)).toEqual([own])
        await mine.client.close()
      }),
    )
  })
})
