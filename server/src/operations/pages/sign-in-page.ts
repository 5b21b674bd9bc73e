import type { Problem } from '#kernel/problem.ts'
import { field } from '#oauth/pages/field.ts'
import { note, pageFrame, withLanguage } from '#oauth/pages/frame.ts'
import { html } from '#oauth/pages/html.ts'
import type { Language } from '#oauth/pages/language.ts'
import { PAGE_WORDS } from '#oauth/pages/words.ts'
import { WORDS } from './words.ts'

/** Signing in where a link led, and nowhere else to go before. */

export interface SignInPage {
  readonly path: string
  readonly language: Language
  /** As it was typed before. */
  readonly email?: string
  readonly problem?: Problem
}

export function signInPage({ path, language, email = '', problem }: SignInPage): string {
  const words = WORDS[language].signIn
  const shared = PAGE_WORDS[language]
  const wait = problem?.retryAfterSeconds === undefined ? '' : shared.wait(problem.retryAfterSeconds)
  const fault = problem === undefined ? null : note('bad', shared.faults[faultOf(problem)], wait)
  const body = html`<h1>${words.title}</h1>
    <p class="lede">${words.lede}</p>
    ${fault}
    <form class="stack" method="post" action="${withLanguage(path, language)}">
      ${field({ name: 'email', label: shared.signIn.email, type: 'email', autocomplete: 'username', value: email })}
      ${field({ name: 'password', label: shared.signIn.password, type: 'password', autocomplete: 'current-password', isWrong: problem?.code === 'invalid_credentials' })}
      <div class="actions"><button class="primary" name="step" value="sign_in">${shared.signIn.submit}</button></div>
    </form>
    <p class="after small">${words.later}</p>`
  return pageFrame({ language, address: path, title: words.title, body })
}

function faultOf({ code }: Problem): 'too_many' | 'suspended' | 'wrong_password' {
  if (code === 'rate_limited') return 'too_many'
  return code === 'forbidden' ? 'suspended' : 'wrong_password'
}

export function signInStatus({ code }: Problem): 401 | 403 | 429 {
  if (code === 'rate_limited') return 429
  return code === 'forbidden' ? 403 : 401
}
