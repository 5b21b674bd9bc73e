import type { Client } from '@notionhq/client'
import { describe, expect, test, vi } from 'vitest'
import { failure, success } from '#kernel/problem.ts'
import { appendBlocks } from './append.ts'
import { blocksIn } from './append-plan.ts'
import type { NotionApi, Written } from './client.ts'
import type { BlockNode } from './markdown-lines.ts'
import { blocksFromMarkdown } from './markdown.ts'
import { wordsIn } from './words.ts'

const PARENT = 'e5b2317e-9ae8-46d7-9428-3e8f1785b333'

interface Block {
  readonly type: string
  readonly children: readonly Block[]
}

interface Sent {
  readonly parent: string
  readonly after: string | undefined
  readonly children: readonly Block[]
}

type Reply = 'answer' | 'commit' | 'commit without ids' | 'unknown' | 'refuse'

/** Notion's limits, checked on what is sent; every new block of the first level gets the next id. */
function scripted(replies: readonly Reply[] = []) {
  const sent: Sent[] = []
  let made = 0
  const append = (body: {
    block_id: string
    children: Record<string, unknown>[]
    position?: { after_block: { id: string } }
  }) => {
    const children = body.children.map(readBlock)
    sent.push({ parent: body.block_id, after: body.position?.after_block.id, children })
    return { results: children.map(() => ({ object: 'block', id: `new-${(made += 1)}` })) }
  }
  const notion = { blocks: { children: { append } } } as unknown as Client
  const api: NotionApi = {
    words: wordsIn('en'),
    read: () => Promise.reject(new Error('An append needs no reading')),
    write: async <T>(request: (notion: Client) => Promise<T>) => {
      const answer = await request(notion)
      const reply = replies[sent.length - 1] ?? 'answer'
      if (reply === 'refuse') return failure('rate_limited', 'Try again in 40 seconds.', { retryAfterSeconds: 40 })
      if (reply === 'unknown') return failure('outcome_unknown', 'Nobody knows.')
      if (reply === 'answer') return success<Written<T>>({ kind: 'answered', answer })
      const ids = (answer as { results: { id: string }[] }).results.map(({ id }) => id)
      return success<Written<T>>({ kind: 'committed', id: PARENT, childIds: reply === 'commit' ? ids : [] })
    },
  }
  return { api, sent }
}

function readBlock(block: Record<string, unknown>): Block {
  const type = String(block['type'])
  const content = block[type] as { children?: Record<string, unknown>[] }
  return { type, children: (content.children ?? []).map(readBlock) }
}

function countOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + 1 + countOf(block.children), 0)
}

function depthOf(blocks: readonly Block[]): number {
  return blocks.reduce((depth, block) => Math.max(depth, depthOf(block.children) + 1), 0)
}

function widestOf(blocks: readonly Block[]): number {
  return blocks.reduce((widest, block) => Math.max(widest, widestOf(block.children)), blocks.length)
}

function paragraphs(count: number): BlockNode[] {
  return blocksFromMarkdown(Array.from({ length: count }, (_, index) => `line ${index}`).join('\n'))
}

/** A list that goes down one level with every line. */
function staircase(levels: number): BlockNode[] {
  return blocksFromMarkdown(
    Array.from({ length: levels }, (_, level) => `${'  '.repeat(level)}- level ${level}`).join('\n'),
  )
}

describe('what fits goes in one request', () => {
  test('up to a hundred blocks', async () => {
    const { api, sent } = scripted()
    const outcome = await appendBlocks(api, PARENT, paragraphs(100), undefined)
    expect(sent.map(({ parent, children }) => [parent, children.length])).toEqual([[PARENT, 100]])
    expect(outcome.ok && outcome.value.blockIds.length).toBe(100)
  })

  test('with two levels below', async () => {
    const { api, sent } = scripted()
    await appendBlocks(api, PARENT, staircase(3), undefined)
    expect(sent.map(({ children }) => depthOf(children))).toEqual([3])
  })

  test('a table with its rows', async () => {
    const { api, sent } = scripted()
    await appendBlocks(api, PARENT, blocksFromMarkdown('| a |\n|---|\n| 1 |\n| 2 |'), undefined)
    expect(sent[0]?.children[0]).toMatchObject({ type: 'table', children: [{}, {}, {}] })
  })
})

