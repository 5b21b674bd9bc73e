import {
  judge,
  knowledgeOf,
  readExamples,
  routerTools,
  routerToolsOfAll,
  ROUTER_SETS,
  score,
} from '../server/test/support/score-router.ts'
import type { Verdict } from '../server/test/support/score-router.ts'

// Measures the built-in router on sets of requests about Notion, with its tools alone and next to those of all providers.
// Usage: node scripts/run.mjs scripts/score-router.ts [--all] [files]

const showsAll = process.argv.includes('--all')
const files = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const knowledge = knowledgeOf(routerTools())
const knowledgeOfAll = knowledgeOf(routerToolsOfAll())

for (const file of files.length > 0 ? files : ROUTER_SETS) {
  const verdicts = judge(readExamples(file), knowledge)
  console.log(`\n${file.split('/').at(-1)}`)
  for (const language of ['en', 'pt'] as const)
    print(
      language,
      verdicts.filter(({ example }) => example.lang === language),
    )
  print('both', verdicts)
  print('all 3', judge(readExamples(file), knowledgeOfAll))
  for (const verdict of verdicts) if (showsAll || isMiss(verdict)) describe(verdict)
}

function print(label: string, verdicts: readonly Verdict[]): void {
  const { fitting, rightTool, rightArguments, asked, nothing, wrongTool, wrongWrites, unfitting, declined } =
    score(verdicts)
  console.log(
    `  ${label.padEnd(5)} right tool ${share(rightTool, fitting)}  with all arguments ${share(rightArguments, fitting)}  ` +
      `asked ${asked}  did nothing ${nothing}  wrong tool ${wrongTool}  wrong writes ${wrongWrites}  ` +
      `declined what fits nothing ${share(declined, unfitting)}`,
  )
}

function share(part: number, whole: number): string {
  return `${part}/${whole} (${whole === 0 ? '-' : ((100 * part) / whole).toFixed(1)} %)`
}

function isMiss({ outcome }: Verdict): boolean {
  return outcome !== 'right' && outcome !== 'declined'
}

function describe({ example, outcome, called, input }: Verdict): void {
  const { tool, args } = example.expected
  console.log(`  ${outcome.toUpperCase()} ${example.id}: ${example.messages.at(-1)?.text ?? ''}`)
  console.log(`      expected ${tool} ${JSON.stringify(args ?? {})}`)
  console.log(`      got      ${called} ${JSON.stringify(input ?? {})}`)
}
