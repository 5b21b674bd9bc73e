import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MarkdownBlock } from '../src/markdown/block.ts'
import { parseMarkdown } from '../src/markdown/parse.ts'
import { renderMarkdown } from '../src/markdown/render.ts'
import { AURORA_HOME, raw, testEmulator } from './support/emulator.ts'
import { markdownBlocks } from './support/markdown-arbitraries.ts'

const NOT_CREATABLE = ['child_page', 'child_database', 'unsupported', 'link_preview', 'meeting_notes']
const isCreatable = (block: MarkdownBlock): boolean =>
  block.unknown !== true && !NOT_CREATABLE.includes(block.type) && block.children.every(isCreatable)

/** Markdown of blocks that a page can hold, in the form in which it is read back. Mentions show current names. */
const pageText = markdownBlocks
  .map((blocks) => renderMarkdown(parseMarkdown(renderMarkdown(blocks)).filter(isCreatable)))
  .filter((text) => !text.includes('<mention-'))

const emulator = testEmulator('tenant-aurora')

function newPage(markdown: string): string {
  const body = { parent: { page_id: AURORA_HOME }, properties: { title: { title: [] } }, markdown }
  return String(raw(emulator, 'POST /v1/pages', { body }).body['id'])
}

const read = (id: string): unknown => raw(emulator, `GET /v1/pages/${id}/markdown`).body['markdown']
const blockIds = (id: string): string[] => {
  const { results } = raw(emulator, `GET /v1/blocks/${id}/children`).body as { results: { id: string }[] }
  return results.map((block) => block.id)
}
const replace = (id: string, text: string) =>
  raw(emulator, `PATCH /v1/pages/${id}/markdown`, {
    body: { type: 'replace_content', replace_content: { new_str: text, allow_deleting_content: true } },
  }).body

describe('a page that is written as Markdown', () => {
  it('reads back as the same Markdown', () => {
    fc.assert(
      fc.property(pageText, (text) => {
        expect(read(newPage(text))).toBe(text)
      }),
      { numRuns: 60 },
    )
  })

  it('loses the width of a column that the new text does not give', () => {
    const columns = (attribute: string): string => `<columns>\n\t<column${attribute}>\n\t</column>\n</columns>`
    const page = newPage(columns(' width-ratio="0.25"'))
    expect(replace(page, columns(''))['markdown']).toBe(columns(''))
  })

  it('reads as any other Markdown after that replaced it', () => {
    fc.assert(
      fc.property(pageText, pageText, (before, after) => {
        const page = newPage(before)
        expect(replace(page, after)['markdown']).toBe(after)
        expect(read(page)).toBe(after)
      }),
      { numRuns: 60 },
    )
  })

  it('keeps every block when it is replaced by itself', () => {
    fc.assert(
      fc.property(pageText, (text) => {
        const page = newPage(text)
        const before = blockIds(page)
        replace(page, text)
        expect(blockIds(page)).toEqual(before)
      }),
      { numRuns: 30 },
    )
  })
})
