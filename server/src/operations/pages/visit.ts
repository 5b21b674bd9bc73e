import type { BrowserIdentity } from '#identity/browser.ts'
import type { Clock } from '#kernel/clock.ts'
import type { AppContext } from '#kernel/http.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Outcome } from '#kernel/problem.ts'
import { readForm, type SentForm } from '#oauth/pages/form.ts'
import { withLanguage } from '#oauth/pages/frame.ts'
import { languageFor, sendBack, sendPage, sendRefusalPage } from '#oauth/pages/send.ts'
import type { Refusal } from '#oauth/pages/words.ts'
import { SHOWN_TO, type Visit } from './parts.ts'
import { signInPage, signInStatus } from './sign-in-page.ts'

/** What the pages behind links share: who is there, signing in and out, and whose form it is. Complete without a script. */

export interface PageDependencies {
  readonly browser: Pick<BrowserIdentity, 'current' | 'person' | 'refuseForeign' | 'signIn' | 'signOut'>
  /** The principal of a request; a form with a session cookie is taken from our own pages only. */
  readonly resolve: (c: AppContext) => Promise<Outcome<Principal>>
  readonly clock: Clock
}

/** A form that the user who is signed in sent from the page that they were shown. */
export interface SignedForm extends Visit {
  readonly form: SentForm
  readonly principal: Principal
}

/** Shows the page to whoever is signed in, and to others the way in. */
export async function showTo(
  { browser }: PageDependencies,
  c: AppContext,
  show: (visit: Visit) => Promise<Response>,
): Promise<Response> {
  const user = await browser.current(c)
  const [path, language] = [c.req.path, languageFor(c)]
  return user === null ? sendPage(c, signInPage({ path, language })) : show({ c, path, language, user })
}

/** Signs in or out, or hands a form on that came from where it should. */
export async function takeForm(
  parts: PageDependencies,
  c: AppContext,
  take: (sent: SignedForm) => Promise<Response>,
): Promise<Response> {
  const own = parts.browser.refuseForeign(c)
  if (!own.ok) return refuse(c, 'foreign')
  const form = await readForm(c)
  if (form === null) return refuse(c, 'bad_form')
  const step = form.field('step')
  if (step === 'sign_in') return signIn(parts, c, form)
  if (step === 'sign_out') {
    await parts.browser.signOut(c)
    return back(c)
  }
  const user = await parts.browser.current(c)
  if (user === null) return back(c)
  if (form.field(SHOWN_TO) !== String(user.id)) return refuse(c, 'stale_form')
  const principal = await parts.resolve(c)
  if (!principal.ok || principal.value.via.id !== user.sessionId || principal.value.via.kind !== 'session') {
    return refuse(c, 'foreign')
  }
  return take({ c, path: c.req.path, language: languageFor(c), user, form, principal: principal.value })
}

async function signIn({ browser }: PageDependencies, c: AppContext, form: SentForm): Promise<Response> {
  const email = form.field('email')
  const signedIn = await browser.signIn(c, { email, password: form.field('password') })
  if (signedIn.ok) return back(c)
  const { problem } = signedIn
  return sendPage(c, signInPage({ path: c.req.path, language: languageFor(c), email, problem }), signInStatus(problem))
}

/** To the page that the form was on: its path as it came, for a decoded one may hold what no header does. */
export function back(c: AppContext, query = ''): Response {
  const { pathname } = new URL(c.req.url)
  return sendBack(c, withLanguage(pathname + query, languageFor(c)))
}

export function refuse(c: AppContext, refusal: Exclude<Refusal, 'gone'>): Response {
  return sendRefusalPage(c, refusal, { language: languageFor(c), isOpen: true })
}
