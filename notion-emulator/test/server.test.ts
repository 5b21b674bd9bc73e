import { connect } from 'node:net'
import { Client, LogLevel } from '@notionhq/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Emulator, RunningServer } from '../src/index.ts'
import { AURORA_BOT, AURORA_HOME, testEmulator } from './support/emulator.ts'

const SECRET = 'control-secret'

describe('the server', () => {
  let emulator: Emulator
  let server: RunningServer
  let token: string

  beforeEach(async () => {
    emulator = testEmulator('tenant-aurora')
    server = await emulator.listen({ controlPort: 0, controlSecret: SECRET })
    token = emulator.control.mintToken(AURORA_BOT)
  })

  afterEach(async () => {
    await server.close()
  })

  it.each(['', '/behind/a/prefix'])('answers the official client at "%s"', async (prefix) => {
    const notion = new Client({
      auth: token,
      notionVersion: '2026-03-11',
      baseUrl: server.url + prefix,
      logLevel: LogLevel.ERROR,
    })
    expect(await notion.users.me({})).toMatchObject({ id: AURORA_BOT })
    const page = await notion.pages.create({ parent: { page_id: AURORA_HOME }, markdown: '# Olá\nção' })
    expect((await notion.pages.retrieveMarkdown({ page_id: page.id })).markdown).toBe('ção')
  })

  it('sends the headers that the real API sends', async () => {
    const response = await fetch(`${server.url}/v1/users/me`, {
      headers: { authorization: `Bearer ${token}`, 'notion-version': '2026-03-11' },
    })
    const body = (await response.json()) as { request_id: string }
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(response.headers.get('x-notion-request-id')).toBe(body.request_id)
    expect([...response.headers.keys()].filter((name) => name.startsWith('x-ratelimit'))).toEqual([])
  })

  it('breaks a connection when a fault says so, and answers the next request', async () => {
    emulator.control.injectFault({ fault: { type: 'connection_reset' } })
    await expect(fetch(`${server.url}/v1/users/me`)).rejects.toThrow('fetch failed')
    expect((await fetch(`${server.url}/v1/users/me`)).status).toBe(401)
  })

  it('survives nonsense on the wire', async () => {
    const { port } = new URL(server.url)
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'))
      socket.on('close', () => resolve()).resume()
    })
    expect((await fetch(`${server.url}/v1/%E0%A4%A/x`)).status).toBe(400)
  })

  it('reads no further than what it refuses', async () => {
    const response = await fetch(`${server.url}/v1/search`, { method: 'POST', body: 'x'.repeat(3_000_000) })
    expect(response.status).toBe(413)
  })

  it.each(['', '/behind/a/prefix'])(
    'takes a file at the address that it named at "%s", and serves it',
    async (prefix) => {
      const notion = new Client({ auth: token, notionVersion: '2026-03-11', baseUrl: server.url + prefix })
      const { id, upload_url: target = '' } = await notion.fileUploads.create({ filename: 'a.png' })
      expect(target).toBe(`${server.url}${prefix}/v1/file_uploads/${id}/send`)
      const content = new Uint8Array(2_000_000).map((_zero, index) => (index * 7) % 256)
      const form = new FormData()
      form.append('file', new Blob([content]), 'a.png')
      const headers = { authorization: `Bearer ${token}`, 'notion-version': '2026-03-11' }
      expect(await (await fetch(target, { method: 'POST', headers, body: form })).json()).toMatchObject({
        status: 'uploaded',
        content_length: content.byteLength,
      })
      const page = await notion.pages.update({ page_id: AURORA_HOME, icon: { file_upload: { id } } })
      const url = 'icon' in page && page.icon?.type === 'file' ? page.icon.file.url : ''
      expect(url.startsWith(`${server.url}${prefix}/files/`)).toBe(true)
      const served = await fetch(url)
      expect(Buffer.from(await served.arrayBuffer()).equals(Buffer.from(content))).toBe(true)
      expect((await fetch(`${url}0`.replace('Signature=', 'Signature=f'))).status).toBe(403)
    },
  )

  it('reads no more of a file than one request may bring', async () => {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(22_000_000)]), 'a.png')
    const target = `${server.url}/v1/file_uploads/${AURORA_HOME}/send`
    expect((await fetch(target, { method: 'POST', body: form })).status).toBe(413)
    expect((await fetch(`${server.url}/v1/file_uploads`, { method: 'POST', body: form })).status).toBe(413)
  })

  it('does not serve the control plane on the port of the API', async () => {
    const response = await fetch(`${server.url}/installs`, { headers: { authorization: `Bearer ${SECRET}` } })
    expect(await response.json()).toMatchObject({ code: 'invalid_request_url' })
  })

  it('does not open a control plane without a secret', async () => {
    await expect(emulator.listen({ controlPort: 0 })).rejects.toThrow('controlSecret')
  })

  describe('its control plane', () => {
    async function control(
      target: string,
      body?: unknown,
      secret = SECRET,
    ): Promise<{ status: number; body: Record<string, unknown> }> {
      const [method = 'GET', path = ''] = target.split(' ')
      const response = await fetch(`${server.controlUrl ?? ''}${path}`, {
        method,
        headers: { authorization: `Bearer ${secret}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }
    }

    const me = async (bearer: string): Promise<number> => {
      const headers = { authorization: `Bearer ${bearer}`, 'notion-version': '2026-03-11' }
      return (await fetch(`${server.url}/v1/users/me`, { headers })).status
    }

    it('needs its secret', async () => {
      expect((await control('GET /installs', undefined, 'wrong')).status).toBe(401)
      expect((await control('GET /installs', undefined, '')).status).toBe(401)
    })

    it('lists installs, mints and revokes tokens', async () => {
      const { body } = await control('GET /installs')
      expect(body['installs']).toHaveLength(4)
      const minted = await control('POST /tokens', { bot_id: AURORA_BOT, fixed: 'demo' })
      const fresh = String(minted.body['token'])
      expect(fresh).toBe(emulator.control.mintToken(AURORA_BOT, 'demo'))
      expect(await me(fresh)).toBe(200)
      expect((await control('POST /revoke', { token: fresh })).body).toEqual({ revoked: true })
      expect(await me(fresh)).toBe(401)
    })

    it('takes short forms of faults', async () => {
      await control('POST /faults', { response: { status: 418, body: {} } })
      expect(await me(token)).toBe(418)
      await control('POST /faults', { match: { pathIncludes: '/me' }, reset: true })
      await expect(me(token)).rejects.toThrow('fetch failed')
      await control('POST /faults', { delay: 1 })
      expect(await me(token)).toBe(200)
      expect((await control('POST /faults', { delay: 'long' })).body['error']).toContain('body.fault.delayMs')
      expect((await control('POST /faults', {})).status).toBe(400)
    })

    it('injects faults, sets limits and settings, moves time', async () => {
      await control('POST /faults', { fault: { type: 'internal_server_error' } })
      expect(await me(token)).toBe(500)
      await control('POST /limits', { enabled: true, limit: 1 })
      expect([await me(token), await me(token)]).toEqual([200, 429])
      await control('POST /clock', { advance: 60_000 })
      expect(await me(token)).toBe(200)
      await control('POST /settings', { lenientVersion: true })
      await control('POST /limits', { enabled: false })
      expect((await fetch(`${server.url}/v1/users/me`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(
        200,
      )
    })

    it('shows requests and stored objects, and resets to another seed', async () => {
      await me(token)
      const { body } = await control('GET /requests')
      expect(body['requests']).toMatchObject([{ path: '/v1/users/me', status: 200 }])
      expect(JSON.stringify(body)).not.toContain(token)
      expect((await control(`GET /state/${AURORA_HOME}`)).body).toMatchObject({ kind: 'page' })
      await control('POST /reset', { seed: 'empty' })
      expect(await me(token)).toBe(401)
    })

    it('answers what it does not understand with a 4xx', async () => {
      expect((await control('POST /nothing', {})).status).toBe(404)
      expect((await control('POST /tokens', { bot_id: 1 })).status).toBe(400)
      expect((await control('POST /reset', { seed: 'unknown' })).status).toBe(400)
      const response = await fetch(`${server.controlUrl ?? ''}/tokens`, {
        method: 'POST',
        headers: { authorization: `Bearer ${SECRET}` },
        body: '{',
      })
      expect(response.status).toBe(400)
    })
  })
})
