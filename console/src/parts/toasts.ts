import { useSyncExternalStore } from 'react'

/** Short words for what the eye could have missed. What changes in view needs none. */
export interface Toast {
  readonly id: number
  readonly text: string
  /** What can still be done about it, such as undoing it. */
  readonly action?: { readonly label: string; readonly run: () => unknown }
  /** What was put off for as long as it could be undone: done when it has gone, and its action was not taken. */
  readonly onGone?: () => void
}

let toasts: readonly Toast[] = []
let lastId = 0
const listeners = new Set<() => void>()

function keep(next: readonly Toast[]): void {
  toasts = next
  listeners.forEach((listener) => listener())
}

export function showToast(toast: Omit<Toast, 'id'>): void {
  lastId += 1
  keep([...toasts, { ...toast, id: lastId }])
}

/** By its reader, or by the time. */
export function dismissToast(id: number): void {
  take(id)?.onGone?.()
}

export function actOnToast(id: number): void {
  void take(id)?.action?.run()
}

function take(id: number): Toast | undefined {
  const taken = toasts.find((toast) => toast.id === id)
  keep(toasts.filter((toast) => toast !== taken))
  return taken
}

// Who closes the console can undo nothing any more.
globalThis.window?.addEventListener('pagehide', () => {
  for (const { id, onGone } of toasts) if (onGone !== undefined) dismissToast(id)
})

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
}
