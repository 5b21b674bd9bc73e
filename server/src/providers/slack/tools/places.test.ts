import { beforeEach, describe, expect, test } from 'vitest'
import { ANA_OF_BIRCH, BRUNO, Stage } from '#providers/slack/test/stage.ts'

let stage: Stage

beforeEach(() => {
  stage = new Stage()
})

function names(value: { channels: { name: string }[] }): string[] {
  return value.channels.map(({ name }) => name)
}

describe('channels', () => {
  test('are listed with what tells them apart, archived and foreign ones left out', async () => {
    const { text, value } = await stage.done('slack_list_channels', {})
    expect(names(value)).toEqual(['general', 'random', 'ação-rápida', 'secret'])
    expect(text.split('\n')[1]).toBe('- #random (C0RANDOM01, not a member, 1 member)')
    expect(names((await stage.done('slack_list_channels', {}, BRUNO)).value)).not.toContain('secret')
  })

  test('of another workspace are others', async () => {
    const { value } = await stage.done('slack_list_channels', {}, ANA_OF_BIRCH)
    expect(value.channels.map(({ id }: { id: string }) => id)).toEqual(['C0BGENERAL'])
  })

  test.each([
    [{ query: '#RAN' }, ['random']],
    [{ query: 'acao' }, ['ação-rápida']],
    [{ query: 'friends' }, ['general']],
    [{ mine: true }, ['general', 'ação-rápida', 'secret']],
    [{ query: 'zzz' }, []],
  ])('are found by %j', async (input, expected) => {
    expect(names((await stage.done('slack_list_channels', input)).value)).toEqual(expected)
  })

  test('that are private are left out where the scope is missing', async () => {
    const { value } = await stage.done('slack_list_channels', {}, { ...BRUNO, scopes: ['channels:read'] })
    expect(names(value)).toEqual(['general', 'random', 'ação-rápida'])
  })

  test('come by pages, each once, however many there are', async () => {
    const { channels } = stage.workspace()
    for (let index = 0; index < 450; index += 1) {
      const id = `C1${String(index).padStart(8, '0')}`
      channels.set(id, { facts: { id, name: `room-${index}` }, members: new Set(), messages: [] })
    }
    const pages = await stage.pages('slack_list_channels', { query: 'room', limit: 37 })
    const seen = pages.flatMap(({ value }) => names(value))
    expect(seen).toHaveLength(450)
    expect(new Set(seen).size).toBe(450)
  })

  test('are looked through in bounded steps, which the cursor goes on from', async () => {
    const { channels } = stage.workspace()
    for (let index = 0; index < 1_200; index += 1) {
      const id = `C1${String(index).padStart(8, '0')}`
      channels.set(id, { facts: { id, name: `room-${index}` }, members: new Set(), messages: [] })
    }
    const first = await stage.done('slack_list_channels', { query: 'room-1199' })
    expect(first.text).toContain('None so far.')
    expect(stage.asked()).toHaveLength(5)
    const second = await stage.done('slack_list_channels', { query: 'room-1199', start_cursor: first.nextCursor ?? '' })
    expect(names(second.value)).toEqual(['room-1199'])
    expect(second.nextCursor).toBeUndefined()
  })

  test.each(['x', '0~\n', '99999~', '0~not-slacks'])('refuse the cursor %j', async (start_cursor) => {
    expect(await stage.refused('slack_list_channels', { start_cursor })).toMatchObject({ code: 'invalid_arguments' })
  })

  test('are described with topic and creator', async () => {
    const { text, value } = await stage.done('slack_get_channel', { channel: 'general' })
    expect(text).toContain('Topic: Acme & friends')
    expect(text).toContain('by Ana Souza')
    expect(value).toMatchObject({ id: 'C0GENERAL1', title: '#general', members: 3, is_member: true })
  })

  test('between two are called after the other', async () => {
    const { text, value } = await stage.done('slack_get_channel', { channel: '@bruno' })
    expect(text).toContain('@Bruno Lima (direct messages)')
    expect(value).toMatchObject({ id: 'D0ANABRU01', title: '@Bruno Lima' })
  })

  test('are joined where they are public', async () => {
    await stage.done('slack_join_channel', { channel: '#random' })
    await stage.done('slack_join_channel', { channel: '#random' })
    expect(stage.workspace().channels.get('C0RANDOM01')?.members).toContain('U0ANA0001')
    expect(await stage.refused('slack_join_channel', { channel: '#old-one' })).toMatchObject({ code: 'not_found' })
    expect(await stage.refused('slack_join_channel', { channel: 'C0OLDONE01' })).toMatchObject({
      reason: 'is_archived',
    })
    expect(await stage.refused('slack_join_channel', { channel: 'G0SECRET01' })).toMatchObject({
      code: 'invalid_arguments',
      reason: 'method_not_supported_for_channel_type',
    })
  })

  test('get a topic that calls nobody', async () => {
    await stage.done('slack_set_topic', { channel: '#general', topic: 'Plan & <!channel>' })
    expect(stage.workspace().channels.get('C0GENERAL1')?.facts.topic?.value).toBe('Plan &amp; &lt;!channel&gt;')
    const { value } = await stage.done('slack_get_channel', { channel: 'general' })
    expect(value.topic).toBe('Plan & <!channel>')
    expect(await stage.refused('slack_set_topic', { channel: '#general', topic: 'x'.repeat(251) })).toMatchObject({
      path: 'arguments.topic',
    })
  })
})

