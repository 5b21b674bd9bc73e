import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { scan } from './scan.ts'

/** The repository, wherever it lies. */
export const ROOT = join(import.meta.dirname, '..', '..', '..')

/** Here stands, as samples, what the rules on texts refuse elsewhere. */
export const RULES_FOLDER = 'server/test/architecture/'

export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string
  readonly text: string
  /** Without comments. */
  readonly code: string
  /** Without comments and without the contents of literals. */
  readonly bare: string
  readonly imports: readonly Import[]
}

export interface Import {
  /** What stands between the quotes; null where a dynamic import computes it. */
  readonly specifier: string | null
  readonly typeOnly: boolean
  /** The names between the braces, as they are called in the other file. */
  readonly names: readonly string[]
}

/** A finding: the file and what is wrong with it. Empty means that the rule holds. */
export type Findings = string[]

const SKIPPED_FOLDERS = new Set(['node_modules', 'fixtures', 'seeds', 'dist', 'data', 'coverage'])

/** Every file below the folders whose name ends with one of the endings. Hidden folders are not entered. */
export function listFiles(folders: readonly string[], endings: readonly string[]): string[] {
  return folders.flatMap((folder) => walk(folder)).filter((path) => endings.some((ending) => path.endsWith(ending)))
}

function walk(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true })
  return entries.flatMap((entry) => {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`
    if (!entry.isDirectory()) return [path]
    return SKIPPED_FOLDERS.has(entry.name) || entry.name.startsWith('.') ? [] : walk(path)
  })
}

export function readSource(path: string): SourceFile {
  return sourceFile(path, readFileSync(join(ROOT, path), 'utf8'))
}

export function sourceFile(path: string, text: string): SourceFile {
  const { code, bare } = scan(text)
  return { path, text, code, bare, imports: importsOf(code, bare) }
}

const STATIC_IMPORT = /^[ \t]*((?:import|export)\b\s*)(type\s+)?([^'"`;()=]*?\bfrom\s*)?['"]([^'"]*)['"]/gm
const DYNAMIC_IMPORT = /(?<!\.)\b(?:import|require)\s*\(\s*(?:['"`]([^'"`$]*)['"`]\s*[,)])?/g

function importsOf(code: string, bare: string): Import[] {
  // In the bare text the words inside literals are blank.
  const isCode = (match: RegExpExecArray) => /^\s*(?:import|export|require)/.test(bare.slice(match.index))
  const statics = [...code.matchAll(STATIC_IMPORT)].filter(isCode).map(([, , type, clause, specifier]) => ({
    specifier: specifier ?? null,
    typeOnly: type !== undefined,
    names: namesOf(clause ?? ''),
  }))
  const dynamics = [...code.matchAll(DYNAMIC_IMPORT)]
    .filter(isCode)
    .map(([, specifier]) => ({ specifier: specifier ?? null, typeOnly: false, names: [] }))
  return [...statics, ...dynamics]
}

function namesOf(clause: string): string[] {
  const braces = /\{([^}]*)\}/.exec(clause)?.[1] ?? ''
  const named = braces.split(',').map((name) => name.trim().split(/\s+as\s+/)[0] ?? '')
  const whole = clause.replace(/\{[^}]*\}/, '').match(/\*|\b(?!from\b|as\b)\w+/g) ?? []
  return [...named.filter((name) => name !== ''), ...whole]
}

const SERVER_SOURCE = 'server/src/'

/** The folder of server/src that a file lies in; '' for those at its root; undefined for files elsewhere. */
export function serverFolder(path: string): string | undefined {
  if (!path.startsWith(SERVER_SOURCE)) return undefined
  const inside = path.slice(SERVER_SOURCE.length)
  return inside.includes('/') ? inside.slice(0, inside.indexOf('/')) : ''
}

/** The path below server/src. */
export function insideServer(path: string): string {
  return path.slice(SERVER_SOURCE.length)
}

export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || /(^|\/)test\//.test(path)
}

/** Files of server/src that run in production. */
export function serverCode(files: readonly SourceFile[]): SourceFile[] {
  return files.filter(({ path }) => path.startsWith(SERVER_SOURCE) && !isTest(path))
}

/** Where a pattern occurs, as findings with a line number. */
export function occurrences(file: SourceFile, text: string, pattern: RegExp, what: string): Findings {
  return [...text.matchAll(new RegExp(pattern, addGlobal(pattern.flags)))].map((match) => {
    const line = text.slice(0, match.index).split('\n').length
    return `${file.path}:${line}: ${what}`
  })
}

function addGlobal(flags: string): string {
  return flags.includes('g') ? flags : `${flags}g`
}
