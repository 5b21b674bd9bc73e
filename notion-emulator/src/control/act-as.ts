import { handle } from '../core/handle.ts'
import type { Machine } from '../emulator.ts'
import { topRoots } from '../oauth/picker.ts'
import { FULL_CAPABILITIES } from '../state/integrations.ts'
import type { ApiVersion, Install, User } from '../state/model.ts'

/** What a person does in Notion's own application, in the terms of the API. */
export interface HumanEdit {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** With `/v1`. */
  path: string
  body?: unknown
  /** The newest when left out. */
  version?: ApiVersion
}

/** What the API answers to it. */
export interface EditOutcome {
  status: number
  body: unknown
}

/**
 * Carries an operation out as a person, so that the person is the author of what it makes and changes. People reach
 * everything in their workspace, and no limit counts what they do. Throws a RangeError when there is no such person.
 */
export function actAs(machine: Machine, userId: string, edit: HumanEdit): EditOutcome {
  const user = machine.state.users.get(userId)
  if (user?.type !== 'person') throw new RangeError(`No person with id ${userId}`)
  const { state, usage, settings, newId } = machine
  const actor = installOf(machine, user)
  const response = handle(
    { state, usage, settings, newId, now: machine.clock.now(), actor },
    {
      method: edit.method,
      path: edit.path,
      headers: { 'notion-version': edit.version ?? '2026-03-11' },
      body: edit.body === undefined ? '' : JSON.stringify(edit.body),
    },
  )
  const isJson = response.headers['content-type']?.startsWith('application/json') === true
  return { status: response.status, body: isJson ? (JSON.parse(response.body) as unknown) : response.body }
}

/** The person in the place of a bot: an install that is in no state, and so in nobody's list. */
function installOf({ state }: Machine, user: User): Install {
  return {
    botId: user.id,
    workspaceId: user.workspaceId,
    integrationId: '',
    owner: { type: 'user', userId: user.id },
    roots: new Set(topRoots(state, { workspaceId: user.workspaceId, personId: user.id })),
    readonlyRoots: new Set(),
    capabilities: new Set(FULL_CAPABILITIES),
    revoked: false,
  }
}
