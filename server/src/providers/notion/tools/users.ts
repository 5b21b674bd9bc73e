import { z } from 'zod'
import { success } from '#kernel/problem.ts'
import { defineTool, type ToolResult } from '#providers/contract.ts'
import type { NotionApi } from '#providers/notion/client.ts'
import type { Operation } from '#providers/notion/errors.ts'
import { createPeople } from '#providers/notion/people.ts'
import { listResult, pageArguments, readPosition, showList } from '#providers/notion/results.ts'
import { botValue, userLine, userValue, type User } from '#providers/notion/users.ts'

const USERS_PAGE_SIZE = 25

const READ_USERS: Operation = { needs: 'user_information', noun: 'user' }

export const listUsers = defineTool({
  name: 'notion_list_users',
  title: { en: 'List users', pt: 'Listar usuários' },
  description: 'List the members, guests and bots of the workspace with ids, names and e-mails.',
  input: z.strictObject({
    start_cursor: z.string().optional(),
    page_size: z.int().min(1).max(100).optional(),
  }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  needs: ['user_information'],
  intent: {
    verbs: { en: ['list', 'show', 'who'], pt: ['listar', 'mostrar', 'quem'] },
    nouns: {
      en: ['user', 'member', 'guest', 'people', 'everybody', 'workspace', 'team'],
      pt: ['usuário', 'membro', 'convidado', 'pessoa', 'todo mundo', 'workspace', 'equipe'],
    },
  },
  run: async (api: NotionApi, input) => {
    const position = readPosition(input.start_cursor)
    const page = pageArguments(position, input.page_size ?? USERS_PAGE_SIZE)
    const answer = await api.read((notion) => notion.users.list(page), READ_USERS)
    if (!answer.ok) return answer
    const shown = showList(answer.value, position, (user) => `- ${userLine(user)}`)
    return success(listResult(shown, '', { results: shown.items.map(userValue) }, api.words))
  },
})

export const getUser = defineTool({
  name: 'notion_get_user',
  title: { en: 'Get user', pt: 'Obter usuário' },
  description: 'Get the name and e-mail of one user.',
  input: z.strictObject({ user_id: z.string() }),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  needs: ['user_information'],
  intent: {
    verbs: { en: ['get', 'look up', 'show', 'who is'], pt: ['obter', 'consultar', 'mostrar', 'dar', 'quem é'] },
    nouns: {
      en: ['user', 'person', 'name', 'e-mail', 'author'],
      pt: ['usuário', 'pessoa', 'nome', 'e-mail', 'autor', 'dados do usuário'],
    },
  },
  run: async (api: NotionApi, input) => {
    const person = await createPeople(api).find(input.user_id, 'user_id')
    if (!person.ok) return { ok: false, problem: { ...person.problem, path: 'arguments.user_id' } }
    const answer = await api.read((notion) => notion.users.retrieve({ user_id: person.value.id }), READ_USERS)
    if (!answer.ok) return answer
    return success({ text: userLine(answer.value), value: userValue(answer.value) })
  },
})

export const getBotUser = defineTool({
  name: 'notion_get_bot_user',
  title: { en: 'Check connection', pt: 'Verificar conexão' },
  description: 'Check that the connection works: which integration and workspace it acts as.',
  input: z.strictObject({}),
  annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: false },
  needs: [],
  intent: {
    verbs: {
      en: ['check', 'test', 'verify', 'connect', 'work'],
      pt: ['verificar', 'testar', 'conferir', 'conectar', 'funcionar'],
    },
    nouns: {
      en: ['integration', 'connection', 'token', 'key', 'bot', 'workspace'],
      pt: ['integração', 'conexão', 'token', 'chave', 'bot', 'workspace'],
    },
  },
  run: async (api: NotionApi) => {
    const answer = await api.read((notion) => notion.users.me({}), READ_USERS)
    return answer.ok ? success(describeBot(answer.value)) : answer
  },
})

function describeBot(user: User): ToolResult {
  const bot = botValue(user)
  const name = bot.bot_name ?? 'a bot'
  const owner = bot.owner.type === 'user' ? `, on behalf of ${bot.owner.name ?? bot.owner.id}` : ''
  return {
    text: `Connected as "${name}" (bot ${user.id}) in the workspace "${bot.workspace_name ?? 'unknown'}"${owner}.`,
    value: bot,
  }
}
