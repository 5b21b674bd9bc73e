import type { LocalText } from '#providers/contract.ts'

/** Permission → what it means, and the scopes of which one suffices (those of user tokens first, then of bot tokens). */
const GRANTS = {
  read_channels: {
    text: { en: 'See channels', pt: 'Ver canais' },
    scopes: ['channels:read'],
  },
  read_messages: {
    text: { en: 'Read messages and threads', pt: 'Ler mensagens e conversas' },
    scopes: ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
  },
  write_messages: {
    text: { en: 'Send, change and delete messages', pt: 'Enviar, alterar e excluir mensagens' },
    scopes: ['chat:write', 'chat:write:user', 'chat:write:bot'],
  },
  search_messages: {
    text: { en: 'Search messages (user tokens only)', pt: 'Buscar mensagens (só com token de usuário)' },
    scopes: ['search:read'],
  },
  read_users: {
    text: { en: 'See the people of the workspace', pt: 'Ver as pessoas do workspace' },
    scopes: ['users:read'],
  },
  read_emails: {
    text: { en: 'See e-mail addresses, find people by them', pt: 'Ver e-mails e achar pessoas por eles' },
    scopes: ['users:read.email'],
  },
  write_reactions: {
    text: { en: 'Add and remove reactions', pt: 'Adicionar e remover reações' },
    scopes: ['reactions:write'],
  },
  join_channels: {
    text: { en: 'Join public channels', pt: 'Entrar em canais públicos' },
    scopes: ['channels:write', 'channels:join'],
  },
  manage_channels: {
    text: { en: 'Set topics of channels', pt: 'Definir tópicos de canais' },
    scopes: ['channels:write', 'channels:manage', 'channels:write.topic'],
  },
  open_conversations: {
    text: { en: 'Start direct messages', pt: 'Iniciar mensagens diretas' },
    scopes: ['im:write'],
  },
} as const satisfies Readonly<Record<string, { text: LocalText; scopes: readonly string[] }>>

const entries = Object.entries(GRANTS)

/** What a connection may do at Slack, by the names that `identify` reports. */
export const PERMISSIONS = Object.fromEntries(entries.map(([name, { text }]) => [name, text])) as Readonly<
  Record<keyof typeof GRANTS, LocalText>
>

/**
 * @param granted the scopes of a token; undefined where Slack did not name them
 */
export function permissionsOf(granted: readonly string[] | undefined): Record<string, boolean | null> {
  return Object.fromEntries(
    entries.map(([name, { scopes }]) => {
      if (granted === undefined) return [name, null]
      const sufficient: readonly string[] = scopes
      return [name, sufficient.some((scope) => granted.includes(scope))]
    }),
  )
}

/** The scopes that are asked for: those of a user's token, since everything is done as the user. */
export const SCOPE_TEXTS: Readonly<Record<string, LocalText>> = {
  'channels:read': { en: 'See public channels', pt: 'Ver canais públicos' },
  'groups:read': { en: 'See your private channels', pt: 'Ver os seus canais privados' },
  'im:read': { en: 'See your direct messages in lists', pt: 'Ver as suas mensagens diretas em listas' },
  'mpim:read': { en: 'See your group messages in lists', pt: 'Ver as suas conversas em grupo em listas' },
  'channels:history': { en: 'Read public channels', pt: 'Ler canais públicos' },
  'groups:history': { en: 'Read your private channels', pt: 'Ler os seus canais privados' },
  'im:history': { en: 'Read your direct messages', pt: 'Ler as suas mensagens diretas' },
  'mpim:history': { en: 'Read your group messages', pt: 'Ler as suas conversas em grupo' },
  'search:read': { en: 'Search messages', pt: 'Buscar mensagens' },
  'users:read': { en: 'See the people of the workspace', pt: 'Ver as pessoas do workspace' },
  'users:read.email': { en: 'See e-mail addresses', pt: 'Ver e-mails' },
  'chat:write': {
    en: 'Send, change and delete messages as you',
    pt: 'Enviar, alterar e excluir mensagens em seu nome',
  },
  'reactions:write': { en: 'Add and remove your reactions', pt: 'Adicionar e remover as suas reações' },
  'channels:write': {
    en: 'Join public channels and set their topics',
    pt: 'Entrar em canais públicos e definir os seus tópicos',
  },
  'groups:write': { en: 'Set topics of your private channels', pt: 'Definir tópicos dos seus canais privados' },
  'im:write': { en: 'Start direct messages', pt: 'Iniciar mensagens diretas' },
}

export const USER_SCOPES: readonly string[] = Object.keys(SCOPE_TEXTS)
