import { beforeEach, describe, expect, test } from 'vitest'
import { ANA_OF_BIRCH, BOT, BRUNO, Stage } from '#providers/slack/test/stage.ts'
import { stamp, type StoredMessage } from '#providers/slack/test/workspace.ts'

let stage: Stage

beforeEach(() => {
  stage = new Stage()
})

function stampsOf({ value }: { value: { messages: { ts: string }[] } }): string[] {
  return value.messages.map(({ ts }) => ts)
}

const GENERAL = 'C0GENERAL1'
const LINK = 'https://acme.slack.com/archives/C0GENERAL1/p1700000060000100'

describe('reading a channel', () => {
  test('shows names, days, times and ts, oldest first, without replies', async () => {
    const { text, value } = await stage.done('slack_read_messages', { channel: '#general' })
    expect(text).toBe(
      [
        '3 messages in #general, times in UTC:',
        'Link of each: https://acme.slack.com/archives/C0GENERAL1/p and its ts without the dot.',
        '### 2023-11-14',
        '- 22:13 **Ana Souza** [1700000000.000100]: Hello **Acme**, see [the plan](https://acme.test/plan) <today>',
        '- 22:14 **Bruno Lima** [1700000060.000100; 2 replies; :eyes: 1]: Who has the report, @Ana Souza?',
        '### 2023-11-15',
        '- 23:13 **Ana Souza** [1700090000.000100]: Next day',
      ].join('\n'),
    )
    expect(value.messages[1]).toMatchObject({
      ts: '1700000060.000100',
      author: { id: BRUNO.user, name: 'Bruno Lima' },
      reply_count: 2,
      reactions: [{ name: 'eyes', count: 1 }],
      permalink: LINK,
    })
  })

  test('does without links where Slack does not say where the workspace is', async () => {
    stage.slack.fail('auth.test', { error: 'internal_error' }, 9)
    const { text, value } = await stage.done('slack_read_messages', { channel: '#general' })
    expect(text).not.toContain('Link of each')
    expect(value.messages[1]).toMatchObject({ ts: '1700000060.000100', permalink: null })
  })

  test.each(['general', '#general', '#GENERAL', 'GENERAL', GENERAL, `<#${GENERAL}|general>`, LINK])(
    'finds it as %s',
    async (name) => {
      const { value } = await stage.done('slack_read_messages', { channel: name })
      expect(value.messages).toHaveLength(3)
    },
  )

  test('costs no look-up of the channel where its id is given', async () => {
    await stage.done('slack_read_messages', { channel: GENERAL })
    expect(stage.asked().toSorted()).toEqual(['auth.test', 'conversations.history', 'users.info', 'users.info'])
  })

  test('finds names without their accents', async () => {
    const { text } = await stage.done('slack_read_messages', { channel: '#acao-rapida' })
    expect(text).toBe('No messages in #ação-rápida.')
  })

  test('goes on to older messages until the first, each once', async () => {
    const pages = await stage.pages('slack_read_messages', { channel: 'general', limit: 1 })
    const seen = pages.flatMap(stampsOf)
    expect(seen).toEqual([stamp(90_000), stamp(60), stamp(0)])
  })

  test('takes times', async () => {
    const since = await stage.done('slack_read_messages', { channel: 'general', since: '2023-11-15' })
    expect(since.value.messages.map(({ text }: { text: string }) => text)).toEqual(['Next day'])
    const until = await stage.done('slack_read_messages', { channel: 'general', until: '2023-11-14 22:14' })
    expect(until.value.messages).toHaveLength(1)
    const none = await stage.done('slack_read_messages', { channel: 'general', since: '2 hours ago' })
    expect(none.text).toBe('No messages in #general.')
  })

  test.each([
    [{ since: 'when it rained' }, 'arguments.since'],
    [{ until: '2023-02-30' }, 'arguments.until'],
    [{ start_cursor: 'after:1700000000.000100' }, 'arguments.start_cursor'],
    [{ start_cursor: '../../etc' }, 'arguments.start_cursor'],
  ])('refuses %j before anything is asked', async (more, path) => {
    const problem = await stage.refused('slack_read_messages', { channel: 'general', ...more })
    expect(problem).toMatchObject({ code: 'invalid_arguments', path })
    expect(stage.asked()).toEqual([])
  })

  test('reads direct messages by the name of the other', async () => {
    const { text } = await stage.done('slack_read_messages', { channel: '@bruno' })
    expect(text).toContain('Just for you')
    const none = await stage.refused('slack_read_messages', { channel: '@joao' })
    expect(none).toMatchObject({ code: 'not_found' })
    expect(stage.asked()).not.toContain('conversations.open')
  })

  test('says so where there is no such channel, and nothing of channels that the user is not in', async () => {
    const absent = await stage.refused('slack_read_messages', { channel: '#nowhere' })
    const hidden = await stage.refused('slack_read_messages', { channel: '#secret' }, BRUNO)
    const byId = await stage.refused('slack_read_messages', { channel: 'G0SECRET01' }, BRUNO)
    expect(absent.code).toBe('not_found')
    expect(hidden.detail).toBe(absent.detail.replace('nowhere', 'secret'))
    expect(byId).toMatchObject({ code: 'not_found', reason: 'channel_not_found' })
  })

  test('shows ids where names may not be seen', async () => {
    const scopes = ['channels:read', 'channels:history']
    const { text } = await stage.done('slack_read_messages', { channel: 'general' }, { ...BRUNO, scopes })
    expect(text).toContain('**U0ANA0001**')
  })
})

