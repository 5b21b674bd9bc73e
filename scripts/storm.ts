import { setTimeout as pause } from 'node:timers/promises'
import { setUpDatabase } from '../server/src/db/setup.ts'
import { startCluster } from '../server/test/support/postgres-cluster.ts'
import { openStormStage, type StormStage } from '../server/test/support/storm.ts'

/**
 * `npm run storm`: what becomes of access that ends when everybody calls at once, the provider is down, a server is
 * killed or the database is gone. Two server processes, a private PostgreSQL and a provider whose tokens rotate, all on
 * loopback. It prints one table and fails where a line of it is not as it must be.
 */

const CALLS = Number(process.env['STORM_CALLS'] ?? 1_000)
/** Milliseconds for which the token endpoint answers 500. */
const OUTAGE_MS = 10_000
/** Calls of one wave, and milliseconds between two waves while the endpoint is down. */
const WAVE = 50
const WAVE_PAUSE_MS = 500
/** Milliseconds between two looks for a request at the token endpoint. */
const LOOK_MS = 10

interface Line {
  readonly 'token requests': number
  readonly outcome: string
  readonly connection: string
  readonly seconds: number
  readonly met: boolean
}

const SCENARIOS: Readonly<Record<string, (stage: StormStage) => Promise<Omit<Line, 'seconds'>>>> = {
  async [`${CALLS} calls at once on an expired token`](stage) {
    const outcomes = await stage.callAll(CALLS)
    return line(stage, outcomes, stage.provider.asked() === 1 && outcomes['ok'] === CALLS)
  },
  async 'token endpoint answers 500 for ten seconds, then works'(stage) {
    stage.provider.mode = 'down'
    const end = Date.now() + OUTAGE_MS
    const codes = new Set<string>()
    while (Date.now() < end) {
      for (const code of Object.keys(await stage.callAll(WAVE))) codes.add(code)
      await pause(WAVE_PAUSE_MS)
    }
    const isAlive = (await stage.status()) === 'connected' && [...codes].join() === 'provider_unavailable'
    stage.provider.mode = 'good'
    const outcomes = await stage.callAll(CALLS)
    return line(stage, outcomes, isAlive && stage.provider.rotations() === 1 && outcomes['ok'] === CALLS)
  },
  async 'killed after the rotation, before the answer'(stage) {
    stage.provider.mode = 'rotates_and_hangs'
    const lost = stage.call(0)
    while (stage.provider.rotations() === 0) await pause(LOOK_MS)
    await stage.kill(0)
    await lost
    stage.provider.mode = 'good'
    const first = await stage.call(1)
    const asked = stage.provider.asked()
    const second = await stage.call(1)
    const isOver = stage.provider.asked() === asked && (await stage.eventsOf('connection.needs_reauthorization')) === 1
    return line(stage, { [first]: 1 }, first === 'reauthorize' && second === 'reauthorize' && isOver && asked === 2)
  },
  async 'database gone before the commit, server stays'(stage) {
    stage.provider.beforeAnswer = async () => stage.databaseCut.cut()
    const during = await stage.call(0)
    stage.databaseCut.mend()
    const outcomes = await stage.callAll(WAVE)
    return line(stage, outcomes, during !== 'ok' && stage.provider.asked() === 1 && outcomes['ok'] === WAVE)
  },
  async 'database gone before the commit, server killed too'(stage) {
    stage.provider.beforeAnswer = async () => stage.databaseCut.cut()
    const during = await stage.call(0)
    await stage.kill(0)
    stage.databaseCut.mend()
    await stage.restart(0)
    const outcomes = await stage.callAll(WAVE)
    return line(stage, outcomes, during !== 'ok' && stage.provider.asked() === 1 && outcomes['ok'] === WAVE)
  },
}

async function line(
  stage: StormStage,
  outcomes: Readonly<Record<string, number>>,
  isMet: boolean,
): Promise<Omit<Line, 'seconds'>> {
  const shown = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`)
  return {
    'token requests': stage.provider.asked(),
    outcome: shown.join(', '),
    connection: await stage.status(),
    met: isMet,
  }
}

const MILLISECONDS_PER_SECOND = 1_000
const cluster = await startCluster()
const table: Record<string, Line> = {}
try {
  for (const [index, [name, run]] of Object.entries(SCENARIOS).entries()) {
    const { databaseUrl } = await setUpDatabase(cluster.adminUrl, `storm_${index}`)
    const stage = await openStormStage(databaseUrl)
    try {
      const startedAt = Date.now()
      const { met, ...result } = await run(stage)
      table[name] = { ...result, seconds: (Date.now() - startedAt) / MILLISECONDS_PER_SECOND, met }
    } finally {
      await stage.close()
    }
  }
} finally {
  await cluster.stop()
}
console.table(table)
process.exitCode = Object.values(table).every(({ met }) => met) ? 0 : 1
