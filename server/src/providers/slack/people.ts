import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { UsersInfoResponse, UsersListResponse } from '@slack/web-api'
import type { SlackApi } from './client.ts'
import type { Operation } from './errors.ts'
import { nextOf, SLACK_PAGE, walkPages } from './lists.ts'
import { matchesOf, quoted, shownName } from './names.ts'

export type Member = NonNullable<UsersListResponse['members']>[number] | NonNullable<UsersInfoResponse['user']>

export const READ_USERS: Operation = { scope: 'users:read' }

/** People whose names are looked up for one page of messages; further ones are shown by their ids. */
const NAMES_OF_ONE_CALL = 30
/** Look-ups at the same time: Slack allows some hundred a minute. */
const LOOKUPS_AT_ONCE = 6
/** People named in an answer that could not decide. */
const CANDIDATES_SHOWN = 5

const USER_ID = /^[UW][A-Z0-9]{8,20}$/
const MENTION = /^<@([UW][A-Z0-9]{8,20})(?:\|[^<>]*)?>$/
const PROFILE_LINK = /^https:\/\/[a-z0-9.-]+\/team\/([UW][A-Z0-9]{8,20})\/?$/i
const EMAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/

export interface Person {
  readonly id: string
  readonly name: string
}

/** The name that Slack shows, cleaned: it is its owner's to choose. */
export function displayName(member: Member): string {
  const { profile, real_name, name, id } = member
  for (const candidate of [profile?.display_name, real_name, profile?.real_name, name]) {
    const shown = shownName(candidate ?? '')
    if (shown !== '') return shown
  }
  return id ?? 'unknown'
}

function namesOf(member: Member): readonly string[] {
  const { profile, real_name, name } = member
  return [name, profile?.display_name, real_name, profile?.real_name].filter(
    (each) => each !== undefined && each !== '',
  ) as string[]
}

/** The id in what names a person, where it holds one. */
export function userIdIn(text: string): string | undefined {
  const given = text.trim()
  const bare = given.startsWith('@') ? given.slice(1) : given
  if (USER_ID.test(bare)) return bare
  return MENTION.exec(given)?.[1] ?? PROFILE_LINK.exec(given)?.[1]
}

/** The names of people, by their ids. Those that cannot be had (no scope, too many) are missing. */
export async function lookUpNames(api: SlackApi, ids: Iterable<string>): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(ids)].filter((id) => USER_ID.test(id)).slice(0, NAMES_OF_ONE_CALL)
  const names = new Map<string, string>()
  for (let start = 0; start < wanted.length; start += LOOKUPS_AT_ONCE) {
    const answers = await Promise.all(
      wanted.slice(start, start + LOOKUPS_AT_ONCE).map(async (user) => ({
        user,
        answer: await api.read((slack) => slack.users.info({ user }), READ_USERS),
      })),
    )
    for (const { user, answer } of answers) {
      if (answer.ok && answer.value.user !== undefined) names.set(user, displayName(answer.value.user))
      // Without the scope, or with the limit reached, the next ones would fare no better.
      if (!answer.ok && answer.problem.code !== 'not_found') return names
    }
  }
  return names
}

/** Finds a person by id, mention, link, e-mail, name or `me`. */
export async function findPerson(api: SlackApi, given: string, path: string): Promise<Outcome<Person>> {
  const text = given.trim()
  const id = userIdIn(text)
  if (id !== undefined) return success({ id, name: id })
  if (text.toLowerCase() === 'me' || text.toLowerCase() === '@me') return findMyself(api)
  if (EMAIL.test(text)) return findByEmail(api, text)
  return findByName(api, text.replace(/^@/, ''), path)
}

async function findMyself(api: SlackApi): Promise<Outcome<Person>> {
  const answer = await api.read((slack) => slack.auth.test(), { scope: 'none' })
  if (!answer.ok) return answer
  const { user_id: id, user } = answer.value
  return id === undefined
    ? failure('not_found', 'Slack names no user for this connection.')
    : success({ id, name: shownName(user ?? id) })
}

async function findByEmail(api: SlackApi, email: string): Promise<Outcome<Person>> {
  const answer = await api.read((slack) => slack.users.lookupByEmail({ email }), { scope: 'users:read.email' })
  if (!answer.ok) return answer
  const { user } = answer.value
  return user?.id === undefined
    ? failure('not_found', 'Slack knows nobody with that e-mail address.')
    : success({ id: user.id, name: displayName(user) })
}

async function findByName(api: SlackApi, name: string, path: string): Promise<Outcome<Person>> {
  const walked = await walkPages<Member>({
    startCursor: undefined,
    limit: Number.POSITIVE_INFINITY,
    wanted: (member) => member.deleted !== true,
    page: (cursor) => usersPage(api, cursor),
  })
  if (!walked.ok) return walked
  const matches = matchesOf(walked.value.items, namesOf, name)
  const [first] = matches
  if (first?.id === undefined) {
    const partly = walked.value.nextCursor === undefined ? '' : ' Not everybody was looked at; give an id or e-mail.'
    return failure('not_found', `Slack has nobody called ${quoted(name)}. See slack_list_users.${partly}`, { path })
  }
  if (matches.length > 1) return failure('ambiguous', severalCalled(name, matches), { path })
  return success({ id: first.id, name: displayName(first) })
}

function severalCalled(name: string, matches: readonly Member[]): string {
  const shown = matches.slice(0, CANDIDATES_SHOWN).map((each) => `${displayName(each)} (${each.id ?? ''})`)
  return `Several people are called ${quoted(name)}: ${shown.join(', ')}. Call again with the id.`
}

/** One page of the people of the workspace. */
export async function usersPage(api: SlackApi, cursor: string | undefined) {
  const answer = await api.read(
    (slack) => slack.users.list({ limit: SLACK_PAGE, ...(cursor === undefined ? {} : { cursor }) }),
    READ_USERS,
  )
  if (!answer.ok) return answer
  const items: readonly Member[] = answer.value.members ?? []
  return success({ items, next: nextOf(answer.value) })
}
