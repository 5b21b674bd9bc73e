import { useEffect, type RefObject } from 'react'

/** Moves the focus to what has just come in place of what had it. */
export function useFocusOnce(target: RefObject<HTMLElement | null>): void {
  useEffect(() => target.current?.focus(), [target])
}
