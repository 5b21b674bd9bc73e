import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const OWNER_ONLY = 0o600
const OWNER_ONLY_FOLDER = 0o700

/**
 * Writes JSON that only its owner can read, all or nothing: a reader never sees half of it.
 * @returns the function that removes the file, unless somebody has written another in its place.
 */
export function writePrivateJson(path: string, value: unknown): () => void {
  mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER })
  const unfinished = `${path}.${process.pid}`
  const content = `${JSON.stringify(value, null, 2)}\n`
  writeFileSync(unfinished, content, { mode: OWNER_ONLY })
  renameSync(unfinished, path)
  return () => {
    if (existsSync(path) && readFileSync(path, 'utf8') === content) rmSync(path)
  }
}

/** @returns undefined where there is no such file */
export function readJsonIfThere(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Error(`${path} cannot be read: ${String(error)}`, { cause: error })
  }
}
