import { createLocalGitHub, type LocalGitHub } from './local-github.ts'
import { addIssue, addRepository, addUser, type Issue, type Repository, type User } from './state.ts'

/** Two people with a private repository of the same name each, and a public one that both can read. */
export interface World {
  readonly github: LocalGitHub
  readonly ana: User
  readonly bruno: User
  readonly anasToken: string
  readonly brunosToken: string
  readonly anasSite: Repository
  readonly brunosSite: Repository
  readonly library: Repository
  readonly anasIssue: Issue
  readonly anasPull: Issue
}

export const INDEX = Array.from({ length: 40 }, (_, index) => `export const value${index} = ${index}`).join('\n')

export function createWorld(): World {
  const github = createLocalGitHub()
  const { state } = github
  const ana = addUser(state, 'ana', 'Ana Souza')
  const bruno = addUser(state, 'bruno', 'Bruno Lima')
  const siteOf = (login: string) =>
    addRepository(state, {
      owner: login,
      name: 'site',
      private: true,
      description: `CANARY-${login} site`,
      language: 'TypeScript',
      files: {
        'README.md': `# CANARY-${login}\n`,
        'src/index.ts': `${INDEX}\n`,
        'src/deep/a.ts': 'a\n',
        'docs/b.md': 'b\n',
      },
    })
  const anasSite = siteOf('ana')
  const brunosSite = siteOf('bruno')
  const library = addRepository(state, { owner: 'ana', name: 'library', description: 'A public library' })
  for (const [site, author] of [
    [anasSite, ana],
    [brunosSite, bruno],
  ] as const) {
    addIssue(state, site, {
      author,
      title: `Login fails CANARY-${author.login}`,
      body: 'Steps:\n1. open it',
      labels: ['bug'],
    })
    site.branches.set('fix', [...(site.branches.get('main') ?? [])])
    addIssue(state, site, {
      author,
      title: `Fix the login CANARY-${author.login}`,
      body: 'Closes #1',
      pull: {
        head: 'fix',
        base: 'main',
        draft: false,
        mergedAt: null,
        reviews: [],
        files: [
          {
            filename: 'src/index.ts',
            status: 'modified',
            additions: 1,
            deletions: 1,
            patch: '@@ -1 +1 @@\n-export const value0 = 0\n+export const value0 = 1',
          },
          { filename: 'logo.png', status: 'added', additions: 0, deletions: 0 },
        ],
      },
    })
  }
  const [anasIssue, anasPull] = anasSite.issues
  if (anasIssue === undefined || anasPull === undefined) throw new Error('The world has no issues')
  return {
    github,
    ana,
    bruno,
    anasToken: github.mint(ana),
    brunosToken: github.mint(bruno),
    anasSite,
    brunosSite,
    library,
    anasIssue,
    anasPull,
  }
}
