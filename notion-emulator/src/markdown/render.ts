import type { MarkdownBlock } from './block.ts'
import { renderBlock } from './render-block.ts'

/** A line of rendered Markdown and the block that it belongs to. */
export interface RenderedLine {
  text: string
  /** The place of the block: its index among the roots, then among the children, and so on. */
  path: readonly number[]
}

/** Writes blocks as the API's Markdown dialect does: one line after the other, children indented by a tab. */
export function renderMarkdown(blocks: readonly MarkdownBlock[]): string {
  return renderLines(blocks)
    .map(({ text }) => text)
    .join('\n')
}

interface PendingBlock {
  block: MarkdownBlock
  path: readonly number[]
  /** The number that a numbered item shows. */
  number: number
}

type Pending = PendingBlock | { lines: readonly string[]; path: readonly number[] }

/** As `renderMarkdown`, line by line, so that a place in the text can be traced to its block. */
export function renderLines(blocks: readonly MarkdownBlock[]): RenderedLine[] {
  const rendered: RenderedLine[] = []
  // A stack instead of recursion: stored pages may be nested deeper than the call stack is.
  const pending: Pending[] = siblings(blocks, []).toReversed()
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { path } = next
    const indentation = '\t'.repeat(path.length - 1)
    const write = (lines: readonly string[]) => {
      for (const line of lines) rendered.push({ text: line === '' ? '' : indentation + line, path })
    }
    if ('lines' in next) {
      write(next.lines)
      continue
    }
    const { opening, children, closing } = renderBlock(next.block, next.number)
    write(opening)
    if (closing.length > 0) pending.push({ lines: closing, path })
    for (const child of siblings(children, path).toReversed()) pending.push(child)
  }
  return rendered
}

function siblings(blocks: readonly MarkdownBlock[], parent: readonly number[]): PendingBlock[] {
  let number = 0
  return blocks.map((block, index) => {
    number = block.type === 'numbered_list_item' ? number + 1 : 0
    return { block, path: [...parent, index], number }
  })
}
