import { lazy, Suspense } from 'react'
import type { ConfirmProps } from './confirm-popup.tsx'
import { useWasTrue } from './was-true.ts'

const Popup = lazy(async () => ({ default: (await import('./confirm-popup.tsx')).ConfirmPopup }))

/** Before something that cannot be taken back: what it is, by its name, and what it brings about. */
export function Confirm(props: ConfirmProps) {
  const wasOpen = useWasTrue(props.open)
  return wasOpen ? (
    <Suspense fallback={null}>
      <Popup {...props} />
    </Suspense>
  ) : null
}
