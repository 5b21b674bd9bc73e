import type { MarkdownBlock } from './block.ts'
import { renderMarkdown } from './render.ts'

/**
 * Gives the blocks of an edited text the ids of the stored blocks that they continue, as the API does: an edit changes
 * blocks in place, so links and comments that point at them stay. A block that is unchanged comes back as the stored
 * one, with all that Markdown does not show of it. What comes back without an id is new; an id of `current` that does not
 * come back belongs to a removed block.
 */
export function reconcileBlocks(current: readonly MarkdownBlock[], edited: readonly MarkdownBlock[]): MarkdownBlock[] {
  const stored = current.map((block) => ({ block, text: renderMarkdown([block]) }))
  const wanted = edited.map((block) => ({ block, text: renderMarkdown([block]) }))
  const partners = pairUnchanged(stored, wanted)
  pairChanged(stored, wanted, partners)
  return wanted.map(({ block, text }, index) => {
    const partner = stored[partners.get(index) ?? -1]
    if (!partner) return block
    return partner.text === text ? partner.block : continueBlock(partner.block, block)
  })
}

interface Shown {
  block: MarkdownBlock
  text: string
}

/** Index of the edited block → index of the stored one. */
type Partners = Map<number, number>

/** Pairs blocks that show the same text, wherever they stand now; of several equal ones the first with the first. */
function pairUnchanged(stored: readonly Shown[], wanted: readonly Shown[]): Partners {
  const places = new Map<string, number[]>()
  for (const [index, { text }] of [...stored.entries()].toReversed()) {
    const equal = places.get(text)
    if (equal) equal.push(index)
    else places.set(text, [index])
  }
  const partners: Partners = new Map()
  for (const [index, { text }] of wanted.entries()) {
    const place = places.get(text)?.pop()
    if (place !== undefined) partners.set(index, place)
  }
  return partners
}

/** Pairs what is left: child pages by their id, other blocks by type with what follows the last pair. */
function pairChanged(stored: readonly Shown[], wanted: readonly Shown[], partners: Partners): void {
  const taken = new Set(partners.values())
  const byId = new Map(stored.map(({ block }, index) => [block.id, index]))
  let next = 0
  for (const [index, { block }] of wanted.entries()) {
    const paired = partners.get(index)
    if (paired !== undefined) {
      next = paired + 1
      continue
    }
    const own = block.id === undefined ? undefined : byId.get(block.id)
    const place = own !== undefined && !taken.has(own) ? own : freePlace(stored, block.type, next, taken)
    if (place === undefined) continue
    partners.set(index, place)
    taken.add(place)
    if (place !== own) next = place + 1
  }
}

/** The next stored block of this type before one that is taken. */
function freePlace(
  stored: readonly Shown[],
  type: string,
  from: number,
  taken: ReadonlySet<number>,
): number | undefined {
  for (let index = from; index < stored.length && !taken.has(index); index += 1) {
    const block = stored[index]?.block
    if (block?.type === type && block.title === undefined && !block.unknown) return index
  }
  return undefined
}

function continueBlock(stored: MarkdownBlock, edited: MarkdownBlock): MarkdownBlock {
  const children = reconcileBlocks(stored.children, edited.children)
  const { id } = stored
  return { ...edited, ...(id === undefined ? {} : { id }), children }
}
