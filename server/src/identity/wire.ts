import { z } from '@hono/zod-openapi'
import { LARGEST_ID } from '#kernel/http.ts'
import { SCOPES } from '#kernel/principal.ts'
import { PASSWORD_MAXIMUM_LENGTH, PASSWORD_MINIMUM_LENGTH } from './login-library.ts'
import type { ApiTokenRow } from './api-token-store.ts'
import type { InvitationRow } from './invitation-store.ts'
import type { SessionRow } from './session-store.ts'
import type { User } from './user.ts'

/** The JSON of users, sessions and API tokens. */

const NAME_MAXIMUM_LENGTH = 100
/** RFC 5321 4.5.3.1.3, less the angle brackets. */
const EMAIL_MAXIMUM_LENGTH = 254

export const nameSchema = z.string().trim().min(1).max(NAME_MAXIMUM_LENGTH)
export const emailSchema = z.string().trim().max(EMAIL_MAXIMUM_LENGTH).pipe(z.email())
export const newPasswordSchema = z.string().min(PASSWORD_MINIMUM_LENGTH).max(PASSWORD_MAXIMUM_LENGTH)
/** A password that is only compared. Its length tells nothing, so it is no reason to refuse the request. */
export const passwordSchema = z.string().min(1).max(1_024)
export const invitationTokenSchema = z.string().min(1).max(200)
export const scopeSchema = z.enum(SCOPES)
export const idParameterSchema = z.object({ id: z.coerce.number().int().positive().max(LARGEST_ID) })

export const userSchema = z
  .object({
    id: z.number().int(),
    name: z.string(),
    email: z.string(),
    role: z.enum(['owner', 'admin', 'user']),
    created_at: z.iso.datetime(),
  })
  .openapi('User')

export function userView(user: User): z.infer<typeof userSchema> {
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    role: user.role,
    created_at: user.created_at.toISOString(),
  }
}

export const managedUserSchema = userSchema
  .extend({
    banned: z.boolean(),
    ban_reason: z.string().nullable(),
    ban_expires_at: z.iso.datetime().nullable(),
  })
  .openapi('ManagedUser')

export function managedUserView(user: User): z.infer<typeof managedUserSchema> {
  return {
    ...userView(user),
    banned: user.banned,
    ban_reason: user.ban_reason,
    ban_expires_at: user.ban_expires?.toISOString() ?? null,
  }
}

export const sessionSchema = z
  .object({ id: z.number().int(), created_at: z.iso.datetime(), expires_at: z.iso.datetime() })
  .openapi('Session')

export function sessionView(
  session: Pick<SessionRow, 'session_id' | 'session_created_at' | 'expires_at'>,
): z.infer<typeof sessionSchema> {
  return {
    id: session.session_id,
    created_at: session.session_created_at.toISOString(),
    expires_at: session.expires_at.toISOString(),
  }
}

export const apiTokenSchema = z
  .object({
    id: z.number().int(),
    name: z.string(),
    scopes: z.array(scopeSchema),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime().nullable(),
    last_used_at: z.iso.datetime().nullable(),
  })
  .openapi('ApiToken')

export function apiTokenView(token: ApiTokenRow): z.infer<typeof apiTokenSchema> {
  return {
    id: token.id,
    name: token.name,
    scopes: SCOPES.filter((scope) => token.scopes.includes(scope)),
    created_at: token.created_at.toISOString(),
    expires_at: token.expires_at?.toISOString() ?? null,
    last_used_at: token.last_used_at?.toISOString() ?? null,
  }
}

export const invitationSchema = z
  .object({
    id: z.number().int(),
    email: z.string(),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
  })
  .openapi('Invitation')

export function invitationView(invitation: InvitationRow): z.infer<typeof invitationSchema> {
  return {
    id: invitation.id,
    email: invitation.email,
    created_at: invitation.created_at.toISOString(),
    expires_at: invitation.expires_at.toISOString(),
  }
}

/** As the receipts of the connections themselves. */
export const endedAccessSchema = z.object({
  disconnected: z.literal(true),
  provider: z.string(),
  connection_id: z.number().int(),
  label: z.string(),
  revoked_at_provider: z.boolean(),
  next_step: z.string(),
})
