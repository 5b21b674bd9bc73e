import type { Kysely } from 'kysely'
import type { Tables } from '#db/tables.ts'

/** All SQL for invitations: the login role's own table. */

type Login = Kysely<Tables>

export interface InvitationRow {
  readonly id: number
  readonly email: string
  readonly expires_at: Date
  readonly created_at: Date
}

const INVITATION_COLUMNS = ['id', 'email', 'expires_at', 'created_at'] as const

/** The new invitation, after those of the same address and those that have expired are gone. */
export async function replaceInvitation(
  invitation: { email: string; tokenHash: string; invitedBy: number; expiresAt: Date },
  now: Date,
  tx: Login,
): Promise<InvitationRow> {
  await tx
    .deleteFrom('invitations')
    .where('accepted_at', 'is', null)
    .where((builder) => builder.or([builder('email', '=', invitation.email), builder('expires_at', '<=', now)]))
    .execute()
  return tx
    .insertInto('invitations')
    .values({
      email: invitation.email,
      token_hash: invitation.tokenHash,
      invited_by: invitation.invitedBy,
      expires_at: invitation.expiresAt,
    })
    .returning(INVITATION_COLUMNS)
    .executeTakeFirstOrThrow()
}

/** Those that can still be used, newest first. */
export async function listInvitations(now: Date, limit: number, login: Login): Promise<InvitationRow[]> {
  return login
    .selectFrom('invitations')
    .select(INVITATION_COLUMNS)
    .where('accepted_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** False where there is none that could still be used. */
export async function deleteInvitation(id: number, login: Login): Promise<boolean> {
  const deleted = await login
    .deleteFrom('invitations')
    .where('id', '=', id)
    .where('accepted_at', 'is', null)
    .executeTakeFirst()
  return deleted.numDeletedRows > 0n
}

/** Whether an invitation for the address can still be used. */
export async function isInvited(email: string, now: Date, login: Login): Promise<boolean> {
  const found = await login
    .selectFrom('invitations')
    .select('id')
    .where('email', '=', email)
    .where('accepted_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return found !== undefined
}

export async function deleteInvitationsOf(email: string, login: Login): Promise<void> {
  await login.deleteFrom('invitations').where('email', '=', email).execute()
}

/** Uses an invitation up: true once, for the address that it was made for, before it expires. */
export async function claimInvitation(
  invitation: { readonly tokenHash: string; readonly email: string },
  now: Date,
  login: Login,
): Promise<boolean> {
  const changed = await login
    .updateTable('invitations')
    .set({ accepted_at: now })
    .where('token_hash', '=', invitation.tokenHash)
    .where('email', '=', invitation.email)
    .where('accepted_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return changed.numUpdatedRows > 0n
}
