import { success, type Outcome } from '#kernel/problem.ts'
import type { Identity, ProviderAccess } from '#providers/contract.ts'
import { identifyInTime, notIdentified, type IdentifyWords } from '#providers/identify.ts'
import { createGitHubApi } from './client.ts'
import { listOf, type Operation, type Permission } from './errors.ts'

const WHO_AM_I: Operation = { needs: null, noun: 'user' }

const WORDS: IdentifyWords = {
  provider: 'GitHub',
  credential: 'token',
  remedy: 'Make a new one at github.com/settings/tokens',
}

/**
 * Asks GitHub whose token this is, and what it may do.
 * @returns `credential_rejected` where GitHub refuses the token, `provider_unavailable` for every other failure
 */
export async function identify(access: ProviderAccess): Promise<Outcome<Identity>> {
  return identifyInTime(access, WORDS, ask)
}

async function ask(access: ProviderAccess): Promise<Outcome<Identity>> {
  const api = createGitHubApi(access)
  const answer = await api.read((github) => github('GET /user'), WHO_AM_I)
  if (!answer.ok) return notIdentified(answer.problem, answer.problem.code === 'reauthorize', WORDS)
  const { data, headers } = answer.value
  const header = headers['x-oauth-scopes']
  const scopes = header === undefined ? null : listOf(header)
  return success({
    accountId: String(data.id),
    label: data.login,
    account: { login: data.login, name: data.name, type: data.type, url: data.html_url, scopes },
    permissions: permissionsOf(scopes),
  })
}

/**
 * @param scopes of the token; null where it has permissions instead (fine-grained tokens, GitHub Apps), which GitHub tells
 *   nobody but in the answer to a request that was refused
 */
export function permissionsOf(scopes: readonly string[] | null): Record<Permission, boolean | null> {
  const held = new Set(scopes)
  // Without `repo`, public repositories can be read, and with `public_repo` written: it depends on the repository.
  const read = held.has('repo') ? true : null
  const write = scopes === null ? null : held.has('repo') ? true : held.has('public_repo') ? null : false
  return {
    read_code: read,
    write_code: write,
    read_issues: read,
    write_issues: write,
    read_pull_requests: read,
    write_pull_requests: write,
  }
}
