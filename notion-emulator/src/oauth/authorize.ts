import { tokenHash } from '../core/tokens.ts'
import type { User } from '../state/model.ts'
import { readAuthorizationRequest, returnAddress, type AuthorizationRequest } from './authorization-request.ts'
import type { OAuthCall, OAuthReply } from './call.ts'
import { consentPage, personPage, refusalPage } from './consent-page.ts'
import { checkedRoots, topRoots, type Sharing } from './picker.ts'

const BAD_REQUEST = 400

/** `GET /v1/oauth/authorize`: the page where somebody agrees, or their answer when the address brings it. */
export function showAuthorize(call: OAuthCall): OAuthReply {
  return withRequest(call, (request) => {
    const { query, settings } = call
    if (query.has('emulator_user') || query.has('emulator_roots')) {
      return settings.consentByQuery ? consentByQuery(call, request) : refused(QUERY_REFUSAL)
    }
    const person = personNamed(call, query.get('person'))
    if (person === null) return shown(personPage(call.state, request, query))
    return shown(consentPage(call.state, request, person))
  })
}

/** `POST /v1/oauth/authorize`: the answer that the page sends. */
export function decideAuthorize(call: OAuthCall): OAuthReply {
  return withRequest(call, (request) => {
    const form = new URLSearchParams(call.body)
    if (form.get('decision') === 'cancel') return returned(request, { error: 'access_denied' })
    if (form.get('decision') !== 'allow') return refused('The form must say allow or cancel.')
    const person = personNamed(call, form.get('person'))
    if (person === null) return refused('There is no such person.')
    return grant(call, request, person, form.getAll('roots'))
  })
}

const QUERY_REFUSAL =
  'emulator_user and emulator_roots take the place of this page only after the control plane set consentByQuery.'

/** Consent for tests: `emulator_user` is an id or e-mail address; without `emulator_roots` everything is shared. */
function consentByQuery(call: OAuthCall, request: AuthorizationRequest): OAuthReply {
  const person = personNamed(call, call.query.get('emulator_user'))
  if (person === null) return refused('emulator_user names nobody.')
  const listed = call.query.get('emulator_roots')
  const wanted = listed?.split(',').filter((text) => text !== '') ?? topRoots(call.state, sharingOf(person))
  return grant(call, request, person, wanted)
}

function grant(call: OAuthCall, request: AuthorizationRequest, person: User, wanted: string[]): OAuthReply {
  const roots = checkedRoots(call.state, sharingOf(person), wanted)
  if (roots === null) return refused('Only living pages and databases of the same workspace can be shared.')
  const { codes } = call.state
  for (const [hash, known] of codes) if (known.expiresAt <= call.now) codes.delete(hash)
  const code = call.newId()
  codes.set(tokenHash(code), {
    hash: tokenHash(code),
    integrationId: request.client.id,
    redirectUri: request.redirectUri,
    redirectUriWasSent: request.redirectUriWasSent,
    workspaceId: person.workspaceId,
    userId: person.id,
    roots,
    expiresAt: call.now + call.settings.codeTtlMs,
    used: false,
  })
  return returned(request, { code })
}

function sharingOf({ id: personId, workspaceId }: User): Sharing {
  return { workspaceId, personId }
}

function personNamed(call: OAuthCall, name: string | null): User | null {
  if (name === null || name === '') return null
  for (const user of call.state.users.values()) {
    if (user.type === 'person' && (user.id === name || user.email === name)) return user
  }
  return null
}

function withRequest(call: OAuthCall, answer: (request: AuthorizationRequest) => OAuthReply): OAuthReply {
  const read = readAuthorizationRequest(call)
  switch (read.type) {
    case 'refused':
      return refused(read.reason)
    case 'returned':
      return returned(read.request, { error: read.error, error_description: read.description })
    default:
      return answer(read.request)
  }
}

function shown(html: string): OAuthReply {
  return { type: 'page', status: 200, html }
}

function refused(reason: string): OAuthReply {
  return { type: 'page', status: BAD_REQUEST, html: refusalPage(reason) }
}

function returned(request: AuthorizationRequest, answer: Record<string, string>): OAuthReply {
  return { type: 'redirect', location: returnAddress(request, answer) }
}
