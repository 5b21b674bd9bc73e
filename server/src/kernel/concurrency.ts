/** How many things one key may do at the same moment in this process. */
export interface ConcurrencyGate {
  /** The function that frees the place again (safe to call twice), or null where all places are taken. */
  readonly enter: (key: string | number) => (() => void) | null
}

/** @param places at the same time for one key; counted per replica, for it protects the replica's own memory. */
export function createConcurrencyGate(places: number): ConcurrencyGate {
  const taken = new Map<string | number, number>()
  return {
    enter(key) {
      const count = taken.get(key) ?? 0
      if (count >= places) return null
      taken.set(key, count + 1)
      let inside = true
      return () => {
        if (!inside) return
        inside = false
        const left = (taken.get(key) ?? 1) - 1
        if (left === 0) taken.delete(key)
        else taken.set(key, left)
      }
    },
  }
}
