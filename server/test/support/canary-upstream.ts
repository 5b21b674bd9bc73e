import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A slow stand-in for Notion: every key has a workspace whose one page bears the mark of the key's owner. Answers come after
 * a time that differs from request to request, so that the order of answers is never that of the questions.
 */
export interface CanaryUpstream {
  readonly url: string
  readonly keyOf: (user: number) => string
  readonly close: () => Promise<void>
}

const KEY_PREFIX = 'ntn_canary_'
/** Milliseconds of the slowest answer. */
const SLOWEST_MS = 40

/** In every answer to this user, and in no other. */
export function canaryOf(user: number): string {
  return `canary-${user}-end`
}

/** Whose marks stand in a text. */
export function canariesIn(text: string): ReadonlySet<number> {
  return new Set([...text.matchAll(/canary-(\d+)-end/g)].map(([, user]) => Number(user)))
}

export async function startCanaryUpstream(): Promise<CanaryUpstream> {
  const server = createServer((request, response) => {
    const user = Number(request.headers.authorization?.slice(`Bearer ${KEY_PREFIX}`.length))
    // The body is taken off the socket before the answer, or the connection could not be used again.
    request.resume().on('end', () => {
      if (request.url === '/v1/users/me') return answer(response, botOf(user))
      setTimeout(() => answer(response, searchOf(user)), Math.random() * SLOWEST_MS)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keyOf: (user) => `${KEY_PREFIX}${user}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function answer(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(value))
}

function botOf(user: number) {
  return {
    object: 'user',
    id: idOf(user, 0),
    type: 'bot',
    name: 'Canary',
    avatar_url: null,
    bot: {
      owner: { type: 'workspace', workspace: true },
      workspace_id: idOf(user, 1),
      workspace_name: `Workspace ${canaryOf(user)}`,
    },
  }
}

function searchOf(user: number) {
  const kind = { type: 'page_or_data_source', page_or_data_source: {} }
  return { object: 'list', results: [pageOf(user)], next_cursor: null, has_more: false, ...kind }
}

function pageOf(user: number) {
  const person = { object: 'user', id: idOf(user, 2) }
  const content = `Page of ${canaryOf(user)}`
  const text = { type: 'text', text: { content, link: null }, annotations: PLAIN, plain_text: content, href: null }
  return {
    object: 'page',
    id: idOf(user, 3),
    created_time: '2026-01-01T00:00:00.000Z',
    last_edited_time: '2026-01-02T00:00:00.000Z',
    created_by: person,
    last_edited_by: person,
    cover: null,
    icon: null,
    parent: { type: 'workspace', workspace: true },
    in_trash: false,
    is_locked: false,
    properties: { title: { id: 'title', type: 'title', title: [text] } },
    url: 'https://www.notion.so/a-page',
    public_url: null,
  }
}

const PLAIN = { bold: false, italic: false, strikethrough: false, underline: false, code: false, color: 'default' }

function idOf(user: number, index: number): string {
  return `00000000-0000-4000-8000-${String(user).padStart(6, '0')}${String(index).padStart(6, '0')}`
}
