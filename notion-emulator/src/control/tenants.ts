import type { Machine } from '../emulator.ts'
import { derivedToken } from '../core/tokens.ts'
import { authorizeInstall, removeInstall } from '../oauth/install.ts'
import { issueTokens } from '../oauth/issue.ts'
import { checkedRoots, topRoots } from '../oauth/picker.ts'
import { addSeed } from '../seeds/load.ts'
import { FULL_CAPABILITIES, installsOf, registerIntegration, type IntegrationDraft } from '../state/integrations.ts'
import type { Capability, InstallOwner, Integration, User, Workspace } from '../state/model.ts'
import { keepToken } from '../state/tokens.ts'

/** A workspace with nothing in it. */
export type WorkspaceDraft = Pick<Workspace, 'name'> & Partial<Pick<Workspace, 'id' | 'icon' | 'plan'>>

/** A person or bot to add. Without more it is a member of the workspace. */
export type UserDraft = Pick<User, 'workspaceId' | 'name'> & Partial<User>

/** An integration with its credentials: they are made up, and whoever tries OAuth needs them. */
export interface IntegrationSummary extends Omit<Integration, 'capabilities'> {
  capabilities: Capability[]
  /** Its installs, in any workspace. */
  botIds: string[]
}

/** An integration to add. `homeWorkspace` is needed by an internal one and forbidden to a public one. */
export type NewIntegration = Omit<Partial<IntegrationDraft>, 'name' | 'kind' | 'capabilities'> &
  Pick<IntegrationDraft, 'name' | 'kind'> & { capabilities?: Capability[] }

/** What a developer may change of an integration. New capabilities hold from the next authorization on. */
export interface IntegrationChange {
  name?: string
  redirectUris?: string[]
  capabilities?: Capability[]
}

/** An install without a consent page. */
export interface InstallDraft {
  integrationId: string
  workspaceId: string
  /** The person behind it; nobody when left out, which only an internal integration takes. */
  userId?: string
  /** Everything in the workspace when left out. */
  roots?: string[]
  /** Those of the integration when left out. */
  capabilities?: Capability[]
}

/** An install and its first token; the refresh token is there for public integrations. */
export interface NewInstall {
  botId: string
  accessToken: string
  refreshToken: string | null
}

/** Workspaces, people, integrations and who installed them. */
export interface TenantControl {
  users: () => User[]
  createWorkspace: (draft: WorkspaceDraft) => Workspace
  createUser: (draft: UserDraft) => User
  integrations: () => IntegrationSummary[]
  createIntegration: (draft: NewIntegration) => IntegrationSummary
  changeIntegration: (id: string, change: IntegrationChange) => IntegrationSummary
  /** Installs an integration, or replaces what its owner's install sees and may do. */
  install: (draft: InstallDraft) => NewInstall
  /** Removes an install from its workspace: its tokens answer 401, also after somebody installs it anew. */
  uninstall: (botId: string) => void
}

/** Makes the part of the control functions that is about tenants. */
export function createTenantControl(machine: Machine): TenantControl {
  const { state } = machine
  return {
    users: () => structuredClone([...state.users.values()]),
    createWorkspace: (draft) => createWorkspace(machine, draft),
    createUser: (draft) => createUser(machine, draft),
    integrations: () => [...state.integrations.values()].map((integration) => summary(machine, integration)),
    createIntegration: (draft) => createIntegration(machine, draft),
    changeIntegration: (id, change) => changeIntegration(machine, id, change),
    install: (draft) => installByControl(machine, draft),
    uninstall: (botId) => {
      if (!state.installs.has(botId)) throw new RangeError(`No install with bot id ${botId}`)
      removeInstall(state, botId)
    },
  }
}

function createWorkspace({ state, newId }: Machine, draft: WorkspaceDraft): Workspace {
  const id = draft.id ?? newId()
  addSeed(state, { format: 'notion-seed/1', workspace: { ...draft, id }, users: [], installs: [], pages: [] })
  const workspace = state.workspaces.get(id)
  if (workspace === undefined) throw new Error('A seed adds its workspace.')
  return { ...workspace }
}

