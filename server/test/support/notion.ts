import { builtinSeed, createEmulator, type Emulator, type EmulatorOptions } from '@chaveiro/notion-emulator'
import type { Outcome } from '#kernel/problem.ts'
import type { ProviderAccess, ToolResult } from '#providers/contract.ts'
import notion from '#providers/notion/provider.ts'

/** A call must end long before this; it only keeps a hanging test from hanging for good. */
const CALL_TIMEOUT_MS = 20_000

/** Requests that change nothing. */
const READS = /^GET |^POST \/v1\/(?:search|data_sources\/:id\/query)/

/** The provider's tools over an emulator in this process: no socket is opened. */
export interface EmulatedNotion {
  readonly emulator: Emulator
  /** What a provider gets for one call, with a fresh key of this bot. */
  readonly access: (botId: string, change?: Partial<ProviderAccess>) => ProviderAccess
  /** Calls a tool as the pipeline does: arguments through the schema, one client for one call. */
  readonly call: (botId: string, tool: string, input: Record<string, unknown>) => Promise<Outcome<ToolResult>>
  /** The same, for calls that must succeed. */
  readonly done: (botId: string, tool: string, input: Record<string, unknown>) => Promise<ResultOf>
  /** Puts the seed back if something was written to it, and forgets faults and requests. */
  readonly fresh: () => void
  /** `METHOD /path` of what was asked since the last look, ids as `:id`. */
  readonly asked: () => string[]
}

/** A result whose JSON a test looks into. */
export interface ResultOf extends Omit<ToolResult, 'value'> {
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into JSON of many shapes
  readonly value: any
}

/** Starts an emulator with a built-in seed. */
export function emulatedNotion(seed: string, options: EmulatorOptions = {}): EmulatedNotion {
  return emulatedSeeds([builtinSeed(seed)].flat(), options)
}

/**
 * The same with titles alone, but for these pages and databases: a tenth of the work, for tests that put the seed back
 * hundreds of times.
 */
export function emulatedOutline(seed: string, whole: readonly string[]): EmulatedNotion {
  const outlines = [builtinSeed(seed)].flat().map((each) => ({
    ...each,
    pages: each.pages.map(({ markdown, blocks, ...page }) =>
      whole.includes(page.id) ? { ...page, ...given({ markdown, blocks }) } : page,
    ),
    databases: (each.databases ?? []).map((database) => ({
      ...database,
      data_sources: database.data_sources.map((source) =>
        whole.includes(database.id) ? source : { ...source, rows: [] },
      ),
    })),
    comments: [],
  }))
  return emulatedSeeds(outlines, {})
}

function given<Members extends object>(members: Members): Partial<Members> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<Members>
}

function emulatedSeeds(seeds: NonNullable<EmulatorOptions['seeds']>, options: EmulatorOptions): EmulatedNotion {
  const emulator = createEmulator({ seeds, ...options })
  const access: EmulatedNotion['access'] = (botId, change = {}) => ({
    credential: { api_key: emulator.control.mintToken(botId) },
    fetch: (url, init) =>
      emulator.fetch(url instanceof Request ? url.url : url, init as Parameters<Emulator['fetch']>[1]),
    apiUrl: 'https://api.notion.com',
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    ...change,
  })
  // Putting a large seed back takes a while, so it is done only after a write.
  let written = false
  const forgetRequests = (): string[] => {
    const lines = emulator.control.requests().map(({ method, path }) => `${method} ${withoutIds(path)}`)
    emulator.control.clearRequests()
    written ||= lines.some((line) => !READS.test(line))
    return lines
  }
  const call: EmulatedNotion['call'] = async (botId, name, input) => {
    const tool = notion.tools.find((candidate) => candidate.name === name)
    if (tool === undefined) throw new Error(`There is no tool ${name}`)
    return tool.run(notion.api(access(botId)), tool.input.parse(input))
  }
  return {
    emulator,
    access,
    call,
    done: async (botId, tool, input) => {
      const outcome = await call(botId, tool, input)
      if (!outcome.ok) throw new Error(`${tool}: ${JSON.stringify(outcome.problem)}`)
      return outcome.value as ResultOf
    },
    fresh: () => {
      forgetRequests()
      if (written) emulator.control.reset()
      emulator.control.clearFaults()
      written = false
    },
    asked: forgetRequests,
  }
}

function withoutIds(path: string): string {
  return path.replace(/[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}/g, ':id')
}
