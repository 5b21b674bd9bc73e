import { useSyncExternalStore } from 'react'

/** Light, dark, or as the system has it. */

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const KEY = 'chaveiro.theme'

export function storedTheme(): Theme {
  const stored = localStorage.getItem(KEY)
  return THEMES.find((theme) => theme === stored) ?? 'system'
}

export function showTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

export function keepTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme)
  showTheme(theme)
  listeners.forEach((listener) => listener())
}

const listeners = new Set<() => void>()

/** As it was chosen last, on whichever page. */
export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, storedTheme)
}
