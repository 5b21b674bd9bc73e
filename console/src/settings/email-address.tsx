import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { ChaveiroError } from '@chaveiro/sdk'
import { client, keepSession, meSessionsQuery, sessionQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Failure } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { textOf } from '../parts/form-text.ts'
import { EMAIL_CHARACTERS } from '../parts/lengths.ts'
import { SubmitRow } from '../parts/submit-row.tsx'

/** Another address to sign in with. It counts at once, so the password says who asks. */
export function EmailAddress() {
  const { t } = useWords()
  const queries = useQueryClient()
  const form = useRef<HTMLFormElement>(null)
  const session = useQuery(sessionQuery).data
  const change = useMutation({
    mutationFn: client.me.changeEmail,
    async onSuccess(user) {
      if (session !== null && session !== undefined) keepSession({ ...session, user })
      form.current?.reset()
      await queries.invalidateQueries({ queryKey: meSessionsQuery.queryKey })
    },
  })
  const code = change.error instanceof ChaveiroError ? change.error.code : undefined
  const [isWrong, isTaken] = [code === 'invalid_credentials', code === 'conflict']
  return (
    <section className="grid gap-3">
      <h2 className="text-lg">{t('email.title')}</h2>
      <form
        ref={form}
        className="grid max-w-md gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          const typed = new FormData(event.currentTarget)
          change.mutate({ email: textOf(typed, 'email').trim(), password: textOf(typed, 'password') })
        }}
      >
        <p className="break-words text-ink-soft">{t('email.now', { email: session?.user.email ?? '' })}</p>
        <Field
          label={t('email.new')}
          name="email"
          type="email"
          required
          maxLength={EMAIL_CHARACTERS}
          autoComplete="email"
          hint={t('email.hint')}
          fault={isTaken ? t('email.taken') : undefined}
        />
        <Field
          label={t('email.password')}
          name="password"
          type="password"
          required
          autoComplete="current-password"
          fault={isWrong ? t('password.wrong') : undefined}
        />
        {change.isError && !isWrong && !isTaken ? <Failure error={change.error} /> : null}
        <SubmitRow
          action={t('email.action')}
          busy={change.isPending}
          done={change.isSuccess ? t('email.changed') : ''}
        />
      </form>
    </section>
  )
}
