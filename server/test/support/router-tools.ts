import { decide, understand } from '#agents/router/decide.ts'
import type { Decision, Knowledge } from '#agents/router/decide.ts'
import type { Turn } from '#agents/router/focus.ts'
import type { Situation } from '#agents/router/situation.ts'
import { lexiconOf, profileOf } from '#agents/router/tools.ts'
import type { RouterTool } from '#agents/router/tools.ts'

/** Tools of an invented provider of documents, and of one of channels, for tests of the router without a real provider. */

export const PAGE = '11111111-1111-4111-8111-111111111111'
export const TABLE = '22222222-2222-4222-8222-222222222222'
export const BLOCK = '33333333-3333-4333-8333-333333333333'
export const PERSON = '44444444-4444-4444-8444-444444444444'
export const THREAD = '55555555-5555-4555-8555-555555555555'
export const OTHER = '66666666-6666-4666-8666-666666666666'
/** A Friday. */
export const NOW = new Date('2026-11-20T12:00:00Z')

const text = { type: 'string' }
const anything = { type: 'object', additionalProperties: {} }
const count = { type: 'integer', minimum: 1, maximum: 50 }

export const DOCUMENT_TOOLS: readonly RouterTool[] = [
  documentTool('read_page', { page_id: text }, ['page_id']),
  documentTool('read_page_content', { page_id: text }, ['page_id']),
  documentTool('search_pages', {
    query: text,
    filter: { type: 'string', enum: ['page', 'database'] },
    page_size: count,
  }),
  documentTool('create_page', { parent_id: text, title: text, properties: anything, content: text }, [
    'parent_id',
    'title',
  ]),
  documentTool('update_page', { page_id: text, title: text, properties: anything }, ['page_id']),
  documentTool('archive_page', { page_id: text }, ['page_id']),
  documentTool('move_page', { page_id: text, parent_id: text }, ['page_id', 'parent_id']),
  documentTool('edit_page_content', { page_id: text, edits: { type: 'array' } }, ['page_id', 'edits']),
  documentTool('restore_page', { page_id: text }, ['page_id']),
  documentTool('get_block', { block_id: text }, ['block_id']),
  documentTool('get_block_children', { block_id: text, page_size: count }, ['block_id']),
  documentTool('update_block', { block_id: text, text, checked: { type: 'boolean' } }, ['block_id']),
  documentTool('delete_block', { block_id: text }, ['block_id']),
  documentTool('append_blocks', { block_id: text, content: text }, ['block_id', 'content']),
  documentTool('get_database', { database_id: text }, ['database_id']),
  documentTool('create_database', { parent_id: text, title: text, properties: anything }, ['parent_id', 'title']),
  documentTool('update_database', { database_id: text, title: text, properties: anything }, ['database_id']),
  documentTool('query_database', { database_id: text, filter: anything, sorts: { type: 'array' }, page_size: count }, [
    'database_id',
  ]),
  documentTool('list_users', { page_size: count }),
  documentTool('get_user', { user_id: text }, ['user_id']),
  documentTool('get_bot_user', {}),
  documentTool('create_comment', { page_id: text, discussion_id: text, text }, ['text']),
  documentTool('list_comments', { page_id: text }, ['page_id']),
  documentTool('update_comment', { comment_id: text, text }, ['comment_id', 'text']),
  documentTool('delete_comment', { comment_id: text }, ['comment_id']),
]

export const CHANNEL_TOOLS: readonly RouterTool[] = [
  {
    ...documentTool('list_channels', {}),
    name: 'talk_list_channels',
    provider: 'talk',
    intent: { verbs: { en: ['list'], pt: ['listar'] }, nouns: { en: ['channel'], pt: ['canal'] } },
  },
  {
    ...documentTool('send_message', { message: text }, ['message']),
    name: 'talk_send_message',
    provider: 'talk',
    intent: { verbs: { en: ['send', 'post'], pt: ['enviar', 'mandar'] }, nouns: { en: ['message'], pt: ['mensagem'] } },
  },
]

const repository = { type: 'string', description: 'owner/name or URL' }
const issue = { type: 'string', description: 'owner/name#12, URL, or number with repository' }

/** Tools of an invented provider of code, whose things are others than those of documents but for comments and people. */
export const CODE_TOOLS: readonly RouterTool[] = [
  codeTool('search_repositories', { query: text }, { en: ['repository', 'repo'], pt: ['repositório'] }),
  codeTool('list_issues', { repository }, { en: ['issue', 'bug report'], pt: ['issue'] }, ['repository']),
  codeTool('read_issue', { issue }, { en: ['issue'], pt: ['issue'] }, ['issue']),
  codeTool('create_issue', { repository, title: text, body: text }, { en: ['issue', 'bug report'], pt: ['issue'] }, [
    'repository',
    'title',
  ]),
  codeTool('comment_issue', { issue, text }, { en: ['comment', 'issue'], pt: ['comentário', 'issue'] }, [
    'issue',
    'text',
  ]),
  codeTool('list_users', {}, { en: ['user', 'member'], pt: ['usuário', 'membro'] }),
]

function codeTool(
  name: string,
  properties: Record<string, unknown>,
  nouns: RouterTool['intent']['nouns'],
  required: readonly string[] = [],
): RouterTool {
  const tool = documentTool(name, properties, required)
  return { ...tool, name: `hub_${name}`, provider: 'hub', intent: { verbs: { en: [], pt: [] }, nouns } }
}

function documentTool(name: string, properties: Record<string, unknown>, required: readonly string[] = []): RouterTool {
  const title = name.replaceAll('_', ' ')
  return {
    name: `docs_${name}`,
    provider: 'docs',
    title: { en: title, pt: `${title} (pt)` },
    description: '',
    input_schema: { type: 'object', properties, required },
    annotations: {
      readOnly: /^(?:read|search|get|list|query)/.test(name),
      destructive: /^(?:update|archive|delete|move|edit)/.test(name),
      idempotent: true,
      openWorld: false,
    },
    intent: { verbs: { en: [], pt: [] }, nouns: { en: [], pt: [] } },
  }
}

const known = new WeakMap<readonly RouterTool[], Knowledge>()

export function knowledgeWith(tools: readonly RouterTool[] = DOCUMENT_TOOLS): Knowledge {
  const profiles = tools.map(profileOf)
  const knowledge = known.get(tools) ?? { profiles, lexicon: lexiconOf(profiles), now: NOW }
  known.set(tools, knowledge)
  return knowledge
}

/** Turns of a conversation, the user first. */
export function conversation(...texts: readonly string[]): Turn[] {
  return texts.map((text, index) => ({ role: index % 2 === 0 ? ('user' as const) : ('assistant' as const), text }))
}

export function situationOf(message: string, ...before: readonly string[]): Situation {
  return understand(message, conversation(...before), knowledgeWith().lexicon)
}

/** What the router decides on the last of these messages, the user and the assistant speaking in turn. */
export function decideOn(message: string, before: readonly string[] = [], tools = DOCUMENT_TOOLS): Decision {
  return decide({ history: conversation(...before), message }, knowledgeWith(tools))
}

/** A decision in one line: `docs_read_page {"page_id": ...}`, `ask title`, `decline beyond`. */
export function brief(decision: Decision): string {
  if (decision.kind === 'call') return `${decision.profile.tool.name} ${JSON.stringify(decision.input)}`
  if (decision.kind === 'ask') return `ask ${decision.missing}`
  return decision.kind === 'decline' ? `decline ${decision.refusal}` : decision.kind
}
