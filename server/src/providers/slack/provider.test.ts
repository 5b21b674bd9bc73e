import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { keyFieldsOf, oauthMethodOf } from '#providers/contract.ts'
import slack from './provider.ts'
import { CALLS, GENERAL, MESSAGE } from './test/calls.ts'
import { ANA, ANA_OF_BIRCH, Stage } from './test/stage.ts'

/** Promises that hold for all tools at once. */

const WRITES = CALLS.filter(([name]) => slack.tools.find((tool) => tool.name === name)?.annotations.readOnly === false)

/** Everything in a workspace, for comparison. */
function contentsOf(stage: Stage, team: string): string {
  const { channels, scheduled, notified, members } = stage.workspace(team)
  const lists = [...channels.values()].map(({ facts, members, messages }) => [facts, [...members], messages])
  return JSON.stringify([lists, scheduled, notified, [...members.values()]])
}

test('every tool is tried here', () => {
  expect(CALLS.map(([name]) => name).toSorted()).toEqual(slack.tools.map(({ name }) => name).toSorted())
  expect(slack.tools).toHaveLength(16)
})

describe.each(CALLS)('%s', (name, input) => {
  test('works, with a text and a value', async () => {
    const { text, value } = await new Stage().done(name, input)
    expect(text).not.toBe('')
    expect(JSON.parse(JSON.stringify(value))).toBeTypeOf('object')
  })

  test('sees and touches nothing of another workspace', async () => {
    const stage = new Stage()
    const before = contentsOf(stage, ANA.team)
    const outcome = await stage.call(name, input, ANA_OF_BIRCH)
    expect(contentsOf(stage, ANA.team)).toBe(before)
    expect(JSON.stringify(outcome)).not.toMatch(/acme secret|Bruno|the report/i)
    if (/C0GENERAL1|U0BRUNO01/.test(JSON.stringify(input))) expect(outcome.ok).toBe(false)
  })

  test('asks to connect again where the token is dead', async () => {
    const stage = new Stage()
    const access = stage.access()
    stage.slack.revoke(String(access.credential['access_token']))
    expect(await stage.callWith(access, name, input)).toMatchObject({ problem: { code: 'reauthorize' } })
  })

  test('names the scope that is missing', async () => {
    const problem = await new Stage().refused(name, input, { ...ANA, scopes: ['nothing:read'] })
    expect(problem).toMatchObject({
      code: 'forbidden_by_provider',
      extra: { missing_permission: expect.any(String) as string },
    })
    expect(problem.detail).toContain('It has: nothing:read.')
  })

  test('tells after how many seconds to try again', async () => {
    const stage = new Stage()
    await stage.call(name, input)
    const answer = { status: 429, body: '', headers: { 'retry-after': '17' } }
    for (const method of new Set(stage.asked())) stage.slack.fail(method, answer, 9)
    // A time zone that cannot be had is no reason not to schedule; the message itself is turned away.
    expect(await stage.refused(name, input)).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 17 })
  })
})

describe.each(WRITES)('%s', (name, input) => {
  test.each(['lost', 'broken'] as const)('is sent once when its answer is %s, and says how to look', async (fault) => {
    const stage = new Stage()
    await stage.call(name, input)
    const method = stage.asked().at(-1) ?? ''
    const fresh = new Stage()
    fresh.slack.fail(method, fault, 9)
    const problem = await fresh.refused(name, input)
    expect(problem.code).toBe('outcome_unknown')
    expect(problem.detail).toMatch(/slack_|Drafts/)
    expect(fresh.asked().filter((each) => each === method)).toHaveLength(1)
  })

  test('has a description of what it asks for', () => {
    const tool = slack.tools.find((candidate) => candidate.name === name)
    expect(Object.keys(z.toJSONSchema(tool?.input ?? z.strictObject({})).properties ?? {})).not.toEqual([])
  })
})

describe('connecting', () => {
  const pattern = keyFieldsOf(slack)[0]?.pattern

  test.each(['xoxb-123456789-abc', 'xoxp-1-2-3-abcdef', 'xoxe.xoxp-1-abcdefgh'])('takes %s', (key) => {
    expect(pattern?.test(key)).toBe(true)
  })

  test.each(['xapp-1-A1-abcdefgh', 'xoxc-12345678', 'xoxe-1-abcdefgh', 'secret_abcdefgh', 'xoxp-1', 'xoxp-123 45678 '])(
    'does not take %s',
    (key) => {
      expect(pattern?.test(key)).toBe(false)
    },
  )

  test('can be done by OAuth and by a key', () => {
    expect(slack.auth.map(({ kind }) => kind)).toEqual(['oauth2', 'api_key'])
    expect(oauthMethodOf(slack)?.revoke).toBeDefined()
  })
})

describe('what a call is about', () => {
  const targetOf = (argument: string) => slack.targets?.find((target) => target.argument === argument)

  test.each([
    ['channel', '#general', '#general', GENERAL],
    ['channel', GENERAL, '#general', GENERAL],
    ['channel', '@bruno', '@Bruno Lima', 'D0ANABRU01'],
    ['user', '@bruno', 'Bruno Lima', 'U0BRUNO01'],
    ['message', MESSAGE.message, 'Hello **Acme**, see [the plan](https://acme.test/plan) <today>', null],
  ])('%s %s is shown as %s', async (argument, given, title, id) => {
    const target = targetOf(argument)
    const { value } = await new Stage().done(target?.tool ?? '', { [argument]: given })
    expect(target?.titleOf(value, given)).toBe(title)
    expect(target?.idOf(value)).toBe(id)
  })

  test('message is the very one that is meant, and not the one that its thread began with', async () => {
    const stage = new Stage()
    const thread = stage.messages(GENERAL).filter(({ thread_ts: head }) => head !== undefined)
    const [first, reply] = [thread[0], thread.find(({ ts, thread_ts: head }) => ts !== head)]
    const given = reply?.ts ?? ''
    const { value } = await stage.done('slack_read_thread', { message: given, channel: GENERAL })
    const target = targetOf('message')
    expect(target?.titleOf(value, given)).toBe(reply?.text)
    expect(target?.nowOf?.(value, given)).toEqual({ text: reply?.text })
    expect(first?.text).not.toBe(reply?.text)
    expect(target?.titleOf(value, '1700000000.999999')).toBeNull()
  })

  test.each([
    ['channel', '#general', false],
    ['channel', 'C0GENERAL1', true],
    ['channel', '@ana', false],
    ['channel', 'U0ANA0001', true],
    ['channel', 'GENERAL', false],
    ['user', '@ana', false],
    ['user', '<@U0ANA0001>', true],
    ['message', '1700000000.000100', true],
  ])('%s %s is an id: %s', (argument, given, isId) => {
    expect(targetOf(argument)?.isId(given)).toBe(isId)
  })

  test('is nothing where the value is not what it should be', () => {
    for (const target of slack.targets ?? []) {
      for (const value of [null, 'x', [], {}, { messages: [] }, { id: 7, title: 7, name: 7 }]) {
        expect(target.titleOf(value, '1700000000.000100')).toBeNull()
        expect(target.idOf(value)).toBeNull()
      }
    }
  })
})
