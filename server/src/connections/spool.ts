import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/**
 * New tokens on their way from the provider to the database. The provider has already forgotten the old ones, so what it
 * answered lies sealed on disk until the database has it: through an outage of the database, and through a crash.
 */

/** A sealed answer, and which row it is for. */
export interface SpooledAnswer {
  /** Whose database it waits for; absent in answers of before it was kept. */
  readonly installation?: string | undefined
  readonly user_id: number
  readonly provider: string
  readonly connection_id: number
  /** The version of the row whose tokens it replaces. */
  readonly version: number
  readonly token: string
  readonly binding_tag: string
  readonly key_id: string
}

export interface Spool {
  /** Resolves to a name when the answer is safe on disk. @throws where the disk does not take it, or takes no more */
  readonly write: (answer: SpooledAnswer) => Promise<string>
  /** Puts the same answer in another form in its place. */
  readonly replace: (name: string, answer: SpooledAnswer) => Promise<void>
  readonly remove: (name: string) => Promise<void>
  /** All that lies there; what is no answer is passed over. */
  readonly read: () => Promise<readonly { readonly name: string; readonly answer: SpooledAnswer }[]>
}

const FOLDER = 'renewed-tokens'
const ENDING = '.json'
const OWNER_ONLY = 0o600
const OWNER_ONLY_DIRECTORY = 0o700
/** An answer waits for milliseconds; so many at once mean that nobody takes them away. */
const MAXIMUM_ANSWERS = 1_000

const answerSchema = z.strictObject({
  installation: z.string().optional(),
  user_id: z.number().int().positive(),
  provider: z.string(),
  connection_id: z.number().int().positive(),
  version: z.number().int().positive(),
  token: z.string(),
  binding_tag: z.string(),
  key_id: z.string(),
})

/** @param dataDirectory made on first use; the answers get a folder of their own in it */
export function createSpool(dataDirectory: string, maximum = MAXIMUM_ANSWERS): Spool {
  const folder = join(dataDirectory, FOLDER)

  async function names(): Promise<string[]> {
    const found = await readdir(folder).catch(ignoreMissing)
    return (found ?? []).filter((name) => name.endsWith(ENDING))
  }

  return {
    async write(answer) {
      await mkdir(folder, { recursive: true, mode: OWNER_ONLY_DIRECTORY })
      if ((await names()).length >= maximum) throw new Error('The folder of renewed tokens is full')
      const name = `${answer.connection_id}-${randomUUID()}${ENDING}`
      await put(folder, name, answer)
      return name
    },
    replace: (name, answer) => put(folder, name, answer),
    async remove(name) {
      await rm(join(folder, name), { force: true })
    },
    async read() {
      const found = await Promise.all(
        (await names()).map(async (name) => ({ name, answer: await readAnswer(join(folder, name)) })),
      )
      return found.flatMap(({ name, answer }) => (answer === undefined ? [] : [{ name, answer }]))
    },
  }
}

async function put(folder: string, name: string, answer: SpooledAnswer): Promise<void> {
  const draft = join(folder, `${name}.${randomUUID()}.draft`)
  await writeThrough(draft, JSON.stringify(answer))
  await rename(draft, join(folder, name))
  await syncFolder(folder)
}

async function writeThrough(file: string, text: string): Promise<void> {
  await using handle = await open(file, 'wx', OWNER_ONLY)
  await handle.writeFile(text)
  await handle.sync()
}

/** Without it the name may be gone after a loss of power, though the bytes are there. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r')
  await handle.sync()
}

/** Undefined where another process took it away, or where it is not ours. */
async function readAnswer(file: string): Promise<SpooledAnswer | undefined> {
  const text = await readFile(file, 'utf8').catch(ignoreMissing)
  try {
    return answerSchema.safeParse(JSON.parse(text ?? 'null')).data
  } catch {
    return undefined
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
