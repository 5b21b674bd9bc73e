import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import type { TestProject } from 'vitest/node'
import { INT8_TYPE, prepareEmbedded } from '../../src/db/pglite.ts'
import { setUpDatabase } from '../../src/db/setup.ts'
import { startCluster } from './postgres-cluster.ts'

/** Once a test run: a PostgreSQL with a migrated template database, and a dump of a migrated embedded one. */

declare module 'vitest' {
  interface ProvidedContext {
    adminUrl: string
    templateDatabase: string
    databaseUrl: string
    ownerUrl: string
    embeddedSnapshot: string
  }
}

const TEMPLATE = 'chaveiro_template'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), 'chaveiro-test-'))
  const cluster = await startCluster()
  const { databaseUrl, ownerUrl } = await setUpDatabase(cluster.adminUrl, TEMPLATE)
  const snapshot = join(directory, 'embedded.tar')
  await dumpEmbedded(snapshot)
  project.provide('adminUrl', cluster.adminUrl)
  project.provide('templateDatabase', TEMPLATE)
  project.provide('databaseUrl', databaseUrl)
  project.provide('ownerUrl', ownerUrl)
  project.provide('embeddedSnapshot', snapshot)
  return async () => {
    await cluster.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

async function dumpEmbedded(path: string): Promise<void> {
  const pglite = await PGlite.create({ parsers: { [INT8_TYPE]: Number } })
  await prepareEmbedded(pglite)
  await pglite.exec('set session authorization postgres')
  const dump = await pglite.dumpDataDir('none')
  writeFileSync(path, Buffer.from(await dump.arrayBuffer()))
  await pglite.close()
}
