import { derivedToken, isUsable, tokenHash } from '../core/tokens.ts'
import type { RateLimitSettings, Settings } from '../core/settings.ts'
import type { LoggedRequest, Machine } from '../emulator.ts'
import type { Seed } from '../seeds/format.ts'
import { addSeed } from '../seeds/load.ts'
import { integrationOf } from '../state/integrations.ts'
import type { Capability, Install, Integration, Node, Workspace } from '../state/model.ts'
import { shareRoots } from '../state/access.ts'
import { keepToken } from '../state/tokens.ts'
import { emptyState } from '../state/state.ts'
import { createWebhookControl, type WebhookControl } from '../webhooks/control.ts'
import type { Sender } from '../webhooks/deliver.ts'
import { actAs, type EditOutcome, type HumanEdit } from './act-as.ts'
import { checkedFault } from './fault-check.ts'
import { armFault, type Fault } from './faults.ts'
import { checkedLimits, checkedSettings, type SettingsChange } from './settings.ts'
import { createTenantControl, type TenantControl } from './tenants.ts'

/** What can be told about an install without its secrets. */
export interface InstallSummary {
  botId: string
  workspaceId: string
  workspaceName: string
  integrationId: string
  integration: string
  kind: Integration['kind']
  ownerName: string | null
  roots: string[]
  capabilities: Capability[]
}

/** Changes to who sees what. */
export interface GrantChange {
  roots?: string[]
  readonlyRoots?: string[]
  capabilities?: Capability[]
}

/** What no API caller may do: tokens, time, faults and limits. */
export interface Control extends TenantControl {
  /** A new token of an install. The same text always gives the same token; `ntn_...` is taken as it is. */
  mintToken: (botId: string, fixed?: string) => string
  /** Every later request with this token is refused with 401. */
  revokeToken: (token: string) => boolean
  /** Lets a token live for so many more milliseconds of the emulator's clock. */
  expireToken: (token: string, milliseconds: number) => boolean
  /** The same for every access token of an install that lives now; refresh tokens stay. Tells how many there were. */
  expireAccessTokens: (botId: string, milliseconds: number) => number
  /** Does something as a person, so that the person is its author. */
  actAs: (userId: string, edit: HumanEdit) => EditOutcome
  /** Throws a TypeError for what is no fault. */
  injectFault: (fault: Fault) => void
  clearFaults: () => void
  setLimits: (limits: Partial<RateLimitSettings>) => void
  configure: (settings: SettingsChange) => void
  settings: () => Settings
  advanceClock: (milliseconds: number) => number
  /** What was asked so far, oldest first. */
  requests: () => readonly LoggedRequest[]
  clearRequests: () => void
  /** Back to the seeds, or to other ones. Tokens stay valid for bots that still exist. */
  reset: (seeds?: Seed[]) => void
  installs: () => InstallSummary[]
  workspaces: () => Workspace[]
  /** One more workspace beside those that are there; `reset` forgets it. */
  addWorkspace: (seed: Seed) => void
  /** Changes what an install sees and may do. */
  grant: (botId: string, change: GrantChange) => void
  /** A copy of a stored object, whoever may see it. */
  stateOf: (id: string) => Node | null
  /** Subscriptions to events, and what was sent to them. */
  webhooks: WebhookControl
}

const MILLISECOND = 1

