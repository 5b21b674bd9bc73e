import type { ShownClient } from './shown-client.ts'
import { field } from './field.ts'
import { note, pageFrame, withLanguage } from './frame.ts'
import { html, type Html } from './html.ts'
import type { Language } from './language.ts'
import { PAGE_WORDS, type Fault } from './words.ts'

/** Signing in, or making an account, on the way to a client's request. */

export interface SignInPage {
  readonly language: Language
  /** Path of the request, where forms go. */
  readonly path: string
  readonly formToken: string
  readonly client: ShownClient
  /** As it was typed before. */
  readonly email: string
  readonly fault: ShownFault | null
  /** Whether accounts can be made here, so that a way to it is shown. */
  readonly offersSignUp: boolean
}

export interface ShownFault {
  readonly kind: Fault
  /** Until another attempt makes sense. */
  readonly retryAfterSeconds?: number | undefined
}

export interface SignUpPage extends Omit<SignInPage, 'offersSignUp'> {
  readonly name: string
  /** The first account of an instance owns it. */
  readonly isFirst: boolean
  readonly needsInvitation: boolean
  readonly passwordMinimum: number
}

/** Query of the page that makes an account. */
export const SIGN_UP_QUERY = 'account=new'

export function signInPage(page: SignInPage): string {
  const words = PAGE_WORDS[page.language].signIn
  const body = html`${head(page, words.title)}
    <form class="stack" method="post" action="${withLanguage(page.path, page.language)}">
      ${hidden(page)}
      ${field({ name: 'email', label: words.email, type: 'email', autocomplete: 'username', value: page.email })}
      ${field({ name: 'password', label: words.password, type: 'password', autocomplete: 'current-password', isWrong: page.fault?.kind === 'wrong_password' })}
      <div class="actions"><button class="primary" name="step" value="sign_in">${words.submit}</button></div>
    </form>
    ${page.offersSignUp ? html`<p class="after"><a href="${withLanguage(`${page.path}?${SIGN_UP_QUERY}`, page.language)}">${words.create}</a></p>` : null}
    ${cancel(page)}`
  return pageFrame({ language: page.language, address: page.path, title: words.title, body })
}

export function signUpPage(page: SignUpPage): string {
  const words = PAGE_WORDS[page.language]
  const address = `${page.path}?${SIGN_UP_QUERY}`
  const fault = page.fault?.kind
  const body = html`${head(page, words.signUp.title)}${page.isFirst ? html`<p class="soft small">${words.signUp.first}</p>` : null}
    <form class="stack" method="post" action="${withLanguage(address, page.language)}">
      ${hidden(page)}
      ${field({ name: 'name', label: words.signUp.name, type: 'text', autocomplete: 'name', value: page.name, isWrong: fault === 'bad_name' })}
      ${field({ name: 'email', label: words.signIn.email, type: 'email', autocomplete: 'username', value: page.email, isWrong: fault === 'bad_email' || fault === 'email_taken' })}
      ${field({ name: 'password', label: words.signIn.password, type: 'password', autocomplete: 'new-password', isWrong: fault === 'bad_password', hint: words.signUp.passwordHint(page.passwordMinimum) })}
      ${page.needsInvitation ? field({ name: 'invitation', label: words.signUp.invitation, type: 'text', autocomplete: 'off', isWrong: fault === 'not_invited' }) : null}
      <div class="actions"><button class="primary" name="step" value="sign_up">${words.signUp.submit}</button></div>
    </form>
    <p class="after"><a href="${withLanguage(page.path, page.language)}">${words.signUp.existing}</a></p>
    ${cancel(page)}`
  return pageFrame({ language: page.language, address, title: words.signUp.title, body })
}

function head({ language, client, fault }: SignInPage | SignUpPage, title: string): Html {
  const words = PAGE_WORDS[language]
  const { name, answersTo } = client
  return html`<h1>${title}</h1>
    <p class="lede">${words.signIn.lede(name, answersTo.place)}</p>
    ${fault === null ? null : faultNote(fault, language)}`
}

function faultNote({ kind, retryAfterSeconds }: ShownFault, language: Language): Html {
  const words = PAGE_WORDS[language]
  return note('bad', words.faults[kind], retryAfterSeconds === undefined ? '' : words.wait(retryAfterSeconds))
}

export function hidden({ formToken }: { readonly formToken: string }): Html {
  return html`<input type="hidden" name="form_token" value="${formToken}" />`
}

/** Refuses the client without signing in: nobody is kept on a page without a way out. */
function cancel(page: SignInPage | SignUpPage): Html {
  return html`<form class="after" method="post" action="${withLanguage(page.path, page.language)}">
    ${hidden(page)}<button class="link" name="step" value="deny">${PAGE_WORDS[page.language].signIn.cancel}</button>
  </form>`
}
