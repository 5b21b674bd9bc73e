import { Outlet } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useWords } from '../language.ts'
import { isRailFolded, keepRailFolded } from './kept.ts'
import { useKeys } from './keys.ts'
import type { Panel } from './panels.tsx'
import { Rail } from './rail.tsx'

const Panels = lazy(async () => ({ default: (await import('./panels.tsx')).Panels }))

/** The rail at the left, or the bar at the bottom of a phone, and the page beside it. */
export function Frame() {
  const { t } = useWords()
  const [isFolded, setFolded] = useState(isRailFolded)
  const [panel, setPanel] = useState<Panel | null>(null)
  const [wasOpened, setWasOpened] = useState(false)
  const open = (which: Panel | null) => {
    setWasOpened(true)
    setPanel(which)
  }
  const fold = () => {
    keepRailFolded(!isFolded)
    setFolded(!isFolded)
  }
  useKeys({ openPalette: () => open('palette'), openShortcuts: () => open('shortcuts'), foldRail: fold })

  return (
    <div
      className={`min-h-dvh md:grid ${isFolded ? 'md:grid-cols-[58px_minmax(0,1fr)]' : 'md:grid-cols-[208px_minmax(0,1fr)]'}`}
    >
      <a
        href="#content"
        className="sr-only rounded-control bg-brass px-3 py-2 text-on-brass focus:not-sr-only focus:fixed focus:left-3 focus:top-3 focus:z-50"
      >
        {t('skip')}
      </a>
      <Rail isFolded={isFolded} onFold={fold} onSearch={() => open('palette')} onMore={() => open('more')} />
      <main id="content" tabIndex={-1} className="min-w-0 pb-16 outline-none md:pb-0">
        <Outlet />
      </main>
      {wasOpened ? (
        <Suspense fallback={null}>
          <Panels panel={panel} onOpen={open} onFold={fold} />
        </Suspense>
      ) : null}
    </div>
  )
}