describe('what does not fit goes in several', () => {
  test('more than a hundred blocks, in their order', async () => {
    const { api, sent } = scripted()
    const outcome = await appendBlocks(api, PARENT, paragraphs(250), undefined)
    expect(sent.map(({ children }) => children.length)).toEqual([100, 100, 50])
    expect(sent.every(({ parent, after }) => parent === PARENT && after === undefined)).toBe(true)
    expect(outcome).toMatchObject({
      ok: true,
      value: {
        steps: [100, 100, 50].map((blocks) => ({ parent_id: PARENT, blocks, status: 'appended' })),
      },
    })
  })

  test('behind a block: each part follows the last block of the one before', async () => {
    const { api, sent } = scripted()
    await appendBlocks(api, PARENT, paragraphs(250), 'anchor')
    expect(sent.map(({ after }) => after)).toEqual(['anchor', 'new-100', 'new-200'])
  })

  test('deeper nesting: what is too deep follows once its block has an id', async () => {
    const { api, sent } = scripted()
    await appendBlocks(api, PARENT, staircase(8), undefined)
    expect(sent.every(({ children }) => depthOf(children) <= 3)).toBe(true)
    expect(sent.reduce((sum, { children }) => sum + countOf(children), 0)).toBe(8)
    expect(sent.map(({ parent }) => parent)).toEqual([PARENT, 'new-1', 'new-2', 'new-3', 'new-4', 'new-5'])
  })

  test('a block with more than a hundred children', async () => {
    const { api, sent } = scripted()
    const lines = ['- parent', ...Array.from({ length: 150 }, (_, index) => `  - child ${index}`)]
    await appendBlocks(api, PARENT, blocksFromMarkdown(lines.join('\n')), undefined)
    expect(sent.map(({ parent, children }) => [parent, countOf(children)])).toEqual([
      [PARENT, 1],
      ['new-1', 100],
      ['new-1', 50],
    ])
  })

  test('a table with more than a hundred rows keeps the first ones, for Notion takes no empty table', async () => {
    const { api, sent } = scripted()
    const rows = Array.from({ length: 250 }, (_, index) => `| ${index} |`)
    await appendBlocks(api, PARENT, blocksFromMarkdown(['| n |', '|---|', ...rows].join('\n')), undefined)
    expect(sent.map(({ parent, children }) => [parent, countOf(children)])).toEqual([
      [PARENT, 101],
      ['new-1', 100],
      ['new-1', 51],
    ])
  })

  test('whatever it is, each request keeps the limits of Notion and nothing is lost', async () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const nodes = blocksFromMarkdown(randomMarkdown(seed))
      const { api, sent } = scripted()
      const outcome = await appendBlocks(api, PARENT, nodes, undefined)
      expect(outcome.ok).toBe(true)
      for (const { children } of sent) {
        expect(widestOf(children)).toBeLessThanOrEqual(100)
        expect(depthOf(children)).toBeLessThanOrEqual(3)
        expect(countOf(children)).toBeLessThanOrEqual(1_000)
        expect(JSON.stringify(children).length).toBeLessThanOrEqual(500_000)
      }
      const all = blocksIn(nodes)
      expect(sent.reduce((sum, { children }) => sum + countOf(children), 0)).toBe(all)
    }
  })
})

/** Lists of random depth; the same seed gives the same text. */
function randomMarkdown(seed: number): string {
  let state = seed
  const next = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
  let depth = 0
  const lines = Array.from({ length: 40 + next(260) }, (_, index) => {
    depth = Math.max(0, Math.min(depth + 1, depth + next(4) - 2, 5))
    return `${'  '.repeat(depth)}- item ${index} ${'x'.repeat(next(300))}`
  })
  return lines.join('\n')
}

