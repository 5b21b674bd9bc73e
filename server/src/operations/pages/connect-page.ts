import type { ConnectError } from '#connections/authorization/authorization.ts'
import { keyFieldsOf, oauthMethodOf, type KeyField, type Provider } from '#providers/contract.ts'
import type { Problem } from '#kernel/problem.ts'
import { note, pageFrame, withLanguage } from '#oauth/pages/frame.ts'
import { html, type Html } from '#oauth/pages/html.ts'
import type { Language } from '#oauth/pages/language.ts'
import { keyInputs, keySteps, scopeList } from './connect-parts.ts'
import { GRANT_WORDS } from './connect-words.ts'
import { shownTo, signedIn, type Visit } from './parts.ts'
import { WORDS } from './words.ts'

/**
 * The page behind a "connect" link: the way to the provider, where access is allowed, and the steps to a key with the form
 * that stores it. All of it comes from the provider's own folder.
 */

/** A connection that the user has with the provider. */
export interface OwnConnection {
  readonly id: number
  readonly label: string
  readonly isActive: boolean
  /** True where the user allowed it at the provider, which is how it is renewed. */
  readonly isGrant: boolean
}

export interface ConnectPage {
  readonly provider: Provider
  readonly connections: readonly OwnConnection[]
  /** The one that was just made. */
  readonly connected: OwnConnection | null
  readonly problem: Problem | null
  /** Why the way to the provider and back led to nothing. */
  readonly error: ConnectError | null
  /** Whether the operator's app is there, without which nobody can be sent to the provider. */
  readonly isAppSet: boolean
  readonly publicUrl: string
}

export function connectPage(visit: Visit, page: ConnectPage): string {
  const { language, path } = visit
  const words = WORDS[language].connect
  const { provider, connected } = page
  const title = connected === null ? words.title(provider.name) : words.connected(connected.label)
  const body = html`<h1>${title}</h1>
    <p class="lede">${connected === null ? words.lede(provider.name) : words.back}</p>
    ${connected === null ? null : html`<p><a href="/connections">${words.mine}</a></p>`} ${fault(visit, page)}
    ${connections(page, visit)} ${connected === null ? html`${grant(visit, page)} ${form(visit, page)}` : null}
    ${signedIn(visit)}`
  return pageFrame({ language, address: path, title, body })
}

function fault({ language }: Visit, { provider, problem, error }: ConnectPage): Html | null {
  const { failed, faults } = WORDS[language].connect
  if (problem !== null) return note('bad', failed, faults[problem.code]?.(provider.name) ?? problem.detail)
  return error === null ? null : note('bad', failed, GRANT_WORDS[language].results[error](provider.name))
}

export function noProviderPage(path: string, language: Language): string {
  const { title, text } = WORDS[language].noProvider
  const body = html`<h1>${title}</h1>
    ${note('warn', '', text)}`
  return pageFrame({ language, address: path, title, body })
}

function connections(page: ConnectPage, visit: Visit): Html | null {
  const { connections: own, isAppSet } = page
  if (own.length === 0) return null
  const words = WORDS[visit.language].connect
  const rows = own.map((connection) => {
    const { label, isActive, isGrant } = connection
    const renewal = !isActive && isGrant && isAppSet ? renew(visit, page, connection) : null
    return html`<li class="row">
      <span>${label}${isActive ? null : html`<small>${words.again}</small>`}</span>${renewal}
    </li>`
  })
  return html`<section aria-labelledby="own">
    <h2 id="own">${words.own}</h2>
    <ul class="rows">
      ${rows}
    </ul>
  </section>`
}

function renew(visit: Visit, { provider }: ConnectPage, { id, label }: OwnConnection): Html {
  const address = authorizeAddress(visit, provider, { connection_id: String(id) })
  return html`<a class="button" href="${address}">${GRANT_WORDS[visit.language].renew(label)}</a>`
}

/** A link and no form: what a form may lead to, redirects included, is ourselves alone. */
function authorizeAddress({ path, language }: Visit, { id }: Provider, more: Record<string, string> = {}): string {
  const query = new URLSearchParams({ return_to: withLanguage(path, language), ...more })
  return `/api/mcp/${id}/authorize?${query.toString()}`
}

/** The way to the provider; where it cannot be gone and there is no other, that. */
function grant(visit: Visit, { provider, isAppSet }: ConnectPage): Html | null {
  const method = oauthMethodOf(provider)
  if (method === undefined) return null
  const words = GRANT_WORDS[visit.language]
  if (!isAppSet) return keyFieldsOf(provider).length === 0 ? note('warn', '', words.missing(provider.name)) : null
  return html`<section>
    <p>${words.lede(provider.name)}</p>
    ${scopeList(visit.language, method)}
    <div class="actions">
      <a class="button primary" href="${authorizeAddress(visit, provider)}">${words.submit(provider.name)}</a>
    </div>
  </section>`
}

function form(visit: Visit, { provider, problem, publicUrl, isAppSet }: ConnectPage): Html | null {
  const { language, path } = visit
  const words = WORDS[language].connect
  const fields = keyFieldsOf(provider)
  if (fields.length === 0) return null
  const isSecond = isAppSet && oauthMethodOf(provider) !== undefined
  return html`${keySteps(language, provider, isSecond)}
    <form class="stack" method="post" action="${withLanguage(path, language)}">
      ${shownTo(visit)} ${keyInputs(language, provider, problem !== null)}
      <div class="actions">
        <button ${isSecond ? null : html`class="primary"`} name="step" value="connect">${words.submit}</button>
      </div>
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
