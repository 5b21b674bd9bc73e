import { randomUUID } from 'node:crypto'
import type { Client } from '@notionhq/client'
import { success, type Outcome } from '#kernel/problem.ts'
import type { Identity, ProviderAccess } from '#providers/contract.ts'
import { identifyInTime, notIdentified, type IdentifyWords } from '#providers/identify.ts'
import { createNotionApi, type NotionApi } from './client.ts'
import type { Capability, Operation } from './errors.ts'
import { botValue } from './users.ts'

const WHO_AM_I: Operation = { needs: 'user_information', noun: 'user' }

const WORDS: IdentifyWords = {
  provider: 'Notion',
  credential: 'key',
  remedy: 'Copy it again from notion.so/profile/integrations',
}

/**
 * Asks Notion whose key this is, and what it may do.
 * @returns `credential_rejected` where Notion refuses the key, `provider_unavailable` for every other failure
 */
export async function identify(access: ProviderAccess): Promise<Outcome<Identity>> {
  return identifyInTime(access, WORDS, ask)
}

async function ask(access: ProviderAccess): Promise<Outcome<Identity>> {
  const api = createNotionApi(access)
  const answer = await api.read((notion) => notion.users.me({}), WHO_AM_I)
  if (!answer.ok) return notIdentified(answer.problem, answer.problem.code === 'reauthorize', WORDS)
  const account = botValue(answer.value)
  const label = account.workspace_name ?? account.bot_name ?? 'Notion'
  const permissions = await probePermissions(api, access.signal)
  return success({ accountId: account.bot_id, label, account: { ...account }, permissions })
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
