import { measureMemory } from './bench/memory.ts'
import { measureToolCalls } from './bench/tool-calls.ts'
import { startStage } from './bench/stage.ts'

/** `npm run bench`: figures that anyone can reproduce. Loopback only, bounded, and it stops by itself. */

const USERS = Number(process.env['BENCH_USERS'] ?? 1_000)

const stage = await startStage(USERS)
try {
  console.log(`\n${USERS} users, PostgreSQL, one server process\n`)
  await measureToolCalls(stage)
  await measureMemory(stage)
} finally {
  await stage.stop()
}
