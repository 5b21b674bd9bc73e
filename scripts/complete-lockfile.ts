import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { absentOptionals, withAbsentOptionals, type LockedPackages } from './lockfile.ts'
import { ROOT } from './steps.ts'

/** Run after `npm install` has changed the lockfile: completes it, so that `npm ci` works on every platform. */

const path = join(ROOT, 'package-lock.json')
const lockfile = JSON.parse(readFileSync(path, 'utf8')) as { packages: LockedPackages }
const absent = absentOptionals(lockfile.packages)
if (absent.length > 0) {
  const completed = { ...lockfile, packages: withAbsentOptionals(lockfile.packages) }
  writeFileSync(path, `${JSON.stringify(completed, null, 2)}\n`)
}
console.log(`${absent.length} packages for other platforms added.`)
