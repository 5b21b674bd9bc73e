import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { DisconnectReceipt, ManagedUser, UserChange } from '@chaveiro/sdk'
import { client, sessionQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { AskFirst } from '../parts/ask-first.tsx'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { Field } from '../parts/field.tsx'
import { textOf } from '../parts/form-text.ts'
import { REASON_CHARACTERS } from '../parts/lengths.ts'
import { When } from '../parts/when.tsx'
import { USERS_KEY } from './queries.ts'
import { Receipts } from './receipts.tsx'
import { ROLE_WORDS } from './role-words.ts'

interface UserPanelProps {
  readonly user: ManagedUser
  readonly onGone: () => void
}

/** What may be done about one user. The server has the last word on who may manage whom. */
export function UserPanel({ user, onGone }: UserPanelProps) {
  const { t } = useWords()
  const { isOwner, mayManage } = useRights(user)
  const [receipts, setReceipts] = useState<readonly DisconnectReceipt[]>()
  const [said, setSaid] = useState('')
  return (
    <div className="grid gap-5">
      <Who user={user} />
      <p role="status" className="text-good empty:hidden">
        {said}
      </p>
      {mayManage ? <Access user={user} onSaid={setSaid} /> : <p className="text-ink-soft">{t('users.not_yours')}</p>}
      {mayManage && isOwner ? <RoleChoice user={user} onSaid={setSaid} /> : null}
      {receipts === undefined ? null : <Receipts receipts={receipts} />}
      {isOwner ? <DisconnectAll user={user} onDone={setReceipts} /> : null}
      {mayManage ? <DeleteUser user={user} onGone={onGone} /> : null}
    </div>
  )
}

/** As the server decides it: the owner manages everyone else, administrators manage users. */
function useRights({ id, role }: ManagedUser) {
  const me = useQuery(sessionQuery).data?.user
  const isOwner = me?.role === 'owner'
  return { isOwner, mayManage: id !== me?.id && role !== 'owner' && (isOwner || role === 'user') }
}

function Who({ user }: { readonly user: ManagedUser }) {
  const { t } = useWords()
  return (
    <div className="grid gap-1">
      <p className="break-words">{user.email}</p>
      <p className="text-sm text-ink-soft">
        {t(ROLE_WORDS[user.role])} · {t('users.since')} <When iso={user.created_at} />
      </p>
      {user.banned ? <p className="break-words text-sm text-bad">{bannedText(user, t)}</p> : null}
      <p>
        <Link to="/administration/$section" params={{ section: 'denials' }} search={{ user: user.id }} className="link">
          {t('users.denials')}
        </Link>
      </p>
    </div>
  )
}

function bannedText({ ban_reason: reason }: ManagedUser, t: ReturnType<typeof useWords>['t']): string {
  return reason === null || reason === '' ? t('users.disabled') : t('users.disabled_because', { reason })
}

function useChange(user: ManagedUser, onChanged: () => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (change: UserChange) => client.admin.users.change(user.id, change),
    async onSuccess() {
      onChanged()
      await queries.invalidateQueries({ queryKey: USERS_KEY })
    },
  })
}

interface PartProps {
  readonly user: ManagedUser
  readonly onSaid: (text: string) => void
}

/** Disabling is undone by one press, so it asks for a reason and not for a confirmation. */
function Access({ user, onSaid }: PartProps) {
  const { t } = useWords()
  const { name } = user
  const change = useChange(user, () => onSaid(t(user.banned ? 'users.enabled_now' : 'users.disabled_now', { name })))
  return (
    <form
      className="grid gap-3 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault()
        const reason = textOf(new FormData(event.currentTarget), 'reason').trim()
        change.mutate(user.banned ? { banned: false } : { banned: true, ban_reason: reason === '' ? null : reason })
      }}
    >
      {user.banned ? null : (
        <Field
          label={t('users.reason')}
          name="reason"
          maxLength={REASON_CHARACTERS}
          hint={t('users.reason_hint')}
          autoComplete="off"
        />
      )}
      {change.isError ? <Failure error={change.error} /> : null}
      <Button type="submit" className="justify-self-start" busy={change.isPending}>
        {t(user.banned ? 'users.enable' : 'users.disable', { name })}
      </Button>
    </form>
  )
}

function RoleChoice({ user, onSaid }: PartProps) {
  const { t } = useWords()
  const next = user.role === 'admin' ? 'user' : 'admin'
  const change = useChange(user, () => onSaid(t('users.role_changed', { name: user.name, role: t(ROLE_WORDS[next]) })))
  return (
    <div className="grid justify-items-start gap-2 border-t border-line pt-4">
      <p className="text-sm text-ink-soft">{t('users.role_text')}</p>
      {change.isError ? <Failure error={change.error} /> : null}
      <Button busy={change.isPending} onClick={() => change.mutate({ role: next })}>
        {t(next === 'admin' ? 'users.make_admin' : 'users.make_user')}
      </Button>
    </div>
  )
}

function DisconnectAll({
  user: { id, name },
  onDone,
}: {
  readonly user: ManagedUser
  readonly onDone: (receipts: readonly DisconnectReceipt[]) => void
}) {
  const { t } = useWords()
  return (
    <div className="border-t border-line pt-4">
      <AskFirst
        label={t('users.disconnect_all')}
        verb={t('users.disconnect_all_verb', { name })}
        title={t('users.disconnect_all_title', { name })}
        text={<p>{t('users.disconnect_all_text')}</p>}
        act={() => client.admin.users.disconnectAll(id)}
        onDone={({ receipts }) => onDone(receipts)}
      />
    </div>
  )
}

function DeleteUser({ user: { id, name }, onGone }: UserPanelProps) {
  const { t } = useWords()
  const queries = useQueryClient()
  return (
    <div className="border-t border-line pt-4">
      <AskFirst
        look="danger"
        label={t('users.delete')}
        verb={t('users.delete_verb', { name })}
        title={t('users.delete_title', { name })}
        text={<p>{t('users.delete_text')}</p>}
        act={() => client.admin.users.delete(id)}
        onDone={() => {
          onGone()
          return queries.invalidateQueries({ queryKey: USERS_KEY })
        }}
        isLast
      />
    </div>
  )
}
