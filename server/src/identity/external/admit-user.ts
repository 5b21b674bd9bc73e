import { randomUUID } from 'node:crypto'
import type { Audit } from '#audit/audit.ts'
import type { Database } from '#db/database.ts'
import { uniqueViolation } from '#identity/sign-up.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { SYNTHETIC_EMAIL_DOMAIN, type ExternalClaims } from './claims.ts'
import { findExternalUser, insertExternalUser, type ExternalUser, type Subject } from './store.ts'
import type { TrustedIssuer } from './trusted-issuers.ts'

/** Longest name of a user; an issuer's host may be longer. */
const NAME_MAXIMUM_LENGTH = 100

const DELETED = 'The user of this token was deleted from this instance. Ask its administrator.'
const NOT_CREATED =
  'The user of this token is not known here, and this instance makes no users of this issuer by itself.'

/** The user of a verified token, made when it is seen for the first time. It never becomes the owner of the instance. */
export async function admitUser(
  deps: { readonly database: Database; readonly audit: Audit },
  issuer: TrustedIssuer,
  claims: ExternalClaims,
): Promise<Outcome<ExternalUser>> {
  const subject = { issuer: issuer.issuer, subject: claims.subject }
  const known = await find(deps.database, subject)
  if (known === 'deleted') return failure('revoked_token', DELETED)
  if (known !== undefined) return success(known)
  if (!issuer.createUsers) return failure('forbidden', NOT_CREATED)
  const created = await create(deps.database, subject, claims)
  // A request beside this one was faster: its user is this one's, too.
  if (created === 'exists') return admitUser(deps, issuer, claims)
  await deps.audit.record({
    userId: created.user_id,
    type: 'user.created',
    outcome: 'success',
    actor: { kind: 'issuer', issuer: issuer.issuer },
    target: { kind: 'user', id: created.user_id, role: 'user' },
  })
  return success(created)
}

async function find(database: Database, subject: Subject): Promise<ExternalUser | 'deleted' | undefined> {
  return database.asSystem('find the user of a trusted issuer', (tx) => findExternalUser(subject, tx))
}

async function create(
  database: Database,
  subject: Subject,
  { email, name }: ExternalClaims,
): Promise<ExternalUser | 'exists'> {
  // Random, so that nobody can have signed up with it before.
  const synthetic = `${randomUUID()}@${SYNTHETIC_EMAIL_DOMAIN}`
  const user = {
    ...subject,
    name: name ?? email?.slice(0, NAME_MAXIMUM_LENGTH) ?? nameFor(subject.issuer),
    emails: email === undefined ? [synthetic] : [email, synthetic],
  }
  try {
    return await database.asSystem('create the user of a trusted issuer', (tx) => insertExternalUser(user, tx))
  } catch (error) {
    if (uniqueViolation(error) === 'external_identities_once') return 'exists'
    throw error
  }
}

function nameFor(issuer: string): string {
  return `User of ${new URL(issuer).hostname}`.slice(0, NAME_MAXIMUM_LENGTH)
}
