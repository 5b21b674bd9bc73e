import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import type { Instance, Invitation, NewInvitation } from '@chaveiro/sdk'
import { client } from '../api.ts'
import { useWords, type WordKey } from '../language.ts'
import { AskFirst } from '../parts/ask-first.tsx'
import { Button } from '../parts/button.tsx'
import { CodeBlock } from '../parts/code-block.tsx'
import { Failure } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { textOf } from '../parts/form-text.ts'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { When } from '../parts/when.tsx'
import { instanceQuery, invitationsQuery } from './queries.ts'

const MODE_WORDS: Readonly<Record<Instance['sign_up']['mode'], WordKey>> = {
  open: 'sign_up_mode.open',
  invitation: 'sign_up_mode.invitation',
  closed: 'sign_up_mode.closed',
}

/** Who may come: the mode of sign-up, and the invitations that wait. */
export function Invitations() {
  const { t } = useWords()
  const invitations = useQuery(invitationsQuery)
  const create = useCreate()
  return (
    <>
      <SignUpMode />
      <section className="grid gap-3">
        <h2 className="text-lg">{t('invitations.new')}</h2>
        <InvitationForm create={create} />
        {create.data === undefined ? null : <InvitationLink key={create.data.id} invitation={create.data} />}
      </section>
      <section className="grid gap-3">
        <h2 className="text-lg">{t('invitations.waiting')}</h2>
        <Loaded query={invitations} skeleton={<Skeletons count={2} className="h-16" />}>
          {(list) =>
            list.length === 0 ? (
              <p className="text-ink-soft">{t('invitations.none')}</p>
            ) : (
              <ul className="divide-y divide-line rounded-card border border-line bg-surface">
                {list.map((invitation) => (
                  <InvitationRow key={invitation.id} invitation={invitation} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
    </>
  )
}

/** The mode is a setting of the process: it is said here how it is changed, and not changed here. */
function SignUpMode() {
  const { t } = useWords()
  const instance = useQuery(instanceQuery)
  return (
    <section className="grid gap-1">
      <h2 className="text-lg">{t('sign_up_mode.title')}</h2>
      <Loaded query={instance} skeleton={<Skeletons count={1} className="h-12" />}>
        {({ sign_up: { mode, setting } }) => (
          <>
            <p>{t(MODE_WORDS[mode])}</p>
            <p className="max-w-prose text-sm text-ink-soft">{t('sign_up_mode.how', { setting })}</p>
          </>
        )}
      </Loaded>
    </section>
  )
}

function useCreate() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: client.invitations.create,
    onSuccess: () => queries.invalidateQueries({ queryKey: invitationsQuery.queryKey }),
  })
}

function InvitationForm({ create }: { readonly create: ReturnType<typeof useCreate> }) {
  const { t } = useWords()
  const form = useRef<HTMLFormElement>(null)
  return (
    <form
      ref={form}
      className="grid max-w-md gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        const email = textOf(new FormData(event.currentTarget), 'email')
        create.mutate(email, { onSuccess: () => form.current?.reset() })
      }}
    >
      <Field label={t('field.email')} name="email" type="email" required autoComplete="off" />
      {create.isError ? <Failure error={create.error} /> : null}
      <Button type="submit" look="primary" className="justify-self-start" busy={create.isPending}>
        {t('invitations.create')}
      </Button>
    </form>
  )
}

function InvitationLink({ invitation: { email, token } }: { readonly invitation: NewInvitation }) {
  const { t } = useWords()
  const link = `${window.location.origin}/sign-up?invitation=${encodeURIComponent(token)}`
  return (
    <div role="status" className="grid max-w-[760px] gap-2 rounded-card border border-good p-4">
      <p className="break-words">{t('invitations.link', { email })}</p>
      <CodeBlock text={link} label={t('invitations.link_label')} />
    </div>
  )
}

function InvitationRow({
  invitation: { id, email, created_at: made, expires_at: ends },
}: {
  readonly invitation: Invitation
}) {
  const { t } = useWords()
  const queries = useQueryClient()
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="break-words font-medium">{email}</p>
        <p className="text-sm text-ink-soft">
          {t('invitations.made')} <When iso={made} /> · {t('invitations.ends')} <When iso={ends} />
        </p>
      </div>
      <AskFirst
        label={t('invitations.withdraw')}
        verb={t('invitations.withdraw_verb', { email })}
        title={t('invitations.withdraw_title', { email })}
        text={<p>{t('invitations.withdraw_text')}</p>}
        act={() => client.invitations.withdraw(id)}
        onDone={() => queries.invalidateQueries({ queryKey: invitationsQuery.queryKey })}
        isLast
      />
    </li>
  )
}
