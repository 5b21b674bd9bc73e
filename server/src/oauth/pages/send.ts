import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { AppContext } from '#kernel/http.ts'
import { PAGE_HEADERS } from './headers.ts'
import { LANGUAGE_PARAMETER, languageOf, type Language } from './language.ts'
import { refusalPage } from './message.ts'
import type { Refusal } from './words.ts'

/** How pages leave: with their headers, in the language of their reader. */

export function sendPage(c: AppContext, page: string, status: ContentfulStatusCode = 200): Response {
  return c.html(page, status, PAGE_HEADERS)
}

/** Reloading what follows sends no form again. */
export function sendBack(c: AppContext, address: string): Response {
  for (const [name, value] of Object.entries(PAGE_HEADERS)) c.header(name, value)
  return c.redirect(address, 303)
}

const REFUSAL_STATUS = { gone: 410, stale_form: 403, foreign: 403, bad_form: 400 } as const satisfies Record<
  Refusal,
  ContentfulStatusCode
>

/** @param page its language, and whether there is something to go back to */
export function sendRefusalPage(
  c: AppContext,
  refusal: Refusal,
  page: { readonly language: Language; readonly isOpen: boolean },
): Response {
  return sendPage(c, refusalPage({ ...page, path: c.req.path, refusal }), REFUSAL_STATUS[refusal])
}

/** @param locales that a client asked for, most wanted first (`ui_locales`) */
export function languageFor(c: AppContext, locales: readonly string[] = []): Language {
  return languageOf(c.req.query(LANGUAGE_PARAMETER), [...locales, c.req.header('accept-language') ?? ''].join(','))
}
