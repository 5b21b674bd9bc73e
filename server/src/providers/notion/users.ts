import { isFullUser } from '@notionhq/client'
import type { NotionApi } from './client.ts'
import { compactId } from './ids.ts'

/** A user in full, or only the id. */
export type User = Parameters<typeof isFullUser>[0]

/** Who an integration acts for. */
export type BotOwner =
  | { readonly type: 'workspace' }
  | { readonly type: 'user'; readonly id: string; readonly name: string | null; readonly email: string | null }

/** The bot of a connection, without anything secret. */
export interface BotValue {
  readonly bot_id: string
  readonly bot_name: string | null
  readonly workspace_id: string | null
  readonly workspace_name: string | null
  readonly owner: BotOwner
}

/** A user as plain JSON. The e-mail is there only where the integration may see it. */
export function userValue(user: User): Record<string, unknown> {
  if (!isFullUser(user)) return { id: user.id }
  return { id: user.id, type: user.type, name: user.name, email: emailOf(user) }
}

/** A user in one line. */
export function userLine(user: User): string {
  if (!isFullUser(user)) return compactId(user.id)
  const email = emailOf(user)
  const kind = user.type === 'person' ? '' : ` (${user.type})`
  return `${user.name ?? 'Unnamed'}${kind}${email === null ? '' : ` <${email}>`} ${compactId(user.id)}`
}

function emailOf(user: User): string | null {
  return isFullUser(user) && user.type === 'person' ? (user.person.email ?? null) : null
}

/**
 * Names for users of whom Notion gave only the id, as it does for authors. Each costs a request; where the integration
 * may not see people, or Notion does not answer, a name is simply missing.
 */
export async function namesOf(api: NotionApi, users: readonly { readonly id: string }[]): Promise<Map<string, string>> {
  const ids = [...new Set(users.map(({ id }) => id))]
  const found = await Promise.all(
    ids.map((id) =>
      api.read((notion) => notion.users.retrieve({ user_id: id }), { needs: 'user_information', noun: 'user' }),
    ),
  )
  const names = new Map<string, string>()
  for (const [index, outcome] of found.entries()) {
    const name = outcome.ok && isFullUser(outcome.value) ? outcome.value.name : null
    if (name !== null) names.set(ids[index] ?? '', name)
  }
  return names
}

/** What `GET /v1/users/me` tells of the integration. Older workspaces leave members out, so each is looked at. */
export function botValue(user: User): BotValue {
  const name = isFullUser(user) ? user.name : null
  const bot = isFullUser(user) && user.type === 'bot' ? user.bot : {}
  const named = 'workspace_name' in bot ? bot : undefined
  return {
    bot_id: user.id,
    bot_name: name,
    workspace_id: named?.workspace_id ?? null,
    workspace_name: named?.workspace_name ?? null,
    owner: 'owner' in bot ? ownerOf(bot.owner) : { type: 'workspace' },
  }
}

type Owner = { readonly type: 'workspace' } | { readonly type: 'user'; readonly user: { readonly id: string } }

function ownerOf(owner: Owner): BotOwner {
  if (owner.type !== 'user') return { type: 'workspace' }
  const user = owner.user as User
  return { type: 'user', id: user.id, name: isFullUser(user) ? user.name : null, email: emailOf(user) }
}
