import type { JsonObject } from '../state/model.ts'
import type { State } from '../state/state.ts'
import { accessibleBy, authorsOf, recipientsOf } from './audience.ts'
import type { Delivery, QueuedEvent, Subscription } from './model.ts'
import { signatureOf } from './signature.ts'

/** A POST that shall be sent now. */
export interface Outgoing {
  delivery: Delivery
  url: string
  headers: Record<string, string>
  /** The exact text whose UTF-8 bytes were signed. */
  body: string
}

/** Attempts that an event gets; the number of each is in its body. */
const MAX_ATTEMPTS = 8
/** Each wait is this many times as long as the one before. */
const BACKOFF_FACTOR = 3
/** The seven waits after it add up to a day, which is about when the last attempt is documented to be. */
const FIRST_BACKOFF_MS = 79_000
const LOWEST_SUCCESS = 200
const LOWEST_REDIRECT = 300

/**
 * What is due now, oldest first.
 * @param isFlush sends what waits for others to be put together with it, too
 */
export function dueDeliveries(state: State, now: number, isFlush: boolean): Delivery[] {
  return state.webhooks.deliveries
    .filter((delivery) => delivery.status === 'waiting')
    .filter((delivery) => delivery.dueAt <= now || (isFlush && delivery.attempts.length === 0))
    .toSorted((left, right) => left.dueAt - right.dueAt)
}

/** The next attempt of a delivery, or null when nobody may hear of it any more: then it is cancelled. */
export function prepareAttempt(state: State, delivery: Delivery): Outgoing | null {
  const subscription = state.webhooks.subscriptions.get(delivery.subscriptionId)
  const content = subscription === undefined ? null : contentOf(state, subscription, delivery)
  if (subscription === undefined || content === null) {
    delivery.status = 'cancelled'
    return null
  }
  const body = JSON.stringify(content)
  const signature = signatureOf(body, subscription.verificationToken)
  const headers = { 'content-type': 'application/json', 'x-notion-signature': signature }
  return { delivery, url: subscription.url, headers, body }
}

function contentOf(state: State, subscription: Subscription, delivery: Delivery): JsonObject | null {
  const { event } = delivery
  if (event === null) return { verification_token: subscription.verificationToken }
  const stillSee = recipientsOf(state, subscription.integrationId, event)
  const recipients = event.recipients.filter((botId) => stillSee.includes(botId))
  return recipients.length === 0 ? null : eventBody(state, subscription, { delivery, event, recipients })
}

interface Sending {
  delivery: Delivery
  event: QueuedEvent
  recipients: string[]
}

function eventBody(state: State, subscription: Subscription, sending: Sending): JsonObject {
  const { delivery, event, recipients } = sending
  const isPublic = state.integrations.get(subscription.integrationId)?.kind === 'public'
  return {
    id: delivery.id,
    timestamp: new Date(event.timestamp).toISOString(),
    workspace_id: event.workspaceId,
    workspace_name: state.workspaces.get(event.workspaceId)?.name ?? '',
    subscription_id: subscription.id,
    integration_id: subscription.integrationId,
    type: event.type,
    authors: authorsOf(state, event.authors),
    ...(isPublic ? { accessible_by: accessibleBy(state, recipients) } : {}),
    attempt_number: delivery.attempts.length + 1,
    api_version: subscription.apiVersion,
    entity: event.entity,
    ...(event.data === undefined ? {} : { data: event.data }),
  }
}

/**
 * Notes how an attempt went, and when the next one is due if it failed.
 * @param status HTTP status of the receiver, or null when it did not answer
 */
export function settleAttempt(outgoing: Outgoing, status: number | null, now: number): void {
  const { delivery, body, headers } = outgoing
  delivery.attempts.push({ time: now, status, body, signature: headers['x-notion-signature'] ?? '' })
  if (status !== null && status >= LOWEST_SUCCESS && status < LOWEST_REDIRECT) {
    delivery.status = 'delivered'
    return
  }
  const made = delivery.attempts.length
  // An address is verified once; who missed it asks for another token.
  if (delivery.event === null || made >= MAX_ATTEMPTS) delivery.status = 'failed'
  else delivery.dueAt = now + FIRST_BACKOFF_MS * BACKOFF_FACTOR ** (made - 1)
}
