import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { AppContext } from '#kernel/http.ts'
import { offerOf } from './consent.ts'
import { bindingOf, type InteractionParts, type Visit } from './visit.ts'
import { shownClient, shownName } from '#oauth/pages/shown-client.ts'
import { consentPage } from '#oauth/pages/consent.ts'
import { forwardPage } from '#oauth/pages/message.ts'
import { languageFor, sendPage, sendRefusalPage } from '#oauth/pages/send.ts'
import { SIGN_UP_QUERY, signInPage, signUpPage, type ShownFault } from '#oauth/pages/sign-in.ts'
import type { Refusal } from '#oauth/pages/words.ts'

/** The pages of an interaction, filled in and sent. */

/** @param visit null where there is nothing to go back to */
export function sendRefusal(c: AppContext, refusal: Refusal, visit: Visit | null): Response {
  return sendRefusalPage(c, refusal, { language: visit?.language ?? languageFor(c), isOpen: visit !== null })
}

function shared(parts: InteractionParts, visit: Visit) {
  const { language, path, pending } = visit
  const formToken = parts.tokens.mint(bindingOf(visit), parts.clock.now())
  return { language, path, formToken, client: shownClient(pending.client) }
}

export interface Again {
  readonly email?: string
  readonly name?: string
  readonly fault?: ShownFault
}

const FAULT_STATUS: Partial<Record<ShownFault['kind'], ContentfulStatusCode>> = {
  wrong_password: 401,
  suspended: 403,
  too_many: 429,
  email_taken: 409,
  not_invited: 403,
  closed: 403,
}

/** @param again what was typed and what was wrong with it */
export async function sendSignIn(parts: InteractionParts, visit: Visit, again: Again = {}): Promise<Response> {
  const { mode, isFirst } = await parts.browser.signUpOffer()
  const { email = '', fault = null } = again
  const offersSignUp = isFirst || mode !== 'closed'
  const page = signInPage({ ...shared(parts, visit), email, fault, offersSignUp })
  return sendPage(visit.c, page, statusOf(fault))
}

export async function sendSignUp(parts: InteractionParts, visit: Visit, again: Again = {}): Promise<Response> {
  const { mode, isFirst, passwordMinimum } = await parts.browser.signUpOffer()
  const { email = '', name = '', fault = null } = again
  if (!isFirst && mode === 'closed') {
    return sendSignIn(parts, visit, fault === null ? {} : { email, fault: { ...fault, kind: 'closed' } })
  }
  const needsInvitation = !isFirst && mode === 'invitation'
  const page = { ...shared(parts, visit), email, name, fault, isFirst, needsInvitation, passwordMinimum }
  return sendPage(visit.c, signUpPage(page), statusOf(fault))
}

function statusOf(fault: ShownFault | null): ContentfulStatusCode {
  return fault === null ? 200 : (FAULT_STATUS[fault.kind] ?? 400)
}

export function wantsSignUp(c: AppContext): boolean {
  const [name = '', value = ''] = SIGN_UP_QUERY.split('=')
  return c.req.query(name) === value
}

/** @param sent what was chosen in a form that lacked a connection */
export async function sendConsent(
  parts: InteractionParts,
  visit: Visit & { readonly user: NonNullable<Visit['user']> },
  sent?: { readonly scopes: readonly string[] },
): Promise<Response> {
  const { user, pending } = visit
  const [connections, grants] = await Promise.all([parts.connectionsOf(user.id), parts.server.listGrants(user.id)])
  const offer = offerOf(pending, grants, connections)
  const page = consentPage({
    ...shared(parts, visit),
    user: { name: shownName(user.name), email: user.email },
    // Nobody can say that a program on this machine is the one of the last time.
    isKnown: offer.isKnown && !pending.client.isLoopbackOnly && !pending.client.redirectHost.endsWith(':'),
    scopes: pending.scopes.map((scope) => ({
      scope,
      isChosen: sent?.scopes.includes(scope) ?? offer.scopes.has(scope),
    })),
    connections: connections.map(({ label, ...connection }) => ({
      ...connection,
      label: shownName(label),
      isChosen: sent === undefined && offer.connectionIds?.has(connection.id) === true,
    })),
    isAllChosen: sent === undefined && offer.connectionIds === null,
    providers: parts.providers,
    lacksConnection: sent !== undefined,
  })
  return sendPage(visit.c, page, sent === undefined ? 200 : 400)
}

/**
 * Sends the browser on to the client, by way of a page of ours.
 * @param answered the redirect that the authorization server gave, whose cookies go along
 * @throws where it was none
 */
export function sendForward(visit: Visit, outcome: 'allowed' | 'denied', answered: Response): Response {
  const { c, language, path, pending } = visit
  const forwardTo = answered.headers.get('location')
  if (forwardTo === null) throw new Error(`The authorization server answered ${answered.status} instead of a redirect`)
  for (const cookie of answered.headers.getSetCookie()) c.header('set-cookie', cookie, { append: true })
  const { name } = shownClient(pending.client)
  return sendPage(c, forwardPage({ language, path, outcome, clientName: name, forwardTo }))
}
