import type { IdGenerator } from '../core/ids.ts'
import { derivedToken } from '../core/tokens.ts'
import type { ApiVersion } from '../state/model.ts'
import type { State } from '../state/state.ts'
import { EVENT_TYPES, type EventType, type Subscription } from './model.ts'

/** What a subscription is made of. */
export interface SubscriptionDraft {
  integrationId: string
  /** Where events are POSTed to; `http` or `https`. */
  url: string
  /** All of them when left out. */
  eventTypes?: EventType[]
  /** Form of the events; the newest when left out. */
  apiVersion?: ApiVersion
}

/** What can be changed of a subscription; the address only until it is verified. */
export type SubscriptionChange = Partial<Omit<SubscriptionDraft, 'integrationId'>>

const API_VERSIONS: ApiVersion[] = ['2022-06-28', '2025-09-03', '2026-03-11']
const NEWEST: ApiVersion = '2026-03-11'
const TOKEN_PREFIX = 'secret_'

/** Who makes a subscription, and when. */
export interface SubscriptionOccasion {
  state: State
  newId: IdGenerator
  /** Milliseconds since the epoch. */
  now: number
}

/** Makes a subscription and queues the POST that verifies its address. Throws for what cannot be subscribed to. */
export function createSubscription(occasion: SubscriptionOccasion, draft: SubscriptionDraft): Subscription {
  const { state, newId } = occasion
  if (!state.integrations.has(draft.integrationId)) throw new RangeError(`No integration ${draft.integrationId}`)
  const subscription: Subscription = {
    id: newId(),
    integrationId: draft.integrationId,
    url: checkedUrl(draft.url),
    eventTypes: checkedTypes(draft.eventTypes ?? [...EVENT_TYPES]),
    apiVersion: checkedVersion(draft.apiVersion ?? NEWEST),
    verificationToken: derivedToken(newId(), TOKEN_PREFIX),
    status: 'pending',
  }
  state.webhooks.subscriptions.set(subscription.id, subscription)
  requestVerification(occasion, subscription)
  return subscription
}

/** Queues the POST that verifies the address, again if need be. Nothing is sent to an address that is verified. */
export function requestVerification(occasion: SubscriptionOccasion, subscription: Subscription): void {
  if (subscription.status === 'active') throw new RangeError(`Subscription ${subscription.id} is verified.`)
  const { state, newId, now } = occasion
  const { id: subscriptionId } = subscription
  state.webhooks.deliveries.push({
    id: newId(),
    subscriptionId,
    event: null,
    status: 'waiting',
    dueAt: now,
    attempts: [],
  })
}

/** Turns a subscription on when the token that was sent to its address is pasted back. */
export function verifySubscription(subscription: Subscription, token: string): boolean {
  if (token !== subscription.verificationToken) return false
  subscription.status = 'active'
  return true
}

/** Changes a subscription. Throws when the address of a verified one shall change: Notion wants a new one then. */
export function changeSubscription(
  occasion: SubscriptionOccasion,
  subscription: Subscription,
  change: SubscriptionChange,
): void {
  const isElsewhere = change.url !== undefined && change.url !== subscription.url
  if (isElsewhere && subscription.status === 'active') {
    throw new RangeError('The address of a verified subscription cannot be changed.')
  }
  const url = checkedUrl(change.url ?? subscription.url)
  const eventTypes = checkedTypes(change.eventTypes ?? subscription.eventTypes)
  const apiVersion = checkedVersion(change.apiVersion ?? subscription.apiVersion)
  Object.assign(subscription, { url, eventTypes, apiVersion })
  if (isElsewhere) {
    subscription.verificationToken = derivedToken(occasion.newId(), TOKEN_PREFIX)
    requestVerification(occasion, subscription)
  }
}

/** Ends a subscription; what waited for it is never sent. */
export function removeSubscription(state: State, subscription: Subscription): void {
  state.webhooks.subscriptions.delete(subscription.id)
  for (const delivery of state.webhooks.deliveries) {
    if (delivery.subscriptionId === subscription.id && delivery.status === 'waiting') delivery.status = 'cancelled'
  }
}

function checkedUrl(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw new TypeError(`Not a web address: ${url}`)
  return url
}

function checkedTypes(types: EventType[]): EventType[] {
  const unknown = types.find((type) => !EVENT_TYPES.includes(type))
  if (unknown !== undefined) throw new TypeError(`No such event type: ${unknown}`)
  return [...new Set(types)]
}

function checkedVersion(version: ApiVersion): ApiVersion {
  if (!API_VERSIONS.includes(version)) throw new TypeError(`No such API version: ${version}`)
  return version
}
