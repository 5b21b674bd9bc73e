import { actorOf } from '#audit/audit.ts'
import type { Principal } from '#kernel/principal.ts'
import { failure, success, type Outcome } from '#kernel/problem.ts'
import { deleteBlock, writeBlock, type ProviderBlock } from './blocks-store.ts'
import { unknownProvider, type ConnectionDeps } from './connection.ts'

/** The owner cuts a provider off, or lets it in again: from then on, on every replica, for everyone. */

type CutOffDeps = Pick<ConnectionDeps, 'audit' | 'blocks' | 'clock' | 'database' | 'registry'>

export interface BlockView {
  readonly provider: string
  readonly blocked: boolean
  /** As everyone who is refused reads it; empty where none was given. */
  readonly reason: string
  readonly blocked_at: string | null
}

export interface NewBlock {
  readonly provider: string
  readonly reason: string
  readonly requestId: string
}

export async function blockProvider(
  deps: CutOffDeps,
  principal: Principal,
  { provider, reason, requestId }: NewBlock,
): Promise<Outcome<BlockView>> {
  if (deps.registry.provider(provider) === undefined) return unknownProvider(provider)
  const block = { provider, reason, blocked_at: deps.clock.now() }
  await writeBlock(deps.database.login, { ...block, blocked_by: principal.userId })
  // The others hear of it; this replica does not answer before it knows.
  await deps.blocks.reload()
  await record(deps, principal, { type: 'provider.blocked', provider, requestId })
  return success(viewOf(provider, block))
}

export async function unblockProvider(
  deps: CutOffDeps,
  principal: Principal,
  { provider, requestId }: Omit<NewBlock, 'reason'>,
): Promise<Outcome<BlockView>> {
  if (!(await deleteBlock(deps.database.login, provider))) {
    return failure('not_found', 'No provider of this name is cut off. GET /api/admin/provider-blocks lists them.')
  }
  await deps.blocks.reload()
  await record(deps, principal, { type: 'provider.unblocked', provider, requestId })
  return success(viewOf(provider, undefined))
}

/** Whether one provider is cut off. */
export function providerBlock({ blocks, registry }: CutOffDeps, provider: string): Outcome<BlockView> {
  const block = blocks.list().find((each) => each.provider === provider)
  if (block === undefined && registry.provider(provider) === undefined) return unknownProvider(provider)
  return success(viewOf(provider, block))
}

export function providerBlocks({ blocks }: CutOffDeps): BlockView[] {
  return blocks.list().map((block) => viewOf(block.provider, block))
}

function viewOf(provider: string, block: ProviderBlock | undefined): BlockView {
  return {
    provider,
    blocked: block !== undefined,
    reason: block?.reason ?? '',
    blocked_at: block?.blocked_at.toISOString() ?? null,
  }
}

async function record(
  { audit }: CutOffDeps,
  principal: Principal,
  event: Pick<NewBlock, 'provider' | 'requestId'> & { readonly type: 'provider.blocked' | 'provider.unblocked' },
): Promise<void> {
  await audit.record({
    userId: principal.userId,
    type: event.type,
    outcome: 'success',
    actor: actorOf(principal),
    target: { kind: 'provider', provider: event.provider },
    requestId: event.requestId,
  })
}
