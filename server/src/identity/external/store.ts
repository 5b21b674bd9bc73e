import type { Transaction } from '#db/database.ts'

/** All SQL for the subjects of trusted issuers. It needs the system role: no user is known yet. */

export interface Subject {
  readonly issuer: string
  readonly subject: string
}

export interface ExternalUser {
  readonly identity_id: number
  readonly user_id: number
  readonly banned: boolean
  readonly ban_expires: Date | null
}

/** A subject's user; `deleted` where it had one. */
export async function findExternalUser(
  { issuer, subject }: Subject,
  tx: Transaction,
): Promise<ExternalUser | 'deleted' | undefined> {
  const row = await tx
    .selectFrom('external_identities')
    .leftJoin('users', 'users.id', 'external_identities.user_id')
    .select(['external_identities.id as identity_id', 'users.id as user_id', 'users.banned', 'users.ban_expires'])
    .where('external_identities.issuer', '=', issuer)
    .where('external_identities.subject', '=', subject)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { identity_id, user_id, banned, ban_expires } = row
  return user_id === null ? 'deleted' : { identity_id, user_id, banned: banned === true, ban_expires }
}

export interface NewExternalUser extends Subject {
  readonly name: string
  /** In the order of preference; the first one that nobody has. */
  readonly emails: readonly string[]
}

/**
 * A user without a login of their own. An e-mail address that somebody has is not taken as a sign that they are the same.
 * @throws the database's error where the subject has a user already (`external_identities_once`)
 */
export async function insertExternalUser(user: NewExternalUser, tx: Transaction): Promise<ExternalUser> {
  for (const email of user.emails) {
    const row = await tx
      .insertInto('users')
      .values({ name: user.name, email, role: 'user' })
      .onConflict((conflict) => conflict.column('email').doNothing())
      .returning(['id as user_id', 'banned', 'ban_expires'])
      .executeTakeFirst()
    if (row === undefined) continue
    const { id } = await tx
      .insertInto('external_identities')
      .values({ issuer: user.issuer, subject: user.subject, user_id: row.user_id })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { ...row, identity_id: id }
  }
  throw new Error('Every e-mail address of a new user is taken, a random one among them')
}
