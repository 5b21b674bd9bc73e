import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { CloudOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import { ChaveiroError } from '@chaveiro/sdk'
import { client, keepSession } from '../api.ts'
import { useWords } from '../language.ts'
import { showToast } from '../parts/toasts.ts'

/** Milliseconds between two looks for a server that is away: soon enough to be waited for, no burden when it comes back. */
const LOOK_MS = 2000

/** Says that the server does not answer, looks for it, and goes by itself when it does. */
export function AwayBanner() {
  const { t } = useWords()
  const isAway = useAway(() => showToast({ text: t('away.back') }))
  return (
    <div role="status" className="pointer-events-none fixed inset-x-4 top-3 z-50 grid justify-items-center">
      {isAway ? (
        <p className="flex max-w-full items-center gap-2 rounded-card border border-warn bg-surface px-4 py-2 shadow-float">
          <CloudOff size={16} strokeWidth={1.5} aria-hidden className="shrink-0 text-warn" />
          {t('away.text')}
        </p>
      ) : null}
    </div>
  )
}

function useAway(onBack: () => void): boolean {
  const [isAway, setAway] = useState(false)
  const queries = useQueryClient()
  const router = useRouter()
  useEffect(() => {
    const leave = () => setAway(true)
    window.addEventListener('offline', leave)
    const stop = watchFailures(queries, leave)
    return () => {
      window.removeEventListener('offline', leave)
      stop()
    }
  }, [queries])
  useEffect(() => {
    if (!isAway) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async () => {
      if (!(await isThere())) {
        if (timer !== undefined) timer = setTimeout(() => void look(), LOOK_MS)
        return
      }
      setAway(false)
      onBack()
      await queries.invalidateQueries({ predicate: ({ state }) => state.status === 'error' })
      await router.invalidate()
    }
    timer = setTimeout(() => void look(), LOOK_MS)
    return () => {
      clearTimeout(timer)
      timer = undefined
    }
    // What is said when it is back is the same whichever drawing began to look.
  }, [isAway, queries, router])
  return isAway
}

/** Any answer shows that it is there; this one also shows who is still signed in. */
async function isThere(): Promise<boolean> {
  try {
    keepSession(await client.auth.session())
    return true
  } catch (error) {
    return error instanceof ChaveiroError
  }
}

function watchFailures(queries: QueryClient, leave: () => void): () => void {
  const look = (error: unknown) => {
    // A request that got no answer at all; what a page itself did wrong is no `fetch` that failed.
    if (error instanceof TypeError && /fetch|network|load failed/i.test(error.message)) leave()
  }
  const stops = [
    queries.getQueryCache().subscribe((event) => {
      if (event.type === 'updated' && 'error' in event.action) look(event.action.error)
    }),
    queries.getMutationCache().subscribe((event) => {
      if (event.type === 'updated' && 'error' in event.action) look(event.action.error)
    }),
  ]
  return () => stops.forEach((stop) => stop())
}
