import { createAppRouter, type AppContext, type AppRouter } from '#kernel/http.ts'
import type { Problem } from '#kernel/problem.ts'
import { agreedTo } from './consent.ts'
import { readForm, type SentForm } from '#oauth/pages/form.ts'
import { sendConsent, sendForward, sendRefusal, sendSignIn, sendSignUp, wantsSignUp } from './page.ts'
import { createFormTokens } from './form-token.ts'
import {
  bindingOf,
  INTERACTION_PATH,
  visitOf,
  type InteractionDependencies,
  type InteractionParts,
  type Visit,
} from './visit.ts'
import { withLanguage } from '#oauth/pages/frame.ts'
import { sendBack } from '#oauth/pages/send.ts'
import type { ShownFault } from '#oauth/pages/sign-in.ts'
import type { Fault } from '#oauth/pages/words.ts'

/** `/oauth/interaction/{uid}`: where a client's user signs in and decides. Complete without a script. */
export function interactionRoutes(
  dependencies: InteractionDependencies & {
    /** Signs sessions; the key of the forms is derived from it. */
    readonly authSecret: string
  },
): AppRouter {
  const parts: InteractionParts = { ...dependencies, tokens: createFormTokens(dependencies.authSecret) }
  const router = createAppRouter()
  router.get(INTERACTION_PATH, async (c) => {
    const visit = await visitOf(parts, c)
    return visit === null ? sendRefusal(c, 'gone', null) : sendQuestion(parts, visit)
  })
  router.post(INTERACTION_PATH, (c) => answerForm(parts, c))
  return router
}

function sendQuestion(parts: InteractionParts, visit: Visit): Promise<Response> {
  if (isSignedIn(visit)) return sendConsent(parts, visit)
  return wantsSignUp(visit.c) ? sendSignUp(parts, visit) : sendSignIn(parts, visit)
}

type SignedInVisit = Visit & { readonly user: NonNullable<Visit['user']> }

function isSignedIn(visit: Visit): visit is SignedInVisit {
  return visit.user !== null
}

/** In the order in which somebody could be wronged: another site, another browser, another user, another form. */
async function answerForm(parts: InteractionParts, c: AppContext): Promise<Response> {
  const own = parts.browser.refuseForeign(c)
  if (!own.ok) return sendRefusal(c, 'foreign', null)
  const visit = await visitOf(parts, c)
  if (visit === null) return sendRefusal(c, 'gone', null)
  const form = await readForm(c)
  if (form === null) return sendRefusal(c, 'bad_form', visit)
  const isOurs = parts.tokens.isValid(form.field('form_token'), bindingOf(visit), parts.clock.now())
  if (!isOurs) return sendRefusal(c, 'stale_form', visit)
  const step = STEPS.get(form.field('step'))
  return step === undefined ? sendRefusal(c, 'bad_form', visit) : step(parts, visit, form)
}

type Step = (parts: InteractionParts, visit: Visit, form: SentForm) => Promise<Response>

const signInStep: Step = async (parts, visit, form) => {
  const email = form.field('email')
  const signedIn = await parts.browser.signIn(visit.c, { email, password: form.field('password') })
  if (signedIn.ok) return backToQuestion(visit)
  return sendSignIn(parts, visit, { email, fault: faultOf(signedIn.problem) })
}

const signUpStep: Step = async (parts, visit, form) => {
  const [name, email, invitation] = [form.field('name'), form.field('email'), form.field('invitation')]
  const draft = { name, email, password: form.field('password') }
  const made = await parts.browser.signUp(visit.c, invitation === '' ? draft : { ...draft, invitation })
  if (made.ok) return backToQuestion(visit)
  return sendSignUp(parts, visit, { name, email, fault: faultOf(made.problem, 'not_invited') })
}

const signOutStep: Step = async (parts, visit) => {
  await parts.browser.signOut(visit.c)
  return backToQuestion(visit)
}

const allowStep: Step = async (parts, visit, form) => {
  if (!isSignedIn(visit)) return sendRefusal(visit.c, 'stale_form', visit)
  const { user, pending, c, uid } = visit
  const connections = await parts.connectionsOf(user.id)
  const scopes = form.fields('scope')
  const sent = { access: form.field('access'), scopes, connections: form.fields('connection') }
  const agreed = agreedTo(sent, { userId: user.id, scopes: pending.scopes }, connections)
  if (!agreed.ok) {
    return agreed.reason === 'malformed' ? sendRefusal(c, 'bad_form', visit) : sendConsent(parts, visit, { scopes })
  }
  const granted = await parts.server.grantInteraction(c, uid, agreed.consent)
  return granted.ok ? sendForward(visit, 'allowed', granted.value) : sendRefusal(c, 'gone', null)
}

const denyStep: Step = async (parts, visit) => {
  const denied = await parts.server.denyInteraction(visit.c, visit.uid)
  return denied.ok ? sendForward(visit, 'denied', denied.value) : sendRefusal(visit.c, 'gone', null)
}

/** By the value of the button that was pressed. */
const STEPS: ReadonlyMap<string, Step> = new Map([
  ['sign_in', signInStep],
  ['sign_up', signUpStep],
  ['sign_out', signOutStep],
  ['allow', allowStep],
  ['deny', denyStep],
])

function backToQuestion({ c, path, language }: Visit): Response {
  return sendBack(c, withLanguage(path, language))
}

/** @param forbidden what a refusal means here */
function faultOf(problem: Problem, forbidden: Fault = 'suspended'): ShownFault {
  const retryAfterSeconds = problem.retryAfterSeconds
  if (problem.code === 'rate_limited') return { kind: 'too_many', retryAfterSeconds }
  if (problem.code === 'forbidden') return { kind: forbidden }
  if (problem.code === 'conflict') return { kind: 'email_taken' }
  if (problem.code === 'invalid_request') return { kind: FAULT_OF_FIELD[problem.path ?? ''] ?? 'bad_name' }
  return { kind: 'wrong_password' }
}

const FAULT_OF_FIELD: Readonly<Record<string, Fault>> = {
  email: 'bad_email',
  password: 'bad_password',
  invitation: 'not_invited',
}
