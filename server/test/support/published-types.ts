import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './server-process.ts'

/** Holds what was answered against the types in which its service publishes its answers. */

export interface Answer {
  /** What it answered, for the report. */
  readonly of: string
  /** The published type, by the names that the imports bring. */
  readonly type: string
  readonly value: unknown
}

/**
 * One run of the compiler for all of them: a required member that is missing, one of another type, a word that is none of those
 * listed, or a member that the type does not know, is a finding.
 * @param imports lines that import types, each from the root of a package that is installed
 * @returns the findings, each led by what was answered; none: every answer is as published
 */
export async function findingsAbout(imports: readonly string[], answers: readonly Answer[]): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'chaveiro-answers-'))
  const lines = answers.map(({ type, value }) => `void (${JSON.stringify(value)} satisfies ${type})`)
  const file = join(directory, 'answers.ts')
  writeFileSync(file, [...imports, ...lines].join('\n'))
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(configuration(file)))
  try {
    const output = await compile(directory)
    return output.split('\n').flatMap((line) => finding(line, imports.length, answers))
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function configuration(file: string) {
  return {
    files: [file],
    compilerOptions: {
      noEmit: true,
      strict: true,
      skipLibCheck: true,
      module: 'nodenext',
      target: 'esnext',
      types: [],
      paths: { '*': [join(ROOT, 'node_modules', '*')] },
    },
  }
}

/** The compiler says what it finds on its standard output, and ends with a status that is not 0. */
function compile(directory: string): Promise<string> {
  return new Promise((resolve) => {
    const compiler = join(ROOT, 'node_modules', '.bin', 'tsc')
    execFile(compiler, ['-p', directory, '--pretty', 'false'], { encoding: 'utf8' }, (error, output) => {
      resolve(error !== null && output === '' ? `compiler: ${error.message}` : output)
    })
  })
}

function finding(line: string, before: number, answers: readonly Answer[]): string[] {
  if (line.trim() === '') return []
  const [, row = '', text = line] = /\((\d+),\d+\): (.*)$/.exec(line) ?? []
  return [`${answers[Number(row) - before - 1]?.of ?? 'all'}: ${text}`]
}
