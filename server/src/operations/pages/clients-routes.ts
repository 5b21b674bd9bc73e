import { Hono } from 'hono'
import type { AppEnv } from '#kernel/http.ts'
import type { Principal } from '#kernel/principal.ts'
import type { ClientGrant } from '#oauth/authorization-server.ts'
import { CLIENTS_PATH } from '#oauth/pages/consent.ts'
import { sendPage } from '#oauth/pages/send.ts'
import { shownName, shownPlace } from '#oauth/pages/shown-client.ts'
import { CLIENT_FIELD, clientsPage, type Ending, type ListedClient } from './clients-page.ts'
import type { Visit } from './parts.ts'
import { refuse, showTo, takeForm, type PageDependencies, type SignedForm } from './visit.ts'

export interface ClientsPageDependencies extends PageDependencies {
  readonly listClients: (userId: number) => Promise<readonly ClientGrant[]>
  /** False where the user has no such living client. */
  readonly endClient: (principal: Principal, id: number, requestId: string) => Promise<boolean>
  readonly connectionsOf: (userId: number) => Promise<readonly { readonly id: number; readonly label: string }[]>
}

/** `/clients`: who a user let in, and taking it back, for those who have a browser and nothing else. */
export function clientsPageRoutes(parts: ClientsPageDependencies): Hono<AppEnv> {
  const router = new Hono<AppEnv>()
  router.get(CLIENTS_PATH, (c) => showTo(parts, c, (visit) => show(parts, visit)))
  router.post(CLIENTS_PATH, (c) => takeForm(parts, c, (sent) => end(parts, sent)))
  return router
}

async function show(parts: ClientsPageDependencies, visit: Visit, ending: Ending = null): Promise<Response> {
  const page = clientsPage(visit, await listed(parts, visit), ending)
  return sendPage(visit.c, page, ending?.kind === 'missing' ? 404 : 200)
}

/** Shows what came of it at once: after a redirect nobody could tell this from a link that only says so. */
async function end(parts: ClientsPageDependencies, { form, principal, ...visit }: SignedForm): Promise<Response> {
  const { c } = visit
  if (form.field('step') !== 'end') return refuse(c, 'bad_form')
  const own = await listed(parts, visit)
  const client = own.find(({ id }) => String(id) === form.field(CLIENT_FIELD))
  const hasEnded = client !== undefined && (await parts.endClient(principal, client.id, c.get('requestId')))
  return show(parts, visit, hasEnded ? { kind: 'ended', name: client.name } : { kind: 'missing' })
}

async function listed(parts: ClientsPageDependencies, { user }: Visit): Promise<ListedClient[]> {
  const [grants, connections] = await Promise.all([parts.listClients(user.id), parts.connectionsOf(user.id)])
  return grants.map(({ clientName, clientHost, connectionIds, ...grant }) => ({
    ...grant,
    name: shownName(clientName) || shownPlace(clientHost),
    host: shownPlace(clientHost),
    connections:
      connectionIds === null
        ? null
        : connections.filter(({ id }) => connectionIds.includes(id)).map(({ label }) => label),
  }))
}
