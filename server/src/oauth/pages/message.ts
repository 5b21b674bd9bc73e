import { icon, note, pageFrame, withLanguage } from './frame.ts'
import { html } from './html.ts'
import type { Language } from './language.ts'
import { PAGE_WORDS, type Refusal } from './words.ts'

/** The pages that end a request: on the way back to the client, or why nothing was done. */

export interface ForwardPage {
  readonly language: Language
  readonly path: string
  readonly outcome: 'allowed' | 'denied'
  readonly clientName: string
  /** A path of this server, which sends the browser on to the client. */
  readonly forwardTo: string
}

/**
 * Goes on by itself. Not a redirect of the form: browsers hold every further redirect of a form against `form-action`, so that
 * a client whose address leads on to another site would be cut off. And a client without pages leaves the browser here.
 */
export function forwardPage({ language, path, outcome, clientName, forwardTo }: ForwardPage): string {
  const words = PAGE_WORDS[language].forward
  const title = outcome === 'allowed' ? words.allowed : words.denied(clientName)
  const body = html`<div class="ended ${outcome}">
      ${icon(outcome === 'allowed' ? 'good' : 'bad')}
      <h1>${title}</h1>
      <p class="lede">${words.going(clientName)}</p>
    </div>
    <p class="after"><a href="${forwardTo}">${words.link}</a></p>
    ${outcome === 'allowed' ? html`<p class="after small">${words.close}</p>` : null}`
  return pageFrame({ language, address: path, title, body, forwardTo })
}

/** @param isOpen whether the request itself still waits for an answer */
export function refusalPage(page: {
  readonly language: Language
  readonly path: string
  readonly refusal: Refusal
  readonly isOpen: boolean
}): string {
  const { language, path, refusal, isOpen } = page
  const words = PAGE_WORDS[language]
  const { title, text } = words.refusals[refusal]
  const body = html`<h1>${title}</h1>
    ${note('warn', '', text)}${isOpen ? html`<p class="after"><a href="${withLanguage(path, language)}">${words.look}</a></p>` : null}`
  return pageFrame({ language, address: path, title, body })
}
