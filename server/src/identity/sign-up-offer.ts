import type { IdentityDependencies, SignUpMode } from './dependencies.ts'
import { PASSWORD_MINIMUM_LENGTH } from './login-library.ts'
import { anyLocalUserExists } from './store.ts'

/** What somebody without an account is offered. */
export interface SignUpOffer {
  readonly mode: SignUpMode
  /** Nobody owns the instance yet: whoever comes does, whatever the mode. */
  readonly isFirst: boolean
  readonly passwordMinimum: number
}

export async function signUpOffer(deps: Pick<IdentityDependencies, 'database' | 'signUpMode'>): Promise<SignUpOffer> {
  const isFirst = !(await anyLocalUserExists(deps.database.login))
  return { mode: deps.signUpMode, isFirst, passwordMinimum: PASSWORD_MINIMUM_LENGTH }
}
