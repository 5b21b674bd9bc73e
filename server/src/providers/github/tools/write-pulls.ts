import { z } from 'zod'
import { failure, success } from '#kernel/problem.ts'
import { defineTool } from '#providers/contract.ts'
import type { GitHubApi } from '#providers/github/client.ts'
import { idValue } from '#providers/github/json.ts'
import { pullLine, pullValue } from '#providers/github/pulls.ts'
import { placeOf, resolveNumbered, resolveRepository } from '#providers/github/references.ts'
import { named } from '#providers/github/words.ts'

const VERDICTS = { comment: 'COMMENT', approve: 'APPROVE', request_changes: 'REQUEST_CHANGES' } as const

export const createPullRequest = defineTool({
  name: 'github_create_pull_request',
  title: { en: 'Create pull request', pt: 'Criar pull request' },
  description: 'Open a pull request to merge the branch head (owner:branch from a fork) into base.',
  input: z.strictObject({
    repository: z.string(),
    title: z.string().min(1),
    head: z.string().min(1),
    base: z.string().optional().describe('none: the default branch'),
    body: z.string().optional(),
    draft: z.boolean().optional(),
  }),
  annotations: { readOnly: false, destructive: false, idempotent: false, openWorld: true },
  needs: ['write_pull_requests'],
  intent: {
    verbs: { en: ['create', 'open', 'propose', 'send'], pt: ['criar', 'abrir', 'propor', 'enviar'] },
    nouns: { en: ['pull request', 'PR', 'merge request'], pt: ['pull request', 'PR', 'solicitação de merge'] },
  },
  run: async (api: GitHubApi, input) => {
    const name = await resolveRepository(api, input.repository)
    if (!name.ok) return name
    const { owner, repo } = name.value
    const repository =
      input.base === undefined
        ? await api.read((github) => github('GET /repos/{owner}/{repo}', { owner, repo }), {
            needs: 'read_code',
            noun: 'repository',
          })
        : undefined
    if (repository !== undefined && !repository.ok) return repository
    const base = input.base ?? repository?.value.data.default_branch ?? ''
    const answer = await api.write(
      (github) =>
        github('POST /repos/{owner}/{repo}/pulls', {
          owner,
          repo,
          title: input.title,
          head: input.head,
          base,
          ...(input.body === undefined ? {} : { body: input.body }),
          ...(input.draft === undefined ? {} : { draft: input.draft }),
        }),
      {
        needs: 'write_pull_requests',
        noun: 'repository',
        check: `List those of ${owner}/${repo} with github_list_pull_requests to see whether it is there.`,
      },
    )
    if (!answer.ok) return answer
    const pull = answer.value.data
    return success({
      text: `${api.words.created}\n${pullLine(api.words, pull)}\n${pull.html_url}`,
      value: pullValue(pull),
      place: placeOf({ owner, repo }),
    })
  },
})

export const createReview = defineTool({
  name: 'github_create_review',
  title: { en: 'Review pull request', pt: 'Revisar pull request' },
  description:
    'Review a pull request: comment, approve or request changes, with comments on lines of the new version of its files.',
  input: z.strictObject({
    pull_request: z.union([z.string(), z.number()]).describe('owner/name#12 or URL'),
    repository: z.string().optional(),
    verdict: z.enum(['comment', 'approve', 'request_changes']),
    text: z.string().optional(),
    comments: z
      .array(z.strictObject({ path: z.string(), line: z.int().min(1), text: z.string().min(1) }))
      .max(50)
      .optional(),
  }),
  // An approval may let others merge, and a verdict replaces the reviewer's last one.
  annotations: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
  needs: ['write_pull_requests'],
  intent: {
    verbs: {
      en: ['review', 'approve', 'request changes', 'comment on code'],
      pt: ['revisar', 'aprovar', 'pedir mudanças', 'comentar o código'],
    },
    nouns: {
      en: ['pull request', 'PR', 'review', 'code review'],
      pt: ['pull request', 'PR', 'revisão', 'revisão de código'],
    },
  },
  run: async (api: GitHubApi, input) => {
    const { verdict, text = '', comments = [] } = input
    if (verdict !== 'approve' && text.trim() === '' && (verdict === 'request_changes' || comments.length === 0)) {
      return failure('invalid_arguments', 'Say in text what the review finds.', { path: 'arguments.text' })
    }
    const name = await resolveNumbered(api, input.pull_request, input.repository, 'pull_request')
    if (!name.ok) return name
    const { owner, repo, issue_number: number } = name.value
    const answer = await api.write(
      (github) =>
        github('POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
          owner,
          repo,
          pull_number: number,
          event: VERDICTS[verdict],
          ...(text === '' ? {} : { body: text }),
          ...(comments.length === 0
            ? {}
            : { comments: comments.map(({ path, line, text: body }) => ({ path, line, side: 'RIGHT', body })) }),
        }),
      {
        needs: 'write_pull_requests',
        noun: 'pull request',
        check: `Read ${owner}/${repo}#${number} with github_get_pull_request to see whether it is there.`,
      },
    )
    if (!answer.ok) return answer
    const { id, state, html_url: url } = answer.value.data
    return success({
      text: `${api.words.reviewed(`${owner}/${repo}#${number}`)}: ${named(api.words.reviewStates, state.toLowerCase())}\n${url}`,
      value: { id: idValue(id), number, state: state.toLowerCase(), url },
    })
  },
})
