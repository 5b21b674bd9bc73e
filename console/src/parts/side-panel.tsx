import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { useEffect, useRef, type KeyboardEventHandler, type ReactNode } from 'react'
import { useWords } from '../language.ts'

interface SidePanelProps {
  readonly title: string
  readonly onClose: () => void
  /** What gets the focus when it closes. */
  readonly returnTo: () => HTMLElement | null
  readonly onKeyDown?: KeyboardEventHandler
  readonly children: ReactNode
}

/** More about one thing, beside the list that it is from, which can still be used; over it on a phone. */
export function SidePanel({ title, onClose, returnTo, onKeyDown, children }: SidePanelProps) {
  const { t } = useWords()
  const back = useRef(returnTo)
  back.current = returnTo
  // By hand: who closes it takes it away at once, and the dialog's own way back takes some frames.
  useEffect(() => () => back.current()?.focus(), [])
  return (
    <Base.Root open modal={false} disablePointerDismissal onOpenChange={(next) => (next ? undefined : onClose())}>
      <Base.Portal>
        <Base.Popup
          finalFocus={false}
          onKeyDown={onKeyDown}
          className="float fixed inset-y-0 right-0 z-40 w-full overflow-y-auto border-l border-line bg-surface p-5 shadow-float sm:max-w-md"
        >
          <Base.Title className="mb-4 min-w-0 break-words pr-9 text-lg">{title}</Base.Title>
          {children}
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
