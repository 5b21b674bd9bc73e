import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Ellipsis, PanelLeftClose, PanelLeftOpen, Search } from 'lucide-react'
import { serversQuery } from '../api.ts'
import { useWords } from '../language.ts'
import { Mark } from '../parts/mark.tsx'
import { isApple } from './keys.ts'
import { PHONE_PLACES, usePlaces, type Place } from './places.ts'

const ON_PHONE =
  'relative flex min-h-14 w-full flex-col items-center justify-center gap-0.5 rounded-control px-0.5 text-xs md:min-h-9 md:flex-row md:justify-start md:gap-2.5 md:px-2 md:text-base'

interface RailProps {
  readonly isFolded: boolean
  readonly onFold: () => void
  readonly onSearch: () => void
  readonly onMore: () => void
}

/** The places at the left, or at the bottom of a phone. Folded, it shows their signs alone. */
export function Rail({ isFolded, onFold, onSearch, onMore }: RailProps) {
  const { t } = useWords()
  const places = usePlaces()
  const Fold = isFolded ? PanelLeftOpen : PanelLeftClose
  return (
    <nav
      id="rail"
      aria-label={t('places')}
      className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:sticky md:top-0 md:flex md:h-dvh md:flex-col md:overflow-y-auto md:border-r md:border-t-0 md:bg-paper md:px-3 md:py-4"
    >
      <Link
        to="/"
        title={isFolded ? 'Chaveiro' : undefined}
        className="mb-4 hidden items-center gap-2 rounded-control px-1.5 text-lg font-semibold md:flex"
      >
        <Mark size={22} />
        <span className={isFolded ? 'sr-only' : ''}>Chaveiro</span>
      </Link>
      <button
        type="button"
        onClick={onSearch}
        aria-keyshortcuts="Control+K Meta+K"
        title={isFolded ? t('palette.open') : undefined}
        className="mb-3 hidden min-h-9 w-full shrink-0 items-center gap-2 rounded-control border border-line bg-surface px-2 py-1.5 text-sm text-ink-soft hover:border-edge md:flex"
      >
        <Search size={16} strokeWidth={1.5} aria-hidden className="shrink-0" />
        <span className={isFolded ? 'sr-only' : 'grow text-left'}>{t('palette.open')}</span>
        {isFolded ? null : <kbd className="font-mono text-xs">{isApple() ? '⌘K' : 'Ctrl K'}</kbd>}
      </button>
      <ul className="flex md:grid md:gap-0.5">
        {places.map((place, index) => (
          <RailLink key={place.to} place={place} isFolded={isFolded} isOnPhone={index < PHONE_PLACES} />
        ))}
        <li className="min-w-0 flex-auto md:hidden">
          <button type="button" aria-haspopup="dialog" onClick={onMore} className={`${ON_PHONE} text-ink-soft`}>
            <Ellipsis size={16} strokeWidth={1.5} aria-hidden className="shrink-0" />
            <span className="max-w-full truncate">{t('more.open')}</span>
          </button>
        </li>
      </ul>
      <button
        type="button"
        onClick={onFold}
        aria-expanded={!isFolded}
        aria-controls="rail"
        title={isFolded ? t('rail.unfold') : undefined}
        className="mt-auto hidden min-h-9 w-full shrink-0 items-center gap-2.5 rounded-control px-2 text-sm text-ink-soft hover:text-ink md:flex"
      >
        <Fold size={16} strokeWidth={1.5} aria-hidden className="shrink-0" />
        <span className={isFolded ? 'sr-only' : ''}>{isFolded ? t('rail.unfold') : t('rail.fold')}</span>
      </button>
    </nav>
  )
}

interface RailLinkProps {
  readonly place: Place
  readonly isFolded: boolean
  readonly isOnPhone: boolean
}

function RailLink({ place: { to, word, icon: Icon }, isFolded, isOnPhone }: RailLinkProps) {
  const { t } = useWords()
  return (
    <li className={`min-w-0 flex-auto md:block md:flex-none ${isOnPhone ? '' : 'hidden'}`}>
      <Link
        to={to}
        title={isFolded ? t(word) : undefined}
        activeProps={{ className: 'text-ink font-medium md:bg-line/60' }}
        inactiveProps={{ className: 'text-ink-soft hover:text-ink' }}
        className={ON_PHONE}
      >
        <Icon size={16} strokeWidth={1.5} aria-hidden className="shrink-0" />
        <span className={`max-w-full truncate ${isFolded ? 'md:sr-only' : ''}`}>{t(word)}</span>
        {to === '/connections' ? <ChangedTools /> : null}
      </Link>
    </li>
  )
}

/** That tools of a remote server wait to be accepted. */
function ChangedTools() {
  const { t } = useWords()
  const count = useQuery(serversQuery).data?.reduce((sum, { changed_tools: changed }) => sum + changed, 0) ?? 0
  if (count === 0) return null
  return (
    <span
      title={t('server.changes', { count })}
      className="absolute right-2 top-2 size-2 rounded-full bg-warn md:static md:ml-auto md:mr-1"
    >
      <span className="sr-only">{t('server.changes', { count })}</span>
    </span>
  )
}
