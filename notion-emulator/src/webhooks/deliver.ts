import type { Clock } from '../core/clock.ts'
import type { IdGenerator } from '../core/ids.ts'
import type { Settings } from '../core/settings.ts'
import type { State } from '../state/state.ts'
import { settleUploads } from '../uploads/settle.ts'
import { dueDeliveries, prepareAttempt, settleAttempt, type Outgoing } from './attempts.ts'

/** Brings one POST to its address. Throws, or answers a status outside 200 to 299, when that failed. */
export type Deliver = (
  url: string,
  headers: Record<string, string>,
  body: string,
) => { status: number } | Promise<{ status: number }>

/** How long a receiver may take before the attempt counts as failed, in milliseconds. */
const RECEIVER_TIMEOUT_MS = 10_000
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** Real HTTP, to this machine only: what a test forgot to replace shall not reach a stranger. */
export const deliverToLoopback: Deliver = async (url, headers, body) => {
  if (!LOOPBACK.test(new URL(url).hostname)) throw new RangeError(`Webhooks go to loopback addresses only: ${url}`)
  const signal = AbortSignal.timeout(RECEIVER_TIMEOUT_MS)
  const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
  await response.body?.cancel()
  return response
}

/** What sending needs of the emulator. */
export interface SendingMachine {
  state: State
  clock: Clock
  settings: Settings
  newId: IdGenerator
}

/** Sends what is due. Calls run one after the other, so that nothing is sent twice. */
export type Sender = (isFlush: boolean) => Promise<void>

/** Makes the sender of an emulator. */
export function createSender(machine: SendingMachine, deliver: Deliver): Sender {
  let last: Promise<void> = Promise.resolve()
  return (isFlush) => {
    last = last.then(() => sendDue(machine, deliver, isFlush))
    return last
  }
}

/** How often a server looks for something to send, in milliseconds: soon enough for who waits for it. */
const SENDING_INTERVAL_MS = 100

/** Sends what is due until the returned function is called. */
export function sendAlways(send: Sender): () => void {
  const timer = setInterval(() => void send(false), SENDING_INTERVAL_MS)
  timer.unref()
  return () => clearInterval(timer)
}

async function sendDue(machine: SendingMachine, deliver: Deliver, isFlush: boolean): Promise<void> {
  const now = machine.clock.now()
  // Nobody asked for anything, and yet uploads may have ended.
  settleUploads({ ...machine, now })
  const due = dueDeliveries(machine.state, now, isFlush)
  if (machine.settings.webhookOutOfOrder) due.reverse()
  for (const delivery of due) {
    const outgoing = prepareAttempt(machine.state, delivery)
    if (outgoing !== null) settleAttempt(outgoing, await statusOf(deliver, outgoing), machine.clock.now())
  }
}

async function statusOf(deliver: Deliver, { url, headers, body }: Outgoing): Promise<number | null> {
  try {
    return (await deliver(url, headers, body)).status
  } catch {
    // Whatever went wrong at the receiver: the attempt failed and the next one is due later.
    return null
  }
}
