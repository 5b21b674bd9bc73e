import type { Call } from '../core/call.ts'
import type { JsonObject, User } from '../state/model.ts'
import { uploadLimit } from '../uploads/upload.ts'

/** Who looks, and at what. */
type Viewer = Pick<Call, 'state' | 'install'>

/** A user by id only, as `created_by` of pages and blocks shows it. */
export function partialUser(id: string): JsonObject {
  return { object: 'user', id }
}

/** A user as far as the install may know it. Of other bots, and inside values, only the name is shown. */
export function presentUser(call: Viewer, user: User): JsonObject {
  const base = { object: 'user', id: user.id, name: user.name, avatar_url: user.avatarUrl, type: user.type }
  if (user.type === 'bot') return { ...base, bot: {} }
  const showsEmail = call.install.capabilities.has('user_email') && user.email !== null
  return { ...base, person: showsEmail ? { email: user.email } : {} }
}

/** A user inside a value: whole when the install may read users, otherwise by id only. */
export function mentionedUser(call: Call, id: string): JsonObject {
  const user = call.state.users.get(id)
  const known = user !== undefined && user.workspaceId === call.install.workspaceId
  return known && !call.install.capabilities.has('user_none') ? presentUser(call, user) : partialUser(id)
}

/** The bot user of the calling install, with everything that it may know about itself. */
export function presentOwnBot(call: Call, user: User): JsonObject {
  const workspace = call.state.workspaces.get(call.install.workspaceId)
  return {
    object: 'user',
    id: user.id,
    name: user.name,
    avatar_url: user.avatarUrl,
    type: 'bot',
    bot: {
      owner: presentOwner(call),
      workspace_name: workspace?.name ?? '',
      workspace_id: call.install.workspaceId,
      workspace_limits: { max_file_upload_size_in_bytes: uploadLimit(workspace) },
    },
  }
}

/** Whom an install belongs to. */
export function presentOwner(call: Viewer): JsonObject {
  const { owner } = call.install
  if (owner.type === 'workspace') return { type: 'workspace', workspace: true }
  const user = call.state.users.get(owner.userId)
  const isHidden = user === undefined || call.install.capabilities.has('user_none')
  return { type: 'user', user: isHidden ? partialUser(owner.userId) : presentUser(call, user) }
}
