import { run } from './program.ts'
import { realSurroundings } from './surroundings.ts'

/** `.env` of the working directory, where there is one: CHAVEIRO_URL and CHAVEIRO_TOKEN can stand in it. */
function readEnvironmentFile(): void {
  try {
    process.loadEnvFile()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

readEnvironmentFile()
process.exitCode = await run(process.argv.slice(2), realSurroundings())
