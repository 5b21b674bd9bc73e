/** One call of every tool on a repository and what lies in it. */
export function callsOn(repository: string): [string, Record<string, unknown>][] {
  return [
    ['github_get_repository', { repository }],
    ['github_read_file', { repository, path: 'README.md' }],
    ['github_read_file', { repository }],
    ['github_search_code', { repository, query: 'CANARY' }],
    ['github_list_commits', { repository }],
    ['github_search_issues', { repository }],
    ['github_search_issues', { repository, query: 'login' }],
    ['github_get_issue', { issue: `${repository}#1` }],
    ['github_list_pull_requests', { repository }],
    ['github_get_pull_request', { pull_request: `${repository}#2` }],
    ['github_get_pull_request', { pull_request: `${repository}#2`, file: 'src/index.ts' }],
    ['github_write_file', { repository, path: 'new.md', text: 'x', message: 'x' }],
    ['github_write_file', { repository, path: 'new.md', text: 'x', message: 'x', new_branch: 'x' }],
    ['github_create_issue', { repository, title: 'X' }],
    ['github_update_issue', { issue: `${repository}#1`, state: 'closed' }],
    ['github_create_comment', { issue: `${repository}#1`, text: 'X' }],
    ['github_create_pull_request', { repository, title: 'X', head: 'fix', base: 'main' }],
    ['github_create_review', { pull_request: `${repository}#2`, verdict: 'comment', text: 'X' }],
  ]
}

/** The tools that can be called without naming anything. */
export const GENERAL_CALLS: readonly [string, Record<string, unknown>][] = [
  ['github_search_repositories', {}],
  ['github_search_repositories', { query: 'site' }],
  ['github_search_issues', {}],
  ['github_search_issues', { query: 'login' }],
  ['github_search_code', { query: 'CANARY' }],
  ['github_get_user', {}],
]
