import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { acquireLock, runNpm } from './install.mjs'
import { THIRD_PARTY } from './third-party.ts'

/**
 * GitHub's published description of its API (OpenAPI, as JSON), which the tests hold the local GitHub against. The package that
 * has it unpacks to 470 MB, since it has every edition twice: it is not installed, one file is taken out of its archive (29 MB).
 */

const PACKAGE = { name: '@octokit/openapi', version: '23.0.2', archive: 'octokit-openapi-23.0.2.tgz' } as const
const INTEGRITY = 'sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg=='
const MEMBER = 'package/generated/api.github.com.json'

const CACHE = join(THIRD_PARTY, '.cache')

/** Where it lies, once it is there. */
export const GITHUB_DESCRIPTION = join(CACHE, `github-openapi-${PACKAGE.version}.json`)

/**
 * Fetches it once. Of several processes one does, the others wait.
 * @throws Error with the cause and what to do, where the network is missing for example
 */
export async function ensureGitHubDescription(say: (line: string) => void): Promise<void> {
  if (existsSync(GITHUB_DESCRIPTION)) return
  const waiting = 'Waiting for another process that fetches the description of GitHub …'
  const release = await acquireLock(join(CACHE, 'github-openapi.lock'), say, waiting)
  try {
    if (existsSync(GITHUB_DESCRIPTION)) return
    say('Fetching the description of GitHub, once …')
    const content = await fileOfArchive(await fetchArchive(), MEMBER)
    const unfinished = `${GITHUB_DESCRIPTION}.${process.pid}`
    writeFileSync(unfinished, content)
    renameSync(unfinished, GITHUB_DESCRIPTION)
  } finally {
    release()
  }
}

async function fetchArchive(): Promise<Buffer> {
  const directory = mkdtempSync(join(tmpdir(), 'chaveiro-description-'))
  try {
    await runNpm(directory, ['pack', `${PACKAGE.name}@${PACKAGE.version}`, '--prefer-offline', '--loglevel=error'])
    const archive = readFileSync(join(directory, PACKAGE.archive))
    const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`
    if (integrity !== INTEGRITY) throw new Error(`${PACKAGE.archive} is not what its digest says: ${integrity}`)
    return archive
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Of a tar archive: a header of one block, then the content, filled up to whole blocks (POSIX, ustar). */
const BLOCK = 512
const NAME = { start: 0, end: 100 } as const
const SIZE = { start: 124, end: 136 } as const
const OCTAL = 8

/**
 * One file of a gzipped tar archive, which is never held unpacked and is read no further than needed.
 * @throws Error where the archive has no such file, or an empty one
 */
export async function fileOfArchive(archive: Uint8Array, wanted: string): Promise<Buffer> {
  let found: Buffer[] | undefined
  let size = 0
  let blocksLeft = 0
  for await (const block of blocksOf(archive)) {
    if (blocksLeft === 0) {
      size = Number.parseInt(fieldOf(block, SIZE) || '0', OCTAL)
      blocksLeft = Math.ceil(size / BLOCK)
      found = fieldOf(block, NAME) === wanted ? [] : undefined
      continue
    }
    blocksLeft -= 1
    found?.push(block)
    if (blocksLeft === 0 && found !== undefined) return Buffer.concat(found).subarray(0, size)
  }
  throw new Error(`The archive has no ${wanted}`)
}

async function* blocksOf(archive: Uint8Array): AsyncGenerator<Buffer> {
  const unzipped = createGunzip()
  unzipped.end(archive)
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of unzipped as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk])
    for (; rest.length >= BLOCK; rest = rest.subarray(BLOCK)) yield rest.subarray(0, BLOCK)
  }
}

/** A text that ends with the first NUL or at the end of its field. */
function fieldOf(header: Buffer, { start, end }: { readonly start: number; readonly end: number }): string {
  return (header.toString('latin1', start, end).split('\0')[0] ?? '').trim()
}

if (import.meta.main) await ensureGitHubDescription((line) => console.log(line))
