import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ensureUsers } from './accounts.ts'

/** The part of the API that the demo uses, in memory. */
class AccountServer {
  readonly passwords = new Map<string, string>()
  readonly tokens = new Set<string>()
  readonly calls: string[] = []
  broken = false

  answer(path: string, authorization: string, body: Record<string, string>): { status: number; body?: object } {
    this.calls.push(path)
    if (this.broken) return { status: 503 }
    if (path === '/api/me') return { status: this.tokens.has(authorization) ? 200 : 401 }
    if (path === '/api/tokens') return this.createToken(authorization)
    const { email = '', password = '' } = body
    const known = this.passwords.get(email)
    if (path === '/api/auth/sign-up/email') {
      if (known !== undefined) return { status: 409 }
      this.passwords.set(email, password)
    } else if (known !== password) return { status: 401 }
    return { status: 200, body: { token: `session-${email}` } }
  }

  private createToken(authorization: string): { status: number; body?: object } {
    if (!authorization.startsWith('Bearer session-')) return { status: 401 }
    const token = `chv_${this.tokens.size}`
    this.tokens.add(`Bearer ${token}`)
    return { status: 200, body: { token } }
  }
}

const PROFILES = [
  { name: 'Ana', email: 'ana@aurora.example' },
  { name: 'Ana', email: 'ana@boreal.example' },
]
let accounts: AccountServer
let server: Server
let baseUrl: string
let directory: string
let path: string

beforeEach(async () => {
  accounts = new AccountServer()
  directory = mkdtempSync(join(tmpdir(), 'chaveiro-accounts-'))
  path = join(directory, 'users.json')
  server = createServer((incoming, outgoing) => {
    void readText(incoming).then((text) => {
      const body = text === '' ? {} : (JSON.parse(text) as Record<string, string>)
      const answer = accounts.answer(incoming.url ?? '', incoming.headers.authorization ?? '', body)
      outgoing.writeHead(answer.status).end(JSON.stringify(answer.body ?? {}))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(directory, { recursive: true, force: true })
})

test('makes each user once, with a password and a token of their own', async () => {
  const users = await ensureUsers(baseUrl, path, PROFILES)
  expect(users.map(({ email }) => email)).toEqual(PROFILES.map(({ email }) => email))
  expect(new Set(users.map(({ password }) => password)).size).toBe(2)
  expect(users.map(({ apiToken }) => apiToken)).toEqual(['chv_0', 'chv_1'])
})

test('a second demo only asks whether the tokens are still good', async () => {
  const users = await ensureUsers(baseUrl, path, PROFILES)
  accounts.calls.length = 0
  expect(await ensureUsers(baseUrl, path, PROFILES)).toEqual(users)
  expect(accounts.calls).toEqual(['/api/me', '/api/me'])
})

test('a revoked token is replaced, the password stays', async () => {
  const [first] = await ensureUsers(baseUrl, path, PROFILES)
  accounts.tokens.delete(`Bearer ${first?.apiToken}`)
  accounts.tokens.add('Bearer another')
  const [again] = await ensureUsers(baseUrl, path, PROFILES)
  expect(again?.password).toBe(first?.password)
  expect(again?.apiToken).not.toBe(first?.apiToken)
  expect(accounts.tokens.has(`Bearer ${again?.apiToken}`)).toBe(true)
})

test('a demo that was stopped half-way finds its user again', async () => {
  accounts.broken = true
  await expect(ensureUsers(baseUrl, path, PROFILES)).rejects.toThrow(/503/)
  accounts.broken = false
  expect(await ensureUsers(baseUrl, path, PROFILES)).toHaveLength(2)
  expect(await ensureUsers(baseUrl, path, PROFILES)).toHaveLength(2)
})

test('a lost file of passwords is told apart from a broken server', async () => {
  accounts.passwords.set('ana@aurora.example', 'somebody else’s')
  await expect(ensureUsers(baseUrl, path, PROFILES)).rejects.toThrow(/ana@aurora\.example.*Remove the directory/s)
})
