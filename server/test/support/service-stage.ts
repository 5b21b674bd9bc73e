import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import type { BoundFetch } from '../../src/providers/contract.ts'
import { createWorld, type World } from '../../src/providers/github/test/world.ts'
import { APP as SLACK_APP } from '../../src/providers/slack/test/oauth.ts'
import { ANA, BRUNO, Stage } from '../../src/providers/slack/test/stage.ts'
import { USER_SCOPES } from '../../src/providers/slack/scopes.ts'
import { startLocalServer, type LocalServer } from './local-server.ts'

/** GitHub and Slack behind sockets of their own, as a server meets them: with what differs between the two put alike. */

export type Person = 'ana' | 'bruno'

export interface Service extends AsyncDisposable {
  readonly id: 'github' | 'slack'
  /** Settings by which a server finds it here and is a registered app of it. */
  readonly environment: Record<string, string>
  /** A key that this person made there by hand. */
  readonly keyOf: (person: Person) => string
  /** Whose browser opens the page of the app next; null: somebody who does not allow it. */
  readonly sit: (person: Person | null) => void
  /** Whether the app gives tokens that end. */
  readonly expires: (on: boolean) => void
  /** What only this person can read: the tool, its arguments, and what its answer then holds. */
  readonly secretOf: (person: Person) => { readonly tool: string; readonly input: object; readonly shows: string }
  /** The tokens that the service lets in now. */
  readonly tokens: () => readonly string[]
  /** The access tokens end by themselves; what renews them does not. */
  readonly letTokensEnd: () => void
  /** Everything that was ever allowed ends there. */
  readonly endGrants: () => void
  /** The last token that came with a request. */
  readonly lastToken: () => string
}

export interface GitHubService extends Service {
  readonly world: World
}

export interface SlackService extends Service {
  readonly stage: Stage
}

export async function startGitHub(): Promise<GitHubService> {
  const world = createWorld()
  const { github } = world
  const { state, authorizations, app } = github
  let lastToken = ''
  const server = await listening(async (input, init) => {
    const authorization = new Headers(init?.headers).get('authorization') ?? ''
    lastToken = /^Bearer (.+)$/.exec(authorization)?.[1] ?? lastToken
    return github.fetch(input, init)
  })
  return {
    id: 'github',
    world,
    environment: {
      GITHUB_API_URL: `http://${server.host}`,
      GITHUB_CLIENT_ID: app.clientId,
      GITHUB_CLIENT_SECRET: app.clientSecret,
    },
    keyOf: (person) => github.mint(world[person]),
    sit: (person) => {
      authorizations.consent = person === null ? null : world[person]
    },
    expires: (on) => {
      app.expiring = on
    },
    secretOf: (person) => ({
      tool: 'github_get_issue',
      input: { issue: `${person}/site#1` },
      shows: `CANARY-${person}`,
    }),
    tokens: () => [...state.tokens.keys()],
    letTokensEnd: () => state.tokens.clear(),
    endGrants: () => {
      state.tokens.clear()
      authorizations.endGrants()
    },
    lastToken: () => lastToken,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

const SLACK_PEOPLE = { ana: ANA, bruno: BRUNO } as const

export async function startSlack(): Promise<SlackService> {
  const stage = new Stage()
  const { slack } = stage
  const server = await listening(slack.answer)
  const workspace = stage.workspace()
  return {
    id: 'slack',
    stage,
    environment: {
      SLACK_API_URL: `http://${server.host}`,
      SLACK_CLIENT_ID: SLACK_APP.clientId,
      SLACK_CLIENT_SECRET: SLACK_APP.clientSecret,
    },
    keyOf: (person) => slack.mint(SLACK_PEOPLE[person].team, SLACK_PEOPLE[person].user, USER_SCOPES),
    sit: (person) => {
      slack.consent = { workspace, user: SLACK_PEOPLE[person ?? 'ana'].user, allows: person !== null }
    },
    expires: (on) => {
      slack.authorization.rotates = on
    },
    secretOf: (person) => ({
      tool: 'slack_read_messages',
      input: { channel: person === 'ana' ? 'G0SECRET01' : 'G0BRUNO001' },
      shows: person === 'ana' ? 'Acme secret' : 'Plans of Bruno',
    }),
    tokens: () => slack.tokens(),
    letTokensEnd: () => slack.endTokens(),
    endGrants: () => {
      slack.endTokens()
      slack.authorization.endGrants()
    },
    lastToken: () => slack.seen.at(-1)?.token ?? '',
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

function listening(answer: BoundFetch): Promise<LocalServer> {
  return startLocalServer((request, response) => {
    answered(answer, request)
      .then(async (given) => {
        response.writeHead(given.status, Object.fromEntries(given.headers))
        response.end(Buffer.from(await given.arrayBuffer()))
      })
      .catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
}

async function answered(answer: BoundFetch, request: IncomingMessage): Promise<Response> {
  const { method = 'GET', url = '/', headers } = request
  const body = await text(request)
  return answer(`http://${headers.host ?? ''}${url}`, {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
    ...(body === '' ? {} : { body }),
  })
}
