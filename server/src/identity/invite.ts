import { randomBytes } from 'node:crypto'
import { actorOf } from '#audit/audit.ts'
import { MILLISECONDS_PER_SECOND } from '#kernel/clock.ts'
import type { Principal } from '#kernel/principal.ts'
import { success, type Outcome } from '#kernel/problem.ts'
import { hashToken } from './api-token.ts'
import type { IdentityDependencies } from './dependencies.ts'
import { EMAIL_TAKEN } from './sign-up.ts'
import { replaceInvitation, type InvitationRow } from './invitation-store.ts'
import { findUserIdByEmail } from './store.ts'
import { normalizeEmail } from './user.ts'

/** 256 bits: looked up by hash, never guessed. */
const INVITATION_BYTES = 32
/** A week: long enough for a holiday weekend, short enough for a mailbox that is read by somebody else later. */
const INVITATION_SECONDS = 7 * 24 * 3_600

export interface CreatedInvitation extends InvitationRow {
  /** Shown this once; the invited person sends it as `invitation` when signing up. */
  readonly token: string
}

/** Invites an e-mail address. An earlier invitation of the same address ends. */
export async function invite(
  deps: IdentityDependencies,
  principal: Principal,
  request: { readonly email: string },
  requestId: string,
): Promise<Outcome<CreatedInvitation>> {
  const email = normalizeEmail(request.email)
  if ((await findUserIdByEmail(email, deps.database.login)) !== undefined) return { ok: false, problem: EMAIL_TAKEN }
  const token = randomBytes(INVITATION_BYTES).toString('base64url')
  const now = deps.clock.now()
  const expiresAt = new Date(now.getTime() + INVITATION_SECONDS * MILLISECONDS_PER_SECOND)
  const invitation = { email, tokenHash: hashToken(token), invitedBy: principal.userId, expiresAt }
  const row = await deps.database.login.transaction().execute((tx) => replaceInvitation(invitation, now, tx))
  await deps.audit.record({
    userId: principal.userId,
    type: 'invitation.created',
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'invitation', id: row.id },
    requestId,
  })
  return success({ ...row, token })
}
