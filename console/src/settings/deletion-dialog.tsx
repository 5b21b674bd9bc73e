import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { ChaveiroError } from '@chaveiro/sdk'
import type { DisconnectReceipt } from '@chaveiro/sdk'
import { client, DELETION_KEY, keepSession } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Failure } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { textOf } from '../parts/form-text.ts'

interface DeletionDialogProps {
  /** Of the account, to be typed. */
  readonly name: string
  readonly onClose: () => void
}

/** What goes, by its name and with the password; then what is left to do elsewhere. */
export function DeletionDialog({ name, onClose }: DeletionDialogProps) {
  const { t } = useWords()
  const queries = useQueryClient()
  const router = useRouter()
  // Nobody is signed in from then on: what is asked for again on coming back must not lead away from what is left to do.
  const deletion = useMutation({
    mutationKey: DELETION_KEY,
    mutationFn: client.me.deleteAccount,
    onSuccess: () => keepSession(null),
  })
  const leave = async () => {
    queries.clear()
    keepSession(null)
    await router.navigate({ to: '/sign-in' })
  }
  const close = () => {
    if (deletion.isSuccess) void leave()
    // Its answer is told once.
    else if (!deletion.isPending) onClose()
  }
  return (
    <Dialog open onClose={close} title={t(deletion.isSuccess ? 'deletion.done' : 'deletion.ask', { name })}>
      {deletion.data === undefined ? (
        <DeletionForm
          name={name}
          error={deletion.error}
          busy={deletion.isPending}
          onClose={close}
          onDelete={(password) => deletion.mutate({ password, name })}
        />
      ) : (
        <Left receipts={deletion.data.receipts} onLeave={() => void leave()} />
      )}
    </Dialog>
  )
}

interface DeletionFormProps extends DeletionDialogProps {
  readonly error: unknown
  readonly busy: boolean
  readonly onDelete: (password: string) => void
}

function DeletionForm({ name, error, busy, onClose, onDelete }: DeletionFormProps) {
  const { t } = useWords()
  const [typed, setTyped] = useState('')
  const isWrong = error instanceof ChaveiroError && error.code === 'invalid_credentials'
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        onDelete(textOf(new FormData(event.currentTarget), 'password'))
      }}
    >
      <ul className="grid list-disc gap-1 pl-5 text-ink-soft">
        <li>{t('deletion.goes')}</li>
        <li>{t('deletion.connections')}</li>
        <li>{t('deletion.record')}</li>
      </ul>
      <Field
        label={t('deletion.name', { name })}
        autoComplete="off"
        spellCheck={false}
        required
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Field
        label={t('email.password')}
        name="password"
        type="password"
        autoComplete="current-password"
        required
        fault={isWrong ? t('password.wrong') : undefined}
      />
      {error === null || isWrong ? null : <Failure error={error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button disabled={busy} onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button type="submit" look="danger" busy={busy} disabled={typed.trim() !== name.trim()}>
          {t('deletion.action', { name })}
        </Button>
      </div>
    </form>
  )
}

/** The keys that still work at their providers, which only their user can end. */
function Left({
  receipts,
  onLeave,
}: {
  readonly receipts: readonly DisconnectReceipt[]
  readonly onLeave: () => void
}) {
  const { t } = useWords()
  const left = receipts.filter(({ revoked_at_provider: isRevoked }) => !isRevoked)
  return (
    <div role="status" className="grid gap-4">
      <p>{t(left.length === 0 ? 'deletion.nothing_left' : 'deletion.left')}</p>
      {left.length === 0 ? null : (
        <ul className="grid gap-2">
          {left.map(({ connection_id: id, label, next_step: step }) => (
            <li key={id} className="grid gap-0.5">
              <span className="break-words font-medium">{label}</span>
              <span lang="en" className="break-words text-sm text-ink-soft">
                {step}
              </span>
            </li>
          ))}
        </ul>
      )}
      <Button look="primary" className="justify-self-end" onClick={onLeave} autoFocus>
        {t('deletion.leave')}
      </Button>
    </div>
  )
}
