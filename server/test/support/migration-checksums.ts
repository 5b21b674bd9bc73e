import type { Migration } from '../../src/db/migrate.ts'

/** File name → SHA-256 of a migration that has shipped. */
export type Checksums = Readonly<Record<string, string>>

type Shipped = Pick<Migration, 'name' | 'checksum'>

/**
 * Migrations are append-only: databases out there have run what shipped. Before the first release nothing is recorded
 * and everything may change; from the first record on, every file is either recorded as it is or refused.
 * @returns what is wrong, in a sentence each
 */
export function checkChecksums(recorded: Checksums, migrations: readonly Shipped[]): string[] {
  const names = new Set(migrations.map(({ name }) => name))
  const missing = Object.keys(recorded).filter((name) => !names.has(name))
  const changed = migrations.filter(({ name, checksum }) => (recorded[name] ?? checksum) !== checksum)
  const unrecorded = migrations.filter(({ name }) => recorded[name] === undefined)
  const newestRecorded = Object.keys(recorded).sort().at(-1)
  const late = unrecorded.filter(({ name }) => newestRecorded !== undefined && name < newestRecorded)
  const waiting = unrecorded.filter((migration) => newestRecorded !== undefined && !late.includes(migration))
  return [
    ...missing.map((name) => `${name} was removed, but it has shipped.`),
    ...changed.map(({ name }) => `${name} was changed, but it has shipped. Put it back and add a new migration.`),
    ...late.map(({ name }) => `${name} comes before ${newestRecorded}, which has shipped. Give it the next number.`),
    ...waiting.map(({ name }) => `${name} is not recorded. Run \`node scripts/run.mjs scripts/record-migrations.ts\`.`),
  ]
}

/** The records with every migration that has none yet. What is recorded stays as it is. */
export function recordNew(recorded: Checksums, migrations: readonly Shipped[]): Checksums {
  const all = { ...Object.fromEntries(migrations.map(({ name, checksum }) => [name, checksum])), ...recorded }
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)))
}
