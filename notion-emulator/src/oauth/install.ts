import type { IdGenerator } from '../core/ids.ts'
import { shareRoots } from '../state/access.ts'
import type { Install, InstallOwner, Integration } from '../state/model.ts'
import type { State } from '../state/state.ts'

/** What somebody agreed to. */
export interface Authorization {
  integration: Integration
  workspaceId: string
  owner: InstallOwner
  /** Ids of pages and databases. */
  roots: Iterable<string>
  /** When search begins to find what hangs below new roots, in milliseconds since the epoch. */
  searchableFrom: number
}

/**
 * Installs an integration, or changes the install that its owner already has: the bot stays the same, and what it sees
 * and may do is replaced. One bot for each integration, workspace and owner.
 */
export function authorizeInstall(state: State, newId: IdGenerator, authorization: Authorization): Install {
  const { integration, workspaceId, owner, roots, searchableFrom } = authorization
  const known = findInstall(state, authorization)
  const install: Install = {
    botId: known?.botId ?? newId(),
    workspaceId,
    integrationId: integration.id,
    owner,
    roots: new Set(known?.revoked === true ? [] : known?.roots),
    ...(known?.searchableFrom === undefined ? {} : { searchableFrom: known.searchableFrom }),
    readonlyRoots: new Set(),
    capabilities: new Set(integration.capabilities),
    revoked: false,
  }
  shareRoots(install, roots, searchableFrom)
  state.installs.set(install.botId, install)
  if (known === null) addBot(state, install, integration.name)
  return install
}

/** The install that this owner already has, also when it was removed. */
export function findInstall(
  state: State,
  wanted: Pick<Authorization, 'integration' | 'workspaceId' | 'owner'>,
): Install | null {
  for (const install of state.installs.values()) {
    const fits = install.integrationId === wanted.integration.id && install.workspaceId === wanted.workspaceId
    if (fits && isSameOwner(install.owner, wanted.owner)) return install
  }
  return null
}

function isSameOwner(left: InstallOwner, right: InstallOwner): boolean {
  if (left.type === 'workspace' || right.type === 'workspace') return left.type === right.type
  return left.userId === right.userId
}

function addBot(state: State, install: Install, name: string): void {
  state.users.set(install.botId, {
    id: install.botId,
    workspaceId: install.workspaceId,
    type: 'bot',
    name,
    avatarUrl: null,
    email: null,
    membership: 'member',
  })
}

/** Removes an install, as a person does in the settings of the workspace: all of its tokens are dead from now on. */
export function removeInstall(state: State, botId: string): void {
  const install = state.installs.get(botId)
  if (install !== undefined) install.revoked = true
  for (const token of state.tokens.values()) if (token.botId === botId) token.revoked = true
}
