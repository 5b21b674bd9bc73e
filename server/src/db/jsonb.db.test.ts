import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeOnEachEngine, type TestDatabase } from '#test/support/database.ts'
import { toJsonb, toText } from './jsonb.ts'

const HOSTILE = 'a\0b\uD83Dc'

describeOnEachEngine('text that cannot be stored', (open) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  const cases = [
    ['jsonb', JSON.stringify({ [HOSTILE]: HOSTILE }), toJsonb({ [HOSTILE]: HOSTILE })],
    ['text', HOSTILE, toText(HOSTILE)],
  ] as const

  it.each(cases)('is refused as %s, and taken once it is mended', async (type, raw, mended) => {
    const write = (value: string) =>
      sql<{ value: unknown }>`select ${value}::${sql.raw(type)} as value`.execute(database.login)
    await expect(write(raw)).rejects.toThrow()
    const { rows } = await write(mended)
    expect(JSON.stringify(rows[0]?.value)).toContain('a\uFFFDb\uFFFDc')
  })
})
