import { describe, expect, it } from 'vitest'
import {
  judge,
  knowledgeOf,
  readExamples,
  routerTools,
  routerToolsOfAll,
  ROUTER_SETS,
  score,
} from '#test/support/score-router.ts'

/**
 * The bar under which the router may not fall, on requests to the real tools: right tool, and what fits none declined.
 * All sets have been seen, so they guard what is reached and say little about requests that nobody has made yet; what the
 * first run on each gave stands in `ROUTER.md` next to them.
 */
const BARS = [
  { sets: ['agent-requests'], rightTool: 0.97, rightArguments: 0.9 },
  { sets: ['router-heldout'], rightTool: 0.97, rightArguments: 0.94 },
  { sets: ['router-further'], rightTool: 0.97, rightArguments: 0.94 },
  { sets: ['router-spoken'], rightTool: 0.97, rightArguments: 0.94 },
  { sets: ['router-first-1'], rightTool: 0.97, rightArguments: 0.94 },
  { sets: ['router-first-2'], rightTool: 0.97, rightArguments: 0.94, declined: 0.95 },
  { sets: ['router-first-3'], rightTool: 0.97, rightArguments: 0.94 },
  { sets: ['router-first-4'], rightTool: 0.97, rightArguments: 0.94 },
  // Small ones together.
  {
    sets: ['router-first-5', 'router-first-6', 'router-first-7', 'router-first-8', 'router-first-9'],
    rightTool: 0.97,
    rightArguments: 0.94,
    declined: 0.93,
  },
]
const DECLINED = 0.97
/** Tools that a set must ask for: all that there were when the first was made. */
const MIN_TOOLS = 21

const knowledge = knowledgeOf(routerTools())

describe.each(BARS)('on $sets the router', ({ sets, rightTool, rightArguments, declined = DECLINED }) => {
  const examples = sets.flatMap((set) => readExamples(new URL(`../../../test/fixtures/${set}.jsonl`, import.meta.url)))
  const verdicts = judge(examples, knowledge)

  it.each(['en', 'pt'] as const)('calls the right tool (%s)', (language) => {
    const result = score(verdicts.filter(({ example }) => example.lang === language))
    expect(result.rightTool / result.fitting).toBeGreaterThanOrEqual(rightTool)
    expect(result.rightArguments / result.fitting).toBeGreaterThanOrEqual(rightArguments)
  })

  it('never makes a wrong change', () => {
    expect(
      verdicts.filter(({ wrongWrite }) => wrongWrite).map(({ example, called }) => `${example.id} ${called}`),
    ).toEqual([])
  })

  it('declines what fits no tool', () => {
    const result = score(verdicts)
    expect(result.declined / result.unfitting).toBeGreaterThanOrEqual(declined)
  })

  it('is tried with many tools and both languages', () => {
    const expected = new Set(verdicts.map(({ example }) => example.expected.tool).filter((tool) => tool !== null))
    expect(expected.size).toBeGreaterThanOrEqual(MIN_TOOLS)
    expect(verdicts.length).toBeGreaterThanOrEqual(120)
  })
})

/**
 * With every provider's tools on offer. What is lost are questions like "who is in the workspace?", which two providers can
 * answer: the router then asks which is meant. Requests of the sets that name Slack or GitHub fit a tool here.
 */
describe('next to the tools of all providers', () => {
  const verdicts = ROUTER_SETS.flatMap((set) => judge(readExamples(set), knowledgeOf(routerToolsOfAll())))

  it('the right tool is found nearly as often, and hardly ever another', () => {
    const { rightTool, fitting, wrongTool } = score(verdicts)
    expect(rightTool / fitting).toBeGreaterThanOrEqual(0.97)
    expect(wrongTool / fitting).toBeLessThanOrEqual(0.002)
  })

  it('no wrong change is made but where the other provider is asked for by its name', () => {
    const wrong = verdicts.filter(({ wrongWrite, example }) => {
      const asked = example.messages.at(-1)?.text ?? ''
      return wrongWrite && !/slack|github/i.test(asked)
    })
    expect(wrong.map(({ example, called }) => `${example.id} ${called}`)).toEqual([])
  })
})
