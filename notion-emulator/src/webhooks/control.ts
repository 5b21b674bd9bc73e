import type { Machine } from '../emulator.ts'
import type { Sender } from './deliver.ts'
import type { Attempt, Delivery, Subscription } from './model.ts'
import {
  changeSubscription,
  createSubscription,
  removeSubscription,
  requestVerification,
  verifySubscription,
  type SubscriptionChange,
  type SubscriptionDraft,
} from './subscriptions.ts'

/** A subscription without its token, which only its address is told. */
export type SubscriptionSummary = Omit<Subscription, 'verificationToken'>

/** A delivery as the control plane lists it. */
export interface DeliverySummary {
  /** The same as `id` of the event. */
  id: string
  subscriptionId: string
  /** Event type, or `verification`. */
  type: string
  entityId: string | null
  status: Delivery['status']
  /** When the next attempt is due, in milliseconds since the epoch; null when there will be none. */
  dueAt: number | null
  attempts: Attempt[]
}

/** What a developer does on the pages of an integration, and what only a test wants to know. */
export interface WebhookControl {
  /** A new subscription. Its address is sent a token, and no event before that token was given back. */
  create: (draft: SubscriptionDraft) => SubscriptionSummary
  /** Gives the token back; false when it is another one. */
  verify: (id: string, token: string) => boolean
  /** Sends the token once more. */
  resend: (id: string) => void
  change: (id: string, change: SubscriptionChange) => SubscriptionSummary
  remove: (id: string) => void
  list: () => SubscriptionSummary[]
  /** What was sent, and what waits, oldest first. */
  deliveries: () => DeliverySummary[]
  /** Sends now what is due, and what still waits for others to be put together with it. Retries keep their time. */
  flush: () => Promise<DeliverySummary[]>
}

/** Makes the webhook part of the control functions. */
export function createWebhookControl(machine: Machine, send: Sender): WebhookControl {
  const occasion = () => ({ state: machine.state, newId: machine.newId, now: machine.clock.now() })
  const deliveries = () => machine.state.webhooks.deliveries.map(deliverySummary)
  return {
    create: (draft) => summary(createSubscription(occasion(), draft)),
    verify: (id, token) => verifySubscription(known(machine, id), token),
    resend: (id) => requestVerification(occasion(), known(machine, id)),
    change: (id, change) => {
      const subscription = known(machine, id)
      changeSubscription(occasion(), subscription, change)
      return summary(subscription)
    },
    remove: (id) => removeSubscription(machine.state, known(machine, id)),
    list: () => [...machine.state.webhooks.subscriptions.values()].map(summary),
    deliveries,
    flush: async () => {
      await send(true)
      return deliveries()
    },
  }
}

function known(machine: Machine, id: string): Subscription {
  const subscription = machine.state.webhooks.subscriptions.get(id)
  if (subscription === undefined) throw new RangeError(`No webhook subscription ${id}`)
  return subscription
}

function summary({ verificationToken: _token, ...rest }: Subscription): SubscriptionSummary {
  return { ...rest, eventTypes: [...rest.eventTypes] }
}

function deliverySummary(delivery: Delivery): DeliverySummary {
  const { id, subscriptionId, event, status, dueAt, attempts } = delivery
  return {
    id,
    subscriptionId,
    type: event?.type ?? 'verification',
    entityId: event?.entity.id ?? null,
    status,
    dueAt: status === 'waiting' ? dueAt : null,
    attempts: structuredClone(attempts),
  }
}
