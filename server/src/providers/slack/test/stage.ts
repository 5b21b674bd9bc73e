import type { Outcome } from '#kernel/problem.ts'
import type { ProviderAccess, ToolResult } from '#providers/contract.ts'
import slack from '#providers/slack/provider.ts'
import { USER_SCOPES } from '#providers/slack/scopes.ts'
import { SlackEmulator } from './emulator.ts'

/** The provider's tools over an emulator, for tests. */

/** A call must end long before this; it only keeps a hanging test from hanging for good. */
const CALL_TIMEOUT_MS = 20_000

/** No list of a test has more. */
const MOST_PAGES = 100

export const ANA = { team: 'T0ACME00', user: 'U0ANA0001' }
export const BRUNO = { team: 'T0ACME00', user: 'U0BRUNO01' }
export const ANA_OF_BIRCH = { team: 'T0BIRCH0', user: 'U0ANABIR1' }
export const BOT = { team: 'T0ACME00', user: 'U0BOT0001', kind: 'bot' as const }

export interface Actor {
  readonly team: string
  readonly user: string
  readonly kind?: 'bot'
  readonly scopes?: readonly string[]
}

/** A result whose JSON a test looks into. */
export interface ResultOf extends Omit<ToolResult, 'value'> {
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into JSON of many shapes
  readonly value: any
}

export class Stage {
  readonly slack = new SlackEmulator()

  /** What a provider gets for one call, with a fresh token. */
  access(actor: Actor = ANA, change: Partial<ProviderAccess> = {}): ProviderAccess {
    const { team, user, scopes = USER_SCOPES, kind = 'user' } = actor
    return {
      credential: { access_token: this.slack.mint(team, user, scopes, kind) },
      fetch: this.slack.answer,
      apiUrl: 'https://slack.com',
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      ...change,
    }
  }

  /** Calls a tool as the pipeline does: arguments through the schema, one client for one call. */
  async call(tool: string, input: Record<string, unknown>, actor: Actor = ANA): Promise<Outcome<ToolResult>> {
    return this.callWith(this.access(actor), tool, input)
  }

  async callWith(access: ProviderAccess, name: string, input: Record<string, unknown>): Promise<Outcome<ToolResult>> {
    const tool = slack.tools.find((candidate) => candidate.name === name)
    if (tool === undefined) throw new Error(`There is no tool ${name}`)
    return tool.run(slack.api(access), tool.input.parse(input))
  }

  /** The same, for calls that must succeed. */
  async done(tool: string, input: Record<string, unknown>, actor: Actor = ANA): Promise<ResultOf> {
    const outcome = await this.call(tool, input, actor)
    if (!outcome.ok) throw new Error(`${tool}: ${JSON.stringify(outcome.problem)}`)
    return outcome.value as ResultOf
  }

  /** The same, for calls that must not. */
  async refused(tool: string, input: Record<string, unknown>, actor: Actor = ANA) {
    const outcome = await this.call(tool, input, actor)
    if (outcome.ok) throw new Error(`${tool} succeeded: ${outcome.value.text}`)
    return outcome.problem
  }

  /** Every page of a list, from the first; a list that never ends is a failure. */
  async pages(tool: string, input: Record<string, unknown>, actor: Actor = ANA): Promise<ResultOf[]> {
    const pages: ResultOf[] = []
    let cursor: string | undefined = ''
    while (cursor !== undefined) {
      if (pages.length === MOST_PAGES) throw new Error(`${tool} never ends`)
      const page: ResultOf = await this.done(tool, { ...input, start_cursor: cursor }, actor)
      pages.push(page)
      cursor = page.nextCursor
    }
    return pages
  }

  /** Methods that were asked since the last look. */
  asked(): string[] {
    return this.slack.seen.splice(0).map(({ method }) => method)
  }

  workspace(team = ANA.team) {
    const found = this.slack.workspaces.find(({ id }) => id === team)
    if (found === undefined) throw new Error(`There is no workspace ${team}`)
    return found
  }

  messages(channel: string, team = ANA.team) {
    return this.workspace(team).channels.get(channel)?.messages ?? []
  }
}
