import type { Principal } from '#kernel/principal.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Role } from './user.ts'

/** Who may manage whom. The owner manages everyone else; administrators manage users, not each other. */

/** The roles that can be given; ownership stays with the first user. */
export type GrantedRole = Exclude<Role, 'owner'>

export interface Managed {
  readonly id: number
  readonly role: Role
}

/** May the principal change or delete this user? */
export function mayManage(principal: Principal, target: Managed): Outcome<null> {
  if (target.id === principal.userId) {
    return failure('forbidden', 'You cannot do this to your own account. Another administrator can.')
  }
  if (target.role === 'owner') return failure('forbidden', 'Nobody changes or deletes the owner of the instance.')
  if (target.role === 'admin' && principal.role !== 'owner') {
    return failure('forbidden', 'Only the owner of the instance manages its administrators.')
  }
  return success(null)
}

/** May the principal give this role? */
export function mayGrant(principal: Principal, role: GrantedRole): Outcome<null> {
  if (role === 'user' || principal.role === 'owner') return success(null)
  return failure('forbidden', 'Only the owner of the instance makes administrators.', { path: 'role' })
}
