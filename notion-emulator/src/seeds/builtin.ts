import { readFileSync } from 'node:fs'
import type { Seed } from './format.ts'
import { largeSeed } from './large.ts'
import { loadSeed } from './load.ts'

/** Names of the seeds that come with the emulator. */
export const BUILTIN_SEEDS = ['empty', 'demo', 'tenant-aurora', 'tenant-boreal', 'two-tenants', 'large'] as const

/** The workspaces of a seed that comes with the emulator. Throws a RangeError for an unknown name. */
export function builtinSeed(name: string): Seed[] {
  switch (name) {
    case 'empty':
      return []
    case 'demo':
      return [seedFile('demo-lumiara')]
    case 'tenant-aurora':
    case 'tenant-boreal':
      return [seedFile(name)]
    case 'two-tenants':
      return [seedFile('tenant-aurora'), seedFile('tenant-boreal')]
    case 'large':
      return [largeSeed()]
    default:
      throw new RangeError(`No seed named ${name}. Known: ${BUILTIN_SEEDS.join(', ')}`)
  }
}

function seedFile(name: string): Seed {
  return loadSeed(readFileSync(new URL(`../../seeds/${name}.json`, import.meta.url), 'utf8'))
}
