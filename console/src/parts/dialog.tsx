import { lazy, Suspense } from 'react'
import type { DialogProps } from './dialog-popup.tsx'
import { useWasTrue } from './was-true.ts'

const Popup = lazy(async () => ({ default: (await import('./dialog-popup.tsx')).DialogPopup }))

/** One task over the page. Its code comes with the first one: no page needs it before. */
export function Dialog(props: DialogProps) {
  const wasOpen = useWasTrue(props.open)
  return wasOpen ? (
    <Suspense fallback={null}>
      <Popup {...props} />
    </Suspense>
  ) : null
}
