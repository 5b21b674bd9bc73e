import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import type { Thread } from '@chaveiro/sdk'
import { client, threadsQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Failure } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { textOf } from '../parts/form-text.ts'
import { THREAD_PAGES_KEY } from './thread-pages.ts'

/** What the server takes. */
const TITLE_CHARACTERS = 200

interface ChangeProps {
  readonly thread: Pick<Thread, 'id' | 'title'>
  readonly onClose: () => void
}

function useListsAnew(): () => Promise<unknown> {
  const queries = useQueryClient()
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: threadsQuery.queryKey, exact: true }),
      queries.invalidateQueries({ queryKey: THREAD_PAGES_KEY }),
    ])
}

export function RenameThread({ thread, onClose }: ChangeProps) {
  const { t } = useWords()
  const queries = useQueryClient()
  const listsAnew = useListsAnew()
  const rename = useMutation({
    mutationFn: (title: string) => client.threads.rename(thread.id, title),
    async onSuccess() {
      onClose()
      await Promise.all([queries.invalidateQueries({ queryKey: ['threads', thread.id] }), listsAnew()])
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    rename.mutate(textOf(new FormData(event.currentTarget), 'title').trim())
  }
  return (
    <Dialog open onClose={onClose} title={t('chat.rename_title')}>
      <form className="grid gap-4" onSubmit={submit}>
        <Field
          label={t('chat.title_field')}
          name="title"
          defaultValue={thread.title}
          required
          maxLength={TITLE_CHARACTERS}
          autoComplete="off"
        />
        {rename.isError ? <Failure error={rename.error} /> : null}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" look="primary" busy={rename.isPending}>
            {t('save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

export function DeleteThread({ thread, isCurrent, onClose }: ChangeProps & { readonly isCurrent: boolean }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const listsAnew = useListsAnew()
  const remove = useMutation({
    mutationFn: () => client.threads.delete(thread.id),
    async onSuccess() {
      onClose()
      if (isCurrent) await navigate({ to: '/chat' })
      await listsAnew()
    },
  })
  return (
    <Confirm
      open
      onClose={onClose}
      title={t('chat.delete_title', { title: thread.title })}
      verb={t('chat.delete_verb')}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
    >
      <p>{t('chat.delete_text')}</p>
    </Confirm>
  )
}
