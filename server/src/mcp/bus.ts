import { InMemoryServerEventBus, type ServerEventBus } from '@modelcontextprotocol/server'

/**
 * One bus of changes for each user who listens, so that a change of one user's list reaches no other: the library's own
 * bus is shared by everybody whom one handler serves.
 */
export interface UserBuses {
  readonly of: (userId: number) => ServerEventBus
  /** Of one user, or of everybody where it is not known whose list has changed. */
  readonly toolsChanged: (userId: number | null) => void
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
      const concerned = userId === null ? [...buses.values()] : [buses.get(userId)]
      for (const bus of concerned) bus?.publish({ kind: 'tools_list_changed' })
    },
  }
}
