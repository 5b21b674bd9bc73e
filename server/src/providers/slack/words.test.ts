import { describe, expect, test } from 'vitest'
import { CALLS } from './test/calls.ts'
import { Stage } from './test/stage.ts'

/** Words of our own that a Portuguese result would hold where one was forgotten. */
const ENGLISH =
  /\b(?:more|message|messages|reply|replies|member|members|private|archived|created|topic|purpose|found|page|sent|thread|scheduled|changed|deleted|joined|added|removed|reaction|guest|administrator|unknown|edited|files|times|none|there|nobody|by|of|in the)\b/i

describe('results in Portuguese', () => {
  test.each(CALLS)('%s has no English words of ours', async (name, input) => {
    const stage = new Stage()
    const outcome = await stage.callWith(stage.access(undefined, { language: 'pt' }), name, input)
    if (!outcome.ok) throw new Error(outcome.problem.detail)
    // What people wrote, tools and ids are nobody's translation.
    const ours = outcome.value.text
      .replaceAll(/slack_\w+|start_cursor/g, '')
      .replaceAll(/\[\d+\.\d+.*?\]: .*|: .*(?=\n|$)/g, '')
    expect(ours).not.toMatch(ENGLISH)
  })

  test('say how many there are and how to go on', async () => {
    const stage = new Stage()
    const access = stage.access(undefined, { language: 'pt' })
    const outcome = await stage.callWith(access, 'slack_read_messages', { channel: '#general', limit: 1 })
    expect(outcome.ok && outcome.value.text).toMatch(/^1 mensagem em #general, horários em UTC:\n/)
    expect(outcome.ok && outcome.value.text).toMatch(/\nHá mais: chame de novo com start_cursor "before:[\d.]+"\.$/)
  })
})
