import { ok, type Answer, type Call } from '../core/call.ts'
import { ApiFailure } from '../core/failure.ts'
import { listBody, slice } from '../core/pagination.ts'
import { pageRequestOfQuery } from '../core/query-string.ts'
import { presentOwnBot, presentUser } from '../present/users.ts'
import { insufficientPermissions } from '../state/access.ts'
import type { JsonObject, User } from '../state/model.ts'

/** `GET /v1/users/me`: the bot of the token, or the person who acts. Needs no capability. */
export function getOwnBot(call: Call): Answer {
  const user = call.state.users.get(call.install.botId)
  if (user === undefined) throw userNotFound(call, call.install.botId)
  return ok(presentListed(call, user))
}

/** `GET /v1/users`: people and bots of the workspace. */
export function listUsers(call: Call): Answer {
  requireUserCapability(call)
  const all = [...call.state.users.values()].filter((user) => user.workspaceId === call.install.workspaceId)
  const page = pageRequestOfQuery(call.query)
  const part = slice(all, { ...page, size: Math.min(page.size, call.settings.usersPerPage) })
  const results = part.items.map((user) => presentListed(call, user))
  return ok(listBody('user', results, part.nextCursor))
}

/** `GET /v1/users/:user_id`. */
export function getUser(call: Call): Answer {
  requireUserCapability(call)
  const id = call.path['user_id'] ?? ''
  const user = call.state.users.get(id)
  if (user === undefined || user.workspaceId !== call.install.workspaceId) throw userNotFound(call, id)
  return ok(presentListed(call, user))
}

function presentListed(call: Call, user: User): JsonObject {
  return user.id === call.install.botId && user.type === 'bot' ? presentOwnBot(call, user) : presentUser(call, user)
}

function requireUserCapability(call: Call): void {
  const { capabilities } = call.install
  if (!capabilities.has('user_email') && !capabilities.has('user_no_email')) throw insufficientPermissions()
}

function userNotFound(call: Call, id: string): ApiFailure {
  return new ApiFailure(
    'object_not_found',
    `Could not find user with ID: ${id}. Make sure your integration has capabilities to read user information. ` +
      "With those capabilities, only members and guests in the integration's workspace are visible.",
    { integration_id: call.install.botId },
  )
}
