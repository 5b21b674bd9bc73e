import type { ClientScope } from '#oauth/authorization-server.ts'
import { note, pageFrame, withLanguage } from '#oauth/pages/frame.ts'
import { html, type Html } from '#oauth/pages/html.ts'
import { LANGUAGE_TAGS } from '#oauth/pages/language.ts'
import { PAGE_WORDS } from '#oauth/pages/words.ts'
import { shownTo, signedIn, type Visit } from './parts.ts'
import { WORDS } from './words.ts'

/** The clients that a user let in, each with the button that ends its access. */

export interface ListedClient {
  readonly id: number
  /** As a person is shown it. */
  readonly name: string
  readonly host: string
  readonly scopes: readonly ClientScope[]
  /** Labels of the connections that it may use and that there still are; null: all, later ones too. */
  readonly connections: readonly string[] | null
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
  readonly expiresAt: Date
}

/** What came of a form, if one was sent. */
export type Ending = { readonly kind: 'ended'; readonly name: string } | { readonly kind: 'missing' } | null

/** Name of the field with the id of the client whose access is to end. */
export const CLIENT_FIELD = 'client'

export function clientsPage(visit: Visit, clients: readonly ListedClient[], ending: Ending): string {
  const { language, path } = visit
  const words = WORDS[language].clients
  const body = html`<h1>${words.title}</h1>
    <p class="lede">${clients.length === 0 ? words.empty : words.lede}</p>
    ${outcome(visit, ending)} ${clients.length === 0 ? null : list(visit, clients)} ${signedIn(visit)}`
  return pageFrame({ language, address: path, title: words.title, body })
}

function outcome({ language }: Visit, ending: Ending): Html | null {
  const words = WORDS[language].clients
  if (ending === null) return null
  return ending.kind === 'ended'
    ? note('good', words.ended(ending.name), words.stopped)
    : note('warn', '', words.missing)
}

function list(visit: Visit, clients: readonly ListedClient[]): Html {
  return html`<section>
    <ul class="rows">
      ${clients.map((client) => row(visit, client))}
    </ul>
  </section>`
}

function row(visit: Visit, client: ListedClient): Html {
  const { language, path } = visit
  const words = WORDS[language].clients
  const fact = (term: string, text: Html | string) =>
    html`<dt>${term}</dt>
      <dd>${text}</dd>`
  return html`<li class="row">
    <div>
      <b>${client.name}</b>
      <span class="host soft" id="client-${client.id}">${client.host}</span>
      <dl>
        ${fact(words.may, scopesOf(client, visit))} ${fact(words.connections, connectionsOf(client, visit))}
        ${fact(words.since, day(client.createdAt, visit))}
        ${fact(words.lastUsed, client.lastUsedAt === null ? words.never : minute(client.lastUsedAt, visit))}
        ${fact(words.until, day(client.expiresAt, visit))}
      </dl>
      <form method="post" action="${withLanguage(path, language)}">
        ${shownTo(visit)}<input type="hidden" name="${CLIENT_FIELD}" value="${client.id}" />
        <button name="step" value="end" aria-describedby="client-${client.id}">${words.end(client.name)}</button>
      </form>
    </div>
  </li>`
}

function scopesOf({ scopes }: ListedClient, { language }: Visit): string {
  const titles = scopes.map((scope) =>
    PAGE_WORDS[language].scopes[scope].title.toLocaleLowerCase(LANGUAGE_TAGS[language]),
  )
  return titles.join('; ')
}

function connectionsOf({ connections }: ListedClient, { language }: Visit): string {
  const words = WORDS[language].clients
  if (connections === null) return words.all
  return connections.length === 0 ? words.none : new Intl.ListFormat(LANGUAGE_TAGS[language]).format(connections)
}

/** In UTC: a server does not know the clock of its reader. */
function day(at: Date, { language }: Visit): Html {
  return time(at, new Intl.DateTimeFormat(LANGUAGE_TAGS[language], { dateStyle: 'long', timeZone: 'UTC' }).format(at))
}

function minute(at: Date, { language }: Visit): Html {
  const format = new Intl.DateTimeFormat(LANGUAGE_TAGS[language], {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
  return time(at, `${format.format(at)} UTC`)
}

function time(at: Date, text: string): Html {
  return html`<time datetime="${at.toISOString()}">${text}</time>`
}
