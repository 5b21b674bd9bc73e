import { stringOrNull } from '#kernel/json-values.ts'
import { failure, success, type Outcome, type Problem } from '#kernel/problem.ts'
import { blocksIn, chunksOf, requestsFor, type Planned } from './append-plan.ts'
import type { NotionApi } from './client.ts'
import type { Operation } from './errors.ts'
import { clip, records } from './json.ts'
import type { BlockNode } from './markdown-lines.ts'
import { partlyDone } from './writes.ts'

/** What one tool call may send. At three requests a second, more would outlast its deadline. */
const MOST_REQUESTS = 40

/** Long contents go in several requests, one after the other. */
export const APPEND_DEADLINE_MS = 60_000

/** No request is begun after this: one may take 15 seconds, and what was saved must be told before the deadline. */
const SENDING_MS = 40_000

function appendOperation({ parentId, after }: Place, blocks: number): Operation {
  const where = after === undefined ? 'at its end' : `behind ${after}`
  return {
    needs: 'insert',
    noun: 'page or database',
    check: `Read the blocks of ${parentId} with notion_get_block_children to see whether these ${blocks} have arrived ${where}.`,
  }
}

/** One request of an append and what came of it. */
export interface AppendStep {
  readonly parent_id: string
  readonly blocks: number
  readonly status: 'appended' | 'unknown' | 'refused'
}

export interface Appended {
  /** The new blocks of the first level, in order. */
  readonly blockIds: readonly string[]
  readonly steps: readonly AppendStep[]
}

/** Blocks that were not appended: where they belong, how many there are, and how the first of them begins. */
interface Missing {
  readonly block_id: string
  readonly after: string | null
  readonly blocks: number
  readonly begins_with: string
}

/**
 * Appends blocks, in as many requests as Notion's limits need. Notion has no transaction over them, so a failure says
 * how far it came and what is missing where.
 * @param after block of the same parent to put them behind; otherwise they go to the end
 */
export async function appendBlocks(
  api: NotionApi,
  parentId: string,
  nodes: readonly BlockNode[],
  after: string | undefined,
): Promise<Outcome<Appended>> {
  const fits = checkRequests(nodes)
  if (!fits.ok) return fits
  const run: Run = { api, steps: [], missing: [], ids: [], stopAt: Date.now() + SENDING_MS }
  const problem = await appendLevel(run, { parentId, after, isFirst: true }, nodes)
  if (problem === undefined) return success({ blockIds: run.ids, steps: run.steps })
  return { ok: false, problem: withProgress(problem, run, nodes) }
}

/** Refuses what one call could not send, before anything is sent. */
export function checkRequests(nodes: readonly BlockNode[]): Outcome<null> {
  const requests = requestsFor(nodes)
  if (requests <= MOST_REQUESTS) return success(null)
  return failure(
    'invalid_arguments',
    `This content would need ${requests} requests to Notion; one call may send ${MOST_REQUESTS}. Nothing was written. Append it in smaller parts.`,
    { path: 'arguments.content' },
  )
}

interface Run {
  readonly api: NotionApi
  readonly steps: AppendStep[]
  /** From the inside out: the order in which to go on. */
  readonly missing: Missing[]
  /** New blocks of the first level. */
  readonly ids: string[]
  /** Milliseconds since 1970. */
  readonly stopAt: number
}

interface Place {
  readonly parentId: string
  readonly after: string | undefined
  readonly isFirst?: boolean
}

/** Appends the blocks of one level and what is in them. The problem that ended it, if one did. */
async function appendLevel(run: Run, place: Place, nodes: readonly BlockNode[]): Promise<Problem | undefined> {
  let here = place
  let left = nodes
  for (const chunk of chunksOf(nodes)) {
    const ids = await sendChunk(run, here, chunk)
    if (!ids.ok) {
      addMissing(run, here, left)
      return ids.problem
    }
    left = left.slice(chunk.length)
    here = behind(here, ids.value)
    if (place.isFirst === true) run.ids.push(...ids.value)
    const problem = (await appendInside(run, chunk, ids.value)) ?? lostPlace(here, ids.value, chunk, left)
    if (problem !== undefined) {
      addMissing(run, here, left)
      return problem
    }
  }
  return undefined
}

