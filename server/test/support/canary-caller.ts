import { checkOwner } from '../../../scripts/bench/upstream.ts'

/** One user's client in one era, which checks that whatever reaches it is its own. */
export interface CanaryCaller {
  /** A search through the user's connection. */
  readonly search: (id: number) => Promise<void>
  /** A call that reports its progress while it runs. */
  readonly callWithProgress: (id: number) => Promise<void>
  /** Stays open and counts what it is told; every message that is none of a change of tools is an error. */
  readonly listen: () => Promise<Listening>
}

export interface Listening {
  /** How many changes of tools it heard of. */
  readonly changes: () => number
  /** Ends it. @throws what it found wrong */
  readonly close: () => Promise<void>
}

interface Message {
  readonly id?: unknown
  readonly method?: string
  readonly params?: { readonly progressToken?: unknown }
  readonly result?: object
  readonly error?: object
}

interface Caller {
  readonly url: string
  readonly token: string
  /** As the upstream numbers them. */
  readonly user: number
}

const MODERN = '2026-07-28'
const LEGACY = '2025-11-25'
/** As many as the suite's tool reports. */
const PROGRESS_STEPS = 3

export function modernCaller(caller: Caller): CanaryCaller {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'canaries', version: '1' },
  }
  const headersOf = (method: string, name?: string) => ({
    'mcp-protocol-version': MODERN,
    'mcp-method': method,
    ...(name === undefined ? {} : { 'mcp-name': name }),
  })
  return {
    ...callsOf(caller, async (id, call) => {
      const params = { ...call, _meta: { ..._meta, ...call._meta } }
      return post(caller, headersOf('tools/call', call.name), { id, method: 'tools/call', params })
    }),
    async listen() {
      const method = 'subscriptions/listen'
      const params = { notifications: { toolsListChanged: true }, _meta }
      const abort = new AbortController()
      const answer = await post(caller, headersOf(method), { id: 1, method, params }, abort.signal)
      return listening(answer, abort)
    },
  }
}

/** With a session of its own. */
export async function legacyCaller(caller: Caller): Promise<CanaryCaller> {
  const params = { protocolVersion: LEGACY, capabilities: {}, clientInfo: { name: 'canaries', version: '1' } }
  const opened = await post(caller, {}, { id: 1, method: 'initialize', params })
  await opened.text()
  const headers = { 'mcp-protocol-version': LEGACY, 'mcp-session-id': opened.headers.get('mcp-session-id') ?? '' }
  await post(caller, headers, { method: 'notifications/initialized' })
  return {
    ...callsOf(caller, (id, call) => post(caller, headers, { id, method: 'tools/call', params: call })),
    async listen() {
      const abort = new AbortController()
      const accept = { accept: 'text/event-stream', authorization: `Bearer ${caller.token}` }
      const answer = await fetch(caller.url, { headers: { ...headers, ...accept }, signal: abort.signal })
      return listening(answer, abort)
    },
  }
}

interface Call {
  readonly name: string
  readonly arguments: object
  readonly _meta?: object
}

function callsOf({ user }: Caller, send: (id: number, call: Call) => Promise<Response>) {
  return {
    async search(id: number): Promise<void> {
      const answer = await send(id, { name: 'notion_search_pages', arguments: { query: 'page' } })
      const text = await answer.text()
      const [result, ...others] = messagesIn(answer, text)
      checkOwner(text, user)
      if (!isResult(result, id) || others.length > 0) throw wrong(user, id, text)
    },
    async callWithProgress(id: number): Promise<void> {
      const progressToken = `progress-of-${user}`
      const answer = await send(id, { name: 'test_tool_with_progress', arguments: {}, _meta: { progressToken } })
      const text = await answer.text()
      const messages = messagesIn(answer, text)
      const reports = messages.filter(({ method }) => method === 'notifications/progress')
      const areOwn = reports.every(({ params }) => params?.progressToken === progressToken)
      const tokens = new Set(text.match(/progress-of-\d+/g))
      const isWhole = reports.length === PROGRESS_STEPS && messages.length === PROGRESS_STEPS + 1
      if (!isWhole || !areOwn || tokens.size !== 1 || !isResult(messages.at(-1), id)) throw wrong(user, id, text)
    },
  }
}

function isResult(message: Message | undefined, id: number): boolean {
  return message?.id === id && message.error === undefined && !JSON.stringify(message.result).includes('"isError":true')
}

function wrong(user: number, id: number, text: string): Error {
  return new Error(`What reached user ${user} as the answer to ${id} is wrong: ${text}`)
}

function messagesIn(answer: Response, text: string): Message[] {
  if (!answer.ok) return []
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) return [JSON.parse(text) as Message]
  return [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data = '']) => JSON.parse(data) as Message)
}

const TOLD = new Set(['notifications/tools/list_changed', 'notifications/subscriptions/acknowledged'])

function listening(answer: Response, abort: AbortController): Listening {
  let text = ''
  const { body } = answer
  if (!answer.ok || body === null) throw new Error(`Not listening: ${answer.status}`)
  const decoder = new TextDecoder()
  const ended = (async () => {
    for await (const chunk of body) text += decoder.decode(chunk, { stream: true })
  })().catch((error: unknown) => {
    if (!abort.signal.aborted) throw error
  })
  const messages = () => messagesIn(answer, text.slice(0, text.lastIndexOf('\n') + 1))
  return {
    changes: () => messages().filter(({ method }) => method === 'notifications/tools/list_changed').length,
    async close() {
      abort.abort()
      await ended
      const odd = messages().filter(({ method }) => !TOLD.has(method ?? ''))
      if (odd.length > 0) throw new Error(`An open stream was told what it had not asked for: ${JSON.stringify(odd)}`)
    },
  }
}

function post({ url, token }: Caller, headers: Record<string, string>, message: object, signal?: AbortSignal) {
  return fetch(url, {
    method: 'POST',
    headers: {
      ...headers,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    ...(signal === undefined ? {} : { signal }),
  })
}
