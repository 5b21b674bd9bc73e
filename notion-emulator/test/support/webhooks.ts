import { verifyWebhookSignature } from '@notionhq/client'
import { expect } from 'vitest'
import type { Emulator, EmulatorOptions, SubscriptionDraft } from '../../src/index.ts'
import { AURORA_BOT, testEmulator } from './emulator.ts'

/** An event as it arrives. */
export interface ReceivedEvent {
  id: string
  timestamp: string
  workspace_id: string
  workspace_name: string
  subscription_id: string
  integration_id: string
  type: string
  authors: { id: string; type: string }[]
  accessible_by?: { id: string; type: string }[]
  attempt_number: number
  api_version: string
  entity: { id: string; type: string }
  data?: Record<string, unknown>
}

interface Post {
  url: string
  headers: Record<string, string>
  body: string
}

/** An address that remembers what it was sent. */
export class Receiver {
  readonly posts: Post[] = []
  /** What it answers; the last of the list for good. */
  statuses: number[] = [200]

  readonly deliver = (url: string, headers: Record<string, string>, body: string): { status: number } => {
    this.posts.push({ url, headers, body })
    return { status: (this.statuses.length > 1 ? this.statuses.shift() : this.statuses[0]) ?? 200 }
  }

  /** The events so far, without verifications. */
  get events(): ReceivedEvent[] {
    return this.posts.map(({ body }) => JSON.parse(body) as ReceivedEvent).filter((event) => event.type !== undefined)
  }

  /** The token that the address was told last. */
  get token(): string {
    const bodies = this.posts.map(({ body }) => JSON.parse(body) as { verification_token?: string })
    return bodies.flatMap((body) => body.verification_token ?? []).at(-1) ?? ''
  }

  forget(): void {
    this.posts.length = 0
  }
}

/** An emulator with somebody at the other end of its webhooks. */
export interface Wired {
  emulator: Emulator
  receiver: Receiver
}

/** An emulator whose events go to a receiver in this process. */
export function wiredEmulator(seed: string, options: EmulatorOptions = {}): Wired {
  const receiver = new Receiver()
  return { receiver, emulator: testEmulator(seed, { deliver: receiver.deliver, ...options }) }
}

/** The integration of a bot. */
export function integrationIdOf(emulator: Emulator, botId: string): string {
  return emulator.control.installs().find((install) => install.botId === botId)?.integrationId ?? ''
}

/** Subscribes the integration of a bot and verifies the address. What the receiver got meanwhile is forgotten. */
export async function subscribe(
  { emulator, receiver }: Wired,
  botId = AURORA_BOT,
  draft: Partial<SubscriptionDraft> = {},
): Promise<string> {
  const integrationId = integrationIdOf(emulator, botId)
  const { id } = emulator.control.webhooks.create({ integrationId, url: 'http://receiver.example/hook', ...draft })
  await emulator.control.webhooks.flush()
  expect(emulator.control.webhooks.verify(id, receiver.token)).toBe(true)
  receiver.forget()
  return id
}

/** What arrives when everything that waits is sent. Every signature is checked by the official client. */
export async function arrivals({ emulator, receiver }: Wired, token: string): Promise<ReceivedEvent[]> {
  receiver.forget()
  await emulator.control.webhooks.flush()
  for (const { body, headers } of receiver.posts) {
    const signature = headers['x-notion-signature']
    expect(await verifyWebhookSignature({ body, signature, verificationToken: token })).toBe(true)
  }
  return receiver.events
}

/** Type and entity of events, in the order in which they arrived. */
export function briefly(events: ReceivedEvent[]): string[] {
  return events.map((event) => `${event.type} ${event.entity.id}`)
}
