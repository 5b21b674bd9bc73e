import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { activitySearch } from './activity/search.ts'
import { queryClient, sessionQuery } from './api.ts'
import { Frame } from './frame/frame.tsx'
import { Missing } from './frame/missing.tsx'
import { PageFailure } from './frame/page-failure.tsx'
import { PagePending } from './frame/page-pending.tsx'
import { Root } from './frame/root.tsx'
import { ownPath } from './parts/own-path.ts'
import { usageSearch } from './usage/search.ts'

/** Every address of the console. The server gives its page for these and no other: `server/src/operations/console.ts`. */

/** Where there is no frame, a page has its own landmark. */
const alone = (page: ReactNode) => <main>{page}</main>

const root = createRootRoute({
  component: Root,
  notFoundComponent: () => alone(<Missing />),
  errorComponent: (failure) => alone(<PageFailure {...failure} />),
})

interface AccountSearch {
  readonly next?: string
  readonly invitation?: string
}

const accountSearch = (search: Record<string, unknown>): AccountSearch => ({
  ...(typeof search['next'] === 'string' ? { next: search['next'] } : {}),
  ...(typeof search['invitation'] === 'string' ? { invitation: search['invitation'] } : {}),
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: accountSearch,
  beforeLoad: ({ search }) => leaveIfSignedIn(search),
  component: lazyRouteComponent(() => import('./account/sign-in-page.tsx'), 'SignInPage'),
})

const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  validateSearch: accountSearch,
  beforeLoad: ({ search }) => leaveIfSignedIn(search),
  component: lazyRouteComponent(() => import('./account/sign-up-page.tsx'), 'SignUpPage'),
})

async function leaveIfSignedIn({ next }: AccountSearch): Promise<void> {
  const session = await queryClient.ensureQueryData(sessionQuery)
  if (session !== null) throw redirect({ to: ownPath(next) })
}

/** Everything that needs an account. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Frame,
  errorComponent: (failure) => alone(<PageFailure {...failure} />),
  pendingComponent: () => null,
  async beforeLoad({ location }) {
    const session = await queryClient.ensureQueryData(sessionQuery)
    if (session === null) {
      throw redirect({ to: '/sign-in', search: location.pathname === '/' ? {} : { next: location.href } })
    }
  },
})

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/chat', replace: true })
  },
})

const chatComponent = lazyRouteComponent(() => import('./chat/chat-page.tsx'), 'ChatPage')
interface ThreadSearch {
  /** What the list of conversations is searched for. */
  readonly search?: string
}
const threadSearch = ({ search }: Record<string, unknown>): ThreadSearch =>
  typeof search === 'string' || typeof search === 'number' ? { search: String(search) } : {}

interface ChatSearch extends ThreadSearch {
  readonly agent?: number
  /** Why the provider that led back here connected nothing. */
  readonly connect_error?: string
}
const chatSearch = (search: Record<string, unknown>): ChatSearch => {
  const agent = Number(search['agent'])
  return {
    ...threadSearch(search),
    ...(Number.isSafeInteger(agent) && agent > 0 ? { agent } : {}),
    ...(typeof search['connect_error'] === 'string' ? { connect_error: search['connect_error'] } : {}),
  }
}

const chat = createRoute({
  getParentRoute: () => inside,
  path: '/chat',
  validateSearch: chatSearch,
  component: chatComponent,
})
const thread = createRoute({
  getParentRoute: () => inside,
  path: '/chat/$threadId',
  validateSearch: threadSearch,
  component: chatComponent,
})

const agents = createRoute({
  getParentRoute: () => inside,
  path: '/agents',
  component: lazyRouteComponent(() => import('./agents/agents-page.tsx'), 'AgentsPage'),
})
const agent = createRoute({
  getParentRoute: () => inside,
  path: '/agents/$agentId',
  component: lazyRouteComponent(() => import('./agents/agent-page.tsx'), 'AgentPage'),
})