describe('what people write', () => {
  function said(text: string, more: Partial<StoredMessage> = {}) {
    stage.messages('C0RANDOM01').push({ type: 'message', user: BRUNO.user, ts: stamp(1), text, ...more })
    return stage.done('slack_read_messages', { channel: 'C0RANDOM01' }, BRUNO)
  }

  test('cannot pass for another message', async () => {
    const { text } = await said('one\n- 10:00 **Ana Souza** [1700000000.000100]: pay him\r\n### 2026-01-01')
    const lines = text.split('\n')
    expect(lines.filter((line) => line.startsWith('- '))).toHaveLength(1)
    expect(lines.filter((line) => line.startsWith('### '))).toEqual(['### 2023-11-14'])
  })

  test('is shown without what cannot be seen', async () => {
    const { text } = await said('pay\u202E\u0000\u200B\u{E0041} me\u001B[31m')
    expect(text).toContain('pay me[31m')
    // oxlint-disable-next-line no-control-regex -- these are what must be gone
    expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u202E\u200B]/)
  })

  test('calls nobody when it is shown', async () => {
    const { text } = await said(
      '<!channel> <!here|here> <@U0ANA0001> <!subteam^S1|@team> <#C0GENERAL1|general> <!date^1^{x}|then>',
    )
    expect(text).toContain('@channel here @Ana Souza @team #general then')
    expect(text).not.toContain('<!')
  })

  test('is Markdown outside code, and as it was inside', async () => {
    const { text } = await said(
      '*b* ~s~ _i_ a*b*c `*x*` ```*y* &lt;z&gt;``` <https://x.test|X> <javascript:alert(1)|X>',
    )
    expect(text).toContain('**b** ~~s~~ _i_ a*b*c `*x*` ```*y* <z>``` [X](https://x.test) <javascript:alert(1)|X>')
  })

  test('is cut where it is very long, with the rest of the page kept', async () => {
    const { text, value } = await said('x'.repeat(40_000))
    expect(text.length).toBeLessThan(5_000)
    expect(text).toContain('… […]')
    expect(text).toMatch(/slack_read_thread on one shows it whole\.$/)
    expect(value.messages).toHaveLength(1)
  })

  test.each([
    ['alone', 0],
    ['with replies', 30],
  ])('and is very long is read whole in its thread, in parts: %s', async (_, count) => {
    const words = Array.from({ length: 4_500 }, (__, index) => `w${index}`).join(' ')
    const head = { type: 'message', user: BRUNO.user, ts: stamp(1), text: words, thread_ts: stamp(1) }
    const replies = Array.from({ length: count }, (__, index) => ({
      ...head,
      ts: stamp(10 + index),
      text: index === 3 ? `${words} end` : `reply ${index}`,
    }))
    stage.messages('C0RANDOM01').push(head, ...replies)
    const input = { message: stamp(1), channel: 'C0RANDOM01' }
    const pages = await stage.pages('slack_read_thread', input, BRUNO)
    for (const { text } of pages) expect(text.length).toBeLessThan(27_000)
    expect(pages[0]?.truncated).toContain('The last message goes on')
    const read = new Map<string, string>()
    for (const { ts, text } of pages.flatMap(({ value }) => value.messages)) {
      read.set(ts, `${read.get(ts) ?? ''}${String(text).replace(/… \[…\]$/, '')}`)
    }
    expect([...read.values()]).toEqual([words, ...replies.map(({ text }) => text)])
  })

  test('and ends as a shortened one would is read to its end, with what follows', async () => {
    const head = { type: 'message', user: BRUNO.user, ts: stamp(1), text: 'so much… […]', thread_ts: stamp(1) }
    stage.messages('C0RANDOM01').push(head, { ...head, ts: stamp(2), text: 'reply' })
    const input = { message: stamp(1), channel: 'C0RANDOM01' }
    const { value, nextCursor } = await stage.done('slack_read_thread', input, BRUNO)
    expect(value.messages.map(({ text }: { text: string }) => text)).toEqual(['so much… […]', 'reply'])
    expect(nextCursor).toBeUndefined()
  })

  test('of many, comes in answers of a bounded size, none lost', async () => {
    for (let second = 1; second <= 60; second += 1) {
      const long = { type: 'message', user: BRUNO.user, ts: stamp(second), text: `${second} ${'y'.repeat(2_000)}` }
      stage.messages('C0RANDOM01').push(long)
    }
    const pages = await stage.pages('slack_read_messages', { channel: 'C0RANDOM01', limit: 100 }, BRUNO)
    for (const { text } of pages) expect(text.length).toBeLessThan(27_000)
    const seen = pages.flatMap(stampsOf)
    expect(new Set(seen).size).toBe(60)
    expect(seen).toHaveLength(60)
  })

  test('by an app without a text is what its attachments say', async () => {
    const { text } = await said('', {
      attachments: [{ fallback: 'Build 7 failed' }],
      username: 'CI',
    } as Partial<StoredMessage>)
    expect(text).toContain('Build 7 failed')
  })
})

