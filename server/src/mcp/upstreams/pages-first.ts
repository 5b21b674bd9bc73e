import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/client'
import { failure, type Outcome } from '#kernel/problem.ts'
import { readQuestion } from './question.ts'
import type { Questions } from './questions.ts'
import type { ServerView } from './results.ts'

/**
 * A server of 2025-11-25 that does nothing before its user has been to a page: it refuses the call with the pages in the
 * error (client/elicitation, "URL Elicitation Required Error"). The user is asked to open them as in the middle of a call;
 * whoever cannot be asked gets the links. The call itself is left to whoever made it: nobody here knows when the user is done.
 */

/** What is needed to ask, in the middle of one call. */
export interface PagesFirst {
  readonly server: ServerView
  readonly serverUrl: string
  readonly questions: Questions
}

const PAGES_REQUIRED: number = ProtocolErrorCode.UrlElicitationRequired
/** Pages of one refusal; honest servers name one. */
const PAGES_MAXIMUM = 3

/** @returns undefined for any other error */
export async function askToOpen(asking: PagesFirst, error: unknown): Promise<Outcome<never> | undefined> {
  const pages = pagesOf(error)
  if (pages === undefined) return undefined
  const before = asking.questions.unasked().length
  const actions: string[] = []
  for (const page of pages.filter((each) => readQuestion(each, asking.serverUrl)?.kind === 'url')) {
    actions.push((await asking.questions.answer(page)).action)
  }
  const links = asking.questions.unasked().slice(before)
  return failure('tool_failed', toldOf(asking.server, actions, links))
}

function pagesOf(error: unknown): readonly unknown[] | undefined {
  const isRequired = error instanceof ProtocolError && error.code === PAGES_REQUIRED
  if (!isRequired) return undefined
  const pages = (error.data as { elicitations?: unknown } | null | undefined)?.elicitations
  return Array.isArray(pages) ? pages.slice(0, PAGES_MAXIMUM) : []
}

function toldOf({ label, host }: ServerView, actions: readonly string[], links: readonly string[]): string {
  const who = `${label} (${host}) did nothing:`
  if (actions.length === 0) return `${who} it wants its user to open a page that cannot be opened from here.`
  if (links.length > 0) return `${who} its user has to open a page first. ${links.join(' ')} Then call the tool again.`
  if (actions.every((action) => action === 'accept')) {
    return `${who} its user was asked to open a page first, and agreed. Call the tool again once they have finished there.`
  }
  return `${who} its user was asked to open a page first, and declined. Call it again only if they want it.`
}
