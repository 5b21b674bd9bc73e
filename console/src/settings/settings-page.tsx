import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { MySession } from '@chaveiro/sdk'
import { useSignOut } from '../account/use-sign-out.ts'
import { client, meSessionsQuery, sessionQuery } from '../api.ts'
import { useWords, type WordKey } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { Loaded, Skeletons } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { When } from '../parts/when.tsx'
import { keepTheme, storedTheme, THEMES, type Theme } from '../theme.ts'
import { Clients } from './clients.tsx'
import { deviceOf } from './device.ts'
import { LanguageChoice } from './language-choice.tsx'

export function SettingsPage() {
  const { t } = useWords()
  const session = useQuery(sessionQuery).data
  return (
    <Page title={t('place.settings')} action={<SignOut />}>
      <section className="grid gap-1">
        <h2 className="text-lg">{t('settings.account')}</h2>
        <p className="break-words">{session?.user.name}</p>
        <p className="break-words text-ink-soft">{session?.user.email}</p>
      </section>
      <section className="grid gap-2">
        <h2 className="text-lg">{t('settings.language')}</h2>
        <LanguageChoice />
      </section>
      <section className="grid gap-2">
        <h2 className="text-lg">{t('settings.theme')}</h2>
        <ThemeChoice />
      </section>
      <Clients />
      <Sessions />
    </Page>
  )
}

function SignOut() {
  const { t } = useWords()
  const signOut = useSignOut()
  return (
    <div className="grid justify-items-end gap-2">
      <Button busy={signOut.isPending} onClick={() => signOut.mutate()}>
        {t('settings.sign_out')}
      </Button>
      {signOut.isError ? <Failure error={signOut.error} /> : null}
    </div>
  )
}

const THEME_WORDS: Readonly<Record<Theme, WordKey>> = {
  system: 'theme.system',
  light: 'theme.light',
  dark: 'theme.dark',
}

function ThemeChoice() {
  const { t } = useWords()
  const [theme, setTheme] = useState(storedTheme)
  return (
    <fieldset className="flex flex-wrap gap-2">
      <legend className="sr-only">{t('settings.theme')}</legend>
      {THEMES.map((one) => (
        <label
          key={one}
          className="flex min-h-9 cursor-pointer items-center gap-2 px-1 text-sm has-checked:font-medium"
        >
          <input
            type="radio"
            name="theme"
            checked={one === theme}
            onChange={() => {
              keepTheme(one)
              setTheme(one)
            }}
          />
          {t(THEME_WORDS[one])}
        </label>
      ))}
    </fieldset>
  )
}

/** Where the account is signed in, and signing out from afar. */
function Sessions() {
  const { t } = useWords()
  const sessions = useQuery(meSessionsQuery)
  return (
    <section className="grid gap-3">
      <h2 className="text-lg">{t('settings.sessions')}</h2>
      <Loaded query={sessions} skeleton={<Skeletons count={2} className="h-14" />}>
        {(list) => (
          <ul className="divide-y divide-line rounded-card border border-line bg-surface">
            {list.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  )
}

function SessionRow({ session }: { readonly session: MySession }) {
  const { t } = useWords()
  const queries = useQueryClient()
  const end = useMutation({
    mutationFn: () => client.me.endSession(session.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: meSessionsQuery.queryKey }),
  })
  const device = deviceOf(session.user_agent) ?? t('settings.unknown_device')
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 p-4">
      <div className="min-w-0">
        <p className="break-words">{device}</p>
        <p className="text-sm text-ink-soft">
          {session.current ? `${t('settings.this_session')} · ` : ''}
          {session.ip_address === null ? '' : `${session.ip_address} · `}
          <When iso={session.created_at} />
        </p>
        {end.isError ? <Failure error={end.error} /> : null}
      </div>
      {session.current ? null : (
        <Button busy={end.isPending} aria-label={t('settings.end_session_of', { device })} onClick={() => end.mutate()}>
          {t('settings.end_session')}
        </Button>
      )}
    </li>
  )
}
