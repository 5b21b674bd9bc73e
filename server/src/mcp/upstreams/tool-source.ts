import { z } from 'zod'
import type { Edge } from '#connections/edges.ts'
import type { Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Egress } from '#kernel/egress.ts'
import { failure, type Problem } from '#kernel/problem.ts'
import type { Provider, Tool } from '#providers/contract.ts'
import { NO_OWN_TOOLS, type OwnTool, type OwnTools, type ToolSource } from '#tools/tool-source.ts'
import { readArguments } from './arguments.ts'
import { annotationsOf, cleanText, exposedName, markedName, type ToolDefinition } from './definitions.ts'
import { changedProblem } from './faults.ts'
import { UPSTREAM } from './provider-id.ts'
import { listUpstreamTools, runUpstreamTool, type RunDeps } from './run-tool.ts'
import { NEVER_ACCEPTED, ownToolsStatement, type OwnServerRow, type OwnToolRow } from './tool-store.ts'
import type { UpstreamAccess } from './sending.ts'

/**
 * The tools of the remote servers that each user connected, from the definitions that the user accepted. Kept by user,
 * forgotten at once where anything about them changes, on every replica.
 */

export interface ToolSourceDeps extends RunDeps {
  readonly database: Database
  readonly clock: Clock
  readonly egress: Pick<Egress, 'bind'>
  /** A name that a provider's tool has, or one of the endpoint's own. */
  readonly isTaken: (name: string) => boolean
}

export interface UpstreamTools extends ToolSource {
  /** Forgets one user's tools, or everybody's where messages may have been missed. */
  readonly forget: (userId: number | null) => void
}

/** How long a change could go unnoticed if the database's message about it were lost. */
const ENTRY_LIFETIME_MS = 60_000
/** Users who listed or called a tool within that time; most have no server and cost next to nothing. */
const ENTRIES_MAXIMUM = 10_000
/** Milliseconds for a call: the servers of others are slower than providers' own interfaces. */
const DEADLINE_MS = 60_000
/** A server is silent while its user thinks, and between two changes of its tools; a call itself has its own deadline. */
const STREAM_LIMITS = { bodyMs: 5 * 60_000, streamMs: 20 * 60_000 }
/** Characters of a label in a sentence. */
const LABEL_CHARACTERS = 60

export function createUpstreamTools(deps: ToolSourceDeps): UpstreamTools {
  const entries = new Map<number, { readonly tools: OwnTools; readonly keptUntil: number }>()
  let changes = 0

  async function load(userId: number): Promise<OwnTools> {
    const changesBefore = changes
    const rows = await deps.database.userStatement(userId, ownToolsStatement(userId))
    const tools = rows.length === 0 ? NO_OWN_TOOLS : ownToolsOf(deps, userId, rows)
    // What was read may be older than a change that was heard of meanwhile.
    if (changes === changesBefore) keep(userId, tools)
    return tools
  }

  function keep(userId: number, tools: OwnTools): void {
    const oldest = entries.size >= ENTRIES_MAXIMUM ? entries.keys().next().value : undefined
    if (oldest !== undefined) entries.delete(oldest)
    entries.set(userId, { tools, keptUntil: deps.clock.now().getTime() + ENTRY_LIFETIME_MS })
  }

  return {
    async toolsOf(userId) {
      const entry = entries.get(userId)
      if (entry !== undefined && entry.keptUntil > deps.clock.now().getTime()) return entry.tools
      entries.delete(userId)
      return load(userId)
    },
    forget(userId) {
      changes += 1
      if (userId === null) entries.clear()
      else entries.delete(userId)
    },
  }
}

/** The channels `upstream_tools_changed` (a user) and `connection_changed` (user and connection); null: messages may have been missed. */
export function applyToolsChange(tools: Pick<UpstreamTools, 'forget'>, payload: string | null): void {
  const userId = Number(payload?.split(':')[0])
  tools.forget(payload !== null && Number.isSafeInteger(userId) ? userId : null)
}

function ownToolsOf(
  deps: ToolSourceDeps,
  userId: number,
  rows: readonly (OwnToolRow | (OwnServerRow & { readonly name: null }))[],
): OwnTools {
  const edgeOf = edges(deps)
  const byName = new Map<string, OwnTool>()
  const upkeep = new Map<string, OwnTool>()
  for (const row of rows) {
    upkeep.set(upkeepName(row.connection_id), upkeepOf(deps, { userId, row, edge: edgeOf(row.url) }))
    if (row.name === null) continue
    const name = freeName(row, (candidate) => byName.has(candidate) || deps.isTaken(candidate))
    byName.set(name, ownToolOf(deps, { userId, row, name, edge: edgeOf(row.url) }))
  }
  const callable = [...byName.values()].filter(({ withheld }) => withheld === undefined)
  return { entries: callable.map(({ entry }) => entry), find: (name) => byName.get(name) ?? upkeep.get(name) }
}

/** One edge for each server. */
function edges({ egress }: Pick<ToolSourceDeps, 'egress'>): (url: string) => Edge {
  const known = new Map<string, Edge>()
  return (url) => {
    const edge = known.get(url) ?? {
      apiUrl: url,
      fetch: egress.bind({ hosts: [new URL(url).host], purpose: 'remote_server', limits: STREAM_LIMITS }),
    }
    known.set(url, edge)
    return edge
  }
}

