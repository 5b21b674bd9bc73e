import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useWords } from '../language.ts'

export interface DialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly children: ReactNode
}

/** One task over the page. It ends by its button, by Escape, or by pressing beside it; the focus goes back where it was. */
export function DialogPopup({ open, onClose, title, children }: DialogProps) {
  const { t } = useWords()
  return (
    <Base.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Base.Portal>
        <Base.Backdrop className="float fixed inset-0 z-40 bg-shade" />
        <Base.Popup className="float fixed inset-x-0 bottom-0 z-50 mx-auto max-h-[92dvh] w-full max-w-lg overflow-y-auto rounded-t-card border border-line bg-surface p-5 shadow-float sm:bottom-auto sm:top-[8dvh] sm:max-h-[84dvh] sm:rounded-card">
          <Base.Title className="mb-4 min-w-0 break-words pr-9 text-lg">{title}</Base.Title>
          {children}
          {/* Last, so that the focus goes to the task first. */}
          <Base.Close
            aria-label={t('close')}
            className="absolute right-3 top-3 grid size-9 place-items-center rounded-control text-ink-soft hover:text-ink"
          >
            <X size={16} strokeWidth={1.5} aria-hidden />
          </Base.Close>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
