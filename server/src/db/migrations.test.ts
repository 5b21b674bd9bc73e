import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkChecksums, recordNew, type Checksums } from '#test/support/migration-checksums.ts'
import { MIGRATIONS_DIRECTORY, readMigrations } from './migrate.ts'

const recorded = JSON.parse(readFileSync(`${MIGRATIONS_DIRECTORY}checksums.json`, 'utf8')) as Checksums

const FIRST = { name: '0001-first.sql', checksum: 'a' }
const SECOND = { name: '0002-second.sql', checksum: 'b' }
const SHIPPED = { '0001-first.sql': 'a', '0002-second.sql': 'b' }

test('no migration that shipped was changed, removed or overtaken', async () => {
  const migrations = await readMigrations()
  expect(migrations.length).toBeGreaterThan(0)
  expect(checkChecksums(recorded, migrations)).toEqual([])
})

test('migrations are numbered without gaps or doubles', async () => {
  const versions = (await readMigrations()).map(({ version }) => version)
  expect(versions).toEqual(versions.map((_, index) => index + 1))
})

test('what shipped and is unchanged passes, and so does anything before the first release', () => {
  expect(checkChecksums(SHIPPED, [FIRST, SECOND])).toEqual([])
  expect(checkChecksums({}, [FIRST, SECOND])).toEqual([])
})

test.each([
  ['a changed file', [FIRST, { ...SECOND, checksum: 'c' }], /0002-second\.sql was changed/],
  ['a removed file', [FIRST], /0002-second\.sql was removed/],
  ['a file squeezed in', [FIRST, { name: '0001-later.sql', checksum: 'c' }, SECOND], /0001-later\.sql comes before/],
  [
    'a file that nobody recorded',
    [FIRST, SECOND, { name: '0003-new.sql', checksum: 'c' }],
    /0003-new\.sql is not recorded/,
  ],
])('%s is refused', (_, migrations, complaint) => {
  expect(checkChecksums(SHIPPED, migrations)).toEqual([expect.stringMatching(complaint)])
})

test('recording adds what is new and never touches what shipped', () => {
  const changed = [{ ...FIRST, checksum: 'changed' }, SECOND]
  expect(recordNew({ '0001-first.sql': 'a' }, changed)).toEqual(SHIPPED)
})