function freeName({ prefix, name, connection_id }: OwnToolRow, isTaken: (name: string) => boolean): string {
  const usual = exposedName(prefix, name)
  return isTaken(usual) ? markedName(prefix, `${name}\0${connection_id}`).replaceAll('\0', '_') : usual
}

/**
 * Asks a server for its tools, as a call like any other: with the caller's own credential, opened, renewed, limited and
 * recorded as for every call. No name of a tool has a colon, so it stands in nobody's list.
 */
export function upkeepName(connectionId: number): string {
  return `remote_server:${connectionId}`
}

function upkeepOf(
  deps: ToolSourceDeps,
  { userId, row, edge }: Omit<Making, 'name' | 'row'> & { row: OwnServerRow },
): OwnTool {
  const name = upkeepName(row.connection_id)
  const place = { userId, connectionId: row.connection_id, url: row.url }
  const server = { label: labelOf(row), host: new URL(row.url).host }
  const tool: Tool = {
    name,
    title: { en: 'List its tools', pt: 'Listar as ferramentas' },
    description: 'Asks the remote server for its tools.',
    input: z.strictObject({}),
    annotations: { readOnly: true, destructive: false, idempotent: true, openWorld: true },
    needs: [],
    intent: NO_INTENT,
    run: (access) => listUpstreamTools(deps, { access: access as UpstreamAccess, place, server }),
  }
  const { title, description, annotations, intent } = tool
  const entry = { name, provider: UPSTREAM, title, description, annotations, intent, input_schema: {} }
  return { entry, tool, edge, provider: providerOf(row), connectionId: row.connection_id, isUpkeep: true }
}

const NO_INTENT = { verbs: { en: [], pt: [] }, nouns: { en: [], pt: [] } }

interface Making {
  readonly userId: number
  readonly row: OwnToolRow
  /** Under which the user's agents and clients know it. */
  readonly name: string
  readonly edge: Edge
}

function ownToolOf(deps: ToolSourceDeps, making: Making): OwnTool {
  const { row, name, edge } = making
  const tool = toolOf(deps, making)
  const withheld = withheldProblem(deps, making)
  return {
    tool,
    edge,
    provider: providerOf(row),
    connectionId: row.connection_id,
    entry: {
      name,
      provider: UPSTREAM,
      connection_id: row.connection_id,
      title: tool.title,
      description: tool.description,
      input_schema: { properties: {}, ...acceptedOf(row).inputSchema },
      annotations: tool.annotations,
      intent: tool.intent,
    },
    ...(withheld === undefined ? {} : { withheld }),
  }
}

/** What is shown of a tool that was never accepted is nothing but its name. */
function acceptedOf({ name, definition, digest }: OwnToolRow): ToolDefinition {
  return digest === NEVER_ACCEPTED
    ? { name, title: name, description: '', inputSchema: {}, annotations: {} }
    : definition
}

function toolOf(deps: ToolSourceDeps, { userId, row, name }: Making): Tool {
  const { definition, digest, connection_id: connectionId, url } = row
  const { title, description, inputSchema } = acceptedOf(row)
  const server = { label: labelOf(row), host: new URL(url).host }
  return {
    name,
    title: { en: title, pt: title },
    description: `${description}\n(A tool of the remote server "${server.label}", ${server.host}.)`.trim(),
    input: z.looseObject({}).superRefine((given, context) => {
      const read = readArguments(inputSchema, given)
      if (read.ok) return
      const { detail, path = '' } = read.problem
      context.addIssue({ code: 'custom', message: detail, path: path.split('.').slice(1) })
    }),
    annotations: annotationsOf(acceptedOf(row)),
    needs: [],
    intent: NO_INTENT,
    deadlineMs: DEADLINE_MS,
    run: (access, input) =>
      runUpstreamTool(deps, {
        access: access as UpstreamAccess,
        place: { userId, connectionId, url },
        server,
        tool: { definition, digest, readOnly: annotationsOf(acceptedOf(row)).readOnly, exposedName: name },
        input: input as Readonly<Record<string, unknown>>,
      }),
  }
}

/** What the pipeline needs to know of a server: its name, and that a call's access is all that its tools work on. */
function providerOf(row: OwnServerRow): Provider {
  const name = labelOf(row)
  return {
    id: UPSTREAM,
    name,
    description: { en: name, pt: name },
    apiHosts: [new URL(row.url).host],
    apiUrl: row.url,
    auth: [],
    permissions: {},
    identify: async () => failure('not_found', 'A remote server has no such check.'),
    api: (access) => access,
    tools: [],
    docsUrl: row.url,
  }
}

function labelOf({ label, prefix }: Pick<OwnToolRow, 'label' | 'prefix'>): string {
  return cleanText(label.replace(/\s+/g, ' '), LABEL_CHARACTERS) || prefix
}

function withheldProblem({ publicUrl }: ToolSourceDeps, { row, name }: Making): Problem | undefined {
  if (row.removed_at !== null) {
    return failure('not_found', `The remote server "${labelOf(row)}" does not have ${name} any more.`).problem
  }
  const connectionId = row.connection_id
  return row.changed_digest === null
    ? undefined
    : changedProblem(publicUrl, { name, connectionId, label: labelOf(row) })
}
