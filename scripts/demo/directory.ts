import { mkdirSync } from 'node:fs'
import { DirectoryInUseError, lockDirectory } from '../../server/src/db/directory-lock.ts'

const OWNER_ONLY_FOLDER = 0o700

/**
 * Makes sure that no server works in a directory before anything in it is touched. The demo's own server takes it later.
 * @throws Error in words for a person where the directory is taken
 */
export function claimDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: OWNER_ONLY_FOLDER })
  try {
    lockDirectory(directory)()
  } catch (error) {
    if (!(error instanceof DirectoryInUseError)) throw error
    throw new Error(
      `The directory ${directory} is in use, perhaps by a demo that runs already. Stop it, or choose another: ` +
        'CHAVEIRO_DATA_DIR=data/demo-2 npm run demo',
      { cause: error },
    )
  }
}
