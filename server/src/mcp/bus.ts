import { InMemoryServerEventBus, type ServerEventBus } from '@modelcontextprotocol/server'

/**
 * One bus of changes for each user who listens, so that a change of one user's list reaches no other: the library's own
 * bus is shared by everybody whom one handler serves.
 */
export interface UserBuses {
  readonly of: (userId: number) => ServerEventBus
  readonly toolsChanged: (userId: number) => void
}

export function createUserBuses(): UserBuses {
  const buses = new Map<number, InMemoryServerEventBus>()
  return {
    of(userId) {
      return {
        publish: (event) => buses.get(userId)?.publish(event),
        subscribe(listener) {
          const bus = buses.get(userId) ?? new InMemoryServerEventBus()
          buses.set(userId, bus)
          const unsubscribe = bus.subscribe(listener)
          return () => {
            unsubscribe()
            if (bus.listenerCount === 0) buses.delete(userId)
          }
        },
      }
    },
    toolsChanged(userId) {
      buses.get(userId)?.publish({ kind: 'tools_list_changed' })
    },
  }
}
