import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markdownBlocks } from '../../test/support/markdown-arbitraries.ts'
import type { MarkdownBlock } from './block.ts'
import { parseMarkdown } from './parse.ts'
import { reconcileBlocks } from './reconcile.ts'
import { renderMarkdown } from './render.ts'

/** The blocks of a text, with ids that tell their place: `0`, `1`, `1.0` ... */
function stored(markdown: string): MarkdownBlock[] {
  return withIds(parseMarkdown(markdown), '')
}

function withIds(blocks: MarkdownBlock[], prefix: string): MarkdownBlock[] {
  return blocks.map((block, index) => {
    const id = block.id ?? `${prefix}${index}`
    return { ...block, id, children: withIds(block.children, `${prefix}${index}.`) }
  })
}

/** The ids after the edit, in the order of the text; `-` is a new block. */
function idsAfter(before: string, after: string): string {
  const ids: string[] = []
  const walk = (blocks: readonly MarkdownBlock[]) => {
    for (const block of blocks) {
      ids.push(block.id ?? '-')
      walk(block.children)
    }
  }
  walk(reconcileBlocks(stored(before), parseMarkdown(after)))
  return ids.join(' ')
}

describe('reconcileBlocks', () => {
  it.each([
    ['nothing', 'a\nb\nc', 'a\nb\nc', '0 1 2'],
    ['a changed text', 'a\nb\nc', 'a\nB!\nc', '0 1 2'],
    ['a block put in', 'a\nb\nc', 'a\nnew\nb\nc', '0 - 1 2'],
    ['a block put in before', 'a\nb', 'new\na\nb', '- 0 1'],
    ['a block taken out', 'a\nb\nc', 'a\nc', '0 2'],
    ['a block of another type', 'a\nb\nc', 'a\n# b\nc', '0 - 2'],
    ['blocks that changed places', 'a\nb\nc', 'c\na\nb', '2 0 1'],
    ['one of two equal blocks taken out', 'a\na\nb', 'a\nb', '0 2'],
    ['a checked to-do', '- [ ] a\n- [ ] b', '- [x] a\n- [ ] b', '0 1'],
    ['a child changed', '- a\n\t- b\n\t- c\n- d', '- a\n\t- b\n\t- C\n- d', '0 0.0 0.1 1'],
    ['a parent changed', '- a\n\t- b\n- d', '- A\n\t- b\n- d', '0 0.0 1'],
    ['a cell changed', '<table><tr><td>a</td></tr><tr><td>b</td></tr></table>', '|x|\n|-|\n|b|', '0 0.0 0.1'],
    ['everything', 'a\nb', '# x\n- y', '- -'],
    ['all of it deleted', 'a\nb', '', ''],
  ])('keeps the ids over %s', (_, before, after, expected) => {
    expect(idsAfter(before, after)).toBe(expected)
  })

  it('knows a child page by its address, wherever it went and whatever it is called', () => {
    const child = (title: string) =>
      `<page url="https://app.notion.com/p/315d8e4e98ab8108901dcfa2d3993f6e">${title}</page>`
    const other = '<page url="https://app.notion.com/p/415d8e4e98ab8108901dcfa2d3993f6e">Other</page>'
    const id = '315d8e4e-98ab-8108-901d-cfa2d3993f6e'
    expect(idsAfter(`a\n${child('x')}`, `${child('renamed')}\na`)).toBe(`${id} 0`)
    // Another page is not the old one under a new address.
    expect(idsAfter(`a\n${child('x')}`, `a\n${other}`)).toBe('0 415d8e4e-98ab-8108-901d-cfa2d3993f6e')
  })

  it('gives back the stored block where the text is the same, with what Markdown does not show', () => {
    const bookmark: MarkdownBlock = {
      type: 'bookmark',
      id: 'b',
      data: { url: 'https://x.example', caption: ['hidden'] },
      children: [],
      url: 'https://app.notion.com/p/x#b',
    }
    const image = {
      type: 'image',
      id: 'i',
      data: { caption: [], type: 'file', file: { url: 'u', expiry_time: 't' } },
      children: [],
    }
    const edited = parseMarkdown(`${renderMarkdown([bookmark, image])}\nnew`)
    const after = reconcileBlocks([bookmark, image], edited)
    expect(after[0]).toBe(bookmark)
    expect(after[1]).toBe(image)
    expect(after[2]?.id).toBeUndefined()
  })

  it('gives the edited content, and no stored id twice', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(markdownBlocks, markdownBlocks, (before, after) => {
        const result = reconcileBlocks(withIds(before, 's'), after)
        expect(renderMarkdown(result)).toBe(renderMarkdown(after))
        const ids = result.flatMap(({ id }) => id ?? [])
        expect(new Set(ids).size).toBe(ids.length)
      }),
      { numRuns: 200 },
    )
  })
})
