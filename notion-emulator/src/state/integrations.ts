import { derivedId } from '../core/ids.ts'
import { derivedSecret } from '../core/tokens.ts'
import type { Capability, Install, Integration } from './model.ts'
import type { State } from './state.ts'

/** Everything that an integration can be allowed. */
export const FULL_CAPABILITIES: readonly Capability[] = [
  'read_content',
  'update_content',
  'insert_content',
  'read_comments',
  'insert_comments',
  'user_email',
]

/** The integration that an install belongs to. Throws for an install that names none: a state is never like that. */
export function integrationOf(state: State, install: Install): Integration {
  const integration = state.integrations.get(install.integrationId)
  if (integration === undefined) throw new RangeError(`No integration with id ${install.integrationId}`)
  return integration
}

/** What error texts and comments call whoever acts: the integration, or a person who acts without one. */
export function actorName(state: State, install: Install): string {
  return state.integrations.get(install.integrationId)?.name ?? state.users.get(install.botId)?.name ?? ''
}

/** Installs of an integration that nobody removed, in any workspace. */
export function installsOf(state: State, integrationId: string): Install[] {
  return [...state.installs.values()].filter((install) => install.integrationId === integrationId && !install.revoked)
}

/** What is known of an integration before it is registered. */
export type IntegrationDraft = Pick<Integration, 'name' | 'kind' | 'redirectUris' | 'capabilities'> &
  Partial<Pick<Integration, 'id' | 'clientId' | 'clientSecret' | 'homeWorkspace'>>

/**
 * Adds an integration, or replaces the one with the same id. What the draft leaves out follows from its name (and
 * home), so that a demo keeps its client id and secret from run to run. Throws a RangeError for a redirect address
 * that nobody can be sent to.
 */
export function registerIntegration(state: State, draft: IntegrationDraft): Integration {
  const { id = integrationId(draft.name, draft.homeWorkspace), homeWorkspace, ...rest } = draft
  const unfit = draft.redirectUris.find((address) => !isRedirectAddress(address))
  if (unfit !== undefined) throw new RangeError(`Not an absolute address without a fragment: ${unfit}`)
  const credentials = {
    clientId: draft.clientId ?? derivedId('client', id),
    clientSecret: draft.clientSecret ?? derivedSecret(id),
  }
  const integration: Integration =
    draft.kind === 'public'
      ? { ...rest, id, ...credentials }
      : { ...rest, id, ...(homeWorkspace === undefined ? {} : { homeWorkspace }) }
  state.integrations.set(id, integration)
  return integration
}

/** Printable ASCII, since it becomes a header; RFC 6749 section 3.1.2: absolute, and no fragment. */
function isRedirectAddress(address: string): boolean {
  return /^[\x21-\x7e]+$/.test(address) && !address.includes('#') && URL.canParse(address)
}

/** The id of an integration with this name: of a public one, or of an internal one of this workspace. */
export function integrationId(name: string, homeWorkspace: string | undefined): string {
  return homeWorkspace === undefined ? derivedId('integration', name) : derivedId('integration', name, homeWorkspace)
}
