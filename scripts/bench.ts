import { listBytes, type User } from './bench/callers.ts'
import { CALLERS, holdContests } from './bench/contests.ts'
import { measureFirstCalls } from './bench/first-call.ts'
import { residentMegabytes } from './bench/load.ts'
import { connect, eachUser, measureMemory } from './bench/memory.ts'
import { startStage } from './bench/stage.ts'
import { printTargets } from './bench/targets.ts'
import { ensureThirdParty } from './third-party.ts'

/**
 * `npm run bench`: figures that anyone can reproduce on Linux. Loopback only, bounded, and it stops by itself. It fails
 * where one answer is not its user's.
 */

const USERS = Number(process.env['BENCH_USERS'] ?? 1_000)

await ensureThirdParty((line) => console.log(line))
const stage = await startStage(USERS)
try {
  console.log(
    `${USERS} users on PostgreSQL (a private one, without fsync), one server process; load and upstream share this process. ` +
      'The upstream is a bare server with fixed answers of 7 kB, no Notion. ' +
      (stage.isPinned
        ? 'What is measured has one core, everything else another.'
        : 'Without taskset and two cores, what is measured shares its cores with the load.'),
  )
  const before = residentMegabytes([stage.serverProcess])
  const racing = Math.max(...CALLERS)
  await eachUser(stage.users.slice(0, racing), (user) => connect(stage, user))
  const { contests, rival } = await holdContests(stage)
  const { connected, ...firstCall } = await measureFirstCalls(stage, racing)
  const bytes = await listBytes(stage.server, stage.users[0] as User)
  const memory = await measureMemory(stage, before, connected)
  console.log('\nResident memory of the server (MB)')
  console.table({ ...memory, 'one process of notion-mcp-server': rival.megabytes })
  console.log('\nFirst call of a user (ms), list of tools (bytes)')
  console.table({
    own: { ...firstCallRow(firstCall.own), bytes },
    theirs: { ...firstCallRow(firstCall.rival), bytes: rival.listBytes },
  })
  printTargets({ contests, rival, firstCall, listBytes: bytes, memory })
} finally {
  await stage.stop()
}

function firstCallRow(milliseconds: number) {
  return { 'first call': Math.round(milliseconds) }
}
