import type { Principal } from '#kernel/principal.ts'
import type { CallAnswer } from '#providers/waiting-caller.ts'

/** Calls that wait for an answer of their user, each under the id of its question; bounded in number and in time. */
export interface WaitingRoom {
  readonly isFull: () => boolean
  readonly enter: (id: string, waiting: Waiting) => void
  /** Takes out the one with this id, where it is this user's and client's: an answer counts once. */
  readonly take: (id: string, principal: Principal) => Waiting | undefined
  /** Ends those of principals that are not to be served any more. */
  readonly endWhere: (isOver: (principal: Principal) => Promise<boolean>, userId: number | null) => Promise<void>
  readonly close: () => void
}

export interface Waiting {
  readonly principal: Principal
  readonly answer: (answer: CallAnswer) => void
  /** Stops the call itself. */
  readonly stop: () => void
}

/** Each has a socket to its server; beyond, questions are declined. */
const WAITING_MAXIMUM = 100

/** @param answerMs milliseconds that a person has for one question; then the server is told that it was closed */
export function createWaitingRoom(answerMs: number): WaitingRoom {
  const room = new Map<string, { readonly waiting: Waiting; readonly timer: NodeJS.Timeout }>()

  function remove(id: string): Waiting | undefined {
    const entry = room.get(id)
    room.delete(id)
    clearTimeout(entry?.timer)
    return entry?.waiting
  }

  function end(id: string): void {
    const waiting = remove(id)
    waiting?.stop()
    waiting?.answer({ action: 'cancel' })
  }

  return {
    isFull: () => room.size >= WAITING_MAXIMUM,
    enter(id, waiting) {
      const timer = setTimeout(() => remove(id)?.answer({ action: 'cancel' }), answerMs).unref()
      room.set(id, { waiting, timer })
    },
    take: (id, principal) => (isOf(room.get(id)?.waiting, principal) ? remove(id) : undefined),
    async endWhere(isOver, userId) {
      for (const [id, { waiting }] of room) {
        const isMeant = userId === null || waiting.principal.userId === userId
        if (isMeant && (await isOver(waiting.principal))) end(id)
      }
    },
    close() {
      for (const id of room.keys()) end(id)
    },
  }
}

function isOf(waiting: Waiting | undefined, { userId, via }: Principal): boolean {
  const principal = waiting?.principal
  return principal?.userId === userId && principal.via.kind === via.kind && principal.via.id === via.id
}
