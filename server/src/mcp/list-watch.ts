import { createHash } from 'node:crypto'
import type { Tool } from '@modelcontextprotocol/server'
import type { Asking } from './source.ts'

/**
 * Tells whoever listens that their list of tools is another now, and only then: much that happens to a connection, such as
 * the renewal of its token, changes no list. Each stream is told of its own list, as its user sees it at its address.
 */
export interface ListWatch {
  /** Compares from now on. Returns what ends it. */
  readonly add: (asking: Asking, tell: () => void) => () => void
  /** Something happened that may have changed the list of this user, or of everybody. */
  readonly mayHaveChanged: (userId: number | null) => void
  readonly close: () => void
}

export interface ListWatchOptions {
  readonly list: (asking: Asking) => Promise<readonly Tool[]>
  readonly onError: (error: Error) => void
}

/** Milliseconds in which changes that come together are told once, and what is kept of the old list is forgotten. */
const SETTLE_MS = 50

interface Listener {
  readonly asking: Asking
  readonly tell: () => void
  /** What the list was, as a digest; null where it could not be made. */
  seen: Promise<string | null>
}

export function createListWatch({ list, onError }: ListWatchOptions): ListWatch {
  const listeners = new Set<Listener>()
  const timers = new Map<number | null, NodeJS.Timeout>()

  async function digest(asking: Asking): Promise<string | null> {
    try {
      return createHash('sha256')
        .update(JSON.stringify(await list(asking)))
        .digest('base64')
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)))
      return null
    }
  }

  async function compare(listener: Listener): Promise<void> {
    const before = listener.seen
    listener.seen = before.then(() => digest(listener.asking))
    const [then, now] = await Promise.all([before, listener.seen])
    // Where either is not known, a list too much is asked for rather than one too few.
    if (listeners.has(listener) && (then === null || now === null || then !== now)) listener.tell()
  }

  /** One after the other: where messages were missed, everybody's list is looked at. */
  async function compareAll(userId: number | null): Promise<void> {
    for (const listener of listeners) {
      if (userId === null || listener.asking.principal.userId === userId) await compare(listener)
    }
  }

  return {
    add({ principal, toolset, requestId }, tell) {
      const asking = { principal, toolset, requestId }
      const listener: Listener = { asking, tell, seen: digest(asking) }
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    mayHaveChanged(userId) {
      if (timers.has(userId)) return
      const look = () => {
        timers.delete(userId)
        void compareAll(userId)
      }
      timers.set(userId, setTimeout(look, SETTLE_MS).unref())
    },
    close() {
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}
