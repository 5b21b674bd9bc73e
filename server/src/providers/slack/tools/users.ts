import { z } from 'zod'
import { failure, success } from '#kernel/problem.ts'
import { defineTool } from '#providers/contract.ts'
import type { SlackApi } from '#providers/slack/client.ts'
import { listResult, walkPages } from '#providers/slack/lists.ts'
import { folded, shownName } from '#providers/slack/names.ts'
import { displayName, findPerson, READ_USERS, usersPage, type Member } from '#providers/slack/people.ts'
import type { Words } from '#providers/slack/words.ts'

const USERS_SHOWN = 50

export const listUsers = defineTool({
  name: 'slack_list_users',
  title: { en: 'List people', pt: 'Listar pessoas' },
  description:
    'List the people of the workspace with ids, names, e-mails and titles; query finds those whose name, e-mail or title contains it.',
  input: z.strictObject({
    query: z.string().optional(),
    include_bots: z.boolean().optional(),
    start_cursor: z.string().optional(),
    limit: z.int().min(1).max(200).optional(),
  }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  needs: ['read_users'],
  intent: {
    verbs: { en: ['list', 'show', 'find', 'who'], pt: ['listar', 'mostrar', 'encontrar', 'quem'] },
    nouns: {
      en: ['user', 'member', 'people', 'person', 'colleague', 'team'],
      pt: ['usuário', 'membro', 'pessoa', 'colega', 'equipe'],
    },
  },
  run: async (api: SlackApi, input) => {
    const query = folded((input.query ?? '').replace(/^@/, ''))
    const walked = await walkPages<Member>({
      startCursor: input.start_cursor,
      limit: input.limit ?? USERS_SHOWN,
      wanted: (member) => isWanted(member, query, input.include_bots === true),
      page: (cursor) => usersPage(api, cursor),
    })
    if (!walked.ok) return walked
    const { items, nextCursor } = walked.value
    const lines = items.map((member) => `- ${memberLine(api.words, member)}`)
    if (lines.length === 0) lines.push(nextCursor === undefined ? api.words.nobody : api.words.nobodyYet)
    return success(listResult(api.words, lines, nextCursor, { users: items.map(memberValue) }))
  },
})

/** Slack's own bot has an id of its own and says that it is none. */
const SLACKBOT = 'USLACKBOT'

function isWanted(member: Member, query: string, withBots: boolean): boolean {
  if (member.deleted === true) return false
  if (!withBots && (member.is_bot === true || member.id === SLACKBOT)) return false
  if (query === '') return true
  const { name, real_name, profile } = member
  return [name, real_name, profile?.display_name, profile?.email, profile?.title].some((text) =>
    folded(text ?? '').includes(query),
  )
}

export const getUser = defineTool({
  name: 'slack_get_user',
  title: { en: 'Get person', pt: 'Obter pessoa' },
  description: 'Get one person: name, e-mail, title, time zone, status. Takes an id, @name, e-mail, or "me".',
  input: z.strictObject({ user: z.string().min(1) }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
  needs: ['read_users'],
  intent: {
    verbs: { en: ['get', 'look up', 'show', 'who is'], pt: ['obter', 'consultar', 'mostrar', 'quem é'] },
    nouns: {
      en: ['user', 'person', 'profile', 'e-mail', 'time zone', 'status'],
      pt: ['usuário', 'pessoa', 'perfil', 'e-mail', 'fuso horário', 'status'],
    },
  },
  run: async (api: SlackApi, input) => {
    const person = await findPerson(api, input.user, 'arguments.user')
    if (!person.ok) return person
    const answer = await api.read((slack) => slack.users.info({ user: person.value.id }), READ_USERS)
    if (!answer.ok) return answer
    const { user } = answer.value
    if (user === undefined) return failure('provider_unavailable', 'Slack answered without the person. Try again.')
    const status = shownName([user.profile?.status_emoji, user.profile?.status_text].filter(Boolean).join(' '))
    const { words } = api
    const lines = [
      memberLine(words, user),
      user.tz === undefined ? '' : `${words.timeZone}: ${shownName(user.tz)}`,
      status === '' ? '' : `${words.status}: ${status}`,
      user.deleted === true ? words.deactivated : '',
    ].filter((line) => line !== '')
    return success({ text: lines.join('\n'), value: { ...memberValue(user), status: status === '' ? null : status } })
  },
})

function memberLine(words: Words, member: Member): string {
  const facts = [
    member.id ?? '',
    member.name === undefined ? '' : `@${shownName(member.name)}`,
    shownName(member.profile?.email ?? ''),
    shownName(member.profile?.title ?? ''),
    member.is_bot === true ? words.bot : '',
    member.is_restricted === true ? words.guest : '',
    member.is_admin === true ? words.administrator : '',
  ].filter((fact) => fact !== '')
  return `${displayName(member)} (${facts.join(', ')})`
}

function memberValue(member: Member): Record<string, unknown> {
  const { id = null, name: handle = null, tz = null, is_bot = false, deleted = false, profile } = member
  const { email = null, title = null, real_name = null } = profile ?? {}
  return { id, name: displayName(member), handle, real_name, email, title, tz, is_bot, deleted }
}
