import { quoted } from './json.ts'
import { folded } from './names.ts'

/** One replacement in the text of a page. */
export interface Edit {
  readonly find: string
  readonly replace: string
  readonly replace_all?: boolean | undefined
}

/** What all edits together come to: the new text, or what is wrong with each that does not fit. */
export type Edited =
  | { readonly ok: true; readonly markdown: string; readonly replaced: readonly number[] }
  | { readonly ok: false; readonly faults: readonly EditFault[] }

export interface EditFault {
  /** Place in the list of edits, from 1. */
  readonly edit: number
  /** How often the text is on the page. */
  readonly found: number
  readonly detail: string
}

/** How much of a text is repeated in a message. */
const SHOWN_CHARACTERS = 80

/** Applies edits to a text one after the other, as Notion does, and looks at all of them even where one fails. */
export function applyEdits(markdown: string, edits: readonly Edit[]): Edited {
  const faults: EditFault[] = []
  const replaced: number[] = []
  let text = markdown
  for (const [index, { find, replace, replace_all: all }] of edits.entries()) {
    const parts = text.split(find)
    const found = parts.length - 1
    if (found === 0 || (found > 1 && all !== true)) {
      faults.push({ edit: index + 1, found, detail: found === 0 ? notThere(find, text) : severalTimes(find, found) })
      continue
    }
    text = parts.join(replace)
    replaced.push(found)
  }
  return faults.length === 0 ? { ok: true, markdown: text, replaced } : { ok: false, faults }
}

function notThere(find: string, text: string): string {
  const near = nearest(find, text)
  const hint =
    near === undefined
      ? 'copy it from the page as notion_read_page_content shows it'
      : `the page has ${quoted(near, SHOWN_CHARACTERS)}`
  return `${quoted(find, SHOWN_CHARACTERS)} is not there; ${hint}`
}

function severalTimes(find: string, found: number): string {
  return `${quoted(find, SHOWN_CHARACTERS)} is there ${found} times; give more of the text around it, or replace_all: true`
}

/** The line that says the same in other case, spacing or accents. */
function nearest(find: string, text: string): string | undefined {
  const wanted = plain(find)
  if (wanted === '') return undefined
  return text.split('\n').find((line) => plain(line).includes(wanted))
}

/** Also without the marks of Markdown, which models leave out. */
function plain(text: string): string {
  return folded(text.replaceAll(/[*_`~\\]/g, ''))
}
