import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A bare stand-in for Notion with fixed answers: what it costs is next to nothing, so that what is measured is what lies
 * before it. Every key has a workspace of its own, and every title in it names that workspace's owner: an answer that
 * reached the wrong user shows.
 */
export interface Upstream {
  readonly url: string
  /** A key whose search answers with the canary of the user and nobody else's. */
  readonly keyOf: (user: number) => string
  readonly stop: () => Promise<void>
}

const KEY_PREFIX = 'ntn_bench_'
/** With these the answer of a search has about 7 kB, like a page of usual length. */
const RESULTS = 8
const PADDING_CHARACTERS = 120
const CANARY = /canary-(\d+)-/g

/** What every title of a user's workspace begins with. */
function canaryOf(user: number): string {
  return `canary-${user}-`
}

/** @throws Error where a text lacks the user's canary or holds that of another user */
export function checkOwner(text: string, user: number): void {
  let own = 0
  for (const [, owner] of text.matchAll(CANARY)) {
    if (Number(owner) !== user) throw new Error(`User ${user} got what belongs to user ${owner}`)
    own += 1
  }
  if (own === 0) throw new Error(`User ${user} got an answer that is not theirs: ${text.slice(0, SHOWN_CHARACTERS)}`)
}

const SHOWN_CHARACTERS = 300

/** @param delayMs how long an answer of a search waits; with times that differ, answers overtake each other */
export async function startUpstream(delayMs?: () => number): Promise<Upstream> {
  const searches = new Map<number, Buffer>()
  const server = createServer((request, response) => {
    const user = Number(request.headers.authorization?.slice(`Bearer ${KEY_PREFIX}`.length).split('_')[0])
    // The body is taken off the socket before the answer, or the connection could not be used again.
    request.resume().on('end', () => {
      const answer = () => reply(request, response, { user, searches })
      if (delayMs === undefined) answer()
      else setTimeout(answer, delayMs())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    keyOf: (user) => `${KEY_PREFIX}${user}_0123456789abcdef`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Caller {
  readonly user: number
  readonly searches: Map<number, Buffer>
}

function reply(request: IncomingMessage, response: ServerResponse, { user, searches }: Caller): void {
  if (request.url === '/v1/search') {
    const body = searches.get(user) ?? Buffer.from(JSON.stringify(searchOf(user)))
    searches.set(user, body)
    send(response, body)
  } else if (request.url === '/v1/users/me') send(response, Buffer.from(JSON.stringify(botOf(user))))
  else send(response, NOT_FOUND, 404)
}

function send(response: ServerResponse, body: Buffer, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.byteLength })
  response.end(body)
}

const NOT_FOUND = Buffer.from(
  JSON.stringify({ object: 'error', status: 404, code: 'object_not_found', message: 'There is nothing of that id.' }),
)

function botOf(user: number) {
  return {
    object: 'user',
    id: idOf(user, 0),
    type: 'bot',
    name: 'Bench',
    avatar_url: null,
    bot: {
      owner: { type: 'workspace', workspace: true },
      workspace_id: idOf(user, 1),
      workspace_name: `${canaryOf(user)}workspace`,
    },
  }
}

function searchOf(user: number) {
  const results = Array.from({ length: RESULTS }, (_, index) => pageOf(user, index))
  return {
    object: 'list',
    results,
    next_cursor: null,
    has_more: false,
    type: 'page_or_data_source',
    page_or_data_source: {},
  }
}

function pageOf(user: number, index: number) {
  const id = idOf(user, index + RESULTS)
  const person = { object: 'user', id: idOf(user, 2) }
  const content = `${canaryOf(user)}page-${index} `.padEnd(PADDING_CHARACTERS, 'roadmap ')
  return {
    object: 'page',
    id,
    created_time: '2026-01-01T00:00:00.000Z',
    last_edited_time: '2026-01-02T00:00:00.000Z',
    created_by: person,
    last_edited_by: person,
    cover: null,
    icon: null,
    parent: { type: 'workspace', workspace: true },
    in_trash: false,
    is_locked: false,
    properties: {
      title: {
        id: 'title',
        type: 'title',
        title: [{ type: 'text', text: { content, link: null }, annotations: PLAIN, plain_text: content, href: null }],
      },
    },
    url: `https://www.notion.so/page-${id.replaceAll('-', '')}`,
    public_url: null,
  }
}

const PLAIN = { bold: false, italic: false, strikethrough: false, underline: false, code: false, color: 'default' }

function idOf(user: number, index: number): string {
  return `00000000-0000-4000-8000-${String(user).padStart(6, '0')}${String(index).padStart(6, '0')}`
}
