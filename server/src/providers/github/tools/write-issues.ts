import { z } from 'zod'
import { failure, success } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import type { GitHubApi } from '#providers/github/client.ts'
import { issueTraits, issueValue, type Issue } from '#providers/github/issues.ts'
import { idValue } from '#providers/github/json.ts'
import { placeOfAll, resolveNumbered, resolveRepository } from '#providers/github/references.ts'
import { line } from '#providers/github/texts.ts'
import type { Words } from '#providers/github/words.ts'

interface Asked {
  readonly labels?: readonly string[] | undefined
  readonly assignees?: readonly string[] | undefined
}

/** GitHub leaves out, without a word, the labels and people that someone without write access asks for. */
function written(words: Words, verb: string, issue: Issue, asked: Asked): ToolResult {
  const value = issueValue(issue)
  const has = new Set([...value.labels, ...value.assignees].map((name) => name.toLowerCase()))
  const left = [...(asked.labels ?? []), ...logins(asked.assignees ?? [])].filter(
    (name) => !has.has(name.toLowerCase()),
  )
  const lines = [
    `${verb} ${value.repository}#${issue.number} "${line(issue.title)}" (${issueTraits(words, issue)})`,
    issue.html_url,
    left.length === 0 ? '' : words.leftOut(left.map((name) => line(name)).join(', ')),
  ]
  return {
    text: lines.filter((text) => text !== '').join('\n'),
    value: { ...value, left_out: left },
    place: placeOfAll([value.repository]),
  }
}

const logins = (names: readonly string[]) => names.map((name) => name.replace(/^@/, ''))

export const createIssue = defineTool({
  name: 'github_create_issue',
  title: { en: 'Create issue', pt: 'Criar issue' },
  description: 'Open an issue. The body is Markdown. Labels that do not exist yet are made.',
  input: z.strictObject({
    repository: z.string(),
    title: z.string().min(1),
    body: z.string().optional(),
    labels: z.array(z.string()).optional(),
    assignees: z.array(z.string()).optional(),
  }),
  annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: true },
  needs: ['write_issues'],
  intent: {
    verbs: {
      en: ['create', 'open', 'file', 'report', 'add'],
      pt: ['criar', 'abrir', 'registrar', 'relatar', 'adicionar'],
    },
    nouns: { en: ['issue', 'bug', 'ticket', 'bug report'], pt: ['issue', 'bug', 'chamado', 'relato de bug'] },
  },
  run: async (api: GitHubApi, input) => {
    const name = await resolveRepository(api, input.repository)
    if (!name.ok) return name
    const { owner, repo } = name.value
    const answer = await api.write(
      (github) =>
        github('POST /repos/{owner}/{repo}/issues', {
          owner,
          repo,
          title: input.title,
          ...(input.body === undefined ? {} : { body: input.body }),
          ...(input.labels === undefined ? {} : { labels: input.labels }),
          ...(input.assignees === undefined ? {} : { assignees: logins(input.assignees) }),
        }),
      {
        needs: 'write_issues',
        noun: 'repository',
        check: `List the newest issues of ${owner}/${repo} with github_search_issues to see whether it is there.`,
      },
    )
    return answer.ok ? success(written(api.words, api.words.created, answer.value.data as Issue, input)) : answer
  },
})

export const updateIssue = defineTool({
  name: 'github_update_issue',
  title: { en: 'Update issue', pt: 'Atualizar issue' },
  description:
    'Close, reopen or change an issue or pull request. labels and assignees replace all that are there; an empty list removes them.',
  input: z.strictObject({
    issue: z.union([z.string(), z.number()]).describe('owner/name#12 or URL'),
    repository: z.string().optional(),
    state: z.enum(['open', 'closed']).optional(),
    state_reason: z.enum(['completed', 'not_planned', 'reopened']).optional(),
    title: z.string().min(1).optional(),
    body: z.string().optional(),
    labels: z.array(z.string()).optional(),
    assignees: z.array(z.string()).optional(),
  }),
  annotations: { readOnly: false, destructive: true, idempotent: true, openWorld: true },
  needs: ['write_issues'],
  intent: {
    verbs: {
      en: ['update', 'change', 'close', 'reopen', 'assign', 'label'],
      pt: ['atualizar', 'alterar', 'fechar', 'reabrir', 'atribuir', 'rotular'],
    },
    nouns: {
      en: ['issue', 'bug', 'ticket', 'label', 'assignee'],
      pt: ['issue', 'bug', 'chamado', 'rótulo', 'responsável'],
    },
  },
  run: async (api: GitHubApi, input) => {
    const { issue, repository, assignees, ...given } = input
    const fields = Object.entries({ ...given, assignees: assignees === undefined ? undefined : logins(assignees) })
    const changes = Object.fromEntries(fields.filter(([, value]) => value !== undefined))
    if (Object.keys(changes).length === 0) {
      return failure('invalid_arguments', 'Say what to change: state, title, body, labels or assignees.')
    }
    const name = await resolveNumbered(api, issue, repository, 'issue')
    if (!name.ok) return name
    const { owner, repo, issue_number: number } = name.value
    const answer = await api.write(
      (github) => github('PATCH /repos/{owner}/{repo}/issues/{issue_number}', { ...name.value, ...changes }),
      {
        needs: 'write_issues',
        noun: 'issue',
        check: `Read ${owner}/${repo}#${number} with github_get_issue to see whether it has changed.`,
      },
    )
    return answer.ok ? success(written(api.words, api.words.updated, answer.value.data as Issue, input)) : answer
  },
})

export const createComment = defineTool({
  name: 'github_create_comment',
  title: { en: 'Comment', pt: 'Comentar' },
  description: 'Comment on an issue or pull request, in Markdown. For a verdict on code use github_create_review.',
  input: z.strictObject({
    issue: z.union([z.string(), z.number()]).describe('owner/name#12 or URL'),
    repository: z.string().optional(),
    text: z.string().min(1),
  }),
  annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: true },
  needs: ['write_issues'],
  intent: {
    verbs: { en: ['comment', 'reply', 'answer', 'write'], pt: ['comentar', 'responder', 'escrever'] },
    nouns: {
      en: ['comment', 'issue', 'pull request', 'reply'],
      pt: ['comentário', 'issue', 'pull request', 'resposta'],
    },
  },
  run: async (api: GitHubApi, input) => {
    const name = await resolveNumbered(api, input.issue, input.repository, 'issue')
    if (!name.ok) return name
    const { owner, repo, issue_number: number } = name.value
    const answer = await api.write(
      (github) =>
        github('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', { ...name.value, body: input.text }),
      {
        needs: 'write_issues',
        noun: 'issue or pull request',
        check: `Read ${owner}/${repo}#${number} with github_get_issue to see whether it is there.`,
      },
    )
    if (!answer.ok) return answer
    const { id, html_url: url } = answer.value.data
    const text = `${api.words.commentedOn(`${owner}/${repo}#${number}`)}: ${url}`
    return success({ text, value: { id: idValue(id), number, url } })
  },
})
