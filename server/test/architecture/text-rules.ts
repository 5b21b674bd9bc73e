import { providerOf } from './import-rules.ts'
import {
  insideServer,
  isTest,
  occurrences,
  RULES_FOLDER,
  serverCode,
  serverFolder,
  type Findings,
  type SourceFile,
} from './source-file.ts'

/** What may be written where. Each rule takes files and gives what is wrong with them. */

const OPENERS = new Set(['vault', 'connections', 'tools'])
/** Opens the key that signs our own access tokens, which is no user's credential. */
const KEY_OPENER = 'oauth/tokens/signing-keys.ts'

/** A call of `open` on something that is called a vault, or `open` taken out of one. */
const OPENING = [
  /\w*vault\w*\s*[?!]?\s*\.\s*open\w*/i,
  /\w*vault\w*\s*[?!.]*\s*\[(?!\])/i,
  /\{[^{}=]*\bopen(?:Foreign|ForCall)?\b[^{}=]*\}\s*=[^=>;\n]*vault/i,
]

/** Moving a deployment in is the only use for a token that is bound to nobody. */
const FOREIGN_OPENERS = /^(?:vault\/|connections\/import)/

export function openRule(files: readonly SourceFile[]): Findings {
  return serverCode(files).flatMap((file) => {
    const opened =
      OPENERS.has(serverFolder(file.path) ?? '') || insideServer(file.path) === KEY_OPENER
        ? []
        : OPENING.flatMap((pattern) => occurrences(file, file.bare, pattern, 'opens a credential'))
    const foreign = FOREIGN_OPENERS.test(insideServer(file.path))
      ? []
      : occurrences(file, file.bare, /\bopenForeign\b/, 'opens a credential that is bound to nobody')
    return [...opened, ...foreign]
  })
}

const SYSTEM_USERS = /^(?:db|identity|jobs|oauth|audit|webhooks)\/|^vault\/(?:rotate|canary)/

export function systemRule(files: readonly SourceFile[]): Findings {
  return serverCode(files)
    .filter(({ path }) => !SYSTEM_USERS.test(insideServer(path)))
    .flatMap((file) => occurrences(file, file.code, /\basSystem\b/, 'looks past one user with asSystem'))
}

const ENVIRONMENT = [
  /\bprocess\s*\??\.\s*env\b/,
  /\bprocess\s*(?:\?\.)?\s*\[/,
  /\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b/,
  /from\s*['"](?:node:)?process['"]/,
]

export function environmentRule(files: readonly SourceFile[]): Findings {
  return serverCode(files)
    .filter(({ path }) => insideServer(path) !== 'config.ts')
    .flatMap((file) =>
      ENVIRONMENT.flatMap((pattern) => occurrences(file, file.code, pattern, 'reads the environment; config.ts does')),
    )
}

const SOCKET_MODULES = new Set(
  ['net', 'tls', 'http', 'https', 'http2', 'dns', 'dns/promises', 'dgram'].flatMap((name) => [name, `node:${name}`]),
)
const CLIENT_PACKAGES = new Set(['undici', 'axios', 'got', 'ky', 'node-fetch', 'ws', 'eventsource', 'superagent'])
/** What lives in modules of sockets and goes nowhere by itself. */
const HARMLESS_NAMES = new Set(['isIP', 'isIPv4', 'isIPv6', 'STATUS_CODES', 'ServerResponse', 'createServer'])

/** Calls of the global function, not of a `fetch` that was handed over as a member; and global clients. */
const GLOBAL_CLIENTS = [
  // A line that begins with `fetch(` or `async fetch(` defines a method: a call of that form would lose its promise.
  /(?<=\S[^\n]*)(?<!^\s*async\s+)(?<![.\w$#])fetch\s*\(/m,
  /(?<!\btypeof\s+)\b(?:globalThis|global|window)\s*\??\.\s*fetch\b/,
  /(?:\?\?|\|\||[^=!<>]=)\s*fetch\b(?!\s*[\w(])/,
  /\bnew\s+(?:WebSocket|EventSource|XMLHttpRequest)\b/,
]

export function networkRule(files: readonly SourceFile[]): Findings {
  return serverCode(files)
    .filter(({ path }) => !insideServer(path).startsWith('kernel/egress'))
    .flatMap((file) => [
      ...GLOBAL_CLIENTS.flatMap((pattern) =>
        occurrences(file, file.bare, pattern, 'goes out without the guarded fetch'),
      ),
      ...file.imports.flatMap(({ specifier, typeOnly, names }) => {
        const opensSockets = SOCKET_MODULES.has(specifier ?? '') || CLIENT_PACKAGES.has(specifier ?? '')
        const isHarmless = typeOnly || (names.length > 0 && names.every(isHarmlessName))
        return opensSockets && !isHarmless
          ? [`${file.path}: imports ${specifier}; only kernel/egress opens sockets`]
          : []
      }),
    ])
}

function isHarmlessName(name: string): boolean {
  return HARMLESS_NAMES.has(name) || name.startsWith('type ')
}

/** Adding a provider is adding one folder: nothing outside may know its name, not even a comment. Tests may. */
export function providerNameRule(files: readonly SourceFile[], ids: readonly string[]): Findings {
  return files
    .filter(({ path }) => /^(?:server|console|cli|sdk)\/src\//.test(path) && !isTest(path))
    .flatMap((file) =>
      ids
        .filter((id) => providerOf(file.path) !== id)
        .flatMap((id) => [
          ...occurrences(file, file.text, new RegExp(id, 'i'), `names the provider ${id}`),
          ...(file.path.includes(id) ? [`${file.path}: is named after the provider ${id}`] : []),
        ]),
    )
}

/** A test that does not run proves nothing and still counts in nobody's head. */
export function skippedTestRule(files: readonly SourceFile[]): Findings {
  const pattern = /\b(?:test|it|describe|suite)(?:\s*\.\s*\w+)*\s*\.\s*(?:skip|only|todo|skipIf|runIf|fails)\b/
  return files
    .filter(({ path }) => isTest(path))
    .flatMap((file) => occurrences(file, file.bare, pattern, 'skips, singles out or promises a test'))
}

export function unfinishedRule(files: readonly SourceFile[]): Findings {
  return files
    .filter(({ path }) => !path.startsWith(RULES_FOLDER))
    .flatMap((file) => occurrences(file, file.text, /\b(?:TODO|FIXME|XXX|HACK)\b/, 'leaves something for later'))
}
