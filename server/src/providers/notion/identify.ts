import { randomUUID } from 'node:crypto'
import type { Client } from '@notionhq/client'
import { failure, success, type Outcome, type Problem } from '#kernel/problem.ts'
import type { Identity, ProviderAccess } from '#providers/contract.ts'
import { createNotionApi, type NotionApi } from './client.ts'
import type { Capability, Operation } from './errors.ts'
import { botValue } from './users.ts'

/** Someone waits before a form for this. */
const IDENTIFY_DEADLINE_MS = 10_000

const WHO_AM_I: Operation = { needs: 'user_information', noun: 'user' }

/**
 * Asks Notion whose key this is, and what it may do.
 * @returns `credential_rejected` where Notion refuses the key, `provider_unavailable` for every other failure
 */
export async function identify(access: ProviderAccess): Promise<Outcome<Identity>> {
  const deadline = AbortSignal.timeout(IDENTIFY_DEADLINE_MS)
  const signal = AbortSignal.any([access.signal, deadline])
  const api = createNotionApi({ ...access, signal })
  try {
    const answer = await api.read((notion) => notion.users.me({}), WHO_AM_I)
    if (!answer.ok) return { ok: false, problem: refusal(answer.problem) }
    const account = botValue(answer.value)
    const label = account.workspace_name ?? account.bot_name ?? 'Notion'
    const permissions = await probePermissions(api, signal)
    return success({ accountId: account.bot_id, label, account: { ...account }, permissions })
  } catch (error) {
    access.signal.throwIfAborted()
    if (!deadline.aborted) throw error
    return failure('provider_unavailable', 'Notion did not answer in time. Nothing was stored; try again in a minute.')
  }
}

function refusal(problem: Problem): Problem {
  const { reason, retryAfterSeconds } = problem
  const privately = reason === undefined ? {} : { reason }
  if (problem.code === 'reauthorize') {
    return {
      code: 'credential_rejected',
      detail: 'Notion does not accept this key. Copy it again from notion.so/profile/integrations and try once more.',
      ...privately,
    }
  }
  return {
    code: 'provider_unavailable',
    detail: 'Notion could not check the key right now. The key may be fine; try again in a minute.',
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...privately,
  }
}

interface Probe {
  readonly capability: Capability
  readonly kind: 'read' | 'write'
  readonly send: (notion: Client, id: string) => Promise<unknown>
}

/**
 * Requests about an object that does not exist. Notion looks at the capability before it looks for the object, so 403
 * means that the capability is missing, 404 that it is there, and in neither case does anything change.
 */
const PROBES: readonly Probe[] = [
  { capability: 'read', kind: 'read', send: (notion, id) => notion.pages.retrieve({ page_id: id }) },
  {
    capability: 'insert',
    kind: 'write',
    send: (notion, id) => notion.pages.create({ parent: { page_id: id }, properties: { title: { title: [] } } }),
  },
  { capability: 'update', kind: 'write', send: (notion, id) => notion.pages.update({ page_id: id, in_trash: false }) },
  { capability: 'read_comments', kind: 'read', send: (notion, id) => notion.comments.list({ block_id: id }) },
  {
    capability: 'insert_comments',
    kind: 'write',
    send: (notion, id) =>
      notion.comments.create({ parent: { page_id: id }, rich_text: [{ type: 'text', text: { content: '?' } }] }),
  },
  { capability: 'user_information', kind: 'read', send: (notion) => notion.users.list({ page_size: 1 }) },
]

async function probePermissions(api: NotionApi, signal: AbortSignal): Promise<Record<string, boolean | null>> {
  const missingId = randomUUID()
  const found = await Promise.all(
    PROBES.map(async (probe) => [probe.capability, await probeOne(api, probe, missingId, signal)] as const),
  )
  return Object.fromEntries(found)
}

async function probeOne(api: NotionApi, probe: Probe, id: string, signal: AbortSignal): Promise<boolean | null> {
  try {
    const operation: Operation = { needs: probe.capability, noun: 'page' }
    const outcome = await api[probe.kind]((notion) => probe.send(notion, id), operation)
    if (outcome.ok) return true
    if (outcome.problem.code === 'not_found') return true
    return outcome.problem.code === 'forbidden_by_provider' ? false : null
  } catch (error) {
    // The key itself is known to be good by now: without time for the rest, the rest is unknown.
    if (signal.aborted) return null
    throw error
  }
}
