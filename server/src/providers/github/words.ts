import type { LocalText } from '#providers/contract.ts'
import { counted } from './texts.ts'

/** The fixed words of results, in each language. Titles, names, labels and texts stay as they are at GitHub. */

type ByName = Readonly<Record<string, string>>

const ENGLISH = {
  more: (cursor: string) => `More: call again with start_cursor "${cursor}".`,
  tooLong: 'The results were too long for one answer. Call again with the start_cursor.',
  found: (total: number) => `${total} found.`,
  filesFound: (total: number) => `${counted(total, 'file')} found.`,
  noCommits: 'No commits found.',
  noCode: 'Nothing found. GitHub searches default branches only.',
  noIssues: 'No issues found here.',
  noPulls: 'No pull requests found.',
  noRepositories: 'No repositories found.',
  noDescription: '(no description)',
  descriptionCut: (characters: number) =>
    `The description is cut after ${characters} characters; the value has all of it.`,

  /** GitHub's names of states and kinds, where they are written in another way. */
  issueStates: { not_planned: 'not planned' } as ByName,
  pullStates: {} as ByName,
  reviewStates: { changes_requested: 'changes requested' } as ByName,
  fileStates: {} as ByName,
  accountKinds: {} as ByName,

  isPull: 'pull request',
  closedAs: (reason: string) => `closed as ${reason}`,
  by: (author: string, date: string) => `by ${author} ${date}`.trimEnd(),
  updatedOn: (date: string) => `updated ${date}`,
  assignedTo: (logins: string) => `assigned to ${logins}`,
  labels: 'labels',
  milestone: (title: string) => `milestone ${title}`,
  comments: (count: number) => counted(count, 'comment'),
  on: (author: string, date: string) => `${author} on ${date}`,

  into: (head: string, base: string) => `${head} into ${base}`,
  hasConflicts: 'has conflicts',
  files: (count: number) => counted(count, 'file'),
  reviewBy: (author: string, date: string) => `Review by ${author} ${date}`.trimEnd(),
  onlyReviews: (count: number) => `Only the first ${count} reviews are shown.`,
  was: (path: string) => `was ${path}`,
  noPatch: '(binary, or too large for GitHub to show)',
  patchCut: "(cut; the rest: give this file's path as file)",
  diffTooLong: 'The diff is too long to show in full. Read the file itself with github_read_file.',

  at: (ref: string) => `at ${ref}`,
  lines: (first: number, last: number, total: number) => `lines ${first}-${last} of ${total}`,
  lineTooLong: 'A line was too long to show in full.',
  emptyFile: '(The file is empty.)',
  entries: (count: number) => counted(count, 'entry', 'entries'),
  unknown: 'unknown',

  private: 'private',
  public: 'public',
  archived: 'archived',
  fork: 'fork',
  stars: (count: number) => counted(count, 'star'),
  pushedOn: (date: string) => `pushed ${date}`,
  defaultBranch: (name: string) => `default branch ${name}`,
  access: { admin: "the user's access: admin", write: "the user's access: write", read: "the user's access: read" },
  openOnes: (count: number) => `${count} open issues and pull requests`,
  issuesOff: 'issues are switched off',
  topics: 'topics',
  branches: 'branches',
  andMore: 'and more',
  onlyBranches: (count: number) => `Only the first ${count} branches are shown.`,
  publicRepositories: (count: number) => counted(count, 'public repository', 'public repositories'),
  company: 'company',
  bio: 'bio',

  committed: (where: string, branch: string | undefined) =>
    `Committed ${where}${branch === undefined ? '' : ` on ${branch}`}`,
  commitAndSha: (commit: string, sha: string) => `commit ${commit}, the file's sha is now ${sha}`,
  created: 'Created',
  updated: 'Updated',
  leftOut: (names: string) => `GitHub left out ${names}: it takes write access.`,
  commentedOn: (issue: string) => `Commented on ${issue}`,
  reviewed: (pull: string) => `Reviewed ${pull}`,
}

export type Words = typeof ENGLISH

