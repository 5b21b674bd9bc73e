import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { raw, testEmulator } from './support/emulator.ts'
import { ANA, CALLBACK, codeFor, post } from './support/oauth.ts'
import type { Emulator } from '../src/index.ts'

/** Two of Aurora and one of Boreal; each grants the first page of the own workspace. */
const PEOPLE = [
  { id: ANA, home: 'd953f1bb-466c-4409-9517-ea2f03d92eba' },
  { id: '2c4b17b2-3571-465d-9240-d1f32a1cbc23', home: 'd953f1bb-466c-4409-9517-ea2f03d92eba' },
  { id: 'fd5688ef-6ed5-47b3-bcb6-1510668df6a7', home: 'b85873b2-07ef-409e-b8f2-915a1006ea43' },
] as const
const HOMES = [...new Set(PEOPLE.map(({ home }) => home))]

const ACCESS_TTL_MS = 60_000
const CODE_TTL_MS = 90_000
const LONGEST_STEP_MS = 40_000

type Step =
  | { do: 'agree'; who: number; shares: boolean }
  | { do: 'redeem' | 'refresh' | 'revoke'; which: number }
  | { do: 'remove'; who: number }
  | { do: 'wait'; milliseconds: number }

const index = fc.nat({ max: 20 })
const who = fc.nat({ max: 2 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('agree' as const), who, shares: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('redeem' as const), which: index }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('refresh' as const), which: index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const), which: index }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      milliseconds: fc.integer({ min: 1, max: LONGEST_STEP_MS }),
    }),
  },
)

interface KnownCode {
  code: string
  who: number
  shares: boolean
  expiresAt: number
  used: boolean
}

interface KnownToken {
  token: string
  kind: 'access' | 'refresh'
  who: number
  expiresAt: number
  dead: boolean
}

/** What must be true, told without looking at how the emulator does it. */
class Model {
  now = 0
  readonly codes: KnownCode[] = []
  readonly tokens: KnownToken[] = []
  /** What each person's bot sees; undefined when nothing was ever redeemed. */
  readonly shares: (boolean | undefined)[] = []
  readonly bots: string[] = []

  isAlive({ dead, expiresAt }: KnownToken): boolean {
    return !dead && expiresAt > this.now
  }

  keep(body: Record<string, unknown>, who: number): void {
    const [access, refresh] = [String(body['access_token']), String(body['refresh_token'])]
    const expiresAt = this.now + ACCESS_TTL_MS
    this.tokens.push({ token: access, kind: 'access', who, expiresAt, dead: false })
    this.tokens.push({ token: refresh, kind: 'refresh', who, expiresAt: Number.POSITIVE_INFINITY, dead: false })
    this.bots[who] ??= String(body['bot_id'])
    expect(body['bot_id']).toBe(this.bots[who])
  }
}

function take(emulator: Emulator, model: Model, taken: Step): void {
  switch (taken.do) {
    case 'agree':
      return agree(emulator, model, taken)
    case 'wait':
      model.now += taken.milliseconds
      return void emulator.control.advanceClock(taken.milliseconds)
    case 'remove':
      return remove(emulator, model, taken.who)
    case 'redeem':
      return redeem(emulator, model, model.codes[taken.which % model.codes.length])
    case 'refresh':
      return refresh(emulator, model, model.tokens[taken.which % model.tokens.length])
    default:
      return revoke(emulator, model.tokens[taken.which % model.tokens.length])
  }
}

function agree(emulator: Emulator, model: Model, { who, shares }: Step & { do: 'agree' }): void {
  const person = PEOPLE[who] ?? PEOPLE[0]
  const code = codeFor(emulator, { person: person.id, roots: shares ? [person.home] : [] })
  model.codes.push({ code, who, shares, expiresAt: model.now + CODE_TTL_MS, used: false })
}

function redeem(emulator: Emulator, model: Model, known: KnownCode | undefined): void {
  if (known === undefined) return
  const body = { grant_type: 'authorization_code', code: known.code, redirect_uri: CALLBACK }
  const answer = post(emulator, 'token', body)
  const isGood = !known.used && known.expiresAt > model.now
  expect(answer.status).toBe(isGood ? 200 : 400)
  if (!isGood) return
  known.used = true
  model.shares[known.who] = known.shares
  model.keep(answer.body, known.who)
}

function refresh(emulator: Emulator, model: Model, known: KnownToken | undefined): void {
  if (known === undefined) return
  const answer = post(emulator, 'token', { grant_type: 'refresh_token', refresh_token: known.token })
  const isGood = known.kind === 'refresh' && model.isAlive(known)
  expect(answer.status).toBe(isGood ? 200 : 400)
  if (!isGood) return
  known.dead = true
  model.keep(answer.body, known.who)
}

function revoke(emulator: Emulator, known: KnownToken | undefined): void {
  if (known === undefined) return
  expect(post(emulator, 'revoke', { token: known.token }).status).toBe(200)
  known.dead = true
}

function remove(emulator: Emulator, model: Model, who: number): void {
  const bot = model.bots[who]
  if (bot === undefined) return
  emulator.control.uninstall(bot)
  for (const token of model.tokens) if (token.who === who) token.dead = true
}

function check(emulator: Emulator, model: Model): void {
  for (const known of model.tokens) {
    const { token, kind, who } = known
    const isAlive = model.isAlive(known)
    expect(post(emulator, 'introspect', { token }).body['active']).toBe(isAlive)
    const isBearer = isAlive && kind === 'access'
    expect(raw(emulator, 'GET /v1/users/me', { token }).status).toBe(isBearer ? 200 : 401)
    if (!isBearer) continue
    const seen = HOMES.filter((home) => raw(emulator, `GET /v1/pages/${home}`, { token }).status === 200)
    expect(seen).toEqual(model.shares[who] === true ? [PEOPLE[who]?.home] : [])
  }
}

describe('whatever clients and people do', () => {
  it('each token lives as long as it must, and sees what its person shared last', () => {
    let issued = 0
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 40 }), (steps) => {
        const emulator = testEmulator('two-tenants', { accessTtlMs: ACCESS_TTL_MS, codeTtlMs: CODE_TTL_MS })
        const model = new Model()
        for (const taken of steps) take(emulator, model, taken)
        check(emulator, model)
        issued += model.tokens.length
      }),
      { numRuns: 60 },
    )
    // The steps must lead somewhere, or nothing was proven.
    expect(issued).toBeGreaterThan(100)
  })
})
