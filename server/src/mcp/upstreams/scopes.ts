import type { Discovered } from './discover.ts'

/** A step up asks for all at once: a server that forgets what it gave before would otherwise take turns. */
export function scopesToAsk({ scopes }: Pick<Discovered, 'scopes'>, before: readonly string[]): string[] {
  return [...new Set([...before, ...scopes])]
}