const PORTUGUESE: Words = {
  more: (cursor) => `Há mais: chame de novo com start_cursor "${cursor}".`,
  tooLong: 'Os resultados não couberam em uma resposta. Chame de novo com o start_cursor.',
  found: (total) => `Total encontrado: ${total}.`,
  filesFound: (total) => counted(total, 'arquivo encontrado.', 'arquivos encontrados.'),
  noCommits: 'Nenhum commit encontrado.',
  noCode: 'Nada encontrado. O GitHub busca só nas branches padrão.',
  noIssues: 'Nenhuma issue encontrada aqui.',
  noPulls: 'Nenhum pull request encontrado.',
  noRepositories: 'Nenhum repositório encontrado.',
  noDescription: '(sem descrição)',
  descriptionCut: (characters) =>
    `A descrição foi cortada depois de ${characters} caracteres; em value ela está inteira.`,

  issueStates: {
    open: 'aberta',
    closed: 'fechada',
    completed: 'concluída',
    not_planned: 'não planejada',
    reopened: 'reaberta',
    duplicate: 'duplicada',
  },
  pullStates: { open: 'aberto', closed: 'fechado', merged: 'mesclado', draft: 'rascunho' },
  reviewStates: {
    approved: 'aprovado',
    changes_requested: 'mudanças pedidas',
    commented: 'comentado',
    dismissed: 'dispensada',
    pending: 'pendente',
  },
  fileStates: {
    added: 'novo',
    removed: 'removido',
    modified: 'modificado',
    renamed: 'renomeado',
    copied: 'copiado',
    changed: 'alterado',
    unchanged: 'sem mudança',
  },
  accountKinds: { User: 'usuário', Organization: 'organização', Bot: 'bot' },

  isPull: 'pull request',
  closedAs: (reason) => `fechada como ${reason}`,
  by: (author, date) => `por ${author} ${date}`.trimEnd(),
  updatedOn: (date) => `atualização ${date}`,
  assignedTo: (logins) => `responsáveis: ${logins}`,
  labels: 'rótulos',
  milestone: (title) => `marco ${title}`,
  comments: (count) => counted(count, 'comentário'),
  on: (author, date) => `${author} em ${date}`,

  into: (head, base) => `${head} para ${base}`,
  hasConflicts: 'com conflitos',
  files: (count) => counted(count, 'arquivo'),
  reviewBy: (author, date) => `Revisão de ${author} ${date}`.trimEnd(),
  onlyReviews: (count) => `Só as primeiras ${count} revisões são mostradas.`,
  was: (path) => `antes ${path}`,
  noPatch: '(binário, ou grande demais para o GitHub mostrar)',
  patchCut: '(cortado; para o resto, dê o caminho deste arquivo em file)',
  diffTooLong: 'O diff é longo demais para mostrar por inteiro. Leia o próprio arquivo com github_read_file.',

  at: (ref) => `em ${ref}`,
  lines: (first, last, total) => `linhas ${first}-${last} de ${total}`,
  lineTooLong: 'Uma linha era longa demais para mostrar por inteiro.',
  emptyFile: '(O arquivo está vazio.)',
  entries: (count) => counted(count, 'item', 'itens'),
  unknown: 'desconhecido',

  private: 'privado',
  public: 'público',
  archived: 'arquivado',
  fork: 'fork',
  stars: (count) => counted(count, 'estrela'),
  pushedOn: (date) => `último push ${date}`,
  defaultBranch: (name) => `branch padrão ${name}`,
  access: {
    admin: 'acesso do usuário: administração',
    write: 'acesso do usuário: escrita',
    read: 'acesso do usuário: leitura',
  },
  openOnes: (count) => `issues e pull requests em aberto: ${count}`,
  issuesOff: 'as issues estão desativadas',
  topics: 'tópicos',
  branches: 'branches',
  andMore: 'e mais',
  onlyBranches: (count) => `Só as primeiras ${count} branches são mostradas.`,
  publicRepositories: (count) => counted(count, 'repositório público', 'repositórios públicos'),
  company: 'empresa',
  bio: 'bio',

  committed: (where, branch) => `Commit feito de ${where}${branch === undefined ? '' : ` em ${branch}`}`,
  commitAndSha: (commit, sha) => `commit ${commit}, o sha do arquivo agora é ${sha}`,
  created: 'Criação feita:',
  updated: 'Atualização feita:',
  leftOut: (names) => `O GitHub deixou de fora ${names}: isso exige acesso de escrita.`,
  commentedOn: (issue) => `Comentário feito em ${issue}`,
  reviewed: (pull) => `Revisão feita em ${pull}`,
}

/** English, where nothing says which language is spoken. */
export function wordsIn(language: keyof LocalText | undefined): Words {
  return language === 'pt' ? PORTUGUESE : ENGLISH
}

/** A name of GitHub's in the words for it, or as GitHub writes it. */
export function named(words: ByName, name: string): string {
  return words[name] ?? name.replaceAll('_', ' ')
}
