import { queryOptions, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Thread } from '@chaveiro/sdk'
import { useSignOut } from '../account/use-sign-out.ts'
import { agentsQuery, client, providersQuery } from '../api.ts'
import { keepLanguage, useWords, type Language } from '../language.ts'
import { keepTheme, THEMES, type Theme } from '../theme.ts'
import type { WordKey } from '../language.ts'
import { usePlaces } from './places.ts'

/** One line of the palette. */
export interface Entry {
  readonly id: string
  readonly text: string
  readonly kind: string
  readonly go: () => unknown
}

const PAGE_SIZE = 200
/** Pages of conversations that are read: 2,000 of them, the newest. */
const MOST_PAGES = 10

/** Every conversation, not only those that the list beside the chat begins with. */
const allThreadsQuery = queryOptions({
  queryKey: ['palette', 'threads'],
  async queryFn() {
    const threads: Thread[] = []
    let cursor: number | null = null
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const answer: Awaited<ReturnType<typeof client.threads.list>> = await client.threads.list({
        limit: PAGE_SIZE,
        ...(cursor === null ? {} : { cursor }),
      })
      threads.push(...answer.threads)
      cursor = answer.next_cursor
      if (cursor === null) break
    }
    return threads
  },
})

const THEME_WORDS: Readonly<Record<Theme, WordKey>> = {
  system: 'palette.theme_system',
  light: 'palette.theme_light',
  dark: 'palette.theme_dark',
}

const OTHER_LANGUAGE: Readonly<Record<Language, { readonly language: Language; readonly name: string }>> = {
  en: { language: 'pt-BR', name: 'Português (Brasil)' },
  'pt-BR': { language: 'en', name: 'English' },
}

export interface FrameActions {
  readonly onFold: () => void
  readonly onShortcuts: () => void
}

/** Everything that can be gone to or done from anywhere: pages first, then actions, agents and conversations. */
export function useEntries(actions: FrameActions): Entry[] {
  const { t } = useWords()
  const navigate = useNavigate()
  const places = usePlaces()
  const agents = useQuery(agentsQuery).data ?? []
  const threads = useQuery(allThreadsQuery).data ?? []
  return [
    ...places.map(({ to, word }) => ({ id: to, text: t(word), kind: t('palette.page'), go: () => navigate({ to }) })),
    ...useActions(actions),
    ...agents.map((agent) => ({
      id: `agent-${agent.id}`,
      text: agent.name,
      kind: t('palette.agent'),
      go: () => navigate({ to: '/agents/$agentId', params: { agentId: String(agent.id) } }),
    })),
    ...threads.map((thread) => ({
      id: `thread-${thread.id}`,
      text: thread.title,
      kind: t('palette.thread'),
      go: () => navigate({ to: '/chat/$threadId', params: { threadId: String(thread.id) } }),
    })),
  ]
}

function useActions({ onFold, onShortcuts }: FrameActions): Entry[] {
  const { t, language } = useWords()
  const navigate = useNavigate()
  const signOut = useSignOut()
  const providers = useQuery(providersQuery).data ?? []
  const kind = t('palette.action')
  const other = OTHER_LANGUAGE[language]
  return [
    { id: 'new-chat', text: t('chat.new'), kind, go: () => navigate({ to: '/chat' }) },
    { id: 'new-agent', text: t('palette.new_agent'), kind, go: () => navigate({ to: '/agents', hash: 'templates' }) },
    ...providers.map(({ id, name }) => ({
      id: `connect-${id}`,
      text: t('connections.connect', { name }),
      kind,
      go: () => navigate({ to: '/connections', search: { connect: id } }),
    })),
    {
      id: 'language',
      text: t('palette.language', { name: other.name }),
      kind,
      go: () => keepLanguage(other.language),
    },
    ...THEMES.map((theme) => ({
      id: `theme-${theme}`,
      text: t(THEME_WORDS[theme]),
      kind,
      go: () => keepTheme(theme),
    })),
    { id: 'shortcuts', text: t('shortcuts.title'), kind, go: onShortcuts },
    { id: 'fold', text: t('rail.fold'), kind, go: onFold },
    { id: 'sign-out', text: t('settings.sign_out'), kind, go: () => signOut.mutate() },
  ]
}
