import { isFullUser } from '@notionhq/client'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { NotionApi } from './client.ts'
import type { Operation } from './errors.ts'
import { idIn } from './ids.ts'
import { folded, matchesOf } from './names.ts'
import { botValue, userLine, type User } from './users.ts'

/** People by id, name or e-mail; the list of them is asked for once a call, and only where somebody is named. */
export interface People {
  /** The one whom this text names. `given` is the argument, for the answer. */
  readonly find: (text: string, given: string) => Promise<Outcome<Person>>
}

export interface Person {
  readonly id: string
  /** None where only the id was given. */
  readonly name: string | undefined
}

/** Notion's largest page of a list, and how many are read: a workspace with more people is asked for e-mails or ids. */
const PAGE_SIZE = 100
const MOST_PAGES = 10
/** How many candidates a model can choose from. */
const LISTED_PEOPLE = 10

/** Words for the person whom the integration acts for. */
const SELF: ReadonlySet<string> = new Set(['me', 'myself', 'eu', 'mim', 'self'])

const READ_USERS: Operation = { needs: 'user_information', noun: 'user' }

/** People as one call sees them. */
export function createPeople(api: NotionApi): People {
  let listed: Promise<Outcome<readonly User[]>> | undefined
  return {
    async find(text, given) {
      const id = idIn(text)
      if (id !== undefined) return success({ id, name: undefined })
      const name = text.trim().replace(/^@/, '')
      if (SELF.has(folded(name))) return findSelf(api, given)
      if (name === '') return failure('invalid_arguments', `${given} is empty.`)
      listed ??= listUsers(api)
      const users = await listed
      return users.ok ? choose(users.value, name, given) : users
    },
  }
}

async function listUsers(api: NotionApi): Promise<Outcome<readonly User[]>> {
  const users: User[] = []
  let start_cursor: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const paging = { page_size: PAGE_SIZE, ...(start_cursor === undefined ? {} : { start_cursor }) }
    const answer = await api.read((notion) => notion.users.list(paging), READ_USERS)
    if (!answer.ok) return answer
    users.push(...answer.value.results)
    start_cursor = answer.value.next_cursor ?? undefined
    if (start_cursor === undefined) break
  }
  return success(users)
}

function choose(users: readonly User[], name: string, given: string): Outcome<Person> {
  const persons = users.filter((user) => isFullUser(user) && user.type === 'person')
  const found = named(persons, name) ?? named(users, name) ?? []
  const [only] = found
  if (only !== undefined && found.length === 1) return success({ id: only.id, name: nameOf(only) })
  const lines = found.slice(0, LISTED_PEOPLE).map((user) => `- ${userLine(user)}`)
  if (found.length === 0) {
    return failure(
      'not_found',
      `${given}: nobody in this workspace is called ${JSON.stringify(name)}, or has this e-mail. Find people with notion_list_users.`,
    )
  }
  return failure(
    'ambiguous',
    [`${given}: ${JSON.stringify(name)} could be any of these. Give the id or e-mail:`, ...lines].join('\n'),
    {
      extra: { candidates: found.slice(0, LISTED_PEOPLE).map((user) => ({ id: user.id, name: nameOf(user) })) },
    },
  )
}

/** By e-mail, whole name, or some of the words of a name; none where nobody fits. */
function named(users: readonly User[], name: string): readonly User[] | undefined {
  const byEmail = users.filter((user) => folded(emailOf(user)) === folded(name))
  if (byEmail.length > 0) return byEmail
  const byName = matchesOf(users, nameOf, name)
  if (byName.length > 0) return byName
  const words = folded(name).split(' ')
  const partly = users.filter((user) => words.every((word) => folded(nameOf(user)).split(' ').includes(word)))
  return partly.length > 0 ? partly : undefined
}

function nameOf(user: User): string {
  return (isFullUser(user) ? user.name : null) ?? ''
}

function emailOf(user: User): string {
  return isFullUser(user) && user.type === 'person' ? (user.person.email ?? '') : ''
}

async function findSelf(api: NotionApi, given: string): Promise<Outcome<Person>> {
  const answer = await api.read((notion) => notion.users.me({}), READ_USERS)
  if (!answer.ok) return answer
  const { owner } = botValue(answer.value)
  if (owner.type === 'user') return success({ id: owner.id, name: owner.name ?? undefined })
  return failure(
    'invalid_arguments',
    `${given}: this connection belongs to the workspace and not to one person, so nobody is "me". Give a name, e-mail or id.`,
  )
}
