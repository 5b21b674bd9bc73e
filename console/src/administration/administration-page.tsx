import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { lazy, Suspense, type ComponentType } from 'react'
import { sessionQuery } from '../api.ts'
import { useWords, type WordKey } from '../language.ts'
import { Skeletons } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { TAB_LOOK, Tabs } from '../parts/tabs.tsx'
import { Users } from './users.tsx'

// Each part comes when it is opened: somebody who looks after users needs no code for keys.
const Invitations = lazy(async () => ({ default: (await import('./invitations.tsx')).Invitations }))
const Denials = lazy(async () => ({ default: (await import('./denials.tsx')).Denials }))
const Providers = lazy(async () => ({ default: (await import('./providers.tsx')).Providers }))
const Keys = lazy(async () => ({ default: (await import('./keys.tsx')).Keys }))
const Health = lazy(async () => ({ default: (await import('./health.tsx')).Health }))

interface Section {
  readonly id: string
  readonly word: WordKey
  readonly content: ComponentType
}

/** In the order of the tabs; the first is where one arrives. */
const SECTIONS: readonly [Section, ...Section[]] = [
  { id: 'users', word: 'admin.users', content: Users },
  { id: 'invitations', word: 'admin.invitations', content: Invitations },
  { id: 'denials', word: 'admin.denials', content: Denials },
  { id: 'providers', word: 'admin.providers', content: Providers },
  { id: 'keys', word: 'admin.keys', content: Keys },
  { id: 'health', word: 'admin.health', content: Health },
]

/** What the owner and the administrators look after. The server refuses everybody else, whatever they are shown. */
export function AdministrationPage() {
  const { t } = useWords()
  const { section } = useParams({ from: '/inside/administration/$section' })
  const role = useQuery(sessionQuery).data?.user.role
  if (role === 'user') {
    return (
      <Page title={t('place.administration')}>
        <p className="max-w-prose">{t('admin.not_for_you')}</p>
        <p>
          <Link to="/" className="link">
            {t('missing.home')}
          </Link>
        </p>
      </Page>
    )
  }
  const { content: Content } = SECTIONS.find(({ id }) => id === section) ?? SECTIONS[0]
  return (
    <Page title={t('place.administration')} lede={t('admin.lede')}>
      <Tabs label={t('admin.parts')}>
        {SECTIONS.map(({ id, word }) => (
          <li key={id}>
            <Link to="/administration/$section" params={{ section: id }} className={TAB_LOOK}>
              {t(word)}
            </Link>
          </li>
        ))}
      </Tabs>
      <Suspense fallback={<Skeletons count={3} className="h-16" />}>
        <Content />
      </Suspense>
    </Page>
  )
}
