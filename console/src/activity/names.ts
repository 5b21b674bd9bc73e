import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { agentsQuery, providersQuery, toolsQuery } from '../api.ts'
import { clientsQuery, tokensQuery } from '../clients/queries.ts'
import { useWords } from '../language.ts'
import { splitClient } from './asked.ts'

export interface Choice {
  readonly value: string
  readonly text: string
}

/** What ids are called: of agents, tools, providers, and of whoever came in. What is gone keeps its id. */
export interface Names {
  readonly agent: (id: number) => string
  readonly tool: (name: string) => string
  readonly provider: (id: string) => string
  /** `session`, `oauth_client:7`, `api_token:7`. */
  readonly client: (key: string) => string
  readonly choices: Readonly<Record<'agent' | 'client' | 'provider' | 'tool', readonly Choice[]>>
}

export function useNames(): Names {
  const { t, local } = useWords()
  const agents = useQuery(agentsQuery).data
  const tools = useQuery(toolsQuery).data
  const providers = useQuery(providersQuery).data
  const clients = useQuery(clientsQuery).data?.clients
  const tokens = useQuery(tokensQuery).data
  return useMemo(() => {
    const choices = {
      agent: (agents ?? []).map(({ id, name }) => ({ value: String(id), text: name })),
      tool: (tools ?? []).map(({ name, title }) => ({ value: name, text: local(title) })),
      provider: (providers ?? []).map(({ id, name }) => ({ value: id, text: name })),
      client: [
        { value: 'session', text: t('via.session') },
        ...(clients ?? []).map(({ id, name }) => ({ value: `oauth_client:${id}`, text: name })),
        ...(tokens ?? []).map(({ id, name }) => ({ value: `api_token:${id}`, text: t('via.token_named', { name }) })),
      ],
    }
    const named = (kind: keyof typeof choices, value: string) =>
      choices[kind].find((choice) => choice.value === value)?.text
    return {
      choices,
      agent: (id) => named('agent', String(id)) ?? t('via.agent_gone', { id }),
      tool: (name) => named('tool', name) ?? name,
      provider: (id) => named('provider', id) ?? id,
      client: (key) => named('client', key) ?? unnamed(key, t),
    }
  }, [agents, tools, providers, clients, tokens, t, local])
}

function unnamed(key: string, t: ReturnType<typeof useWords>['t']): string {
  const [kind, id = ''] = splitClient(key)
  if (kind === 'oauth_client') return t('via.client_gone', { id })
  if (kind === 'api_token') return t('via.token_gone', { id })
  if (kind === 'remote_server') return t('via.remote_server')
  return kind === 'external_jwt' ? t('via.external') : key
}
