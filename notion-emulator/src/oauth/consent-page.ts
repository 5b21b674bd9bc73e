import type { Capability, User, Workspace } from '../state/model.ts'
import type { State } from '../state/state.ts'
import type { AuthorizationRequest } from './authorization-request.ts'
import { markup, type Markup } from './html.ts'
import { findInstall } from './install.ts'
import { page } from './page.ts'
import { choicesOf, type Choice } from './picker.ts'

const ABILITIES: Record<Capability, string> = {
  read_content: 'Read pages and databases',
  update_content: 'Change pages and databases',
  insert_content: 'Create pages and databases',
  read_comments: 'Read comments',
  insert_comments: 'Write comments',
  user_none: 'See nothing of people',
  user_no_email: 'See people without their e-mail addresses',
  user_email: 'See people with their e-mail addresses',
}

const cancelButton = markup`<button name="decision" value="cancel">Cancel</button>`

/** The first page: as whom. A person belongs to one workspace, so this chooses both. */
export function personPage(state: State, request: AuthorizationRequest, query: URLSearchParams): string {
  const sections = [...state.workspaces.values()].map((workspace) => workspaceSection(state, workspace, query))
  return page(
    `${request.client.name} asks for access`,
    markup`<p>Who are you? This emulator asks for no password.</p>
      ${sections}
      <form method="post">${cancelButton}</form>`,
  )
}

function workspaceSection(state: State, workspace: Workspace, query: URLSearchParams): Markup {
  const people = [...state.users.values()].filter((user) => user.type === 'person' && user.workspaceId === workspace.id)
  const links = people.map((person) => {
    const next = new URLSearchParams(query)
    next.set('person', person.id)
    return markup`<li><a href="?${next.toString()}">${person.name}</a> <small>${person.email ?? ''}</small></li>`
  })
  return markup`<h2>${workspace.icon ?? ''} ${workspace.name}</h2>
    <ul>
      ${links}
    </ul>`
}

/** The second page: what to share. The form goes to the same address, which carries the request of the client. */
export function consentPage(state: State, request: AuthorizationRequest, person: User): string {
  const { client, redirectUri } = request
  const workspace = state.workspaces.get(person.workspaceId)
  const owner = { type: 'user', userId: person.id } as const
  const known = findInstall(state, { integration: client, workspaceId: person.workspaceId, owner })
  const shared = known === null || known.revoked ? new Set<string>() : known.roots
  const { choices, isCut } = choicesOf(state, person)
  const abilities = [...client.capabilities].map((capability) => markup`<li>${ABILITIES[capability]}</li>`)
  const cut = isCut ? markup`<p>There are more, which this page does not list.</p>` : markup``
  return page(
    `${client.name} asks for access to ${workspace?.name ?? ''}`,
    markup`<p>You are ${person.name}. ${client.name} will be able to:</p>
      <ul>
        ${abilities}
      </ul>
      <form method="post">
        <input type="hidden" name="person" value="${person.id}" />
        <fieldset>
          <legend>Pages to share. What hangs below a shared page is shared with it.</legend>
          ${choiceList(choices, shared)}${cut}
        </fieldset>
        <p><small>You will return to ${redirectUri}</small></p>
        <button name="decision" value="allow">Allow access</button>${cancelButton}
      </form>`,
  )
}

function choiceList(choices: Choice[], shared: Set<string>): Markup {
  if (choices.length === 0) return markup``
  const items = choices.map((choice) => {
    const checked = shared.has(choice.id) ? markup` checked` : markup``
    const box = markup`<input type="checkbox" name="roots" value="${choice.id}" ${checked} />`
    return markup`<li><label>${box} ${choice.title}</label>${choiceList(choice.below, shared)}</li>`
  })
  return markup`<ul>
    ${items}
  </ul>`
}

/** The page of a request that cannot be granted and must not lead anywhere. */
export function refusalPage(reason: string): string {
  return page('Something went wrong', markup`<p>${reason}</p>`)
}
