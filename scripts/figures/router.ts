import { basename } from 'node:path'
import {
  judge,
  knowledgeOf,
  readExamples,
  routerTools,
  ROUTER_SETS,
  score,
  type Verdict,
} from '../../server/test/support/score-router.ts'
import type { Bar, Figure } from './figure.ts'

/** What the built-in router makes of requests in English and Portuguese. `npm run score-router` names each miss. */

/** Hold for the first set; the others are for information. */
const RIGHT_TOOL_BAR = { least: 92 }
const WRONG_WRITES_BAR = { most: 0 }
const DECLINED_BAR = { least: 97 }

const PERCENT = 100

export function routerFigures(): Figure[] {
  const knowledge = knowledgeOf(routerTools())
  return ROUTER_SETS.flatMap((file, index) =>
    setFigures(basename(file, '.jsonl'), judge(readExamples(file), knowledge), index === 0),
  )
}

function setFigures(name: string, verdicts: readonly Verdict[], hasBars: boolean): Figure[] {
  const inLanguage = (language: string) => verdicts.filter(({ example }) => example.lang === language)
  return [
    ...languageFigures(`${name}, English`, inLanguage('en'), false),
    ...languageFigures(`${name}, Portuguese`, inLanguage('pt'), false),
    ...languageFigures(`${name}, both`, verdicts, hasBars),
  ]
}

function languageFigures(name: string, verdicts: readonly Verdict[], hasBars: boolean): Figure[] {
  const { fitting, rightTool, wrongWrites, unfitting, declined } = score(verdicts)
  const withBar = (figure: Figure, bar: Bar): Figure => (hasBars ? { ...figure, bar } : figure)
  const share = (what: string, part: number, whole: number): Figure => ({
    name: `${name}: ${what}, ${part} of ${whole}`,
    unit: '%',
    ours: whole === 0 ? PERCENT : (PERCENT * part) / whole,
  })
  return [
    withBar(share('right tool', rightTool, fitting), RIGHT_TOOL_BAR),
    withBar({ name: `${name}: wrong writes`, unit: 'writes', ours: wrongWrites }, WRONG_WRITES_BAR),
    withBar(share('unfitting requests declined', declined, unfitting), DECLINED_BAR),
  ]
}
