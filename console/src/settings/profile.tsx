import { useMutation, useQuery } from '@tanstack/react-query'
import { client, keepSession, sessionQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Failure } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { textOf } from '../parts/form-text.ts'
import { NAME_CHARACTERS } from '../parts/lengths.ts'
import { SubmitRow } from '../parts/submit-row.tsx'

/** The name that others see. */
export function Profile() {
  const { t } = useWords()
  const session = useQuery(sessionQuery).data
  const rename = useMutation({
    mutationFn: client.me.rename,
    onSuccess(user) {
      if (session !== null && session !== undefined) keepSession({ ...session, user })
    },
  })
  return (
    <section className="grid gap-3">
      <h2 className="text-lg">{t('settings.account')}</h2>
      <form
        className="grid max-w-md gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          rename.mutate(textOf(new FormData(event.currentTarget), 'name'))
        }}
      >
        <Field
          label={t('field.name')}
          name="name"
          required
          maxLength={NAME_CHARACTERS}
          autoComplete="name"
          defaultValue={session?.user.name ?? ''}
        />
        {rename.isError ? <Failure error={rename.error} /> : null}
        <SubmitRow action={t('save')} busy={rename.isPending} done={rename.isSuccess ? t('saved') : ''} />
      </form>
    </section>
  )
}
