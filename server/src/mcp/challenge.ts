import { sendProblem, type AppContext } from '#kernel/http.ts'
import type { Problem } from '#kernel/problem.ts'
import type { Scope } from '#kernel/principal.ts'
import { ownOrigin } from '#oauth/addresses.ts'

/** What a request without enough rights gets: where to go and what to ask for there (RFC 6750, RFC 9728 5.1). */

/** What a client asks for first: the user can leave out the second at the consent. */
const OFFERED_SCOPES: readonly Scope[] = ['tools:read', 'tools:write']

/** The RFC 9728 document of this very URL, under the name that it was asked by: clients compare the two. */
function metadataUrl(c: AppContext, publicUrl: string): string {
  return `${ownOrigin(c, publicUrl)}/.well-known/oauth-protected-resource${c.req.path.replace(/\/$/, '')}`
}

export function sendUnauthorized(c: AppContext, problem: Problem, publicUrl: string): Response {
  const response = sendProblem(c, problem)
  if (response.status !== 401) return response
  return challenged(response, {
    ...(problem.code === 'missing_token' ? {} : { error: 'invalid_token', error_description: problem.detail }),
    scope: OFFERED_SCOPES.join(' '),
    resource_metadata: metadataUrl(c, publicUrl),
  })
}

/** All that the call needs at once, so that one more visit to the consent is enough. */
export function sendInsufficientScope(c: AppContext, needed: readonly Scope[], publicUrl: string): Response {
  const scope = needed.join(' ')
  const detail = `This needs the scopes ${scope}.`
  return challenged(sendProblem(c, { code: 'insufficient_scope', detail, extra: { scope } }), {
    error: 'insufficient_scope',
    error_description: detail,
    scope,
    resource_metadata: metadataUrl(c, publicUrl),
  })
}

function challenged(response: Response, parameters: Readonly<Record<string, string>>): Response {
  response.headers.set('www-authenticate', challengeOf(parameters))
  return response
}

/** Quoted strings of RFC 6750 3 hold neither quotes nor backslashes; headers hold ASCII. */
function challengeOf(parameters: Readonly<Record<string, string>>): string {
  const parts = Object.entries(parameters).map(
    ([name, value]) => `${name}="${value.replace(/[^\x20-\x7e]|["\\]/g, '')}"`,
  )
  return `Bearer ${parts.join(', ')}`
}