function createUser({ state, newId }: Machine, draft: UserDraft): User {
  if (!state.workspaces.has(draft.workspaceId)) throw new RangeError(`No workspace with id ${draft.workspaceId}`)
  const rest = { type: 'person', avatarUrl: null, email: null, membership: 'member' } as const
  const user: User = { id: newId(), ...rest, ...draft }
  state.users.set(user.id, user)
  return { ...user }
}

function createIntegration(machine: Machine, draft: NewIntegration): IntegrationSummary {
  const { state, newId } = machine
  const isInternal = draft.kind === 'internal'
  if (isInternal !== (draft.homeWorkspace !== undefined)) {
    throw new RangeError('An internal integration has a homeWorkspace, a public one has none.')
  }
  if (draft.homeWorkspace !== undefined && !state.workspaces.has(draft.homeWorkspace)) {
    throw new RangeError(`No workspace with id ${draft.homeWorkspace}`)
  }
  const id = draft.id ?? newId()
  if (state.integrations.has(id)) throw new RangeError(`There is an integration with id ${id} already.`)
  const { redirectUris = [], capabilities = FULL_CAPABILITIES } = draft
  return summary(
    machine,
    registerIntegration(state, { ...draft, id, redirectUris, capabilities: new Set(capabilities) }),
  )
}

function changeIntegration(machine: Machine, id: string, change: IntegrationChange): IntegrationSummary {
  const { capabilities, ...rest } = change
  const integration = known(machine, id)
  const changed = { ...integration, ...rest, capabilities: new Set(capabilities ?? integration.capabilities) }
  return summary(machine, registerIntegration(machine.state, changed))
}

function known(machine: Machine, id: string): Integration {
  const integration = machine.state.integrations.get(id)
  if (integration === undefined) throw new RangeError(`No integration with id ${id}`)
  return integration
}

function installByControl(machine: Machine, draft: InstallDraft): NewInstall {
  const { state, settings, newId } = machine
  const integration = known(machine, draft.integrationId)
  const { workspaceId } = draft
  if (!state.workspaces.has(workspaceId)) throw new RangeError(`No workspace with id ${workspaceId}`)
  if (integration.homeWorkspace !== undefined && integration.homeWorkspace !== workspaceId) {
    throw new RangeError('An internal integration can be installed in its own workspace only.')
  }
  const sharing = { workspaceId, personId: draft.userId ?? null }
  const roots = checkedRoots(state, sharing, draft.roots ?? topRoots(state, sharing))
  if (roots === null) throw new RangeError('Roots must be pages and databases of the workspace.')
  const owner = ownerOf(machine, integration, draft)
  const searchableFrom = machine.clock.now() + settings.indexDelayMs
  const install = authorizeInstall(state, newId, { integration, workspaceId, owner, roots, searchableFrom })
  if (draft.capabilities !== undefined) install.capabilities = new Set(draft.capabilities)
  const { botId } = install
  const now = machine.clock.now()
  if (integration.kind === 'public') return { botId, ...issueTokens({ state, settings, newId, now }, botId, newId()) }
  const accessToken = derivedToken(newId())
  keepToken(state, accessToken, { botId, kind: 'internal', issuedAt: now })
  return { botId, accessToken, refreshToken: null }
}

function ownerOf({ state }: Machine, integration: Integration, draft: InstallDraft): InstallOwner {
  const { userId } = draft
  if (userId === undefined) {
    if (integration.kind === 'public') throw new RangeError('A public integration is installed by a person: userId.')
    return { type: 'workspace' }
  }
  const user = state.users.get(userId)
  if (user?.type !== 'person' || user.workspaceId !== draft.workspaceId) {
    throw new RangeError(`No person with id ${userId} in the workspace`)
  }
  return { type: 'user', userId }
}

function summary({ state }: Machine, integration: Integration): IntegrationSummary {
  const botIds = installsOf(state, integration.id).map((install) => install.botId)
  const redirectUris = [...integration.redirectUris]
  return { ...integration, redirectUris, capabilities: [...integration.capabilities], botIds }
}
