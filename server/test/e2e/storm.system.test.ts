import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copyPostgresDatabase } from '../support/database.ts'
import { openStormStage, type StormStage } from '../support/storm.ts'

/** `npm run storm`, smaller. */

const CALLS = 100
/** For a machine that is busy with something else. */
const PATIENCE_MS = 120_000

describe('two servers and an expired token that rotates', { timeout: PATIENCE_MS }, () => {
  let stage: StormStage
  let drop: () => Promise<void>
  beforeEach(async () => {
    const copy = await copyPostgresDatabase()
    drop = copy.drop
    stage = await openStormStage(copy.databaseUrl)
  }, PATIENCE_MS)
  afterEach(async () => {
    await stage.close()
    await drop()
  })

  it('renew once however many call; a provider that is down ends nothing', async () => {
    for (const mode of ['down', 'no_json', 'no_token'] as const) {
      stage.provider.mode = mode
      expect(await stage.callAll(CALLS)).toEqual({ provider_unavailable: CALLS })
      expect(await stage.status()).toBe('connected')
    }
    expect(stage.provider.rotations()).toBe(0)
    stage.provider.mode = 'good'
    const before = stage.provider.asked()
    expect(await stage.callAll(CALLS)).toEqual({ ok: CALLS })
    expect(stage.provider.asked() - before).toBe(1)
    expect(await stage.eventsOf('connection.needs_reauthorization')).toBe(0)
  })

  it('lose nothing that came while the database was gone, not even when the server dies with it', async () => {
    stage.provider.beforeAnswer = async () => stage.databaseCut.cut()
    expect(await stage.call(0)).toBe('unavailable')
    await stage.kill(0)
    stage.databaseCut.mend()
    await stage.restart(0)
    expect(await stage.call(0)).toBe('ok')
    expect(await stage.call(1)).toBe('ok')
    expect(stage.provider.asked()).toBe(1)
  })
})
