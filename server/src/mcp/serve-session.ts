import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server'
import type { Clock } from '#kernel/clock.ts'
import { authInfoOf } from './asking.ts'
import type { ListWatch } from './list-watch.ts'
import type { CreateServer } from './server.ts'
import type { SessionTerms } from './session-id.ts'
import type { Session, SessionStore } from './session-store.ts'
import type { Asking } from './source.ts'

/** The library's part in a session: a server and a transport, the handshake, and one message after another. */
export interface SessionServing {
  readonly start: (asking: Asking, id: string) => Promise<Session>
  /** Repeats the handshake of a session that this process does not hold. */
  readonly takeUp: (asking: Asking, id: string, terms: SessionTerms) => Promise<Session>
  readonly handle: (session: Session, request: Request, asking: Asking, message: unknown) => Promise<Response>
}

export function createServing(deps: {
  readonly createServer: CreateServer
  readonly clock: Clock
  readonly store: SessionStore
  readonly watch: Pick<ListWatch, 'add'>
}): SessionServing {
  const { createServer, clock, store, watch } = deps
  async function start(asking: Asking, id: string): Promise<Session> {
    const server = createServer()
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      onsessionclosed: store.end,
    })
    const session = { id, principal: asking.principal, server, transport, usedAt: clock.now().getTime(), open: 0 }
    store.add(session)
    await server.connect(transport)
    return session
  }

  async function takeUp(asking: Asking, id: string, terms: SessionTerms): Promise<Session> {
    const session = await start(asking, id)
    const options = { authInfo: authInfoOf(asking), parsedBody: handshakeOf(terms) }
    const answer = await session.transport.handleRequest(handshakeRequest(), options)
    await answer.body?.cancel()
    return session
  }

  async function handle(session: Session, request: Request, asking: Asking, message: unknown): Promise<Response> {
    session.usedAt = clock.now().getTime()
    const answer = await session.transport.handleRequest(request, {
      authInfo: authInfoOf(asking),
      ...(message === undefined ? {} : { parsedBody: message }),
    })
    if (answer.body === null) return answer
    session.open += 1
    // A GET opens the stream on which a session hears of what nobody asked for.
    const stopWatching =
      request.method === 'GET' && answer.ok
        ? watch.add(asking, () => void session.server.sendToolListChanged().catch(() => {}))
        : () => {}
    const ended = whenEnded(answer.body, () => {
      session.open -= 1
      stopWatching()
    })
    return new Response(ended, answer)
  }

  return { start, takeUp, handle }
}

function handshakeOf({ protocolVersion, capabilities }: SessionTerms) {
  return {
    jsonrpc: '2.0',
    id: 'taken-up',
    method: 'initialize',
    params: { protocolVersion, capabilities, clientInfo: { name: 'taken up', version: '0' } },
  }
}

function handshakeRequest(): Request {
  return new Request('http://localhost/mcp', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
  })
}

/** Calls back once when a stream has ended, either way. */
function whenEnded(body: ReadableStream<Uint8Array>, onEnd: () => void): ReadableStream<Uint8Array> {
  let isOver = false
  const end = () => {
    if (!isOver) onEnd()
    isOver = true
  }
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (!done) return controller.enqueue(value)
        end()
        controller.close()
      } catch (error) {
        end()
        controller.error(error)
      }
    },
    async cancel(reason) {
      end()
      await reader.cancel(reason)
    },
  })
}
