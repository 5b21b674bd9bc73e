import { useSignOut } from '../account/use-sign-out.ts'
import { useWords, type WordKey } from '../language.ts'
import { Button } from '../parts/button.tsx'
import { Failure } from '../parts/failure.tsx'
import { Page } from '../parts/page.tsx'
import { keepTheme, THEMES, useTheme, type Theme } from '../theme.ts'
import { Deletion } from './deletion.tsx'
import { EmailAddress } from './email-address.tsx'
import { LanguageChoice } from './language-choice.tsx'
import { Password } from './password.tsx'
import { Profile } from './profile.tsx'
import { Sessions } from './sessions.tsx'

export function SettingsPage() {
  const { t } = useWords()
  return (
    <Page title={t('place.settings')} action={<SignOut />}>
      <Profile />
      <EmailAddress />
      <Password />
      <section className="grid gap-2">
        <h2 className="text-lg">{t('settings.language')}</h2>
        <LanguageChoice />
      </section>
      <section className="grid gap-2">
        <h2 className="text-lg">{t('settings.theme')}</h2>
        <ThemeChoice />
      </section>
      <Sessions />
      <p>
        <a href="/docs" hrefLang="en" className="link">
          {t('settings.api')}
        </a>
      </p>
      <Deletion />
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
  const theme = useTheme()
  return (
    <fieldset className="flex flex-wrap gap-2">
      <legend className="sr-only">{t('settings.theme')}</legend>
      {THEMES.map((one) => (
        <label
          key={one}
          className="flex min-h-9 cursor-pointer items-center gap-2 px-1 text-sm has-checked:font-medium"
        >
          <input type="radio" name="theme" checked={one === theme} onChange={() => keepTheme(one)} />
          {t(THEME_WORDS[one])}
        </label>
      ))}
    </fieldset>
  )
}
