import { cpSync } from 'node:fs'
import { inject } from 'vitest'

/**
 * Gives a data directory a database that was made and migrated already: making one takes seven eighths of the processor time
 * of a server's first start. That a start makes its own is shown where that is the question (`e2e/process.system.test.ts`
 * and `examples/first-run`).
 * @returns the directory
 */
export function prepareDirectory(directory: string): string {
  cpSync(inject('preparedDirectory'), directory, { recursive: true })
  return directory
}
