import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { areLettersOn } from './kept.ts'
import { usePlaces } from './places.ts'

/** Milliseconds between G and the number of a place. */
const PAIR_MS = 1500
const TYPED_IN = 'input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog]'
const OPEN_TASK = '[role=dialog], [role=alertdialog]'

export interface KeyActions {
  readonly openPalette: () => void
  readonly openShortcuts: () => void
  readonly foldRail: () => void
}

/** The keys of the whole console. Nothing here takes a key from somebody who types or is asked something. */
export function useKeys(actions: KeyActions): void {
  const navigate = useNavigate()
  const places = usePlaces()
  const current = useRef({ ...actions, places })
  current.current = { ...actions, places }
  useEffect(() => {
    let pressedG = -Infinity
    const letters: Readonly<Record<string, () => unknown>> = {
      '?': () => current.current.openShortcuts(),
      '[': () => current.current.foldRail(),
      n: () => navigate({ to: '/chat' }),
      g: () => (pressedG = performance.now()),
    }
    const onKey = (event: KeyboardEvent) => {
      const key = event.key.toLowerCase()
      if (isPaletteKey(event, key)) {
        event.preventDefault()
        current.current.openPalette()
        return
      }
      if (!isFreeKey(event)) return
      const place = performance.now() - pressedG < PAIR_MS ? current.current.places[Number(key) - 1] : undefined
      const action = place === undefined ? letters[key] : () => navigate({ to: place.to })
      if (action === undefined) return
      event.preventDefault()
      void action()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [navigate])
}

function isPaletteKey(event: KeyboardEvent, key: string): boolean {
  return key === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey
}

function isFreeKey(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !areLettersOn()) return false
  if (event.target instanceof Element && event.target.closest(TYPED_IN) !== null) return false
  return document.querySelector(OPEN_TASK) === null
}

export function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent)
}
