import type { RichTextItem } from './block.ts'
import type { Format } from './inline-scan.ts'
import { linkOf } from './rich-text.ts'

/** What is written one after the other: marks that begin and end, nested properly, and items between them. */
export type Token = { kind: 'begin' | 'end'; format: Format } | { kind: 'item'; item: RichTextItem }

// Of marks that end at the same place, the first one is the outermost.
const ORDER: Format['kind'][] = ['link', 'color', 'underline', 'bold', 'italic', 'strikethrough']

/** Nests the marks of the items: a mark stays open over neighbours, and the one that reaches farthest is outermost. */
export function planMarks(items: readonly RichTextItem[]): Token[] {
  const formats = items.map(formatsOf)
  const reach = reaches(formats)
  const tokens: Token[] = []
  const open: Format[] = []
  const closeDownTo = (depth: number) => {
    for (const format of open.splice(depth).toReversed()) tokens.push({ kind: 'end', format })
  }
  for (const [index, item] of items.entries()) {
    const wanted = formats[index] ?? new Map<Format['kind'], Format>()
    const ending = open.findIndex((format) => !same(wanted.get(format.kind), format))
    if (ending !== -1) closeDownTo(ending)
    const opening = ORDER.flatMap((kind) => wanted.get(kind) ?? []).filter((format) => !isOpen(open, format))
    opening.sort((a, b) => (reach[index]?.get(b.kind) ?? 0) - (reach[index]?.get(a.kind) ?? 0))
    for (const format of opening) tokens.push({ kind: 'begin', format })
    open.push(...opening)
    tokens.push({ kind: 'item', item })
  }
  closeDownTo(0)
  return tokens
}

function isOpen(open: readonly Format[], format: Format): boolean {
  return open.some((candidate) => same(candidate, format))
}

function same(a: Format | undefined, b: Format): boolean {
  return a?.kind === b.kind && a.value === b.value
}

function formatsOf(item: RichTextItem): Map<Format['kind'], Format> {
  const formats = new Map<Format['kind'], Format>()
  const url = linkOf(item)
  if (url !== null) formats.set('link', { kind: 'link', value: url })
  if (item.annotations.color !== 'default') formats.set('color', { kind: 'color', value: item.annotations.color })
  for (const kind of ['underline', 'bold', 'italic', 'strikethrough'] as const) {
    if (item.annotations[kind]) formats.set(kind, { kind })
  }
  return formats
}

/** For every item and mark: how many items from here on bear it. */
function reaches(formats: readonly Map<Format['kind'], Format>[]): Map<Format['kind'], number>[] {
  const all: Map<Format['kind'], number>[] = []
  let following = new Map<Format['kind'], number>()
  for (const [index, own] of [...formats.entries()].toReversed()) {
    const next = formats[index + 1]
    const counts = new Map<Format['kind'], number>()
    for (const [kind, format] of own) {
      counts.set(kind, same(next?.get(kind), format) ? (following.get(kind) ?? 0) + 1 : 1)
    }
    all.push(counts)
    following = counts
  }
  return all.toReversed()
}
