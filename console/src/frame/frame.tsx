import { Link, Outlet } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useWords } from '../language.ts'
import { Mark } from '../parts/mark.tsx'
import { PLACES, type Place } from './places.ts'

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))

/** The rail at the left, or the bar at the bottom of a phone, and the page beside it. */
export function Frame() {
  const { t } = useWords()
  const [searching, setSearching] = useState(false)
  const [wasOpened, setWasOpened] = useState(false)
  const open = () => {
    setWasOpened(true)
    setSearching(true)
  }
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
      event.preventDefault()
      open()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  return (
    <div className="min-h-dvh md:grid md:grid-cols-[208px_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only rounded-control bg-brass px-3 py-2 text-on-brass focus:not-sr-only focus:fixed focus:left-3 focus:top-3 focus:z-50"
      >
        {t('skip')}
      </a>
      <nav
        aria-label={t('places')}
        className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:sticky md:top-0 md:h-dvh md:border-r md:border-t-0 md:bg-paper md:px-3 md:py-4"
      >
        <Link to="/" className="mb-4 hidden items-center gap-2 rounded-control px-2 text-lg font-semibold md:flex">
          <Mark size={22} />
          Chaveiro
        </Link>
        <button
          type="button"
          onClick={open}
          aria-keyshortcuts="Control+K Meta+K"
          className="mb-3 hidden w-full items-center gap-2 rounded-control border border-line bg-surface px-2 py-1.5 text-sm text-ink-soft hover:border-edge md:flex"
        >
          <Search size={16} strokeWidth={1.5} aria-hidden />
          <span className="grow text-left">{t('palette.open')}</span>
          <kbd className="font-mono text-xs">{isApple() ? '⌘K' : 'Ctrl K'}</kbd>
        </button>
        <ul className="flex md:grid md:gap-0.5">
          {PLACES.map((place) => (
            <RailLink key={place.to} place={place} />
          ))}
        </ul>
      </nav>
      <main id="content" tabIndex={-1} className="min-w-0 pb-16 outline-none md:pb-0">
        <Outlet />
      </main>
      {wasOpened ? (
        <Suspense fallback={null}>
          <Palette open={searching} onClose={() => setSearching(false)} />
        </Suspense>
      ) : null}
    </div>
  )
}

function RailLink({ place: { to, word, icon: Icon } }: { readonly place: Place }) {
  const { t } = useWords()
  return (
    <li className="min-w-0 flex-auto md:flex-none">
      <Link
        to={to}
        activeProps={{ className: 'text-ink font-medium md:bg-line/60' }}
        inactiveProps={{ className: 'text-ink-soft hover:text-ink' }}
        className="flex min-h-14 flex-col items-center justify-center gap-0.5 rounded-control px-0.5 text-xs md:min-h-9 md:flex-row md:justify-start md:gap-2.5 md:px-2 md:text-base"
      >
        <Icon size={16} strokeWidth={1.5} aria-hidden className="shrink-0" />
        <span className="max-w-full truncate">{t(word)}</span>
      </Link>
    </li>
  )
}

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent)
}
