import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Navigate, useRouter, useSearch } from '@tanstack/react-router'
import type { SignedIn } from '@chaveiro/sdk'
import { client, keepSession, signUpOfferQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { ownPath } from '../parts/own-path.ts'
import { AccountFrame } from './account-frame.tsx'
import { textOf } from '../parts/form-text.ts'

/** Keeps who signed in, forgets what an earlier user's pages knew, and goes on. */
export function useEntered(next: string | undefined): (entered: SignedIn) => Promise<void> {
  const queries = useQueryClient()
  const router = useRouter()
  return async ({ session, user }) => {
    queries.clear()
    keepSession({ session, user })
    await router.navigate({ to: ownPath(next), replace: true })
  }
}

export function SignInPage() {
  const { t } = useWords()
  const { next, invitation } = useSearch({ from: '/sign-in' })
  const offer = useQuery(signUpOfferQuery).data
  const entered = useEntered(next)
  const signIn = useMutation({ mutationFn: client.auth.signIn, onSuccess: entered })

  // Nobody has an account yet: there is nothing to sign in to.
  if (offer?.is_first === true) return <Navigate to="/sign-up" replace />
  return (
    <AccountFrame title={t('sign_in.title')} lede={t('sign_in.lede')}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          const form = new FormData(event.currentTarget)
          signIn.mutate({ email: textOf(form, 'email'), password: textOf(form, 'password') })
        }}
      >
        <Field label={t('field.email')} name="email" type="email" autoComplete="username" required />
        <Field label={t('field.password')} name="password" type="password" autoComplete="current-password" required />
        {signIn.isError ? <Failure error={signIn.error} /> : null}
        <Button type="submit" look="primary" busy={signIn.isPending}>
          {t('sign_in.action')}
        </Button>
      </form>
      {offer === undefined || offer.mode === 'closed' ? null : (
        <p className="text-sm text-ink-soft">
          {t('sign_in.no_account')}{' '}
          <Link
            to="/sign-up"
            search={{ ...(next === undefined ? {} : { next }), ...(invitation === undefined ? {} : { invitation }) }}
            className="link"
          >
            {t('sign_up.link')}
          </Link>
        </p>
      )}
    </AccountFrame>
  )
}
