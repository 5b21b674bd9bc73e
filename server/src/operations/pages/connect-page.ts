import { keyFieldsOf, type KeyField, type Provider } from '#providers/contract.ts'
import type { Problem } from '#kernel/problem.ts'
import { field } from '#oauth/pages/field.ts'
import { note, pageFrame, withLanguage } from '#oauth/pages/frame.ts'
import { html, type Html } from '#oauth/pages/html.ts'
import type { Language } from '#oauth/pages/language.ts'
import { shownTo, signedIn, type Visit } from './parts.ts'
import { WORDS } from './words.ts'

/** The page behind a "connect" link: the steps to a key, from the provider's own folder, and the form that stores it. */

/** A connection that the user has with the provider. */
export interface OwnConnection {
  readonly id: number
  readonly label: string
  readonly isActive: boolean
}

export interface ConnectPage {
  readonly provider: Provider
  readonly connections: readonly OwnConnection[]
  /** The one that was just made. */
  readonly connected: OwnConnection | null
  readonly problem: Problem | null
  readonly publicUrl: string
}

export function connectPage(visit: Visit, page: ConnectPage): string {
  const { language, path } = visit
  const words = WORDS[language].connect
  const { provider, connected, problem } = page
  const title = connected === null ? words.title(provider.name) : words.connected(connected.label)
  const body = html`<h1>${title}</h1>
    <p class="lede">${connected === null ? words.lede(provider.name) : words.back}</p>
    ${problem === null ? null : note('bad', words.failed, words.faults[problem.code]?.(provider.name) ?? problem.detail)}
    ${connections(page, visit)} ${connected === null ? form(visit, page) : null} ${signedIn(visit)}`
  return pageFrame({ language, address: path, title, body })
}

export function noProviderPage(path: string, language: Language): string {
  const { title, text } = WORDS[language].noProvider
  const body = html`<h1>${title}</h1>
    ${note('warn', '', text)}`
  return pageFrame({ language, address: path, title, body })
}

function connections({ connections: own }: ConnectPage, { language }: Visit): Html | null {
  if (own.length === 0) return null
  const words = WORDS[language].connect
  const rows = own.map(
    ({ label, isActive }) =>
      html`<li class="row">
        <span>${label}${isActive ? null : html`<small>${words.again}</small>`}</span>
      </li>`,
  )
  return html`<section aria-labelledby="own">
    <h2 id="own">${words.own}</h2>
    <ul class="rows">
      ${rows}
    </ul>
  </section>`
}

function form(visit: Visit, { provider, problem, publicUrl }: ConnectPage): Html {
  const { language, path } = visit
  const words = WORDS[language].connect
  const fields = keyFieldsOf(provider)
  const steps = fields.flatMap((one) => one.steps.map((step) => html`<li>${step[language]}</li>`))
  const inputs = fields.map(({ name, label }) =>
    field({ name, label: label[language], type: 'password', autocomplete: 'off', isWrong: problem !== null }),
  )
  return html`<section aria-labelledby="how">
      <h2 id="how">${words.how}</h2>
      <ol>
        ${steps}
      </ol>
      <p><a href="${provider.docsUrl}" rel="noreferrer" target="_blank">${words.more}</a></p>
    </section>
    <form class="stack" method="post" action="${withLanguage(path, language)}">
      ${shownTo(visit)} ${inputs}
      <div class="actions"><button class="primary" name="step" value="connect">${words.submit}</button></div>
    </form>
    <p class="small after">${words.checked}</p>
    <details class="after small">
      <summary>${words.programs}</summary>
      <pre tabindex="0" aria-label="curl">${curlLine(provider.id, fields, publicUrl)}</pre>
    </details>`
}

function curlLine(provider: string, fields: readonly KeyField[], publicUrl: string): string {
  const body = JSON.stringify(Object.fromEntries(fields.map(({ name }) => [name, '…'])))
  return `curl -X POST "${publicUrl}/api/mcp/${provider}/connect" \\
  -H "Authorization: Bearer $TOKEN" \\
  -H "Content-Type: application/json" \\
  -d '${body}'`
}
