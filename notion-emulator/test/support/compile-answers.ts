import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { TypedAnswer } from './official-types.ts'

const NODE_MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url))
const COMPILER = join(NODE_MODULES, 'typescript', 'bin', 'tsc')
const OPTIONS = [
  '--ignoreConfig',
  '--noEmit',
  '--strict',
  '--skipLibCheck',
  '--module',
  'nodenext',
  '--target',
  'esnext',
]

/** What the compiler says about these answers; an empty text when all of them fit. */
export async function compile(answers: TypedAnswer[]): Promise<string> {
  // Below node_modules, where the client is found.
  mkdirSync(join(NODE_MODULES, '.cache'), { recursive: true })
  const folder = mkdtempSync(join(NODE_MODULES, '.cache', 'official-types-'))
  try {
    const file = join(folder, 'answers.mts')
    const names = [...new Set(answers.flatMap(({ type }) => type.match(/\b[A-Z]\w+Response\b/g) ?? []))]
    const literals = answers.map(({ name, type, body }) => `// ${name}\n;(${JSON.stringify(body)}) satisfies ${type}`)
    writeFileSync(
      file,
      `import type { ${['Client', ...names].join(', ')} } from '@notionhq/client'\n${literals.join('\n')}\n`,
    )
    const child = spawn(process.execPath, [COMPILER, ...OPTIONS, file], { cwd: folder })
    const [output] = await Promise.all([text(child.stdout), once(child, 'exit')])
    return output
  } finally {
    rmSync(folder, { recursive: true })
  }
}
