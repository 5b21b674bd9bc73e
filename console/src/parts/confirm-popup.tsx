import { AlertDialog } from '@base-ui/react/alert-dialog'
import type { ReactNode } from 'react'
import { useWords } from '../language.ts'
import { Button } from './button.tsx'
import { Failure } from './failure.tsx'

export interface ConfirmProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  /** The verb, on the button. */
  readonly verb: string
  readonly busy: boolean
  readonly error: unknown
  readonly onConfirm: () => void
  readonly children: ReactNode
}

/** Before something that cannot be taken back: what it is, by its name, and what it brings about. */
export function ConfirmPopup({ open, onClose, title, verb, busy, error, onConfirm, children }: ConfirmProps) {
  const { t } = useWords()
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="float fixed inset-0 z-40 bg-shade" />
        <AlertDialog.Popup className="float fixed inset-x-4 top-[18dvh] z-50 mx-auto grid max-h-[76dvh] max-w-md gap-4 overflow-y-auto rounded-card border border-line bg-surface p-5 shadow-float">
          <AlertDialog.Title className="text-lg break-words">{title}</AlertDialog.Title>
          <AlertDialog.Description render={<div />} className="text-ink-soft">
            {children}
          </AlertDialog.Description>
          {error === null || error === undefined ? null : <Failure error={error} />}
          <div className="flex flex-wrap justify-end gap-2">
            <AlertDialog.Close render={<Button />}>{t('cancel')}</AlertDialog.Close>
            <Button look="danger" busy={busy} onClick={onConfirm}>
              {verb}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
