import type { ApiVersion, JsonObject } from '../state/model.ts'

/** Every event that a subscription can ask for. */
export const EVENT_TYPES = [
  'page.content_updated',
  'page.created',
  'page.deleted',
  'page.locked',
  'page.moved',
  'page.properties_updated',
  'page.undeleted',
  'page.unlocked',
  'page.transcription_block.transcript_deleted',
  'database.content_updated',
  'database.created',
  'database.deleted',
  'database.moved',
  'database.schema_updated',
  'database.undeleted',
  'data_source.content_updated',
  'data_source.created',
  'data_source.deleted',
  'data_source.moved',
  'data_source.schema_updated',
  'data_source.undeleted',
  'view.created',
  'view.updated',
  'view.deleted',
  'comment.created',
  'comment.deleted',
  'comment.updated',
  'file_upload.created',
  'file_upload.completed',
  'file_upload.expired',
  'file_upload.upload_failed',
] as const

export type EventType = (typeof EVENT_TYPES)[number]

/** How one API version tells of a change. */
export interface EventForm {
  type: EventType
  entity: { id: string; type: 'page' | 'block' | 'database' | 'data_source' | 'view' | 'comment' | 'file_upload' }
  /** Absent for events that tell nothing more. */
  data?: JsonObject
}

/** Who may hear of a change: whoever sees this object, or one bot alone. */
export type Audience = { nodeId: string } | { botId: string }

/**
 * Something that happened, in the form of the newest version. Operations need to return (`Answer.changes`) only what
 * does not show in the nodes and comments of the state; the rest is derived, see webhooks/derive.ts.
 */
export interface Change extends EventForm {
  audience: Audience
  /** The form before 2025-09-03; null where those versions hear nothing. Absent: as here, less `data_source_id`. */
  legacy?: EventForm | null
}

/** Where an integration wants its events. */
export interface Subscription {
  id: string
  integrationId: string
  url: string
  eventTypes: EventType[]
  apiVersion: ApiVersion
  /** Sent once to the address and pasted back; from then on the key of every signature. */
  verificationToken: string
  status: 'pending' | 'active'
}

/** A change on its way to one subscription. */
export interface QueuedEvent extends EventForm {
  workspaceId: string
  audience: Audience
  authors: string[]
  /** Bots of the subscription's integration that could see it when it happened. */
  recipients: string[]
  /** Milliseconds since the epoch; of the last change when several were put together. */
  timestamp: number
}

/** One attempt to bring an event to its address. */
export interface Attempt {
  /** Milliseconds since the epoch. */
  time: number
  /** HTTP status, or null when no answer came. */
  status: number | null
  body: string
  signature: string
}

/** An event, or the verification of an address, with what became of it. */
export interface Delivery {
  /** Id of the event: the same in every attempt. */
  id: string
  subscriptionId: string
  /** Null for the verification of the address. */
  event: QueuedEvent | null
  status: 'waiting' | 'delivered' | 'failed' | 'cancelled'
  /** When the next attempt is due, in milliseconds since the epoch. */
  dueAt: number
  attempts: Attempt[]
}

/** What the emulator remembers of webhooks. */
export interface WebhookState {
  subscriptions: Map<string, Subscription>
  /** Oldest first. */
  deliveries: Delivery[]
}

/** No subscriptions, nothing to deliver. */
export function noWebhooks(): WebhookState {
  return { subscriptions: new Map(), deliveries: [] }
}