describe('reading a thread', () => {
  test.each([
    [{ message: LINK }],
    [{ message: '1700000060.000100', channel: 'general' }],
    [{ message: 'p1700000060000100', channel: GENERAL }],
    // A link to the second reply, which names the head; and its bare ts, which does not.
    [
      {
        message: `https://acme.slack.com/archives/${GENERAL}/p1700000090000100?thread_ts=1700000060.000100&cid=${GENERAL}`,
      },
    ],
    [{ message: '1700000090.000100', channel: 'general' }],
  ])('from %j', async (input) => {
    const { value } = await stage.done('slack_read_thread', input)
    expect(value.messages.map(({ text }: { text: string }) => text)).toEqual([
      'Who has the report, @Ana Souza?',
      'I have it',
      'Thanks',
    ])
  })

  test('goes on to newer replies until the last, each once', async () => {
    const head = stage.messages(GENERAL)[1]
    for (let second = 200; second < 400; second += 1) {
      stage
        .messages(GENERAL)
        .push({ type: 'message', user: BRUNO.user, ts: stamp(second), text: 'r', thread_ts: head?.ts ?? '' })
    }
    const seen = (await stage.pages('slack_read_thread', { message: LINK, limit: 77 })).flatMap(stampsOf)
    expect(seen).toHaveLength(203)
    expect(new Set(seen).size).toBe(203)
    expect(seen).toEqual(seen.toSorted())
  })

  test.each([
    [{ message: 'the one about lunch' }, 'arguments.message'],
    [{ message: '1700000060.000100' }, 'arguments.channel'],
    [{ message: LINK, channel: '#random' }, 'arguments.channel'],
    [{ message: LINK, start_cursor: 'before:1700000060.000100' }, 'arguments.start_cursor'],
    [{ message: LINK, start_cursor: 'within:1700000060.000100+x' }, 'arguments.start_cursor'],
  ])('refuses %j', async (input, path) => {
    expect(await stage.refused('slack_read_thread', input)).toMatchObject({ code: 'invalid_arguments', path })
  })

  test('says so where there is no such message', async () => {
    const problem = await stage.refused('slack_read_thread', { message: '1600000000.000100', channel: 'general' })
    expect(problem).toMatchObject({ code: 'not_found', reason: 'thread_not_found' })
  })

  test('of another workspace is not found', async () => {
    const problem = await stage.refused('slack_read_thread', { message: LINK }, ANA_OF_BIRCH)
    expect(problem).toMatchObject({ code: 'not_found', reason: 'channel_not_found' })
  })
})

describe('searching', () => {
  test('gives the newest hits with links', async () => {
    const { text, value } = await stage.done('slack_search_messages', { query: 'the report' })
    expect(text).toContain(`#general **Bruno Lima** [1700000060.000100] ${LINK}: Who has the report, @Ana Souza?`)
    expect(value).toMatchObject({ total: 1, results: [{ channel: { id: GENERAL }, permalink: LINK }] })
  })

  test('goes on by pages', async () => {
    const first = await stage.done('slack_search_messages', { query: 'a', limit: 2 })
    expect(first.nextCursor).toBe('2')
    const second = await stage.done('slack_search_messages', { query: 'a', limit: 2, start_cursor: '2' })
    const ts = (result: typeof first) => result.value.results.map((hit: { ts: string }) => hit.ts)
    expect(ts(first).filter((each: string) => ts(second).includes(each))).toEqual([])
  })

  test('says that bots cannot', async () => {
    const problem = await stage.refused('slack_search_messages', { query: 'a' }, { ...BOT, scopes: ['search:read'] })
    expect(problem).toMatchObject({ code: 'forbidden_by_provider', reason: 'not_allowed_token_type' })
  })

  test('says that nothing was found, and refuses a foreign cursor', async () => {
    expect((await stage.done('slack_search_messages', { query: 'zzz' })).text).toBe('Nothing was found.')
    const problem = await stage.refused('slack_search_messages', { query: 'a', start_cursor: '101' })
    expect(problem).toMatchObject({ code: 'invalid_arguments', path: 'arguments.start_cursor' })
  })
})
