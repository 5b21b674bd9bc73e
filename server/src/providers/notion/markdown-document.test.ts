import { describe, expect, test } from 'vitest'
import { markdownDocument } from './markdown-document.ts'
import type { BlockNode } from './markdown-lines.ts'
import { blocksFromMarkdown } from './markdown.ts'

/** Each example of the document with what it says that comes of it. */
const examples = [...markdownDocument.text.matchAll(/^~~~\n([\s\S]*?)\n~~~\n→ (.+)$/gm)].map(
  ([, markdown = '', blocks = '']) => [markdown, blocks] as const,
)

function types(nodes: readonly BlockNode[]): string {
  return nodes.map(({ type, children }) => (children.length === 0 ? type : `${type} (${types(children)})`)).join(', ')
}

describe('the document on Markdown', () => {
  test('has an arrow behind every example', () => {
    const fences = markdownDocument.text.split('\n').filter((line) => line === '~~~').length
    expect(examples.length).toBeGreaterThan(8)
    expect(fences).toBe(examples.length * 2)
  })

  test.each(examples)('tells what becomes of %j', (markdown, blocks) => {
    expect(types(blocksFromMarkdown(markdown))).toBe(blocks)
  })

  test('shows every block that can be written', () => {
    const shown = examples.map(([, blocks]) => blocks).join(', ')
    const writable = ['paragraph', 'heading_4', 'to_do', 'quote', 'divider', 'code', 'equation', 'image', 'table']
    for (const type of [...writable, 'toggle', 'callout', 'bulleted_list_item', 'numbered_list_item']) {
      expect(shown).toContain(type)
    }
  })

  test('reads formatting within a line as it says', () => {
    const line = examples.at(-1)?.[0] ?? ''
    const [paragraph] = blocksFromMarkdown(line)
    const items = paragraph?.content['rich_text'] as {
      text: { content: string; link?: unknown }
      annotations?: object
    }[]
    expect(items.map(({ text, annotations }) => [text.content, ...Object.keys(annotations ?? {})])).toEqual([
      ['Due', 'bold'],
      [' '],
      ['Friday', 'italic'],
      [': see '],
      ['the plan'],
      [', not '],
      ['the draft', 'strikethrough'],
    ])
    expect(items[4]?.text.link).toEqual({ url: 'https://example.com/plan' })
  })

  test('keeps tags that it does not show as text', () => {
    expect(types(blocksFromMarkdown('<columns>\n<unknown url="x"/>'))).toBe('paragraph, paragraph')
  })

  test('is short enough to be read before writing', () => {
    expect(markdownDocument.text.length).toBeLessThan(4_000)
  })
})
