import { asStored } from '#db/jsonb.ts'
import { withDeadline } from '#kernel/deadline.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import type { Credential, Identity, Provider } from '#providers/contract.ts'
import type { ConnectionDeps } from './connection.ts'

/** Milliseconds for the provider to say whose credential this is: a person is waiting. */
const IDENTIFY_DEADLINE_MS = 15_000

/** Asks the provider who the credential belongs to. Never throws for what the provider does. */
export async function identify(
  deps: Pick<ConnectionDeps, 'blocks' | 'edges'>,
  provider: Provider,
  credential: Credential,
): Promise<Outcome<Identity>> {
  const open = deps.blocks.check(provider.id)
  if (!open.ok) return open
  try {
    const identity = await withDeadline(IDENTIFY_DEADLINE_MS, undefined, (signal) =>
      provider.identify({ ...deps.edges.of(provider), credential, signal }),
    )
    // Names and ids of accounts are the provider's words; they are stored, compared and recorded.
    return identity.ok ? success(asStored(identity.value)) : identity
  } catch (error) {
    return failure(
      'provider_unavailable',
      `${provider.name} did not answer in time or in a form that makes sense. Nothing was stored; try again in a minute.`,
      { reason: String(error) },
    )
  }
}
