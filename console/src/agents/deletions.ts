import { useSyncExternalStore } from 'react'
import { createClient, type Agent } from '@chaveiro/sdk'
import { agentsQuery, queryClient } from '../api.ts'
import type { Words } from '../language.ts'
import { toldProblem } from '../parts/problem-words.ts'
import { showToast } from '../parts/toasts.ts'

/** Agents that are about to be deleted. Nothing is sent while it can be undone, so that undoing is certain. */

/** Its requests are sent to their end, though the page that sends them is closed. */
const client = createClient({
  baseUrl: window.location.origin,
  fetch: (address, request) => fetch(address, { ...request, keepalive: true }),
})

let deletions: readonly number[] = []
const listeners = new Set<() => void>()

function change(next: readonly number[]): void {
  deletions = next
  for (const listener of listeners) listener()
}

const without = (id: number) => deletions.filter((one) => one !== id)

/** The ids of agents that are shown no more, whether they are gone already or not. */
export function useDeletions(): readonly number[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => deletions,
  )
}

/** Deletes it when the note with the way back has gone, wherever in the console its reader has gone meanwhile. */
export function deleteSoon(agent: Agent, words: Words): void {
  change([...without(agent.id), agent.id])
  showToast({
    text: words.t('agents.deleted', { name: agent.name }),
    action: { label: words.t('agents.undo'), run: () => change(without(agent.id)) },
    onGone: () => void deleteNow(agent, words),
  })
}

async function deleteNow(agent: Agent, words: Words): Promise<void> {
  try {
    await client.agents.delete(agent.id)
    queryClient.removeQueries({ queryKey: [...agentsQuery.queryKey, agent.id] })
    await queryClient.invalidateQueries({ queryKey: agentsQuery.queryKey })
    await queryClient.invalidateQueries({ queryKey: ['threads'] })
  } catch (error) {
    showToast({
      text: failureText(agent, error, words),
      action: { label: words.t('retry'), run: () => deleteSoon(agent, words) },
    })
  }
  change(without(agent.id))
}

function failureText(agent: Agent, error: unknown, words: Words): string {
  const { text, requestId } = toldProblem(error, words)
  const number = requestId === undefined ? [] : [`${words.t('request_id')} ${requestId}`]
  return [words.t('agents.not_deleted', { name: agent.name }), text, ...number].join(' ')
}
