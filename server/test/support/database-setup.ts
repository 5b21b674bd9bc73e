import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import type { TestProject } from 'vitest/node'
import { INT8_TYPE, prepareEmbedded } from '../../src/db/pglite.ts'
import { setUpDatabase } from '../../src/db/setup.ts'
import { startCluster } from './postgres-cluster.ts'

/** Once a test run: a PostgreSQL with a migrated template database, and a migrated embedded one, as a dump and as a folder. */

declare module 'vitest' {
  interface ProvidedContext {
    adminUrl: string
    templateDatabase: string
    databaseUrl: string
    ownerUrl: string
    embeddedSnapshot: string
    /** The data directory of an instance that started once. */
    preparedDirectory: string
  }
}

const TEMPLATE = 'chaveiro_template'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), 'chaveiro-test-'))
  const cluster = await startCluster()
  const { databaseUrl, ownerUrl } = await setUpDatabase(cluster.adminUrl, TEMPLATE)
  const snapshot = join(directory, 'embedded.tar')
  const prepared = join(directory, 'prepared')
  await prepareInstance(prepared, snapshot)
  project.provide('adminUrl', cluster.adminUrl)
  project.provide('templateDatabase', TEMPLATE)
  project.provide('databaseUrl', databaseUrl)
  project.provide('ownerUrl', ownerUrl)
  project.provide('embeddedSnapshot', snapshot)
  project.provide('preparedDirectory', prepared)
  return async () => {
    await cluster.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function prepareInstance(prepared: string, snapshot: string): Promise<void> {
  mkdirSync(prepared)
  const pglite = await PGlite.create({ dataDir: join(prepared, 'postgres'), parsers: { [INT8_TYPE]: Number } })
  await prepareEmbedded(pglite)
  await pglite.exec('set session authorization postgres')
  const dump = await pglite.dumpDataDir('none')
  writeFileSync(snapshot, Buffer.from(await dump.arrayBuffer()))
  await pglite.close()
}
