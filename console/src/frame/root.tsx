import { CSPProvider } from '@base-ui/react/csp-provider'
import { useQueryClient } from '@tanstack/react-query'
import { Outlet, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { DELETION_KEY, isSignedOut, keepSession, sessionQuery } from '../api.ts'
import { AwayBanner } from './away-banner.tsx'
import { ToastRegion } from './toast-region.tsx'

/** What surrounds every page: where the focus goes on arriving, and where to when the session has ended. */
export function Root() {
  useFocusOnArrival()
  useSignedOut()
  // The content security policy allows no style element that is not ours; style.css has what they would hold.
  return (
    <CSPProvider disableStyleElements>
      <Outlet />
      <AwayBanner />
      <ToastRegion />
    </CSPProvider>
  )
}

/** A reader of the screen hears the heading of the page that came. Who is typing in it is left alone. */
function useFocusOnArrival(): void {
  const router = useRouter()
  useEffect(
    () =>
      router.subscribe('onRendered', ({ fromLocation, toLocation }) => {
        if (fromLocation === undefined || fromLocation.pathname === toLocation.pathname) return
        const main = document.querySelector('main')
        if (main?.contains(document.activeElement) === true) return
        document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
      }),
    [router],
  )
}

/** Any answer that says so leads to signing in, and back here afterwards. */
function useSignedOut(): void {
  const router = useRouter()
  const queries = useQueryClient()
  useEffect(() => {
    const leave = (error: unknown) => {
      if (!isSignedOut(error) || queries.getQueryData(sessionQuery.queryKey) === null) return
      // It says itself what is left to do.
      if (queries.isMutating({ mutationKey: DELETION_KEY }) > 0) return
      keepSession(null)
      void router.invalidate()
    }
    const stops = [
      queries.getQueryCache().subscribe((event) => {
        if (event.type === 'updated' && event.action.type === 'error') leave(event.action.error)
      }),
      queries.getMutationCache().subscribe((event) => {
        if (event.type === 'updated' && event.action.type === 'error') leave(event.action.error)
      }),
    ]
    return () => stops.forEach((stop) => stop())
  }, [router, queries])
}
