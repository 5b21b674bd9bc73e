import { useSyncExternalStore } from 'react'

/** Short words for what the eye could have missed. What changes in view needs none. */
export interface Toast {
  readonly id: number
  readonly text: string
  /** What can still be done about it, such as undoing it. */
  readonly action?: { readonly label: string; readonly run: () => unknown }
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

export function dismissToast(id: number): void {
  keep(toasts.filter((toast) => toast.id !== id))
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
}
