import { getCookie, setCookie } from 'hono/cookie'
import type { BrowserIdentity, BrowserUser } from '#identity/browser.ts'
import type { Clock } from '#kernel/clock.ts'
import type { AppContext } from '#kernel/http.ts'
import type { AuthorizationServer, PendingAuthorization } from '#oauth/authorization-server.ts'
import type { OwnConnection } from './consent.ts'
import { isBrowserId, newBrowserId, type FormBinding, type FormTokens } from './form-token.ts'
import type { Language } from '#oauth/pages/language.ts'
import { languageFor } from '#oauth/pages/send.ts'

/** What the pages of an interaction work with. */
export interface InteractionDependencies {
  readonly server: Pick<AuthorizationServer, 'interaction' | 'grantInteraction' | 'denyInteraction' | 'listGrants'>
  readonly browser: BrowserIdentity
  readonly connectionsOf: (userId: number) => Promise<readonly OwnConnection[]>
  /** What users can connect here: its name, and the page that connects it. */
  readonly providers: readonly { readonly name: string; readonly connectUrl: string }[]
  readonly publicUrl: string
  readonly clock: Clock
}

export interface InteractionParts extends InteractionDependencies {
  readonly tokens: FormTokens
}

/** Somebody before a page: where they are, in which browser, as whom, and what waits for their answer. */
export interface Visit {
  readonly c: AppContext
  readonly uid: string
  readonly path: string
  readonly language: Language
  readonly browserId: string
  readonly user: BrowserUser | null
  readonly pending: PendingAuthorization
}

export const INTERACTION_PATH = '/oauth/interaction/:uid'

/** `__Host-` keeps other hosts of the domain from planting it; plain HTTP (development) cannot have that. */
function cookieOf(publicUrl: string) {
  const secure = publicUrl.startsWith('https://')
  return { name: 'chaveiro_consent', secure, prefix: secure ? ('host' as const) : undefined }
}

/** Null where nothing waits for this browser under this address. */
export async function visitOf(parts: InteractionParts, c: AppContext): Promise<Visit | null> {
  const uid = c.req.param('uid') ?? ''
  const found = await parts.server.interaction(c, uid)
  if (!found.ok) return null
  return {
    c,
    uid,
    path: c.req.path,
    language: languageFor(c, found.value.locales),
    browserId: browserIdOf(parts, c),
    user: await parts.browser.current(c),
    pending: found.value,
  }
}

export function bindingOf({ uid, browserId, user }: Visit): FormBinding {
  return { uid, browserId, sessionId: user?.sessionId ?? null, userId: user?.id ?? null }
}

/** The browser's own cookie; a new one goes out with the answer where there was none. */
function browserIdOf({ publicUrl }: InteractionParts, c: AppContext): string {
  const { name, secure, prefix } = cookieOf(publicUrl)
  const known = prefix === undefined ? getCookie(c, name) : getCookie(c, name, prefix)
  if (isBrowserId(known)) return known
  const browserId = newBrowserId()
  const attributes = { httpOnly: true, sameSite: 'Lax', secure, path: '/' } as const
  setCookie(c, name, browserId, prefix === undefined ? attributes : { ...attributes, prefix })
  return browserId
}