interface ConnectionsSearch {
  /** The provider whose dialog is open. */
  readonly connect?: string
  /** Id of the connection that is to be made again by it. */
  readonly again?: number
  /** The dialog for a remote server is open. */
  readonly server?: 'new'
  /** Id of the remote server whose tools are shown. */
  readonly tools?: number
  /** How a way to a provider ended: the id of the connection, or why there is none. */
  readonly connected?: number
  readonly connect_error?: string
}
const connections = createRoute({
  getParentRoute: () => inside,
  path: '/connections',
  validateSearch: (search: Record<string, unknown>): ConnectionsSearch => ({
    ...(typeof search['connect'] === 'string' ? { connect: search['connect'] } : {}),
    ...(typeof search['again'] === 'number' ? { again: search['again'] } : {}),
    ...(search['server'] === 'new' ? { server: 'new' as const } : {}),
    ...(typeof search['tools'] === 'number' ? { tools: search['tools'] } : {}),
    ...(typeof search['connected'] === 'number' ? { connected: search['connected'] } : {}),
    ...(typeof search['connect_error'] === 'string' ? { connect_error: search['connect_error'] } : {}),
  }),
  component: lazyRouteComponent(() => import('./connections/connections-page.tsx'), 'ConnectionsPage'),
})

const activity = createRoute({
  getParentRoute: () => inside,
  path: '/activity',
  validateSearch: activitySearch,
  component: lazyRouteComponent(() => import('./activity/activity-page.tsx'), 'ActivityPage'),
})
const usage = createRoute({
  getParentRoute: () => inside,
  path: '/usage',
  validateSearch: usageSearch,
  component: lazyRouteComponent(() => import('./usage/usage-page.tsx'), 'UsagePage'),
})

const clients = createRoute({
  getParentRoute: () => inside,
  path: '/access',
  component: lazyRouteComponent(() => import('./clients/clients-page.tsx'), 'ClientsPage'),
})
const connectClient = createRoute({
  getParentRoute: () => inside,
  path: '/access/connect',
  validateSearch: (search: Record<string, unknown>): { readonly client?: string } =>
    typeof search['client'] === 'string' ? { client: search['client'] } : {},
  component: lazyRouteComponent(() => import('./clients/connect-client-page.tsx'), 'ConnectClientPage'),
})
const tokens = createRoute({
  getParentRoute: () => inside,
  path: '/access/tokens',
  component: lazyRouteComponent(() => import('./clients/tokens-page.tsx'), 'TokensPage'),
})

interface AdministrationSearch {
  /** What users are looked for by. */
  readonly search?: string
  /** The user whose panel is open, or whose denials are shown. */
  readonly user?: number
  /** The kind of denials that are shown, and where they came from. */
  readonly type?: string
  readonly address?: string
}
const administrationSearch = (search: Record<string, unknown>): AdministrationSearch => {
  const user = Number(search['user'])
  const texts = ['search', 'type', 'address'].flatMap((name) => {
    // The router reads a text of digits as a number.
    const value = search[name]
    return typeof value === 'string' || typeof value === 'number' ? [[name, String(value)] as const] : []
  })
  return { ...Object.fromEntries(texts), ...(Number.isSafeInteger(user) && user > 0 ? { user } : {}) }
}
const administrationComponent = lazyRouteComponent(
  () => import('./administration/administration-page.tsx'),
  'AdministrationPage',
)
const administration = createRoute({
  getParentRoute: () => inside,
  path: '/administration',
  beforeLoad: () => {
    throw redirect({ to: '/administration/$section', params: { section: 'users' }, replace: true })
  },
})
const administrationSection = createRoute({
  getParentRoute: () => inside,
  path: '/administration/$section',
  validateSearch: administrationSearch,
  component: administrationComponent,
})

const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/settings-page.tsx'), 'SettingsPage'),
})

/** Milliseconds: what comes sooner is not announced. */
const PENDING_MS = 150

export function createConsoleRouter() {
  return createRouter({
    routeTree: root.addChildren([
      signIn,
      signUp,
      inside.addChildren([
        home,
        chat,
        thread,
        agents,
        agent,
        connections,
        activity,
        usage,
        clients,
        connectClient,
        tokens,
        administration,
        administrationSection,
        settings,
      ]),
    ]),
    defaultPreload: 'intent',
    defaultErrorComponent: PageFailure,
    defaultPendingComponent: PagePending,
    defaultPendingMs: PENDING_MS,
    defaultPendingMinMs: 0,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>
  }
}
