import { useMutation, useQuery, type UseMutationResult } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { ChaveiroError, type SignedIn, type SignUp, type SignUpOffer } from '@chaveiro/sdk'
import { client, signUpOfferQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { NAME_CHARACTERS } from '../parts/lengths.ts'
import { Loaded } from '../parts/loaded.tsx'
import { toldProblem } from '../parts/problem-words.ts'
import { AccountFrame } from './account-frame.tsx'
import { textOf } from '../parts/form-text.ts'
import { useEntered } from './sign-in-page.tsx'

export function SignUpPage() {
  const { t } = useWords()
  const { next } = useSearch({ from: '/sign-up' })
  const offer = useQuery(signUpOfferQuery)
  const isFirst = offer.data?.is_first === true
  return (
    <AccountFrame
      title={isFirst ? t('sign_up.first_title') : t('sign_up.title')}
      lede={isFirst ? t('sign_up.first_lede') : t('sign_up.lede')}
    >
      <Loaded query={offer} skeleton={<div className="skeleton h-56" />}>
        {(value) =>
          value.mode === 'closed' && !value.is_first ? <p>{t('sign_up.closed')}</p> : <SignUpForm offer={value} />
        }
      </Loaded>
      {isFirst ? null : (
        <p className="text-sm text-ink-soft">
          {t('sign_up.have_account')}{' '}
          <Link to="/sign-in" search={next === undefined ? {} : { next }} className="link">
            {t('sign_in.link')}
          </Link>
        </p>
      )}
    </AccountFrame>
  )
}

function SignUpForm({ offer }: { readonly offer: SignUpOffer }) {
  const { t } = useWords()
  const { next, invitation = '' } = useSearch({ from: '/sign-up' })
  const entered = useEntered(next)
  const signUp = useMutation({ mutationFn: client.auth.signUp, onSuccess: entered })
  const fault = useFaultOf(signUp)
  const needsInvitation = offer.mode === 'invitation' && !offer.is_first
  // Who comes by the link of an invitation uses it up, even where none is needed; it can be emptied there.
  const showsInvitation = needsInvitation || invitation !== ''
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        signUp.mutate(typedIn(event.currentTarget))
      }}
    >
      <Field
        label={t('field.name')}
        name="name"
        autoComplete="name"
        required
        maxLength={NAME_CHARACTERS}
        fault={fault('name')}
      />
      <Field
        label={t('field.email')}
        name="email"
        type="email"
        autoComplete="username"
        required
        fault={fault('email')}
      />
      <Field
        label={t('field.password')}
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={offer.password_minimum}
        hint={t('field.password_hint', { count: offer.password_minimum })}
        fault={fault('password')}
      />
      {showsInvitation ? (
        <Field
          label={t('field.invitation')}
          name="invitation"
          defaultValue={invitation}
          required={needsInvitation}
          hint={t('field.invitation_hint')}
        />
      ) : null}
      {signUp.isError && !isAboutField(signUp.error) ? <Failure error={signUp.error} /> : null}
      <Button type="submit" look="primary" busy={signUp.isPending}>
        {t('sign_up.action')}
      </Button>
    </form>
  )
}

function typedIn(element: HTMLFormElement): SignUp {
  const form = new FormData(element)
  const invitation = textOf(form, 'invitation').trim()
  return {
    name: textOf(form, 'name'),
    email: textOf(form, 'email'),
    password: textOf(form, 'password'),
    ...(invitation === '' ? {} : { invitation }),
  }
}

const FIELDS = new Set(['name', 'email', 'password'])

function isAboutField(error: unknown): boolean {
  return error instanceof ChaveiroError && error.path !== undefined && FIELDS.has(error.path)
}

/** What the server found wrong with one field, for that field. */
function useFaultOf({ error }: UseMutationResult<SignedIn, Error, SignUp>): (field: string) => string | undefined {
  const words = useWords()
  return (field) => {
    if (!(error instanceof ChaveiroError) || error.path !== field) return undefined
    if (field === 'email' && error.code === 'conflict') return words.t('problem.email_taken')
    return toldProblem(error, words).text
  }
}
