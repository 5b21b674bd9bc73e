/** Packages for other platforms that npm leaves out of the lockfile where its registry has not got them. */

export interface LockedPackage {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly dev?: boolean
  readonly optional?: boolean
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export type LockedPackages = Readonly<Record<string, LockedPackage>>

interface Absent {
  readonly parent: LockedPackage
  readonly name: string
  readonly version: string
}

const OPERATING_SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const PROCESSORS = ['arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']

/** The optional packages that others name and the lockfile lacks: with one of them missing `npm ci` refuses to run. */
export function absentOptionals(packages: LockedPackages): Absent[] {
  return Object.entries(packages).flatMap(([path, parent]) =>
    Object.entries(parent.optionalDependencies ?? {})
      .filter(([name]) => !isLocked(packages, path, name))
      .map(([name, version]) => ({ parent, name, version })),
  )
}

/**
 * Adds the absent ones with what their names tell: version and platform. They have no digest, so npm takes the
 * registry's when it installs them on such a platform.
 */
export function withAbsentOptionals(packages: LockedPackages): LockedPackages {
  const added = absentOptionals(packages).map(({ parent, name, version }) => [
    `node_modules/${name}`,
    lockedFor(name, version, parent.dev === true),
  ])
  const entries = [...Object.entries(packages), ...(added as [string, LockedPackage][])]
  return Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b, 'en')))
}

function isLocked(packages: LockedPackages, from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`] !== undefined) return true
    if (folder === '') return false
  }
}

/** Members in npm's order, so that its next run changes nothing. `@tool/binding-linux-x64-musl` is for linux, x64, musl. */
function lockedFor(name: string, version: string, dev: boolean): LockedPackage {
  const words = name.split(/[/-]/)
  const os = OPERATING_SYSTEMS.filter((word) => words.includes(word))
  const cpu = PROCESSORS.filter((word) => words.includes(word))
  const libc = LIBRARIES.filter(([start]) => words.some((word) => word.startsWith(start))).map(([, library]) => library)
  if (os.length + cpu.length === 0) throw new Error(`The name ${name} tells no platform.`)
  return {
    version,
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(dev ? { dev } : {}),
    ...(libc.length > 0 ? { libc } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  }
}

const LIBRARIES = [
  ['gnu', 'glibc'],
  ['musl', 'musl'],
] as const
