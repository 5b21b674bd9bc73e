import type { ManagedUser } from '@chaveiro/sdk'
import type { WordKey } from '../language.ts'

export const ROLE_WORDS: Readonly<Record<ManagedUser['role'], WordKey>> = {
  owner: 'role.owner',
  admin: 'role.admin',
  user: 'role.user',
}
