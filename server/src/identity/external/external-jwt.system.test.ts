import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEgress, type Egress } from '#kernel/egress.ts'
import { openTestDatabase, type TestDatabase } from '#test/support/database.ts'
import { createIdentityApp, type IdentityApp } from '#test/support/identity.ts'
import { runServerProcess } from '#test/support/server-process.ts'
import { startIssuer, trusting, type RunningIssuer } from '#test/support/trusted-issuer.ts'
import { operatorHostsOf } from './trusted-issuers.ts'

/** An issuer on a real socket that rotates its keys, fails and comes back; only the clock is ours. */

const SECOND_MS = 1_000
/** sysexits.h EX_CONFIG. */
const EXIT_CONFIGURATION = 78
const MINUTE_MS = 60 * SECOND_MS

describe('an issuer on the network', () => {
  let now: Date
  let issuer: RunningIssuer
  let egress: Egress
  let database: TestDatabase
  let app: IdentityApp
  const clock = { now: () => now }
  const pass = (milliseconds: number) => void (now = new Date(now.getTime() + milliseconds))

  beforeEach(async () => {
    now = new Date()
    issuer = await startIssuer(clock)
    const trusted = trusting(issuer.issuer)
    egress = createEgress({ allowedHosts: operatorHostsOf(trusted) })
    database = await openTestDatabase('pglite')
    app = createIdentityApp(database, { clock, egress, trustedIssuers: [trusted] })
  })
  afterEach(async () => {
    await app.close()
    await database.close()
    await egress.close()
    await issuer[Symbol.asyncDispose]()
  })

  const codeFor = async (token: string) => {
    const { status, body } = await app.send('GET', '/api/me', { token })
    return status === 200 ? 'ok' : body.code
  }

  it('is asked once for what many need at the same moment', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, index) => issuer.mint({ sub: String(index) })))
    expect(await Promise.all(tokens.map(codeFor))).toEqual(Array(20).fill('ok'))
    expect(issuer.asked()).toEqual(['/.well-known/openid-configuration', '/keys'])
  })

  it('is followed through a rotation, with old tokens and new ones', async () => {
    const old = await issuer.mint({ exp: Math.floor(now.getTime() / SECOND_MS) + 3_600 })
    expect(await codeFor(old)).toBe('ok')
    await issuer.rotate({ keepOld: true })
    pass(10 * SECOND_MS)
    expect([await codeFor(await issuer.mint()), await codeFor(old)]).toEqual(['ok', 'ok'])
    await issuer.rotate()
    pass(10 * MINUTE_MS + 1)
    expect([await codeFor(old), await codeFor(await issuer.mint())]).toEqual(['invalid_token', 'ok'])
  })

  it('may be away for an hour, and is welcome back', async () => {
    expect(await codeFor(await issuer.mint())).toBe('ok')
    issuer.fail(true)
    for (const minutes of [11, 30, 19]) {
      pass(minutes * MINUTE_MS)
      expect(await codeFor(await issuer.mint())).toBe('ok')
    }
    pass(1)
    expect(await codeFor(await issuer.mint())).toBe('unavailable')
    issuer.fail(false)
    pass(5 * SECOND_MS)
    expect(await codeFor(await issuer.mint())).toBe('ok')
    expect(JSON.stringify(app.logged)).toContain('could not be read')
  })

  it('does not pay for a flood of made-up keys', async () => {
    const known = await issuer.mint()
    expect(await codeFor(known)).toBe('ok')
    pass(10 * SECOND_MS)
    const before = issuer.asked().length
    const flood = await Promise.all(
      Array.from({ length: 50 }, (_, index) => issuer.mint({}, { kid: `made-up-${index}` })),
    )
    const codes = await Promise.all(flood.map(codeFor))
    expect(new Set(codes)).toEqual(new Set(['invalid_token']))
    expect(issuer.asked().length).toBe(before + 2)
    expect(await codeFor(known)).toBe('ok')
  })
})

describe('a server told to trust what it cannot', () => {
  it('does not start, and says everything that is wrong', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'chaveiro-issuers-'))
    const { exitCode, stderr } = await runServerProcess(directory, {
      PUBLIC_URL: 'https://keys.example.com',
      CHAVEIRO_TRUSTED_ISSUERS: JSON.stringify([
        { issuer: 'http://login.example.com', audience: 'chaveiro' },
        { issuer: 'https://login.example.com', audience: 'chaveiro', algorithms: ['HS256'] },
      ]),
    })
    const own = await runServerProcess(directory, {
      PUBLIC_URL: 'https://keys.example.com',
      CHAVEIRO_TRUSTED_ISSUERS: JSON.stringify([{ issuer: 'https://keys.example.com', audience: 'chaveiro' }]),
    })
    rmSync(directory, { recursive: true })
    expect(exitCode).toBe(EXIT_CONFIGURATION)
    expect(stderr).toContain('CHAVEIRO_TRUSTED_ISSUERS[0].issuer must be an https address')
    expect(stderr).toContain('CHAVEIRO_TRUSTED_ISSUERS[1] has unknown members: algorithms')
    expect([own.exitCode, own.stderr]).toEqual([EXIT_CONFIGURATION, expect.stringContaining('is this server itself')])
  })
})
