import type { MiddlewareHandler } from 'hono'
import { actorOf, type Audit } from '#audit/audit.ts'
import { sendProblem, type AppEnv } from '#kernel/http.ts'

/**
 * For what administrators may not do. After the middleware that asks for the scope `admin`.
 * @param what the owner alone may do, as it follows "may"
 */
export function ownerOnly({ audit }: { readonly audit: Audit }, what: string): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const principal = c.get('principal')
    if (principal.role === 'owner') return next()
    await audit.record({
      userId: principal.userId,
      type: 'access.denied',
      outcome: 'denied',
      actor: actorOf(principal),
      details: { reason: 'owner_only', path: c.req.path },
      requestId: c.get('requestId'),
    })
    return sendProblem(c, { code: 'forbidden', detail: `Only the owner of the instance may ${what}.` })
  }
}
