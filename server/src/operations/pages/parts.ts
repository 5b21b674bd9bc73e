import type { BrowserUser } from '#identity/browser.ts'
import type { AppContext } from '#kernel/http.ts'
import { note, pageFrame, withLanguage } from '#oauth/pages/frame.ts'
import { html, type Html } from '#oauth/pages/html.ts'
import type { Language } from '#oauth/pages/language.ts'
import { WORDS } from './words.ts'

/** What the pages behind links share: somebody before a page, and pieces of markup. */

export interface Visit {
  readonly c: AppContext
  readonly path: string
  readonly language: Language
  readonly user: BrowserUser
}

/** Name of the field that says whom a form was shown to: who signed in since must look again. */
export const SHOWN_TO = 'shown_to'

export function shownTo({ user }: Pick<Visit, 'user'>): Html {
  return html`<input type="hidden" name="${SHOWN_TO}" value="${user.id}" />`
}

/** Who is signed in, so that nobody acts for the wrong account. */
export function signedIn({ user, path, language }: Visit): Html {
  const words = WORDS[language]
  return html`<form class="who" method="post" action="${withLanguage(path, language)}">
    <span>${words.signedInAs} <b>${user.name}</b> · ${user.email}</span
    ><button class="link" name="step" value="sign_out">${words.other}</button>
  </form>`
}

/** The same for what does not exist and for what is somebody else's. */
export function unknownPage(visit: Visit): string {
  const words = WORDS[visit.language].unknown
  const body = html`<h1>${words.title}</h1>
    ${note('warn', '', words.text)} ${signedIn(visit)}`
  return pageFrame({ language: visit.language, address: visit.path, title: words.title, body })
}
