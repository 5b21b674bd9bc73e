import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { client, keepSession } from '../api.ts'

/** Ends the session of this browser, and forgets what was read in it. */
export function useSignOut() {
  const queries = useQueryClient()
  const router = useRouter()
  return useMutation({
    mutationFn: client.auth.signOut,
    async onSuccess() {
      queries.clear()
      keepSession(null)
      await router.navigate({ to: '/sign-in' })
    },
  })
}
