import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useWords } from '../language.ts'
import { dismissToast, useToasts, type Toast } from '../parts/toasts.ts'

/** Milliseconds: long enough to read a line and to reach its button. */
const SHOWN_MS = 8000

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

/** Goes by itself, but not from under a pointer or the focus. */
function ToastLine({ toast: { id, text, action } }: { readonly toast: Toast }) {
  const { t } = useWords()
  const [isHeld, setHeld] = useState(false)
  useEffect(() => {
    if (isHeld) return undefined
    const timer = setTimeout(() => dismissToast(id), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [id, isHeld])
  return (
    <div
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="pointer-events-auto flex max-w-full items-center gap-2 rounded-card border border-line bg-surface py-1 pl-4 pr-1 shadow-float"
    >
      <span className="min-w-0 break-words py-1.5">{text}</span>
      {action === undefined ? null : (
        <button
          type="button"
          className="min-h-9 shrink-0 rounded-control px-2 font-medium text-brass hover:bg-brass-wash"
          onClick={() => {
            dismissToast(id)
            void action.run()
          }}
        >
          {action.label}
        </button>
      )}
      <button
        type="button"
        aria-label={t('close')}
        onClick={() => dismissToast(id)}
        className="grid size-9 shrink-0 place-items-center rounded-control text-ink-soft hover:text-ink"
      >
        <X size={16} strokeWidth={1.5} aria-hidden />
      </button>
    </div>
  )
}
