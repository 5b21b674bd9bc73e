import { readFileSync, writeFileSync } from 'node:fs'
import { MIGRATIONS_DIRECTORY, readMigrations } from '../server/src/db/migrate.ts'
import { checkChecksums, recordNew, type Checksums } from '../server/test/support/migration-checksums.ts'

/** Records the migrations that are about to ship. From then on a test refuses every change to them. */

const path = `${MIGRATIONS_DIRECTORY}checksums.json`
const migrations = await readMigrations()
const before = JSON.parse(readFileSync(path, 'utf8')) as Checksums
const after = recordNew(before, migrations)
const problems = checkChecksums(after, migrations)

if (problems.length === 0) {
  writeFileSync(path, `${JSON.stringify(after, null, 2)}\n`)
  const added = Object.keys(after).filter((name) => before[name] === undefined)
  console.log(added.length === 0 ? 'Nothing new to record.' : `Recorded ${added.join(', ')}.`)
} else {
  console.error(problems.join('\n'))
  process.exitCode = 1
}
