import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'

/** Milliseconds without a letter after which the server is asked: between two letters nobody waits for an answer. */
const PAUSE_MS = 200

interface ThreadSearch {
  /** As it stands in the field. */
  readonly typed: string
  /** As the list is searched. */
  readonly search: string
  readonly type: (text: string) => void
}

/** What conversations are searched for: in the address, so that it is still there when one of them is opened. */
export function useThreadSearch(): ThreadSearch {
  const { search = '' } = useSearch({ strict: false })
  const navigate = useNavigate()
  const [typed, setTyped] = useState(search)
  useEffect(() => {
    const wanted = typed.trim()
    if (wanted === search) return undefined
    const timer = setTimeout(() => {
      void navigate({
        to: '.',
        search: (now) => {
          const { search: _before, ...rest } = now as { search?: string }
          return wanted === '' ? rest : { ...rest, search: wanted }
        },
        replace: true,
        resetScroll: false,
      })
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed, search, navigate])
  return { typed, search, type: setTyped }
}
