import type { HumanEdit } from '../control/act-as.ts'
import type { InstallDraft, IntegrationChange, NewIntegration, UserDraft, WorkspaceDraft } from '../control/tenants.ts'
import { loadSeed } from '../seeds/load.ts'
import { anything, array, literal, nullable, optional, string, uuid } from '../validation/check.ts'
import { draftOf, text, type Action } from './control-body.ts'

const capability = literal(
  'read_content',
  'update_content',
  'insert_content',
  'read_comments',
  'insert_comments',
  'user_none',
  'user_no_email',
  'user_email',
)
/** A list of capabilities, or nothing. */
export const capabilities = optional(array(capability))
const redirectUris = optional(array(string()))

const workspaceMembers = {
  id: optional(uuid),
  name: string(),
  icon: optional(nullable(string())),
  plan: optional(literal('free', 'plus', 'business', 'enterprise')),
}
const userMembers = {
  id: optional(uuid),
  workspaceId: uuid,
  name: string(),
  type: optional(literal('person', 'bot')),
  avatarUrl: optional(nullable(string())),
  email: optional(nullable(string())),
  membership: optional(literal('member', 'guest', 'admin')),
}
const integrationMembers = {
  id: optional(uuid),
  name: string(),
  kind: literal('internal', 'public'),
  clientId: optional(string()),
  clientSecret: optional(string()),
  redirectUris,
  capabilities,
  homeWorkspace: optional(uuid),
}
const installMembers = {
  integrationId: uuid,
  workspaceId: uuid,
  userId: optional(uuid),
  roots: optional(array(uuid)),
  capabilities,
}
const editMembers = {
  method: literal('GET', 'POST', 'PATCH', 'DELETE'),
  path: string(),
  body: anything,
  version: optional(literal('2022-06-28', '2025-09-03', '2026-03-11')),
}

/** Workspaces, people, integrations, installs, and what people do by themselves. */
export const TENANT_ACTIONS: Record<string, Action> = {
  'GET /workspaces': (control) => ({ workspaces: control.workspaces() }),
  'POST /workspaces': (control, body) => {
    if (body['seed'] === undefined) return control.createWorkspace(draftOf<WorkspaceDraft>(workspaceMembers, body))
    control.addWorkspace(loadSeed(body['seed']))
    return { workspaces: control.workspaces() }
  },
  'GET /users': (control) => ({ users: control.users() }),
  'POST /users': (control, body) => control.createUser(draftOf<UserDraft>(userMembers, body)),
  'GET /integrations': (control) => ({ integrations: control.integrations() }),
  'POST /integrations': (control, body) => control.createIntegration(draftOf<NewIntegration>(integrationMembers, body)),
  'PATCH /integrations': (control, body, id) => {
    const members = { name: optional(string()), redirectUris, capabilities }
    return control.changeIntegration(id, draftOf<IntegrationChange>(members, body))
  },
  'GET /installs': (control) => ({ installs: control.installs() }),
  'POST /installs': (control, body) => control.install(draftOf<InstallDraft>(installMembers, body)),
  'DELETE /installs': (control, _body, botId) => {
    control.uninstall(botId)
    return {}
  },
  'POST /act-as': (control, body) => control.actAs(text(body, 'user'), draftOf<HumanEdit>(editMembers, edit(body))),
}

function edit(body: Record<string, unknown>): Record<string, unknown> {
  const { op } = body
  if (typeof op !== 'object' || op === null) throw new TypeError('op must be an object with method, path and body.')
  return op as Record<string, unknown>
}
