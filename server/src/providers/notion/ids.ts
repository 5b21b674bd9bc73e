import { extractBlockId, extractNotionId } from '@notionhq/client'
import { failure, success, type Outcome } from '#kernel/problem.ts'

const HYPHENATED_ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i
const SLUG_BEFORE_ID = /[^/]*-(?=[0-9a-f]{32}$)/i

/** Reads the id of a page, database or user from an id in any spelling, or from a Notion URL. */
export function readId(text: string, argument: string): Outcome<string> {
  const id = extractNotionId(text) ?? HYPHENATED_ID.exec(text)?.[0].toLowerCase()
  return id === undefined ? notAnId(text, argument) : success(id)
}

/** Like {@link readId}, but a URL that points into a page (`...#<block>`) means the block. */
export function readBlockId(text: string, argument: string): Outcome<string> {
  const id = extractBlockId(text)
  return id === null ? readId(text, argument) : success(id)
}

/** The id as it stands in URLs: shorter for models, and every tool takes it. */
export function compactId(id: string): string {
  return id.replaceAll('-', '')
}

/** A page URL without the words of its title, which only cost tokens. */
export function compactUrl(url: string): string {
  return url.replace(SLUG_BEFORE_ID, '')
}

/** How much of a wrong id is repeated to the caller. */
const SHOWN_CHARACTERS = 80

function notAnId(text: string, argument: string): Outcome<never> {
  const shown = JSON.stringify(text.slice(0, SHOWN_CHARACTERS))
  return failure(
    'invalid_arguments',
    `${argument} must be a Notion id (32 hexadecimal digits) or URL, not ${shown}. Search for the page first if you only know its title.`,
    { path: `arguments.${argument}` },
  )
}
