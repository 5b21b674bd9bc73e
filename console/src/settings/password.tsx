import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { ChaveiroError } from '@chaveiro/sdk'
import { client, keepSession, meSessionsQuery, sessionQuery, signUpOfferQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Failure } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { textOf } from '../parts/form-text.ts'
import { SubmitRow } from '../parts/submit-row.tsx'

/** Another password: the current one proves who asks. Other devices are signed out unless one says otherwise. */
export function Password() {
  const { t } = useWords()
  const queries = useQueryClient()
  const form = useRef<HTMLFormElement>(null)
  const email = useQuery(sessionQuery).data?.user.email
  const change = useMutation({
    mutationFn: client.auth.changePassword,
    async onSuccess({ user, session }) {
      keepSession({ user, session })
      form.current?.reset()
      await queries.invalidateQueries({ queryKey: meSessionsQuery.queryKey })
    },
  })
  const isWrong = change.error instanceof ChaveiroError && change.error.code === 'invalid_credentials'
  return (
    <section className="grid gap-3">
      <h2 className="text-lg">{t('password.title')}</h2>
      <form
        ref={form}
        className="grid max-w-md gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          const typed = new FormData(event.currentTarget)
          change.mutate({
            current_password: textOf(typed, 'current'),
            new_password: textOf(typed, 'new'),
            end_other_sessions: typed.has('others'),
          })
        }}
      >
        {/* Keepers of passwords want to know whose they keep. */}
        <input type="hidden" name="username" autoComplete="username" value={email ?? ''} />
        <Fields isWrong={isWrong} />
        {change.isError && !isWrong ? <Failure error={change.error} /> : null}
        <SubmitRow
          action={t('password.action')}
          busy={change.isPending}
          done={change.isSuccess ? t('password.changed') : ''}
        />
      </form>
    </section>
  )
}

function Fields({ isWrong }: { readonly isWrong: boolean }) {
  const { t } = useWords()
  const minimum = useQuery(signUpOfferQuery).data?.password_minimum ?? 1
  return (
    <>
      <Field
        label={t('password.current')}
        name="current"
        type="password"
        required
        autoComplete="current-password"
        fault={isWrong ? t('password.wrong') : undefined}
      />
      <Field
        label={t('password.new')}
        name="new"
        type="password"
        required
        minLength={minimum}
        autoComplete="new-password"
        hint={t('field.password_hint', { count: minimum })}
      />
      <label className="flex min-h-8 cursor-pointer items-center gap-2">
        <input type="checkbox" name="others" defaultChecked />
        <span>{t('password.end_others')}</span>
      </label>
    </>
  )
}