describe('when it goes wrong', () => {
  test('at once, the fault is told as it is', async () => {
    const { api } = scripted(['refuse'])
    const outcome = await appendBlocks(api, PARENT, paragraphs(150), undefined)
    expect(outcome).toEqual({
      ok: false,
      problem: { code: 'rate_limited', detail: 'Try again in 40 seconds.', retryAfterSeconds: 40 },
    })
  })

  test('in the middle, it says how far it came, part by part, and where to go on', async () => {
    const { api, sent } = scripted(['answer', 'answer', 'refuse'])
    const outcome = await appendBlocks(api, PARENT, paragraphs(350), undefined)
    expect(sent.length).toBe(3)
    expect(outcome).toMatchObject({
      ok: false,
      problem: {
        code: 'partly_done',
        retryAfterSeconds: 40,
        extra: {
          steps: [
            { blocks: 100, status: 'appended' },
            { blocks: 100, status: 'appended' },
            { blocks: 100, status: 'refused' },
          ],
          saved_blocks: 200,
          missing: [{ block_id: PARENT, after: null, blocks: 150, begins_with: 'line 200' }],
        },
      },
    })
    const detail = outcome.ok ? '' : outcome.problem.detail
    expect(detail).toContain('200 of 350 blocks were appended')
    expect(detail).toContain(`Still to append: 150 to ${PARENT}, from "line 200" on.`)
  })

  test('inside a block, it names every place that misses some, from the inside out', async () => {
    const lines = ['- one', ...Array.from({ length: 150 }, (_, index) => `  - child ${index}`), '- two']
    const more = ['- three', ...Array.from({ length: 120 }, (_, index) => `  - other ${index}`)]
    const nodes = blocksFromMarkdown([...lines, ...more].join('\n'))
    const { api } = scripted(['answer', 'answer', 'refuse'])
    const outcome = await appendBlocks(api, PARENT, nodes, undefined)
    expect(outcome.ok ? undefined : outcome.problem.extra).toMatchObject({
      saved_blocks: 103,
      missing: [
        { block_id: 'new-1', blocks: 50, begins_with: 'child 100' },
        { block_id: 'new-3', blocks: 120, begins_with: 'other 0' },
      ],
    })
  })

  test('behind a block, it names the block to go on behind', async () => {
    const { api } = scripted(['answer', 'refuse'])
    const outcome = await appendBlocks(api, PARENT, paragraphs(150), 'anchor')
    expect(outcome.ok ? undefined : outcome.problem.extra).toMatchObject({
      missing: [{ block_id: PARENT, after: 'new-100', blocks: 50 }],
    })
  })

  test('by being slow, it stops in time to tell what is saved', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 0 })
    try {
      const { api, sent } = scripted()
      const slow: NotionApi = {
        ...api,
        write: (request, operation) => {
          vi.setSystemTime(Date.now() + 15_000)
          return api.write(request, operation)
        },
      }
      const outcome = await appendBlocks(slow, PARENT, paragraphs(900), undefined)
      expect(sent.length).toBe(3)
      expect(outcome).toMatchObject({
        ok: false,
        problem: { code: 'partly_done', extra: { saved_blocks: 300, missing: [{ blocks: 600 }] } },
      })
    } finally {
      vi.useRealTimers()
    }
  })

  test('without an answer, that part is of unknown outcome and no further one is sent', async () => {
    const { api, sent } = scripted(['answer', 'unknown'])
    const outcome = await appendBlocks(api, PARENT, paragraphs(350), undefined)
    expect(sent.length).toBe(2)
    expect(outcome).toMatchObject({
      ok: false,
      problem: { code: 'outcome_unknown', extra: { steps: [{ status: 'appended' }, { status: 'unknown' }] } },
    })
  })

  test('though Notion had saved it, the next part follows', async () => {
    const { api, sent } = scripted(['commit', 'answer'])
    expect(await appendBlocks(api, PARENT, paragraphs(150), undefined)).toMatchObject({ ok: true })
    expect(sent.length).toBe(2)
  })

  test('though Notion had saved it, what lies inside goes into the block that it named', async () => {
    const { api, sent } = scripted(['commit'])
    expect(await appendBlocks(api, PARENT, staircase(5), undefined)).toMatchObject({ ok: true })
    expect(sent[1]?.parent).toBe('new-1')
  })

  test('and Notion names no ids, nothing is put in a place that is only guessed', async () => {
    for (const [nodes, after] of [
      [staircase(5), undefined],
      [paragraphs(150), 'anchor'],
    ] as const) {
      const { api, sent } = scripted(['commit without ids'])
      const outcome = await appendBlocks(api, PARENT, nodes, after)
      expect(outcome).toMatchObject({ ok: false, problem: { code: 'outcome_unknown' } })
      expect(sent.length).toBe(1)
    }
  })

  test('because it is too much for one call, nothing is sent', async () => {
    const { api, sent } = scripted()
    const outcome = await appendBlocks(api, PARENT, paragraphs(4_500), undefined)
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'invalid_arguments', path: 'arguments.content' } })
    expect(sent).toEqual([])
  })
})
