import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { callNodeHandler, type NodeHandler } from './bridge.ts'
import { oauthRequest } from './oauth-request.ts'

const CONTEXT = { path: '/x', requestId: 'r', address: '192.0.2.1', startedAt: 0 }
const call = (handler: NodeHandler, more: { method?: string; body?: string; headers?: Record<string, string> } = {}) =>
  callNodeHandler(
    handler,
    {
      method: more.method ?? 'POST',
      url: 'https://chaveiro.example/oauth/token?a=b',
      headers: new Headers(more.headers),
      ...(more.body === undefined ? {} : { body: more.body }),
    },
    { ...CONTEXT },
  )

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

describe('a handler for Node’s messages', () => {
  test('sees the request as it would from a socket', async () => {
    const seen: unknown[] = []
    await call(
      async (request, response) => {
        const { method, url, headers, socket } = request
        seen.push(method, url, headers, (socket as unknown as { encrypted: boolean }).encrypted, await read(request))
        response.end()
      },
      { body: 'é=1', headers: { 'content-type': 'text/plain', host: 'evil.example', 'content-length': '999' } },
    )
    const headers = { 'content-type': 'text/plain', host: 'chaveiro.example', 'content-length': '4' }
    expect(seen).toEqual(['POST', '/oauth/token?a=b', headers, true, 'é=1'])
  })

  test('without a body reads to the end of nothing', async () => {
    const response = await call(async (request, answer) => answer.end(`[${await read(request)}]`), { method: 'GET' })
    expect(await response.text()).toBe('[]')
  })

  test('answers with its status, its headers, each cookie of it, and text or bytes', async () => {
    const response = await call((_request, answer: ServerResponse) => {
      answer.statusCode = 201
      answer.setHeader('set-cookie', ['a=1', 'b=2'])
      answer.setHeader('access-control-allow-origin', 'https://evil.example')
      answer.setHeader('content-length', 99)
      answer.setHeader('x-own', 'yes')
      answer.end(Buffer.from('bytes'))
    })
    expect([response.status, response.headers.get('x-own'), await response.text()]).toEqual([201, 'yes', 'bytes'])
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(response.headers.has('access-control-allow-origin')).toBe(false)
    expect(response.headers.has('content-length')).toBe(false)
  })

  test.each([204, 205, 304])('may answer %s, which has no body', async (status) => {
    const response = await call((_request, answer) => {
      answer.statusCode = status
      answer.end('ignored')
    })
    expect([response.status, await response.text()]).toEqual([status, ''])
  })

  test('that fails, fails the call; so does what it answered in place of an unexpected error', async () => {
    await expect(call(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    const hiding: NodeHandler = (_request, answer) => {
      Object.assign(oauthRequest.getStore() ?? {}, { unexpected: new Error('the database is away') })
      answer.statusCode = 500
      answer.end('{"error":"server_error"}')
    }
    await expect(call(hiding)).rejects.toThrow('the database is away')
  })

  test('knows the request that it runs in, and no other', async () => {
    const seen: unknown[] = []
    const handler: NodeHandler = async (_request, answer) => {
      await Promise.resolve()
      seen.push(oauthRequest.getStore()?.requestId)
      answer.end()
    }
    await Promise.all([call(handler), call(handler)])
    expect(seen).toEqual(['r', 'r'])
    expect(oauthRequest.getStore()).toBeUndefined()
  })
})
