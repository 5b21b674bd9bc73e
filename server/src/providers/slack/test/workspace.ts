import type { ConversationsListResponse, ConversationsRepliesResponse, UsersListResponse } from '@slack/web-api'

/** What a workspace of the emulator holds: people, channels and messages, in the shapes of Slack's own client. */

export type Member = NonNullable<UsersListResponse['members']>[number] & { readonly id: string }
export type StoredMessage = NonNullable<ConversationsRepliesResponse['messages']>[number] & { ts: string }
type Channel = NonNullable<ConversationsListResponse['channels']>[number]

export interface StoredChannel {
  readonly facts: Channel & { readonly id: string }
  readonly members: Set<string>
  /** In the order of their time stamps. */
  readonly messages: StoredMessage[]
}

export interface Workspace {
  readonly id: string
  readonly name: string
  readonly domain: string
  readonly members: Map<string, Member>
  readonly channels: Map<string, StoredChannel>
  readonly scheduled: {
    readonly id: string
    readonly channel: string
    readonly text: string
    readonly post_at: number
  }[]
  /** Who was called by a message: `U...`, `channel`, `here` or `everyone`. */
  readonly notified: string[]
}

/** 2023-11-14 22:13:20 UTC: the first message of each seed. */
const FIRST_SECOND = 1_700_000_000

export function stamp(second: number, micro = 100): string {
  return `${FIRST_SECOND + second}.${String(micro).padStart(6, '0')}`
}

function person(team: string, id: string, name: string, more: Partial<Member> = {}): Member {
  const [first = '', last = ''] = name.split(' ')
  const handle = first.toLowerCase()
  return {
    id,
    team_id: team,
    name: handle,
    real_name: name,
    deleted: false,
    is_bot: false,
    is_admin: false,
    is_restricted: false,
    tz: 'America/Sao_Paulo',
    profile: {
      display_name: `${first} ${last}`.trim(),
      real_name: name,
      email: `${handle}@${team.toLowerCase()}.test`,
    },
    ...more,
  }
}

interface ChannelSeed {
  readonly id: string
  readonly name: string
  readonly members: readonly string[]
  readonly messages?: readonly StoredMessage[]
  readonly facts?: Partial<Channel>
}

function channel({ id, name, members, messages = [], facts = {} }: ChannelSeed): StoredChannel {
  const base = {
    id,
    name,
    name_normalized: name,
    created: FIRST_SECOND - 1_000,
    creator: members[0] ?? '',
    is_channel: true,
    is_im: false,
    is_private: false,
    is_archived: false,
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  }
  return { facts: { ...base, ...facts }, members: new Set(members), messages: [...messages] }
}

function message(user: string, second: number, text: string, more: Partial<StoredMessage> = {}): StoredMessage {
  return { type: 'message', user, ts: stamp(second), text, ...more }
}

/** Two workspaces whose channels and people bear the same names, and nothing else alike. */
export function seedWorkspaces(): Workspace[] {
  return [acme(), birch()]
}

function acme(): Workspace {
  const team = 'T0ACME00'
  const people = [
    person(team, 'U0ANA0001', 'Ana Souza', { is_admin: true }),
    person(team, 'U0BRUNO01', 'Bruno Lima'),
    person(team, 'U0JOAO001', 'João Prado'),
    person(team, 'U0ALEX001', 'Alex Reis'),
    person(team, 'U0ALEX002', 'Alex Reis', { name: 'alex2' }),
    person(team, 'U0GONE001', 'Gone Person', { deleted: true }),
    person(team, 'U0BOT0001', 'Acme Bot', { is_bot: true, name: 'acmebot' }),
  ]
  const channels = [
    channel({
      id: 'C0GENERAL1',
      name: 'general',
      members: ['U0ANA0001', 'U0BRUNO01', 'U0BOT0001'],
      facts: { is_general: true, topic: { value: 'Acme &amp; friends', creator: 'U0ANA0001', last_set: FIRST_SECOND } },
      messages: [
        message('U0ANA0001', 0, 'Hello *Acme*, see <https://acme.test/plan|the plan> &lt;today&gt;'),
        message('U0BRUNO01', 60, 'Who has the report, <@U0ANA0001>?', {
          thread_ts: stamp(60),
          reply_count: 2,
          reactions: [{ name: 'eyes', count: 1, users: ['U0ANA0001'] }],
        }),
        message('U0ANA0001', 90, 'I have it', { thread_ts: stamp(60), parent_user_id: 'U0BRUNO01' }),
        message('U0BRUNO01', 120, 'Thanks', { thread_ts: stamp(60), parent_user_id: 'U0BRUNO01' }),
        message('U0ANA0001', 90_000, 'Next day'),
      ],
    }),
    channel({ id: 'C0RANDOM01', name: 'random', members: ['U0BRUNO01'] }),
    channel({ id: 'C0OLDONE01', name: 'old-one', members: ['U0ANA0001'], facts: { is_archived: true } }),
    channel({ id: 'C0ACAO0001', name: 'ação-rápida', members: ['U0ANA0001'] }),
    channel({
      id: 'G0SECRET01',
      name: 'secret',
      members: ['U0ANA0001'],
      facts: { is_private: true, is_group: true },
      messages: [message('U0ANA0001', 10, 'Acme secret')],
    }),
    channel({
      id: 'G0BRUNO001',
      name: 'plans',
      members: ['U0BRUNO01'],
      facts: { is_private: true, is_group: true },
      messages: [message('U0BRUNO01', 10, 'Plans of Bruno')],
    }),
    channel({
      id: 'D0ANABRU01',
      name: '',
      members: ['U0ANA0001', 'U0BRUNO01'],
      facts: { is_im: true, is_channel: false },
      messages: [message('U0BRUNO01', 5, 'Just for you')],
    }),
  ]
  return workspace(team, { name: 'Acme', domain: 'acme', people, channels })
}

function birch(): Workspace {
  const team = 'T0BIRCH0'
  const people = [
    person(team, 'U0ANABIR1', 'Ana Souza', { tz: 'Europe/Berlin' }),
    person(team, 'U0CARL001', 'Carl Berg'),
  ]
  const channels = [
    channel({
      id: 'C0BGENERAL',
      name: 'general',
      members: ['U0ANABIR1', 'U0CARL001'],
      facts: { is_general: true },
      messages: [message('U0CARL001', 0, 'Hello Birch')],
    }),
    channel({
      id: 'G0BSECRET1',
      name: 'secret',
      members: ['U0CARL001'],
      facts: { is_private: true, is_group: true },
      messages: [message('U0CARL001', 10, 'Birch secret')],
    }),
  ]
  return workspace(team, { name: 'Birch', domain: 'birch', people, channels })
}

interface WorkspaceSeed {
  readonly name: string
  readonly domain: string
  readonly people: readonly Member[]
  readonly channels: readonly StoredChannel[]
}

function workspace(id: string, { name, domain, people, channels }: WorkspaceSeed): Workspace {
  return {
    id,
    name,
    domain,
    members: new Map(people.map((each) => [each.id, each])),
    channels: new Map(channels.map((each) => [each.facts.id, each])),
    scheduled: [],
    notified: [],
  }
}
