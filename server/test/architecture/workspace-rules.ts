import { absentOptionals, type LockedPackages } from '../../../scripts/lockfile.ts'
import { isTest, RULES_FOLDER, type Findings, type SourceFile } from './source-file.ts'

/** Rules on files as such: sizes, versions, the lockfile, and what a document may mention. */

const MAX_LINES = 400
const MAX_TEST_LINES = 600
const MAX_RUNTIME_DEPENDENCIES = 30

export function sizeRule(files: readonly SourceFile[]): Findings {
  return files.flatMap(({ path, text }) => {
    const lines = text.trimEnd().split('\n').length
    const limit = isTest(path) ? MAX_TEST_LINES : MAX_LINES
    return lines > limit ? [`${path}: has ${lines} lines; ${limit} is the most`] : []
  })
}

export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

const EXACT = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/

/** Without exact versions npm under an older Node quietly takes older majors. */
export function versionRule(path: string, manifest: Manifest): Findings {
  const groups = [
    manifest.dependencies,
    manifest.devDependencies,
    manifest.optionalDependencies,
    manifest.peerDependencies,
  ]
  return groups
    .flatMap((group) => Object.entries(group ?? {}))
    .filter(([, version]) => !EXACT.test(version))
    .map(([name, version]) => `${path}: ${name} is ${version}, not one exact version`)
}

export function dependencyCountRule(path: string, manifest: Manifest): Findings {
  const count = Object.keys(manifest.dependencies ?? {}).length
  return count > MAX_RUNTIME_DEPENDENCIES
    ? [`${path}: has ${count} runtime dependencies; ${MAX_RUNTIME_DEPENDENCIES} is the most`]
    : []
}

/**
 * An address in the lockfile would tie every clone to one machine's registry; a missing digest would trust it blindly. Only
 * parts for other platforms, which the registry at hand may not have, go without one.
 */
export function lockfileRule(packages: LockedPackages): Findings {
  return Object.entries(packages).flatMap(([path, entry]) => {
    const isOurs = !path.includes('node_modules/') || entry.link === true
    const isForeignPart = entry.optional === true && (entry.os !== undefined || entry.cpu !== undefined)
    return [
      ...(/[:@]/.test(entry.resolved ?? '') ? [`package-lock.json: ${path} has the address ${entry.resolved}`] : []),
      ...(isOurs || isForeignPart || entry.integrity !== undefined
        ? []
        : [`package-lock.json: ${path} has no integrity`]),
    ]
  })
}

/** With an optional package missing from the lockfile `npm ci` refuses to run, on every platform. */
export function completeLockfileRule(packages: LockedPackages): Findings {
  return absentOptionals(packages).map(
    ({ name }) => `package-lock.json: ${name} is missing. Run \`node scripts/run.mjs scripts/complete-lockfile.ts\`.`,
  )
}

const MACHINE_PATH = /(?<![\w.~])\/(?:work|root|home\/[a-z]\w*|Users\/[A-Za-z]\w*|tmp)\/[\w.-]/
const REGISTRY_HOST =
  /\b(?:registry|npm|pypi|mirror|proxy|artifactory|nexus)\.[\w-]+\.(?:org|com|net|io|internal|local)\b/i

/** What stands in the repository must be true on every machine. */
export function machineRule(files: readonly Pick<SourceFile, 'path' | 'text'>[]): Findings {
  const elsewhere = files.filter(({ path }) => !path.startsWith(RULES_FOLDER))
  return elsewhere.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const place = `${path}:${index + 1}`
      return [
        ...(MACHINE_PATH.test(line) ? [`${place}: names a path of one machine`] : []),
        ...(REGISTRY_HOST.test(line) ? [`${place}: names a registry`] : []),
      ]
    }),
  )
}
