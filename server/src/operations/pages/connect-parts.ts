import { field } from '#oauth/pages/field.ts'
import { html, type Html } from '#oauth/pages/html.ts'
import type { Language } from '#oauth/pages/language.ts'
import { keyFieldsOf, type OAuthMethod, type Provider } from '#providers/contract.ts'
import { GRANT_WORDS } from './connect-words.ts'
import { WORDS } from './words.ts'

/** What the pages that connect a provider share: all of it comes from the provider's own folder. */

/** What a person will be asked to allow at the provider. */
export function scopeList(language: Language, method: OAuthMethod): Html | null {
  const meanings = Object.values(method.scopes)
  if (meanings.length === 0) return null
  return html`<h2>${GRANT_WORDS[language].scopes}</h2>
    <ul>
      ${meanings.map((meaning) => html`<li>${meaning[language]}</li>`)}
    </ul>`
}

/** How to get a key. */
export function keySteps(language: Language, provider: Provider, isSecond: boolean): Html {
  const words = WORDS[language].connect
  const steps = keyFieldsOf(provider).flatMap((one) => one.steps.map((step) => html`<li>${step[language]}</li>`))
  return html`<section aria-labelledby="how">
    ${isSecond ? html`<p class="small">${GRANT_WORDS[language].withKey}</p>` : null}
    <h2 id="how">${words.how}</h2>
    <ol>
      ${steps}
    </ol>
    <p><a href="${provider.docsUrl}" rel="noreferrer" target="_blank">${words.more}</a></p>
  </section>`
}

/** Where a key is pasted; never filled in again by us. */
export function keyInputs(language: Language, provider: Provider, isWrong: boolean): Html[] {
  return keyFieldsOf(provider).map(({ name, label }) =>
    field({ name, label: label[language], type: 'password', autocomplete: 'off', isWrong }),
  )
}
