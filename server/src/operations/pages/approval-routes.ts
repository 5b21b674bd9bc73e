import { Hono } from 'hono'
import { MILLISECONDS_PER_MINUTE } from '#kernel/clock.ts'
import { LARGEST_ID, type AppContext, type AppEnv } from '#kernel/http.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Outcome } from '#kernel/problem.ts'
import { sendPage } from '#oauth/pages/send.ts'
import { approvalPage, type ShownApproval } from './approval-page.ts'
import { unknownPage, type Visit } from './parts.ts'
import { back, refuse, showTo, takeForm, type PageDependencies, type SignedForm } from './visit.ts'
import { WORDS } from './words.ts'

/** An approval as its user may see it. */
export interface OwnApproval {
  readonly status: string
  readonly tool: string
  readonly target: string | null
  readonly about: ShownApproval['about']
  readonly arguments: Readonly<Record<string, unknown>>
  readonly connection_id: number | null
  readonly client: { readonly kind: string; readonly id: string } | null
  readonly expires_at: string
}

export interface ApprovalPageDependencies extends PageDependencies {
  readonly readApproval: (userId: number, id: number) => Promise<Outcome<OwnApproval>>
  readonly decideApproval: (
    principal: Principal,
    request: { readonly id: number; readonly decision: 'approve' | 'deny'; readonly requestId: string },
  ) => Promise<Outcome<null>>
  readonly toolTitle: (tool: string) => ShownApproval['toolTitle']
  readonly connectionLabel: (userId: number, id: number) => Promise<string | null>
  /** How a client that the user let in is called; null where it has no name of its own. */
  readonly clientName: (
    userId: number,
    client: { readonly kind: string; readonly id: string },
  ) => Promise<string | null>
}

const PATH = '/approvals/:id'

/** `/approvals/{id}`: where the link of a client leads that cannot ask its user itself. */
export function approvalPageRoutes(parts: ApprovalPageDependencies): Hono<AppEnv> {
  const router = new Hono<AppEnv>()
  router.get(PATH, (c) => showTo(parts, c, (visit) => show(parts, visit)))
  router.post(PATH, (c) => takeForm(parts, c, (sent) => decide(parts, sent)))
  return router
}

async function show(parts: ApprovalPageDependencies, visit: Visit, fault: string | null = null): Promise<Response> {
  const { c, user } = visit
  const id = idOf(c)
  const found = id === null ? null : await parts.readApproval(user.id, id)
  if (found === null || !found.ok) return sendPage(c, unknownPage(visit), 404)
  const { connection_id: connectionId, client, expires_at: expiresAt, ...approval } = found.value
  const left = new Date(expiresAt).getTime() - parts.clock.now().getTime()
  const page = approvalPage(
    visit,
    {
      ...approval,
      toolTitle: parts.toolTitle(approval.tool),
      connection: connectionId === null ? null : await parts.connectionLabel(user.id, connectionId),
      client: client === null ? null : { ...client, name: await parts.clientName(user.id, client) },
      minutesLeft: Math.ceil(left / MILLISECONDS_PER_MINUTE),
    },
    fault,
  )
  return sendPage(c, page, fault === null ? 200 : 409)
}

async function decide(parts: ApprovalPageDependencies, { form, principal, ...visit }: SignedForm): Promise<Response> {
  const { c } = visit
  const decision = form.field('step')
  const id = idOf(c)
  if (decision !== 'approve' && decision !== 'deny') return refuse(c, 'bad_form')
  if (id === null) return sendPage(c, unknownPage(visit), 404)
  const decided = await parts.decideApproval(principal, { id, decision, requestId: c.get('requestId') })
  if (decided.ok) return back(c)
  const { code, detail } = decided.problem
  return show(parts, visit, code === 'conflict' ? WORDS[visit.language].approval.missed : detail)
}

function idOf(c: AppContext): number | null {
  const text = c.req.param('id') ?? ''
  const id = /^\d{1,10}$/.test(text) ? Number(text) : 0
  return id > 0 && id <= LARGEST_ID ? id : null
}