/** Makes the control functions of a machine. */
export function createControl(machine: Machine, initialSeeds: Seed[], send: Sender): Control {
  let seeds = initialSeeds
  let minted = 0
  return {
    ...createTenantControl(machine),
    mintToken: (botId, fixed) => {
      minted += 1
      return mint(machine, botId, fixed ?? `${machine.newId()}/${minted}`)
    },
    revokeToken: (token) => endToken(machine, token, null),
    expireToken: (token, milliseconds) => endToken(machine, token, machine.clock.now() + milliseconds),
    expireAccessTokens: (botId, milliseconds) => expireAll(machine, botId, machine.clock.now() + milliseconds),
    actAs: (userId, edit) => actAs(machine, userId, edit),
    injectFault: (fault) => void machine.faults.push(armFault(checkedFault(fault))),
    clearFaults: () => void machine.faults.splice(0),
    setLimits: (limits) => {
      machine.settings.rateLimit = { ...machine.settings.rateLimit, ...checkedLimits(limits) }
      machine.usage.counts.clear()
    },
    configure: (settings) => void Object.assign(machine.settings, checkedSettings(settings)),
    settings: () => structuredClone(machine.settings),
    advanceClock: (milliseconds) => {
      machine.clock.advance(Math.max(MILLISECOND, milliseconds))
      return machine.clock.now()
    },
    requests: () => machine.log,
    clearRequests: () => void machine.log.splice(0),
    reset: (other) => {
      seeds = other ?? seeds
      resetMachine(machine, seeds)
    },
    installs: () => [...machine.state.installs.values()].map((install) => summary(machine, install)),
    workspaces: () => structuredClone([...machine.state.workspaces.values()]),
    addWorkspace: (seed) => addSeed(machine.state, seed),
    grant: (botId, change) => applyGrant(machine, botId, change),
    stateOf: (id) => structuredClone(machine.state.nodes.get(id) ?? null),
    webhooks: createWebhookControl(machine, send),
  }
}

function mint(machine: Machine, botId: string, fixed: string): string {
  const install = requireInstall(machine, botId)
  const token = fixed.startsWith('ntn_') ? fixed : derivedToken(fixed)
  const kind = integrationOf(machine.state, install).kind === 'internal' ? 'internal' : 'access'
  keepToken(machine.state, token, { botId, kind, issuedAt: machine.clock.now() })
  return token
}

function requireInstall(machine: Machine, botId: string): Install {
  const install = machine.state.installs.get(botId)
  if (install === undefined) throw new RangeError(`No install with bot id ${botId}`)
  return install
}

function endToken(machine: Machine, token: string, expiresAt: number | null): boolean {
  const known = machine.state.tokens.get(tokenHash(token))
  if (known === undefined) return false
  if (expiresAt === null) known.revoked = true
  else known.expiresAt = expiresAt
  return true
}

function expireAll(machine: Machine, botId: string, expiresAt: number): number {
  requireInstall(machine, botId)
  const now = machine.clock.now()
  const living = [...machine.state.tokens.values()].filter(
    (token) => token.botId === botId && token.kind !== 'refresh' && isUsable(token, now),
  )
  for (const token of living) token.expiresAt = expiresAt
  return living.length
}

function resetMachine(machine: Machine, seeds: Seed[]): void {
  const { tokens } = machine.state
  Object.assign(machine.state, emptyState())
  for (const seed of seeds) addSeed(machine.state, seed)
  for (const [hash, token] of tokens) {
    if (machine.state.installs.has(token.botId)) machine.state.tokens.set(hash, token)
  }
  machine.usage.counts.clear()
  machine.faults.splice(0)
  machine.log.splice(0)
}

function summary(machine: Machine, install: Install): InstallSummary {
  const { owner } = install
  const integration = integrationOf(machine.state, install)
  return {
    botId: install.botId,
    workspaceId: install.workspaceId,
    workspaceName: machine.state.workspaces.get(install.workspaceId)?.name ?? '',
    integrationId: integration.id,
    integration: integration.name,
    kind: integration.kind,
    ownerName: owner.type === 'user' ? (machine.state.users.get(owner.userId)?.name ?? null) : null,
    roots: [...install.roots],
    capabilities: [...install.capabilities],
  }
}

function applyGrant(machine: Machine, botId: string, change: GrantChange): void {
  const install = requireInstall(machine, botId)
  const searchableFrom = machine.clock.now() + machine.settings.indexDelayMs
  if (change.roots !== undefined) shareRoots(install, change.roots, searchableFrom)
  if (change.readonlyRoots !== undefined) install.readonlyRoots = new Set(change.readonlyRoots)
  if (change.capabilities !== undefined) install.capabilities = new Set(change.capabilities)
}
