import { readFileSync } from 'node:fs'
import { decide } from '#agents/router/decide.ts'
import type { Decision, Knowledge } from '#agents/router/decide.ts'
import type { Turn } from '#agents/router/focus.ts'
import { fold } from '#agents/router/text.ts'
import { lexiconOf, profileOf } from '#agents/router/tools.ts'
import type { RouterTool } from '#agents/router/tools.ts'
import github from '#providers/github/provider.ts'
import notion from '#providers/notion/provider.ts'
import slack from '#providers/slack/provider.ts'
import { createCatalog } from '#tools/catalog.ts'

/** Files of requests that the router is scored on; ROUTER.md beside them says which of them were tuned on. */
export const ROUTER_SETS: readonly string[] = [
  'agent-requests',
  'router-heldout',
  'router-further',
  'router-spoken',
  'router-first-1',
  'router-first-2',
  'router-first-3',
  'router-first-4',
  'router-first-5',
  'router-first-6',
  'router-first-7',
  'router-first-8',
  'router-first-9',
].map((name) => new URL(`../fixtures/${name}.jsonl`, import.meta.url).pathname)

/** One line of a set of requests. */
export interface Example {
  readonly id: string
  readonly lang: 'en' | 'pt'
  readonly messages: readonly Turn[]
  readonly expected: {
    readonly tool: string | null
    readonly args?: Readonly<Record<string, unknown>>
    readonly reason?: string
  }
}

/**
 * What became of one request. `wrongWrite` is the worst: a tool that changes something was called and should not have been,
 * or was called on another thing than the one meant.
 */
export interface Verdict {
  readonly example: Example
  readonly outcome: 'right' | 'right tool' | 'wrong tool' | 'asked' | 'nothing' | 'declined'
  readonly wrongWrite: boolean
  readonly called: string | undefined
  readonly input: unknown
}

/** Counts of one language. */
export interface Score {
  readonly requests: number
  readonly fitting: number
  readonly rightTool: number
  readonly rightArguments: number
  readonly asked: number
  readonly nothing: number
  readonly wrongTool: number
  readonly wrongWrites: number
  readonly unfitting: number
  readonly declined: number
}

/** A page's id goes to `page_id` or `block_id` of the comment tools, and a database's to either of its two. */
const SAME_ARGUMENT: Readonly<Record<string, readonly string[]>> = {
  page_id: ['page_id', 'block_id'],
  block_id: ['block_id', 'page_id'],
  database_id: ['database_id', 'data_source_id'],
  filter: ['filter', 'object'],
}
const NOW = new Date('2026-11-20T12:00:00Z')

export function readExamples(path: string | URL): Example[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => exampleOf(line))
}

/** The tools that the sets are about, as the router takes them: what another provider is asked for fits none of them. */
export function routerTools(): readonly RouterTool[] {
  return createCatalog({ providers: [notion] }).entries
}

/** Those next to the tools of every other provider, which must not draw the requests to themselves. */
export function routerToolsOfAll(): readonly RouterTool[] {
  return createCatalog({ providers: [notion, github, slack] }).entries
}

export function knowledgeOf(tools: readonly RouterTool[]): Knowledge {
  const profiles = tools.map(profileOf)
  return { profiles, lexicon: lexiconOf(profiles), now: NOW }
}

export function judge(examples: readonly Example[], knowledge: Knowledge): Verdict[] {
  return examples.map((example) => {
    const history = example.messages.slice(0, -1)
    const message = example.messages.at(-1)?.text ?? ''
    return verdictOn(example, decide({ history, message }, knowledge))
  })
}

function verdictOn(example: Example, decision: Decision): Verdict {
  const { tool, args = {} } = example.expected
  if (decision.kind !== 'call') {
    const outcome = tool === null ? 'declined' : decision.kind === 'ask' ? 'asked' : 'nothing'
    const called = decision.kind === 'ask' ? `${decision.profile.tool.name}?${decision.missing}` : decision.kind
    return { example, outcome, wrongWrite: false, called, input: undefined }
  }
  const { name, annotations } = decision.profile.tool
  const isRight = name === tool
  const outcome = !isRight ? 'wrong tool' : matchesAll(decision.input, args) ? 'right' : 'right tool'
  const target = Object.fromEntries(Object.entries(args).filter(([argument]) => argument.endsWith('_id')))
  const isMeant = isRight && matchesAll(decision.input, target)
  return { example, outcome, wrongWrite: !isMeant && !annotations.readOnly, called: name, input: decision.input }
}

function matchesAll(input: Readonly<Record<string, unknown>>, args: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(args).every(([name, wanted]) =>
    (SAME_ARGUMENT[name] ?? [name]).some((each) => matches(input[each], wanted)),
  )
}

function matches(value: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return plain(value) === plain(wanted)
  const rule = wanted as Readonly<Record<string, unknown>>
  if (typeof rule.contains === 'string')
    return plain(typeof value === 'string' ? value : JSON.stringify(value ?? '')).includes(plain(rule.contains))
  if (Array.isArray(rule.any)) return rule.any.some((one) => matches(value, one))
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(rule).every(([key, each]) => matches(find(value, key), each))
}

function find(value: object, key: string): unknown {
  return Object.entries(value).find(([name]) => plain(name) === plain(key))?.[1]
}

function plain(value: unknown): string {
  const text = fold(String(value))
  return /^[0-9a-f-]{32,36}$/.test(text) ? text.replaceAll('-', '') : text
}

export function score(verdicts: readonly Verdict[]): Score {
  const fitting = verdicts.filter(({ example }) => example.expected.tool !== null)
  const unfitting = verdicts.filter(({ example }) => example.expected.tool === null)
  const count = (list: readonly Verdict[], ...outcomes: readonly string[]): number =>
    list.filter(({ outcome }) => outcomes.includes(outcome)).length
  return {
    requests: verdicts.length,
    fitting: fitting.length,
    rightTool: count(fitting, 'right', 'right tool'),
    rightArguments: count(fitting, 'right'),
    asked: count(fitting, 'asked'),
    nothing: count(fitting, 'nothing'),
    wrongTool: count(fitting, 'wrong tool'),
    wrongWrites: verdicts.filter(({ wrongWrite }) => wrongWrite).length,
    unfitting: unfitting.length,
    declined: count(unfitting, 'declined'),
  }
}

interface Line extends Omit<Example, 'messages'> {
  readonly messages: readonly { readonly role: Turn['role']; readonly content: string }[]
}

function exampleOf(line: string): Example {
  const { messages, ...rest } = JSON.parse(line) as Line
  return { ...rest, messages: messages.map(({ role, content }) => ({ role, text: content })) }
}
