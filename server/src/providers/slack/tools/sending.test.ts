import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ANA_OF_BIRCH, BOT, BRUNO, Stage } from '#providers/slack/test/stage.ts'

let stage: Stage

beforeEach(() => {
  stage = new Stage()
})

afterEach(() => {
  vi.useRealTimers()
})

const GENERAL = 'C0GENERAL1'
const LINK = 'https://acme.slack.com/archives/C0GENERAL1/p1700000060000100'

function last(channel = GENERAL, team?: string) {
  return stage.messages(channel, team).at(-1)
}

describe('sending', () => {
  test.each(['#general', 'general', GENERAL, `https://acme.slack.com/archives/${GENERAL}`])(
    'goes to %s',
    async (channel) => {
      const { text, value } = await stage.done('slack_send_message', { channel, text: 'Hello **all**' })
      expect(last()).toMatchObject({ user: 'U0ANA0001', text: 'Hello *all*', ts: value.ts })
      expect(value).toMatchObject({ channel: GENERAL, thread_ts: null, text: 'Hello **all**' })
      expect(text).toMatch(
        /^Sent to (?:#general|C0GENERAL1) \[\d{10}\.\d{6}\]: https:\/\/acme\.slack\.com\/archives\/C0GENERAL1\/p\d{16}$/,
      )
    },
  )

  test('of the same name in another workspace stays there', async () => {
    await stage.done('slack_send_message', { channel: 'general', text: 'Only Birch' }, ANA_OF_BIRCH)
    expect(last('C0BGENERAL', 'T0BIRCH0')?.text).toBe('Only Birch')
    expect(last()?.text).toBe('Next day')
  })

  test('to a person opens what is not open yet, and uses what is', async () => {
    await stage.done('slack_send_message', { channel: '@bruno', text: 'hi' })
    expect(last('D0ANABRU01')?.text).toBe('hi')
    const { value } = await stage.done('slack_send_message', { channel: '@joao', text: 'oi' })
    expect(last(value.channel)?.text).toBe('oi')
    expect(stage.workspace().channels.get(value.channel)?.members).toEqual(new Set(['U0ANA0001', 'U0JOAO001']))
  })

  test('asks which, where two people bear the name', async () => {
    const problem = await stage.refused('slack_send_message', { channel: '@Alex Reis', text: 'hi' })
    expect(problem).toMatchObject({ code: 'ambiguous', path: 'arguments.channel' })
    expect(problem.detail).toContain('U0ALEX001')
    expect(problem.detail).toContain('U0ALEX002')
    expect(stage.asked()).not.toContain('conversations.open')
  })

  test('goes with no previews, and nothing made into names', async () => {
    await stage.done('slack_send_message', { channel: GENERAL, text: 'see https://x.test' })
    expect(stage.slack.seen.at(-1)?.given).toMatchObject({
      parse: 'none',
      link_names: 'false',
      unfurl_links: 'false',
      unfurl_media: 'false',
    })
  })

  test('tells what to do where the user is not in the channel', async () => {
    const problem = await stage.refused('slack_send_message', { channel: '#random', text: 'x' })
    expect(problem).toMatchObject({ code: 'not_found', reason: 'not_in_channel' })
    expect(problem.detail).toContain('slack_join_channel')
  })

  test.each([' ', '\u0000', '\uE000'])('refuses a text of nothing: %j', async (text) => {
    const problem = await stage.refused('slack_send_message', { channel: GENERAL, text })
    expect(problem).toMatchObject({ code: 'invalid_arguments', path: 'arguments.text' })
    expect(stage.asked()).toEqual([])
  })

  test('refuses what Slack would cut off', async () => {
    const problem = await stage.refused('slack_send_message', { channel: GENERAL, text: '&'.repeat(10_000) })
    expect(problem).toMatchObject({ code: 'invalid_arguments', path: 'arguments.text' })
    expect(last()?.text).toBe('Next day')
  })
})

describe('calling somebody', () => {
  const HOSTILE = [
    '<!channel> now',
    '@channel now',
    '@here @everyone',
    '<!here|x>',
    '<@U0BRUNO01>',
    '[<!channel>](https://x.test)',
    '[x](https://x.test|<!channel>)',
    '`<!channel>` ```\n<!here>\n```',
    '**<!everyone>**',
    '\uE0000\uE001<!channel>',
    '<!subteam^S1>',
    '<<!channel>>',
    '&lt;!channel&gt;',
  ]

  test.each(HOSTILE)('never happens by what a text says: %j', async (text) => {
    await stage.done('slack_send_message', { channel: GENERAL, text })
    const { value } = await stage.done('slack_reply_thread', { message: LINK, text })
    await stage.done('slack_update_message', { message: value.ts, channel: GENERAL, text })
    expect(stage.workspace().notified).toEqual([])
  })

  test('happens where it is asked for, at its place', async () => {
    const mentions = ['@bruno', 'here']
    await stage.done('slack_send_message', { channel: GENERAL, text: 'Dear @bruno, **look** @here', mentions })
    expect(last()?.text).toBe('Dear <@U0BRUNO01>, *look* <!here>')
    expect(stage.workspace().notified).toEqual(['U0BRUNO01', 'here'])
  })

  test('goes to the head where the text has no place for it', async () => {
    await stage.done('slack_send_message', { channel: GENERAL, text: 'look', mentions: ['bruno@t0acme00.test'] })
    expect(last()?.text).toBe('<@U0BRUNO01> look')
  })

  test('leaves longer names and addresses alone', async () => {
    await stage.done('slack_send_message', {
      channel: GENERAL,
      text: 'a@bruno.test @brunoso @bruno',
      mentions: ['bruno'],
    })
    expect(last()?.text).toBe('a@bruno.test @brunoso <@U0BRUNO01>')
  })

  test('stops where somebody is not there', async () => {
    const problem = await stage.refused('slack_send_message', { channel: GENERAL, text: 'x', mentions: ['@nobody'] })
    expect(problem).toMatchObject({ code: 'not_found', path: 'arguments.mentions' })
    expect(last()?.text).toBe('Next day')
  })
})

describe('replying', () => {
  test.each([
    [{ message: LINK }],
    [{ message: '1700000060.000100', channel: '#general' }],
    [{ message: `https://acme.slack.com/archives/${GENERAL}/p1700000090000100?thread_ts=1700000060.000100` }],
  ])('goes to the thread of %j', async (input) => {
    const { value } = await stage.done('slack_reply_thread', { ...input, text: 'ok' })
    expect(last()).toMatchObject({ text: 'ok', thread_ts: '1700000060.000100' })
    expect(value.thread_ts).toBe('1700000060.000100')
    expect(stage.slack.seen.at(-1)?.given['reply_broadcast']).toBe('false')
  })

  test('shows itself in the channel where that is asked for', async () => {
    await stage.done('slack_reply_thread', { message: LINK, text: 'ok', also_to_channel: true })
    expect(stage.slack.seen.at(-1)?.given['reply_broadcast']).toBe('true')
  })

  test('says so where there is no such message', async () => {
    const problem = await stage.refused('slack_reply_thread', {
      message: '1600000000.000100',
      channel: GENERAL,
      text: 'x',
    })
    expect(problem).toMatchObject({ code: 'not_found', reason: 'thread_not_found' })
  })
})

describe('changing and deleting', () => {
  test('touches one message, of the user', async () => {
    const first = { message: '1700000000.000100', channel: 'general' }
    await stage.done('slack_update_message', { ...first, text: 'New *words*' })
    expect(stage.messages(GENERAL)[0]).toMatchObject({ text: 'New _words_', edited: { user: 'U0ANA0001' } })
    await stage.done('slack_delete_message', first)
    expect(stage.messages(GENERAL).map(({ text }) => text)).not.toContain('New _words_')
    expect(stage.messages(GENERAL)).toHaveLength(4)
  })

  test.each([
    ['slack_update_message', { text: 'x' }, 'cant_update_message'],
    ['slack_delete_message', {}, 'cant_delete_message'],
  ])('%s leaves what others wrote', async (tool, more, reason) => {
    const problem = await stage.refused(tool, { message: LINK, ...more })
    expect(problem).toMatchObject({ code: 'forbidden_by_provider', reason })
    expect(stage.messages(GENERAL)).toHaveLength(5)
  })
})

describe('scheduling', () => {
  test.each([
    ['tomorrow at 9am', '2026-01-16 09:00 America/Sao_Paulo', '2026-01-16T12:00:00Z'],
    ['amanhã às 9h30', '2026-01-16 09:30 America/Sao_Paulo', '2026-01-16T12:30:00Z'],
    ['in 2 hours', '2026-01-15 12:00 America/Sao_Paulo', '2026-01-15T15:00:00Z'],
    ['2026-01-20 08:00', '2026-01-20 08:00 America/Sao_Paulo', '2026-01-20T11:00:00Z'],
    ['2026-01-20T08:00:00Z', '2026-01-20 05:00 America/Sao_Paulo', '2026-01-20T08:00:00Z'],
  ])('reads %s in the time zone of the user', async (at, shown, moment) => {
    vi.useFakeTimers({ now: new Date('2026-01-15T13:00:00Z'), toFake: ['Date'] })
    const { text, value } = await stage.done('slack_schedule_message', { channel: '#general', text: 'later', at })
    expect(text).toContain(`Scheduled for #general at ${shown}`)
    expect(value.post_at).toBe(Date.parse(moment) / 1_000)
    expect(stage.workspace().scheduled).toEqual([
      { id: value.scheduled_message_id, channel: GENERAL, text: 'later', post_at: value.post_at },
    ])
  })

  test('uses UTC, and says so, where Slack does not tell the time zone', async () => {
    vi.useFakeTimers({ now: new Date('2026-01-15T13:00:00Z'), toFake: ['Date'] })
    const actor = { ...BRUNO, scopes: ['chat:write'] }
    const { text } = await stage.done(
      'slack_schedule_message',
      { channel: GENERAL, text: 'x', at: 'tomorrow at 9am' },
      actor,
    )
    expect(text).toContain('2026-01-16 09:00 UTC')
  })

  test.each(['yesterday', '2 hours ago', 'in 5 months', 'in 130 days', 'whenever', '2026-13-01'])(
    'refuses %s',
    async (at) => {
      const problem = await stage.refused('slack_schedule_message', { channel: '#general', text: 'x', at })
      expect(problem).toMatchObject({ code: 'invalid_arguments', path: 'arguments.at' })
      expect(stage.asked()).not.toContain('chat.scheduleMessage')
    },
  )
})

describe('reactions', () => {
  test.each(['thumbsup', ':thumbsup:', '👍', 'ThumbsUp'])('%s is added once and taken back once', async (emoji) => {
    const input = { message: LINK, emoji }
    expect((await stage.done('slack_add_reaction', input)).value).toMatchObject({ emoji: 'thumbsup', changed: true })
    expect((await stage.done('slack_add_reaction', input)).value).toMatchObject({ changed: false })
    expect(stage.messages(GENERAL)[1]?.reactions).toContainEqual({ name: 'thumbsup', count: 1, users: ['U0ANA0001'] })
    expect((await stage.done('slack_remove_reaction', input)).value).toMatchObject({ changed: true })
    expect((await stage.done('slack_remove_reaction', input)).value).toMatchObject({ changed: false })
    expect(stage.messages(GENERAL)[1]?.reactions?.map(({ name }) => name)).toEqual(['eyes'])
  })

  test('of others stay', async () => {
    await stage.done('slack_remove_reaction', { message: LINK, emoji: 'eyes' }, BRUNO)
    expect(stage.messages(GENERAL)[1]?.reactions).toHaveLength(1)
  })

  test.each(['two words', '<!channel>', '🦄', ''])('refuses %j, which is no name', async (emoji) => {
    const call = stage.call('slack_add_reaction', { message: LINK, emoji })
    if (emoji === '') await expect(call).rejects.toThrow('emoji')
    else expect(await call).toMatchObject({ ok: false, problem: { path: 'arguments.emoji' } })
    expect(stage.asked()).toEqual([])
  })

  test('that the workspace has not are refused with advice', async () => {
    const problem = await stage.refused('slack_add_reaction', { message: LINK, emoji: 'no_such_one' })
    expect(problem).toMatchObject({ code: 'invalid_arguments', reason: 'invalid_name' })
  })
})

describe('a bot', () => {
  const scopes = ['channels:read', 'channels:history', 'channels:join', 'chat:write']

  test('joins, reads and writes as itself', async () => {
    const bot = { ...BOT, scopes }
    expect(await stage.refused('slack_read_messages', { channel: '#random' }, bot)).toMatchObject({
      reason: 'not_in_channel',
    })
    await stage.done('slack_join_channel', { channel: '#random' }, bot)
    await stage.done('slack_send_message', { channel: '#random', text: 'beep' }, bot)
    expect(last('C0RANDOM01')).toMatchObject({ user: 'U0BOT0001', text: 'beep' })
  })
})
