import type { IdGenerator } from '../core/ids.ts'
import type { JsonObject } from '../state/model.ts'
import type { State } from '../state/state.ts'
import { isAggregated, recipientsOf } from './audience.ts'
import type { Change, Delivery, EventForm, QueuedEvent, Subscription } from './model.ts'

/** Who changed something, where and when. */
export interface Occasion {
  state: State
  newId: IdGenerator
  workspaceId: string
  /** The bot or person that acted. */
  authorId: string
  /** Milliseconds since the epoch. */
  now: number
  /** How long events wait for others to be put together with them, in milliseconds. */
  windowMs: number
}

/** Finished deliveries that are remembered; older ones are forgotten. */
const KEPT_DELIVERIES = 10_000

/** Whether anybody would hear of a change. */
export function hasListeners(state: State): boolean {
  for (const subscription of state.webhooks.subscriptions.values()) if (subscription.status === 'active') return true
  return false
}

/** Queues the events of some changes that belong together for every subscription that may hear of them. */
export function recordChanges(occasion: Occasion, changes: Change[]): void {
  const { state } = occasion
  for (const subscription of state.webhooks.subscriptions.values()) {
    if (subscription.status !== 'active') continue
    const queued: Delivery[] = []
    for (const change of changes) {
      const event = eventFor(occasion, subscription, change)
      if (event !== null) enqueue(occasion, { subscription, queued }, event)
    }
  }
  forgetOld(state)
}

/** Event types that data sources replaced. */
const BEFORE_DATA_SOURCES: EventForm['type'][] = ['database.content_updated', 'database.schema_updated']

function eventFor(occasion: Occasion, subscription: Subscription, change: Change): QueuedEvent | null {
  const form = formFor(subscription, change)
  if (form === null || !subscription.eventTypes.includes(form.type)) return null
  const { state, workspaceId, authorId, now } = occasion
  const place = { workspaceId, audience: change.audience }
  const recipients = recipientsOf(state, subscription.integrationId, { type: form.type, ...place })
  return recipients.length === 0 ? null : { ...form, ...place, authors: [authorId], recipients, timestamp: now }
}

function formFor(subscription: Subscription, change: Change): EventForm | null {
  const { type, entity, data, legacy } = change
  const form: EventForm = { type, entity, ...(data === undefined ? {} : { data }) }
  if (subscription.apiVersion !== '2022-06-28') return BEFORE_DATA_SOURCES.includes(type) ? null : form
  if (legacy !== undefined) return legacy
  return data === undefined ? form : { ...form, data: withoutSource(data) }
}

/** Up to 2022-06-28 a row hung in its database and that was all. */
function withoutSource(data: JsonObject): JsonObject {
  const { data_source_id: _sourceId, ...parent } = (data['parent'] ?? {}) as JsonObject
  return data['parent'] === undefined ? data : { ...data, parent }
}

interface Queue {
  subscription: Subscription
  /** What was queued on the same occasion: it is put together whatever the window. */
  queued: Delivery[]
}

function enqueue(occasion: Occasion, queue: Queue, event: QueuedEvent): void {
  const { state, now, windowMs, newId } = occasion
  const known = openDeliveries(occasion, queue, event)
  const open = known.filter((delivery) => delivery.status === 'waiting')
  const undone = open.filter((delivery) => undoes(event.type, delivery.event?.type))
  if (undone.length > 0) {
    const isGone = undone.some((delivery) => delivery.event?.type.endsWith('.created'))
    for (const delivery of isGone ? open : undone) delivery.status = 'cancelled'
    return
  }
  const birth = event.type.endsWith('.undeleted')
    ? known.find(({ event: own }) => own?.type.endsWith('.created'))
    : null
  if (birth != null) {
    birth.status = 'waiting'
    return
  }
  const same = open.find((delivery) => delivery.event?.type === event.type)
  if (same?.event != null) {
    same.event = merged(same.event, event)
    return
  }
  const dueAt = isAggregated(event.type) ? now + windowMs : now
  const { id: subscriptionId } = queue.subscription
  const delivery: Delivery = { id: newId(), subscriptionId, event, status: 'waiting', dueAt, attempts: [] }
  queue.queued.push(delivery)
  state.webhooks.deliveries.push(delivery)
}

/** Events of the same thing that were not sent yet: those that wait for more, and those that came to nothing so far. */
function openDeliveries(occasion: Occasion, queue: Queue, event: QueuedEvent): Delivery[] {
  return occasion.state.webhooks.deliveries.filter(
    (delivery) =>
      delivery.subscriptionId === queue.subscription.id &&
      delivery.event?.entity.id === event.entity.id &&
      isAggregated(delivery.event.type) &&
      delivery.attempts.length === 0 &&
      (delivery.dueAt > occasion.now || queue.queued.includes(delivery)),
  )
}

/** Pairs after which everything is as before. */
const UNDOING: Record<string, string[]> = { deleted: ['created', 'undeleted'], undeleted: ['deleted'] }

function undoes(type: string, earlier: string | undefined): boolean {
  const [object, verb = ''] = type.split('.')
  return UNDOING[verb]?.some((undone) => earlier === `${object}.${undone}`) === true
}

function merged(earlier: QueuedEvent, later: QueuedEvent): QueuedEvent {
  const authors = [...new Set([...earlier.authors, ...later.authors])]
  if (earlier.data === undefined || later.data === undefined) return { ...later, authors }
  const lists = ['updated_blocks', 'updated_properties'].filter((name) => Array.isArray(later.data?.[name]))
  const joined = lists.map((name) => [name, join(earlier.data?.[name], later.data?.[name])])
  return { ...later, authors, data: { ...later.data, ...(Object.fromEntries(joined) as JsonObject) } }
}

/** Both lists, each thing once, as the later one tells of it; a property that was made stays made until it is deleted. */
function join(earlier: unknown, later: unknown): unknown[] {
  const entries = new Map<string, unknown>()
  for (const entry of [...(earlier as unknown[]), ...(later as unknown[])]) {
    const key = typeof entry === 'string' ? entry : String((entry as JsonObject)['id'])
    const known = entries.get(key) as JsonObject | undefined
    const [before, now] = [known?.['action'], (entry as JsonObject)['action']]
    if (before === 'created' && now === 'deleted') entries.delete(key)
    else entries.set(key, before === 'created' ? { ...(entry as JsonObject), action: 'created' } : entry)
  }
  return [...entries.values()]
}

function forgetOld(state: State): void {
  const { deliveries } = state.webhooks
  if (deliveries.length <= KEPT_DELIVERIES) return
  const finished = deliveries.filter((delivery) => delivery.status !== 'waiting')
  const surplus = new Set(finished.slice(0, deliveries.length - KEPT_DELIVERIES))
  state.webhooks.deliveries = deliveries.filter((delivery) => !surplus.has(delivery))
}
