import { Link } from '@tanstack/react-router'
import { useWords } from '../language.ts'
import { TAB_LOOK, Tabs } from '../parts/tabs.tsx'

const PARTS = [
  { to: '/access', word: 'clients.tab' },
  { to: '/access/connect', word: 'connect_client.tab' },
  { to: '/access/tokens', word: 'tokens.tab' },
] as const

/** Everything by which programs come in. */
export function AccessTabs() {
  const { t } = useWords()
  return (
    <Tabs label={t('clients.parts')}>
      {PARTS.map(({ to, word }) => (
        <li key={to}>
          <Link to={to} activeOptions={{ exact: true }} className={TAB_LOOK}>
            {t(word)}
          </Link>
        </li>
      ))}
    </Tabs>
  )
}
