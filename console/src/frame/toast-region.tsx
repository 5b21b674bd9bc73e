import { X } from 'lucide-react'
import { useEffect, useRef, useState, type FocusEvent } from 'react'
import { useWords } from '../language.ts'
import { actOnToast, dismissToast, useToasts, type Toast } from '../parts/toasts.ts'

/** Milliseconds: long enough to read a line and to reach its button, without a mouse too. */
const SHOWN_MS = 10_000

/** Always there, so that what appears in it is read out. */
export function ToastRegion() {
  const toasts = useToasts()
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-4 bottom-20 z-50 grid justify-items-center gap-2 md:bottom-6"
    >
      {toasts.map((toast) => (
        <ToastLine key={toast.id} toast={toast} />
      ))}
    </div>
  )
}

/** Goes by itself, but not from under a pointer or the focus. Answered, it gives the focus back to where it came from. */
function ToastLine({ toast: { id, text, action } }: { readonly toast: Toast }) {
  const { t } = useWords()
  const [isHeld, setHeld] = useState(false)
  const cameFrom = useRef<Element | null>(null)
  useEffect(() => {
    if (isHeld) return undefined
    const timer = setTimeout(() => dismissToast(id), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [id, isHeld])
  const hold = ({ currentTarget, relatedTarget }: FocusEvent) => {
    setHeld(true)
    if (!currentTarget.contains(relatedTarget)) cameFrom.current = relatedTarget
  }
  const leave = (act: (id: number) => void) => {
    const place = cameFrom.current?.isConnected === true ? cameFrom.current : document.querySelector('h1')
    if (place instanceof HTMLElement) place.focus({ preventScroll: true })
    act(id)
  }
  return (
    <div
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={hold}
      onBlur={() => setHeld(false)}
      className="pointer-events-auto flex max-w-full items-center gap-2 rounded-card border border-line bg-surface py-1 pl-4 pr-1 shadow-float"
    >
      <span className="min-w-0 break-words py-1.5">{text}</span>
      {action === undefined ? null : (
        <button
          type="button"
          className="min-h-9 shrink-0 rounded-control px-2 font-medium text-brass hover:bg-brass-wash"
          onClick={() => leave(actOnToast)}
        >
          {action.label}
        </button>
      )}
      <button
        type="button"
        aria-label={t('close')}
        onClick={() => leave(dismissToast)}
        className="grid size-9 shrink-0 place-items-center rounded-control text-ink-soft hover:text-ink"
      >
        <X size={16} strokeWidth={1.5} aria-hidden />
      </button>
    </div>
  )
}
