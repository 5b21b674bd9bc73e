import type { ClientScope } from '#oauth/authorization-server.ts'
import type { ShownClient } from './shown-client.ts'
import { icon, note, pageFrame, withLanguage } from './frame.ts'
import { html, type Html } from './html.ts'
import { LANGUAGE_TAGS, type Language } from './language.ts'
import { hidden } from './sign-in.ts'
import { PAGE_WORDS, type PageWords } from './words.ts'

/** Where a user sees the clients that they let in. */
export const CLIENTS_PATH = '/clients'

/** The page that decides: which client, in whose name, to do what, with which connections. */

export interface ConsentPage {
  readonly language: Language
  /** Path of the request, where the form goes. */
  readonly path: string
  readonly formToken: string
  readonly client: ShownClient
  readonly user: { readonly name: string; readonly email: string }
  /** The user let this very client in before, and it can be told apart from others. */
  readonly isKnown: boolean
  readonly scopes: readonly { readonly scope: ClientScope; readonly isChosen: boolean }[]
  readonly connections: readonly ShownConnection[]
  /** Every connection, later ones too, is what is filled in. */
  readonly isAllChosen: boolean
  readonly providers: readonly ShownProvider[]
  /** The form came back without any connection. */
  readonly lacksConnection: boolean
}

export interface ShownConnection {
  readonly id: number
  readonly provider: string
  readonly label: string
  /** False where its tools do not work until the user connects again. */
  readonly isActive: boolean
  readonly isChosen: boolean
}

/** What the user can connect: its name, and where. */
export interface ShownProvider {
  readonly name: string
  readonly connectUrl: string
}

export function consentPage(page: ConsentPage): string {
  const words = PAGE_WORDS[page.language].consent
  const title = words.title(page.client.name)
  // Deny is the form's first button, for that is the one that the Enter key presses.
  const body = html`<h1>${title}</h1>
    <p class="lede">${page.isKnown ? words.again : words.lede}</p>
    ${recipient(page.client, words)}
    <form method="post" action="${withLanguage(page.path, page.language)}">
      ${hidden(page)} ${scopes(page)}${connections(page)}
      <div class="who">
        <span>${words.signedInAs} <b>${page.user.name}</b> · ${page.user.email}</span
        ><button class="link" form="other" name="step" value="sign_out">${words.other}</button>
      </div>
      <div class="actions">
        <button name="step" value="deny">${words.deny}</button
        ><button class="primary" name="step" value="allow">${words.allow}</button>
      </div>
      <p class="small after">
        ${words.later}
        <a href="${withLanguage(CLIENTS_PATH, page.language)}" target="_blank" rel="noopener noreferrer"
          >${words.list}</a
        >.
      </p>
    </form>
    <form id="other" method="post" action="${withLanguage(page.path, page.language)}">${hidden(page)}</form>`
  return pageFrame({ language: page.language, address: page.path, title, body })
}

/** Who gets the access: the address, before and above the name that the client gave itself. */
function recipient({ answersTo, describedBy }: ShownClient, words: PageWords['consent']): Html {
  const place = html`<span class="host place">${answersTo.place}</span>`
  const vouched =
    describedBy === null
      ? null
      : html`<p class="small">${words.describedBy} <span class="host">${describedBy}</span></p>`
  const text = html`${vouched}
    <p class="small">${words.caution[answersTo.kind]}</p>`
  if (answersTo.kind === 'web')
    return note('web', html`<small class="soft">${words.answersTo.web}</small> ${place}`, text)
  return note('warn', words.answersTo[answersTo.kind], html`${place}${text}`)
}

function scopes(page: ConsentPage): Html {
  const words = PAGE_WORDS[page.language]
  const names = [...new Set(page.connections.map(({ provider }) => provider))]
  const providers = listed(names.length === 0 ? page.providers.map(({ name }) => name) : names, page.language)
  const rows = page.scopes.map(({ scope, isChosen }, index) => {
    const { title, text } = words.scopes[scope]
    const inside = html`<span><b>${title}</b><small>${text(providers)}</small></span>`
    // The first is what the client is let in for: without it there is nothing to allow.
    if (index === 0) return html`<li class="row">${icon('good')}${inside}</li>`
    return html`<li>
      <label class="row"><input type="checkbox" name="scope" value="${scope}" ${checked(isChosen)} />${inside}</label>
    </li>`
  })
  return html`<section aria-labelledby="may">
    <h2 id="may">${words.consent.may}</h2>
    <ul class="rows">
      ${rows}
    </ul>
  </section>`
}

function connections(page: ConsentPage): Html {
  const words = PAGE_WORDS[page.language].consent
  if (page.connections.length === 0) return noConnections(page)
  const single = page.connections.map(
    ({ id, provider, label, isActive, isChosen }) =>
      html`<label class="row"
        ><input type="checkbox" name="connection" value="${id}" ${checked(isChosen)} /><span
          >${label}<small>${provider}${isActive ? '' : ` · ${words.inactive}`}</small></span
        ></label
      >`,
  )
  return html`<fieldset>
    <legend>${words.connections}</legend>
    ${page.lacksConnection ? note('bad', words.chooseOne, '') : null}
    <ul class="rows">
      <li>
        <label class="row"
          ><input type="radio" name="access" value="all" id="access-all" ${checked(page.isAllChosen)} /><span
            ><b>${words.all}</b><small>${words.allHint}</small></span
          ></label
        >
      </li>
      <li>
        <label class="row"
          ><input type="radio" name="access" value="some" ${checked(!page.isAllChosen)} /><span
            ><b>${words.some}</b></span
          ></label
        >
        <div class="inner">${single}</div>
      </li>
    </ul>
  </fieldset>`
}

function noConnections({ language, providers }: ConsentPage): Html {
  const words = PAGE_WORDS[language].consent
  const names = listed(
    providers.map(({ name }) => name),
    language,
    'disjunction',
  )
  const links = providers.map(
    ({ name, connectUrl }) =>
      html` <a href="${connectUrl}" target="_blank" rel="noopener noreferrer">${words.connect(name)}</a>`,
  )
  return html`<section aria-labelledby="connections">
    <h2 id="connections">${words.connections}</h2>
    <p>${words.none(names)}${links}</p>
    <input type="hidden" name="access" value="all" />
  </section>`
}

function checked(isChecked: boolean): Html | null {
  return isChecked ? html`checked` : null
}

function listed(
  names: readonly string[],
  language: Language,
  type: 'conjunction' | 'disjunction' = 'conjunction',
): string {
  return new Intl.ListFormat(LANGUAGE_TAGS[language], { type }).format(names)
}
