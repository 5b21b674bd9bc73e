import { extractBlockId, extractNotionId } from '@notionhq/client'
import { failure, success, type Outcome } from '#kernel/problem.ts'

const HYPHENATED_ID = /(?<![0-9a-f-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-f-])/i
const COMPACT_ID = /(?<![0-9a-z])[0-9a-f]{32}(?![0-9a-z])/i
const COMPACT_ID_DIGITS = 32
const ONLY_ID = /^[0-9a-f]{32}$/i

/** The id in an id of any spelling, a Notion URL, `collection://<id>` or a tag of Notion's Markdown, if there is one. */
export function idIn(text: string): string | undefined {
  const id = extractNotionId(text) ?? HYPHENATED_ID.exec(text)?.[0] ?? COMPACT_ID.exec(text)?.[0]
  return id === undefined ? undefined : hyphenated(id.toLowerCase())
}

/** Like {@link idIn}, but a URL that points into a page (`...#<block>`) means the block. */
export function blockIdIn(text: string): string | undefined {
  return extractBlockId(text) ?? idIn(text)
}

/** Reads the id of something that has no title to go by, from an id in any spelling or a URL. */
export function readId(text: string, argument: string): Outcome<string> {
  const id = idIn(text)
  return id === undefined ? notAnId(text, argument) : success(id)
}

/** Like {@link readId}, for blocks. */
export function readBlockId(text: string, argument: string): Outcome<string> {
  const id = blockIdIn(text)
  return id === undefined ? notAnId(text, argument) : success(id)
}

/** Most of an id: what somebody copied badly, rather than a title. */
const BROKEN_ID = /^(?=.*\d)[0-9a-f-]{20,}$/i
const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\/|^(?:www\.)?notion\.(?:so|site|com)\/|^\.{0,2}\//i

/** Longer than any title: Notion keeps 2,000 characters in one text. */
const TITLE_CHARACTERS = 2000

/** The title in an argument that holds no id; none where it can only be a wrong id or address. */
export function titleIn(text: string): string | undefined {
  const title = text
    .trim()
    .replace(/^(?:"(.*)"|“(.*)”|«(.*)»)$/s, '$1$2$3')
    .trim()
  const isTitle = title !== '' && title.length <= TITLE_CHARACTERS && !BROKEN_ID.test(title) && !ADDRESS.test(title)
  return isTitle ? title : undefined
}

/** The id as it stands in URLs: shorter for models, and every tool takes it. */
export function compactId(id: string): string {
  return id.replaceAll('-', '')
}

/** A page URL without the words of its title, which only cost tokens. */
export function compactUrl(url: string): string {
  const idAt = url.length - COMPACT_ID_DIGITS
  const partAt = url.lastIndexOf('/') + 1
  const hasSlug = partAt < idAt && url[idAt - 1] === '-' && ONLY_ID.test(url.slice(idAt))
  return hasSlug ? url.slice(0, partAt) + url.slice(idAt) : url
}

function hyphenated(id: string): string {
  const hex = compactId(id)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** How much of a wrong id is repeated to the caller. */
const SHOWN_CHARACTERS = 80

/** Refuses what is neither an id nor anything else that the argument could be. */
export function notAnId(text: string, argument: string, also = ''): Outcome<never> {
  const shown = JSON.stringify(text.slice(0, SHOWN_CHARACTERS))
  return failure(
    'invalid_arguments',
    `${argument} must be a Notion id (32 hexadecimal digits) or URL${also}, not ${shown}.`,
    { path: `arguments.${argument}` },
  )
}
