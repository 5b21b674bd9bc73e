import type { ConnectError } from '#connections/authorization/authorization.ts'
import type { Problem } from '#kernel/problem.ts'
import { icon, note, pageFrame, withLanguage } from '#oauth/pages/frame.ts'
import { html, type Html } from '#oauth/pages/html.ts'
import type { Language } from '#oauth/pages/language.ts'
import { keyFieldsOf, oauthMethodOf, type Provider } from '#providers/contract.ts'
import { keyInputs, keySteps, scopeList } from './connect-parts.ts'
import { GRANT_WORDS } from './connect-words.ts'
import { SESSION_WORDS } from './session-words.ts'
import { WORDS } from './words.ts'

/**
 * The page of a link by which somebody connects one provider without a session here. Nothing on it leads anywhere but to
 * that provider and back to the product; whose account it is connected for stands on it, for the link may have been sent on.
 */

export interface SessionPage {
  readonly language: Language
  /** Path of this page with the link's token. */
  readonly address: string
  readonly provider: Provider
  /** Of the remote server, where it is one. */
  readonly serverUrl: string | null
  readonly person: { readonly name: string; readonly email: string }
  /** Where the person goes afterwards. */
  readonly returnTo: string
  readonly isAppSet: boolean
  readonly problem: Problem | null
  /** Why the way to the provider and back led to nothing. */
  readonly error: ConnectError | null
}

export function sessionPage(page: SessionPage): string {
  const { language, address, person, returnTo } = page
  const words = SESSION_WORDS[language]
  const name = nameOf(page)
  const title = WORDS[language].connect.title(name)
  const host = hostOf(returnTo)
  const body = html`<h1>${title}</h1>
    <p class="lede">${words.asks(host)}</p>
    ${fault(page, name)}
    <p class="who">
      <span>${words.forWhom} <b>${person.name}</b> · ${person.email}</span>
    </p>
    <p class="small">${words.only(name)}</p>
    ${page.serverUrl === null ? html`${grant(page)} ${keyForm(page)}` : server(page, name)}
    <form class="after" method="post" action="${withLanguage(address, language)}">
      <button class="link" name="step" value="cancel" formnovalidate>${words.cancel(host)}</button>
    </form>`
  return pageFrame({ language, address, title, body })
}

/** A server that has no name yet is known by its host. */
function nameOf({ provider, serverUrl }: Pick<SessionPage, 'provider' | 'serverUrl'>): string {
  return serverUrl === null ? provider.name : hostOf(serverUrl)
}

function hostOf(address: string): string {
  return new URL(address).host
}

function fault({ language, problem, error }: SessionPage, name: string): Html | null {
  const { failed, faults } = WORDS[language].connect
  if (problem !== null) return note('bad', failed, faults[problem.code]?.(name) ?? problem.detail)
  return error === null ? null : note('bad', failed, GRANT_WORDS[language].results[error](name))
}

function grant({ language, address, provider, isAppSet }: SessionPage): Html | null {
  const method = oauthMethodOf(provider)
  if (method === undefined || !isAppSet) return null
  const words = GRANT_WORDS[language]
  return html`<form class="stack" method="post" action="${withLanguage(address, language)}">
    <p>${words.lede(provider.name)}</p>
    ${scopeList(language, method)}
    <div class="actions">
      <button class="primary" name="step" value="authorize">${words.submit(provider.name)}</button>
    </div>
  </form>`
}

function keyForm({ language, address, provider, isAppSet, problem }: SessionPage): Html | null {
  if (keyFieldsOf(provider).length === 0) return null
  const isSecond = isAppSet && oauthMethodOf(provider) !== undefined
  const words = WORDS[language].connect
  return html`${keySteps(language, provider, isSecond)}
    <form class="stack" method="post" action="${withLanguage(address, language)}">
      ${keyInputs(language, provider, problem !== null)}
      <div class="actions">
        <button ${isSecond ? null : html`class="primary"`} name="step" value="connect">${words.submit}</button>
      </div>
    </form>
    <p class="small after">${words.checked}</p>`
}

function server({ language, address }: SessionPage, name: string): Html {
  const words = SESSION_WORDS[language]
  return html`<form class="stack" method="post" action="${withLanguage(address, language)}">
    <p>${words.server(name)}</p>
    <div class="actions">
      <button class="primary" name="step" value="server">${words.submitServer}</button>
    </div>
  </form>`
}

export interface LeavingPage {
  readonly language: Language
  /** What is being left for: the provider, or the product, to which something was connected or not. */
  readonly kind: 'provider' | 'connected' | 'cancelled'
  /** Name of the provider, or of the connection. */
  readonly name: string
  readonly forwardTo: string
}

/**
 * Goes on by itself. Not a redirect of the form: browsers hold each further redirect of a form against `form-action`.
 */
export function leavingPage({ language, kind, name, forwardTo }: LeavingPage): string {
  const words = SESSION_WORDS[language]
  const back = words.back(hostOf(forwardTo))
  const title = { provider: words.going(name), connected: words.done(name), cancelled: back }[kind]
  const body = html`<div class="ended ${kind === 'connected' ? 'allowed' : ''}">
      ${icon(kind === 'connected' ? 'good' : 'web')}
      <h1>${title}</h1>
    </div>
    <p class="after"><a href="${forwardTo}">${kind === 'provider' ? words.goOn : back}</a></p>`
  return pageFrame({ language, title, body, forwardTo })
}

/** @param returnTo where the product waits, if the link is known at all */
export function overPage(page: {
  readonly language: Language
  readonly standing: 'unknown' | 'used' | 'expired'
  readonly returnTo: string | null
}): string {
  const { language, standing, returnTo } = page
  const words = SESSION_WORDS[language]
  const { title, text } = words.over[standing]
  const body = html`<h1>${title}</h1>
    ${note('warn', '', text)}
    ${returnTo === null ? null : html`<p class="after"><a href="${returnTo}">${words.back(hostOf(returnTo))}</a></p>`}`
  return pageFrame({ language, title, body })
}
