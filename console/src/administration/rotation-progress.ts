import type { KeyState, RotationProgress } from '@chaveiro/sdk'

/** Credentials that are sealed with another key than the primary one. */
export function rowsToRotate({ keys }: Pick<KeyState, 'keys'>): number {
  return keys.reduce((sum, { role, rows }) => (role === 'primary' ? sum : sum + rows), 0)
}

/** Whether another part would change nothing. */
export function isRotated({ rotated, unreadable, remaining }: RotationProgress): boolean {
  return remaining <= unreadable || rotated === 0
}
