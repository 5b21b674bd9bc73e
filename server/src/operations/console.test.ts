import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONSOLE_PAGES, consoleRoutes } from './console.ts'

let directory: string

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'chaveiro-console-'))
  mkdirSync(join(directory, 'assets'))
  mkdirSync(join(directory, '.vite'))
  writeFileSync(join(directory, 'index.html'), '<title>Chaveiro</title>')
  writeFileSync(join(directory, 'icon.svg'), '<svg/>')
  writeFileSync(join(directory, '.sources'), 'digest')
  writeFileSync(join(directory, 'assets', 'index-abc.js'), 'export {}')
  writeFileSync(join(directory, 'assets', 'inter-abc.woff2'), new Uint8Array([0, 255, 128]))
  writeFileSync(join(directory, 'assets', 'notes.txt'), 'not for browsers')
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('the console', () => {
  test.each(CONSOLE_PAGES.map((path) => path.replace(':id', '7')))('gives its page at %s', async (path) => {
    const answer = await (await consoleRoutes(directory)).request(path)
    expect([answer.status, await answer.text()]).toEqual([200, '<title>Chaveiro</title>'])
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    const policy = answer.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'; script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
  })

  test('lets browsers keep what has its digest in its name, and only that', async () => {
    const router = await consoleRoutes(directory)
    const script = await router.request('/assets/index-abc.js')
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(script.headers.get('cache-control')).toContain('immutable')
    const icon = await router.request('/icon.svg')
    expect([icon.headers.get('content-type'), icon.headers.get('cache-control')]).toEqual(['image/svg+xml', 'no-cache'])
    const font = await router.request('/assets/inter-abc.woff2')
    expect(new Uint8Array(await font.arrayBuffer())).toEqual(new Uint8Array([0, 255, 128]))
  })

  test('sends text compressed to whoever takes that, and only to them', async () => {
    const router = await consoleRoutes(directory)
    const ask = (encoding: string) =>
      router.request('/assets/index-abc.js', { headers: { 'accept-encoding': encoding } })
    for (const encoding of ['gzip, deflate', 'br;q=0, gzip;q=0.8']) {
      const small = await ask(encoding)
      expect([small.headers.get('content-encoding'), small.headers.get('vary')]).toEqual(['gzip', 'accept-encoding'])
      expect(gunzipSync(await small.arrayBuffer()).toString()).toBe('export {}')
    }
    const smaller = await ask('gzip, deflate, br, zstd')
    expect([smaller.headers.get('content-encoding'), smaller.headers.get('vary')]).toEqual(['br', 'accept-encoding'])
    expect(brotliDecompressSync(await smaller.arrayBuffer()).toString()).toBe('export {}')
    for (const encoding of ['', 'identity', 'gzip;q=0', 'br;q=0, gzip;q=0.0']) {
      const plain = await ask(encoding)
      expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual([null, 'export {}'])
    }
  })

  test.each(['/.sources', '/assets/notes.txt', '/assets/', '/chat/7/more', '/clients', '/approvals/7', '/connect/x'])(
    'has nothing at %s',
    async (path) => {
      expect((await (await consoleRoutes(directory)).request(path)).status).toBe(404)
    },
  )
})

test('without what is built its pages say how it is built', async () => {
  const answer = await (await consoleRoutes(join(directory, 'nowhere'))).request('/chat')
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({ code: 'unavailable', detail: expect.stringContaining('npm start') })
})
