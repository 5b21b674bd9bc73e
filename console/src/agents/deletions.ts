import { useSyncExternalStore } from 'react'
import { createClient, type Agent } from '@chaveiro/sdk'
import { agentsQuery, queryClient } from '../api.ts'

/**
 * Agents that are about to be deleted. Nothing is sent while it can be undone, so that undoing is certain; who leaves the
 * page has decided.
 */

/** Milliseconds in which it can be undone: time to read the sentence and to reach the button, without a mouse too. */
const UNDO_MS = 10_000

/** Its requests are sent to their end, though the page that sends them is closed. */
const client = createClient({
  baseUrl: window.location.origin,
  fetch: (address, request) => fetch(address, { ...request, keepalive: true }),
})

interface Deletion {
  readonly agent: Agent
  /** Null while it can be undone; then why it could not be done, where it failed. */
  readonly error: unknown
}

const NONE: readonly Deletion[] = []
let deletions: readonly Deletion[] = NONE
const timers = new Map<number, ReturnType<typeof setTimeout>>()
const listeners = new Set<() => void>()

function change(next: readonly Deletion[]): void {
  deletions = next
  for (const listener of listeners) listener()
}

const without = (id: number) => deletions.filter(({ agent }) => agent.id !== id)

export function useDeletions(): readonly Deletion[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => deletions,
  )
}

export function deleteSoon(agent: Agent): void {
  window.addEventListener('pagehide', deleteAllNow)
  change([...without(agent.id), { agent, error: null }])
  timers.set(
    agent.id,
    setTimeout(() => void deleteNow(agent), UNDO_MS),
  )
}

export function undoDeletion(id: number): void {
  clearTimeout(timers.get(id))
  timers.delete(id)
  change(without(id))
}

async function deleteNow(agent: Agent): Promise<void> {
  clearTimeout(timers.get(agent.id))
  timers.delete(agent.id)
  try {
    await client.agents.delete(agent.id)
    queryClient.removeQueries({ queryKey: [...agentsQuery.queryKey, agent.id] })
    await queryClient.invalidateQueries({ queryKey: agentsQuery.queryKey })
    await queryClient.invalidateQueries({ queryKey: ['threads'] })
    change(without(agent.id))
  } catch (error) {
    change([...without(agent.id), { agent, error }])
  }
}

function deleteAllNow(): void {
  for (const { agent } of deletions) if (timers.has(agent.id)) void deleteNow(agent)
}
