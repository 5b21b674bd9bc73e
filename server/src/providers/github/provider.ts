import { defineProvider, type KeyField, type LocalText } from '#providers/contract.ts'
import { PUBLIC_API } from './addresses.ts'
import { createGitHubApi } from './client.ts'
import { identify } from './identify.ts'
import { oauth } from './oauth.ts'
import { targets } from './targets.ts'
import { listCommits, writeFile } from './tools/commits.ts'
import { readFile, searchCode } from './tools/files.ts'
import { getIssue, searchIssues } from './tools/read-issues.ts'
import { getPullRequest, listPullRequests } from './tools/read-pulls.ts'
import { getRepository, getUser, searchRepositories } from './tools/repositories.ts'
import { createComment, createIssue, updateIssue } from './tools/write-issues.ts'
import { createPullRequest, createReview } from './tools/write-pulls.ts'

const steps: readonly LocalText[] = [
  {
    en: 'Open github.com/settings/personal-access-tokens/new (a fine-grained token) and choose how long it lasts.',
    pt: 'Abra github.com/settings/personal-access-tokens/new (um token "fine-grained") e escolha por quanto tempo ele vale.',
  },
  {
    en: 'Choose the repositories it may see, and under "Permissions" give it Contents, Issues and Pull requests: "Read-only", or "Read and write" to let it change them.',
    pt: 'Escolha os repositórios que ele pode ver e, em "Permissions", dê Contents, Issues e Pull requests: "Read-only", ou "Read and write" para poder alterá-los.',
  },
  {
    en: 'Or make a classic token at github.com/settings/tokens with the scope "repo": it sees every repository you see.',
    pt: 'Ou crie um token clássico em github.com/settings/tokens com o escopo "repo": ele vê todos os repositórios que você vê.',
  },
  {
    en: 'Copy the token (it starts with github_pat_ or ghp_) and paste it here.',
    pt: 'Copie o token (começa com github_pat_ ou ghp_) e cole aqui.',
  },
]

const apiKey: KeyField = {
  name: 'api_key',
  label: { en: 'Personal access token', pt: 'Token de acesso pessoal' },
  steps,
  // Prefixes and lengths have changed before; this only keeps out what could never be sent in a header.
  pattern: /^[\x21-\x7e]{8,512}$/,
}

export default defineProvider({
  id: 'github',
  name: 'GitHub',
  description: {
    en: 'Repositories, files, issues and pull requests on GitHub.',
    pt: 'Repositórios, arquivos, issues e pull requests no GitHub.',
  },
  apiHosts: ['api.github.com', 'github.com'],
  apiUrl: PUBLIC_API,
  auth: [oauth, { kind: 'api_key', fields: [apiKey], keysUrl: 'https://github.com/settings/tokens' }],
  permissions: {
    read_code: { en: 'Read repositories and their files', pt: 'Ler repositórios e seus arquivos' },
    write_code: { en: 'Change files and branches', pt: 'Alterar arquivos e branches' },
    read_issues: { en: 'Read issues', pt: 'Ler issues' },
    write_issues: { en: 'Open, change and comment on issues', pt: 'Abrir, alterar e comentar issues' },
    read_pull_requests: { en: 'Read pull requests', pt: 'Ler pull requests' },
    write_pull_requests: { en: 'Open and review pull requests', pt: 'Abrir e revisar pull requests' },
  },
  identify,
  api: createGitHubApi,
  tools: [
    searchRepositories,
    getRepository,
    readFile,
    searchCode,
    writeFile,
    listCommits,
    searchIssues,
    getIssue,
    createIssue,
    updateIssue,
    createComment,
    listPullRequests,
    getPullRequest,
    createPullRequest,
    createReview,
    getUser,
  ],
  targets,
  docsUrl: 'https://docs.github.com/rest',
})
