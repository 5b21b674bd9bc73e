import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pauseFor } from 'node:timers/promises'
import { createAudit } from '../../src/audit/record.ts'
import { applyChange, createConnectionCache } from '../../src/connections/cache.ts'
import { createProviderBlocks } from '../../src/connections/blocks.ts'
import { loadConnections } from '../../src/connections/list.ts'
import { createRefresher, type RefresherDeps } from '../../src/connections/refresh.ts'
import type { RenewGrant } from '../../src/connections/renewal.ts'
import { createSpool } from '../../src/connections/spool.ts'
import type { Credential } from '../../src/providers/contract.ts'
import { createConcurrencyGate } from '../../src/kernel/concurrency.ts'
import type { Log } from '../../src/kernel/log.ts'
import { SCOPES, type Principal } from '../../src/kernel/principal.ts'
import { failure, success, type Outcome } from '../../src/kernel/problem.ts'
import { createCallTool, type CallDeps } from '../../src/tools/call.ts'
import { createCatalog } from '../../src/tools/catalog.ts'
import { createLedgerQueue } from '../../src/tools/ledger-queue.ts'
import { createPolicyOf } from '../../src/tools/policy.ts'
import { applyPolicyChange, createPolicyCache, type PolicyCache } from '../../src/tools/policy-cache.ts'
import type { CallTool } from '../../src/tools/tool-call.ts'
import { generateKeyText, parseKeys } from '../../src/vault/keys.ts'
import { createVault, type Vault } from '../../src/vault/seal.ts'
import type { TestDatabase } from './database.ts'
import { createExampleBackend, exampleProvider, exampleRegistry, type ExampleBackend } from './example-provider.ts'

/** The parts of the server below its routes, over one test database and the example provider. */

/** Made anew for each run, so that no key of a test can end up in use. */
export const TEST_KEY = generateKeyText()
export const OTHER_TEST_KEY = generateKeyText()

export interface TestClock {
  readonly now: () => Date
  readonly advance: (milliseconds: number) => void
}

function createTestClock(start = new Date('2026-11-22T12:00:00.000Z')): TestClock {
  let at = start.getTime()
  return {
    now: () => new Date(at),
    advance: (milliseconds) => {
      at += milliseconds
    },
  }
}

export function testVault(...keys: string[]): Vault {
  const parsed = parseKeys((keys.length === 0 ? [TEST_KEY] : keys).join(','))
  if (!parsed.ok) throw new Error('the test keys must parse')
  return createVault(parsed.keys)
}

/** Everything a user may do, or the scopes that are named. */
export function principalOf(userId: number, scopes: readonly (typeof SCOPES)[number][] = SCOPES): Principal {
  return { userId, role: 'user', scopes: new Set(scopes), via: { kind: 'session', id: `session-${userId}` } }
}

const silentLog = {
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
} as unknown as Log

/** The provider's token endpoint, as a test wants it to be. */
export interface TokenDesk {
  /** Requests for new tokens. */
  asked: number
  answer: RenewGrant
  /** Credentials whose grants were ended. */
  readonly revoked: Credential[]
}

export interface TestHouse {
  readonly tokens: TokenDesk
  readonly deps: CallDeps
  readonly callTool: CallTool
  readonly backend: ExampleBackend
  readonly clock: TestClock
  /** What is left of the budgets; a test lowers it to see a limit. */
  readonly budget: { connects: number; toolCalls: number }
  readonly policies: PolicyCache
  /** Waits until all that was taken for the record is written. */
  readonly settle: () => Promise<void>
  readonly close: () => Promise<void>
}

const TEST_CONCURRENCY = 4

export async function createTestHouse(database: TestDatabase, vault: Vault = testVault()): Promise<TestHouse> {
  const clock = createTestClock()
  const backend = createExampleBackend()
  const registry = exampleRegistry()
  const catalog = createCatalog(registry)
  const budget = { connects: 1_000, toolCalls: 1_000 }
  const cache = createConnectionCache({
    load: (userId) => loadConnections({ database }, userId),
    clock,
    maximumUsers: 100,
    idleSeconds: 300,
  })
  const stopListening = await database.listen('connection_changed', (payload) => applyChange(cache, payload))
  const policies = createPolicyCache({ database, clock })
  const stopHearing = await database.listen('policy_changed', (payload) => applyPolicyChange(policies, payload))
  const gate = createConcurrencyGate(TEST_CONCURRENCY)
  const ledgerQueue = createLedgerQueue({ database, log: silentLog, onLost: () => {} })
  const audit = createAudit({ database, clock })
  const tokens: TokenDesk = { asked: 0, revoked: [], answer: async () => ({ kind: 'failed', reason: 'no answer' }) }
  const access = testAccess({ database, vault, audit, cache, clock, registry }, tokens)
  const deps: CallDeps = {
    database,
    vault,
    audit,
    registry,
    edges: { of: () => ({ apiUrl: exampleProvider.apiUrl, fetch: backend.fetch }) },
    cache,
    clock,
    catalog,
    log: silentLog,
    publicUrl: 'http://localhost:8001',
    policyOf: createPolicyOf({ policies, catalog }),
    ledgerQueue,
    takeConnect: async () => take(budget, 'connects'),
    takeToolCall: async () => take(budget, 'toolCalls'),
    enter: (userId) => gate.enter(userId),
    observe: () => {},
    ...access,
  }
  const settle = async () => {
    await Promise.all([ledgerQueue.flush(), audit.flush()])
  }
  const close = async () => {
    await settle()
    await deps.refresher.close()
    await Promise.all([stopListening(), stopHearing()])
  }
  return { deps, policies, callTool: createCallTool(deps), backend, clock, budget, tokens, settle, close }
}

/** Milliseconds between two looks at a row that somebody else renews; real ones, on a clock that stands still. */
const LOOK_MS = 5

type Below = Pick<CallDeps, 'database' | 'vault' | 'audit' | 'cache' | 'clock' | 'registry'>

/** What a refresher of its own needs, as another process has one. */
export function refresherDeps(below: Below, tokens: TokenDesk): RefresherDeps {
  return {
    ...below,
    log: silentLog,
    publicUrl: 'http://localhost:8001',
    spool: createSpool(join(tmpdir(), `chaveiro-test-${process.pid}-${randomUUID()}`)),
    checkBlock: () => success(null),
    pause: () => pauseFor(LOOK_MS),
    installation: 'of the test',
    async discard(_ended, credential) {
      tokens.revoked.push(credential)
      return true
    },
    async renewGrant(row, credential, signal) {
      tokens.asked += 1
      return tokens.answer(row, credential, signal)
    },
  }
}

function testAccess(below: Below, tokens: TokenDesk): Pick<CallDeps, 'refresher' | 'blocks' | 'revokeGrant'> {
  const blocks = createProviderBlocks({ ...below, log: silentLog })
  return {
    blocks,
    refresher: createRefresher({ ...refresherDeps(below, tokens), checkBlock: blocks.check }),
    async revokeGrant(_ended, credential) {
      tokens.revoked.push(credential)
      return true
    },
  }
}

function take(budget: Record<'connects' | 'toolCalls', number>, name: 'connects' | 'toolCalls'): Outcome<null> {
  if (budget[name] === 0) return failure('rate_limited', 'Too many.', { retryAfterSeconds: 7 })
  budget[name] -= 1
  return success(null)
}