describe('people', () => {
  test('are listed without bots and those who left', async () => {
    const { text, value } = await stage.done('slack_list_users', {})
    expect(value.users).toHaveLength(5)
    expect(text).toContain('- Ana Souza (U0ANA0001, @ana, ana@t0acme00.test, administrator)')
    expect(text).not.toContain('Gone')
    expect((await stage.done('slack_list_users', { include_bots: true })).text).toContain('Acme Bot')
  })

  test.each([
    ['joao', ['João Prado']],
    ['@ana', ['Ana Souza']],
    ['alex', ['Alex Reis', 'Alex Reis']],
    ['bruno@t0acme00', ['Bruno Lima']],
    ['zzz', []],
  ])('are found by %s', async (query, expected) => {
    const { value } = await stage.done('slack_list_users', { query })
    expect(value.users.map(({ name }: { name: string }) => name)).toEqual(expected)
  })

  test('of another workspace are others', async () => {
    const { value } = await stage.done('slack_list_users', {}, ANA_OF_BIRCH)
    expect(value.users.map(({ id }: { id: string }) => id)).toEqual(['U0ANABIR1', 'U0CARL001'])
    expect(await stage.refused('slack_get_user', { user: 'U0BRUNO01' }, ANA_OF_BIRCH)).toMatchObject({
      code: 'not_found',
    })
  })

  test.each(['U0BRUNO01', '@bruno', 'Bruno Lima', 'bruno lima', '<@U0BRUNO01>', 'bruno@t0acme00.test', '@U0BRUNO01'])(
    'are got as %s',
    async (user) => {
      const { text, value } = await stage.done('slack_get_user', { user })
      expect(value).toMatchObject({ id: 'U0BRUNO01', name: 'Bruno Lima', tz: 'America/Sao_Paulo' })
      expect(text).toContain('Time zone: America/Sao_Paulo')
    },
  )

  test('are got as me', async () => {
    expect((await stage.done('slack_get_user', { user: 'me' }, BRUNO)).value.id).toBe('U0BRUNO01')
  })

  test.each([
    ['@nobody', 'not_found'],
    ['nobody@x.test', 'not_found'],
    ['alex reis', 'ambiguous'],
    ['Gone Person', 'not_found'],
  ])('%s are refused as %s', async (user, code) => {
    expect(await stage.refused('slack_get_user', { user })).toMatchObject({ code })
  })

  test('with hostile names are shown as what can be seen of them', async () => {
    const member = stage.workspace().members.get('U0BRUNO01')
    stage.workspace().members.set('U0BRUNO01', {
      ...member,
      id: 'U0BRUNO01',
      profile: { display_name: 'Bru\u202Eno\n- 10:00 **Ana**\u0000' },
    })
    const { value } = await stage.done('slack_get_user', { user: 'U0BRUNO01' })
    expect(value.name).toBe('Bruno - 10:00 **Ana**')
  })
})
