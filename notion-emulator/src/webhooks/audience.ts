import { canSee } from '../state/access.ts'
import { installsOf } from '../state/integrations.ts'
import type { Install, JsonObject } from '../state/model.ts'
import type { State } from '../state/state.ts'
import type { EventForm, QueuedEvent } from './model.ts'

/** Bots of an integration that may hear of an event in this workspace, as things stand now. */
export function recipientsOf(
  state: State,
  integrationId: string,
  event: Pick<QueuedEvent, 'type' | 'workspaceId' | 'audience'>,
): string[] {
  return installsOf(state, integrationId)
    .filter((install) => install.workspaceId === event.workspaceId && mayHear(state, install, event))
    .map((install) => install.botId)
}

function mayHear(state: State, install: Install, event: Pick<QueuedEvent, 'type' | 'audience'>): boolean {
  if (event.type.startsWith('comment.') && !install.capabilities.has('read_comments')) return false
  const { audience } = event
  if ('botId' in audience) return audience.botId === install.botId
  const node = state.nodes.get(audience.nodeId)
  return node !== undefined && canSee(state, install, node)
}

/** Those bots, each with the person that it belongs to, as `accessible_by` lists them. */
export function accessibleBy(state: State, botIds: string[]): JsonObject[] {
  const owners = botIds.flatMap((botId) => {
    const owner = state.installs.get(botId)?.owner
    return owner?.type === 'user' ? [owner.userId] : []
  })
  return [...botIds.map((id) => ({ id, type: 'bot' })), ...[...new Set(owners)].map((id) => ({ id, type: 'person' }))]
}

/** The authors of an event, told apart by what kind of user they are. */
export function authorsOf(state: State, userIds: string[]): JsonObject[] {
  return userIds.map((id) => ({ id, type: state.users.get(id)?.type ?? 'bot' }))
}

/** Whether an event is one that Notion puts together with its like when they follow each other closely. */
export function isAggregated(type: EventForm['type']): boolean {
  return /^(page|database|data_source)\./.test(type) && !/\.(locked|unlocked|transcript_deleted)$/.test(type)
}