/** At the end, the order of sending is the order of reading; behind a block, each part follows the one before. */
function behind(place: Place, ids: readonly string[]): Place {
  return place.after === undefined ? place : { ...place, after: ids.at(-1) ?? place.after }
}

function lostPlace(
  { after }: Place,
  ids: readonly string[],
  chunk: readonly Planned[],
  left: readonly BlockNode[],
): Problem | undefined {
  return after !== undefined && ids.length < chunk.length && left.length > 0 ? lostIds : undefined
}

/** Sends what did not fit along with the blocks of a chunk, now that they have ids. */
async function appendInside(run: Run, chunk: readonly Planned[], ids: readonly string[]): Promise<Problem | undefined> {
  let problem: Problem | undefined
  for (const [index, { later }] of chunk.entries()) {
    if (later.length === 0) continue
    const parentId = ids[index]
    if (parentId === undefined) return lostIds
    if (problem === undefined) problem = await appendLevel(run, { parentId, after: undefined }, later)
    else addMissing(run, { parentId, after: undefined }, later)
  }
  return problem
}

const lostIds: Problem = {
  code: 'outcome_unknown',
  detail:
    'Notion saved the blocks but did not say which, so what belongs inside or behind them was not appended. Do not repeat it; read the blocks and append the missing parts to them.',
}

const outOfTime: Problem = {
  code: 'provider_unavailable',
  detail: 'Notion is slow, and a call may not last longer.',
}

async function sendChunk(run: Run, place: Place, chunk: readonly Planned[]): Promise<Outcome<string[]>> {
  const { parentId, after } = place
  if (Date.now() > run.stopAt) return { ok: false, problem: outOfTime }
  const children = chunk.map((planned) => planned.request)
  const blocks = chunk.reduce((sum, planned) => sum + planned.blocks, 0)
  const position = after === undefined ? {} : { position: { type: 'after_block' as const, after_block: { id: after } } }
  const written = await run.api.write(
    (notion) => notion.blocks.children.append({ block_id: parentId, children, ...position }),
    appendOperation(place, blocks),
  )
  if (!written.ok) {
    const status = written.problem.code === 'outcome_unknown' ? 'unknown' : 'refused'
    run.steps.push({ parent_id: parentId, blocks, status })
    return written
  }
  run.steps.push({ parent_id: parentId, blocks, status: 'appended' })
  const { value } = written
  return success(value.kind === 'answered' ? value.answer.results.map(({ id }) => id) : [...value.childIds])
}

/** Enough of a block to find it again in one's own text. */
const SHOWN_CHARACTERS = 60

function addMissing(run: Run, { parentId, after }: Place, nodes: readonly BlockNode[]): void {
  const [first] = nodes
  if (first === undefined) return
  run.missing.push({
    block_id: parentId,
    after: after ?? null,
    blocks: blocksIn(nodes),
    begins_with: clip(wordsIn(first), SHOWN_CHARACTERS),
  })
}

function wordsIn({ type, content, children }: BlockNode): string {
  const items = records(content['rich_text'])
  const words = items.map((item) => stringOrNull((item['text'] as Record<string, unknown> | undefined)?.['content']))
  const [first] = children
  return (
    words.join('') || stringOrNull(content['expression']) || (first === undefined ? type : `${type}: ${wordsIn(first)}`)
  )
}

function withProgress(problem: Problem, { steps, missing }: Run, nodes: readonly BlockNode[]): Problem {
  const done = steps.filter(({ status }) => status === 'appended').reduce((sum, step) => sum + step.blocks, 0)
  if (done === 0) return problem
  const places = missing.map(
    ({ block_id, after, blocks, begins_with }) =>
      `${blocks} to ${block_id}${after === null ? '' : ` after ${after}`}, from ${JSON.stringify(begins_with)} on`,
  )
  const doubt = problem.code === 'outcome_unknown' ? ' once you know whether they are there' : ''
  const advice = places.length === 0 ? '' : ` Still to append${doubt}: ${places.join('; ')}.`
  const progress = `${done} of ${blocksIn(nodes)} blocks were appended before that; do not send those again.${advice}`
  return partlyDone(problem, progress, { steps, saved_blocks: done, missing })
}
