import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { textOf } from '../parts/form-text.ts'
import { REASON_CHARACTERS } from '../parts/lengths.ts'
import { Dialog } from '../parts/dialog.tsx'
import { blocksQuery } from './queries.ts'

interface CutOffProps {
  readonly id: string
  readonly name: string
  readonly isCutOff: boolean
}

/** Cuts a provider off with a reason that everybody reads, or lets it in again. */
export function CutOff({ id, name, isCutOff }: CutOffProps) {
  const { t } = useWords()
  const queries = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const change = useMutation({
    mutationFn: (reason: string | null) =>
      reason === null ? client.admin.providerBlocks.lift(id) : client.admin.providerBlocks.set(id, reason),
    async onSuccess() {
      setOpen(false)
      await queries.invalidateQueries({ queryKey: blocksQuery.queryKey })
    },
  })
  if (isCutOff) {
    return (
      <>
        <Button busy={change.isPending} onClick={() => change.mutate(null)}>
          {t('cut_off.lift', { name })}
        </Button>
        {change.isError ? <Failure error={change.error} /> : null}
      </>
    )
  }
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('cut_off.cut', { name })}</Button>
      <Dialog open={isOpen} onClose={() => setOpen(false)} title={t('cut_off.ask', { name })}>
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault()
            change.mutate(textOf(new FormData(event.currentTarget), 'reason').trim())
          }}
        >
          <p className="text-ink-soft">{t('cut_off.text', { name })}</p>
          <Field
            label={t('cut_off.reason')}
            name="reason"
            maxLength={REASON_CHARACTERS}
            hint={t('cut_off.reason_hint')}
            autoComplete="off"
          />
          {change.isError ? <Failure error={change.error} /> : null}
          <Button type="submit" look="danger" className="justify-self-end" busy={change.isPending}>
            {t('cut_off.cut', { name })}
          </Button>
        </form>
      </Dialog>
    </>
  )
}
