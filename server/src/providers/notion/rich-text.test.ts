import type { RichTextItemResponse } from '@notionhq/client'
import { describe, expect, test } from 'vitest'
import { markdownOf, plainText, richTextFromMarkdown, richTextOf, type RichTextItemRequest } from './rich-text.ts'

const NO_MARKS = {
  bold: false,
  italic: false,
  strikethrough: false,
  underline: false,
  code: false,
  color: 'default' as const,
}

/** What Notion answers to a piece of text that it was sent. */
function echo(item: RichTextItemRequest): RichTextItemResponse {
  const text = 'text' in item ? item.text : { content: '' }
  const link = text.link ?? null
  return {
    type: 'text',
    text: { content: text.content, link },
    annotations: { ...NO_MARKS, ...item.annotations },
    plain_text: text.content,
    href: link?.url ?? null,
  } as RichTextItemResponse
}

/** A piece in short: its text, its marks, its link. */
function short(item: RichTextItemRequest): unknown[] {
  const text = 'text' in item ? item.text : { content: '?' }
  const marks = Object.keys(item.annotations ?? {}).sort()
  return [text.content, ...(marks.length === 0 ? [] : [marks.join('+')]), ...(text.link ? [text.link.url] : [])]
}

describe('inline Markdown', () => {
  test.each<[string, unknown[][]]>([
    ['plain words', [['plain words']]],
    ['**bold**', [['bold', 'bold']]],
    ['__bold__', [['bold', 'bold']]],
    ['*italic*', [['italic', 'italic']]],
    ['_italic_', [['italic', 'italic']]],
    ['~~gone~~', [['gone', 'strikethrough']]],
    ['`a*b*c`', [['a*b*c', 'code']]],
    ['before **bold** after', [['before '], ['bold', 'bold'], [' after']]],
    [
      '**bold *both* bold**',
      [
        ['bold ', 'bold'],
        ['both', 'bold+italic'],
        [' bold', 'bold'],
      ],
    ],
    [
      '**bold *both***',
      [
        ['bold ', 'bold'],
        ['both', 'bold+italic'],
      ],
    ],
    ['***both***', [['both', 'bold+italic']]],
    ['[site](https://lumiara.example)', [['site', 'https://lumiara.example']]],
    ['[**x**](https://a.example) y', [['x', 'bold', 'https://a.example'], [' y']]],
    ['[mail](mailto:a@b.example)', [['mail', 'mailto:a@b.example']]],
  ])('%s', (markdown, expected) => {
    expect(richTextFromMarkdown(markdown).map(short)).toEqual(expected)
  })

  test.each([
    'R$ 74,4 mil',
    '2 * 3 * 4',
    'snake_case_name',
    'an * alone',
    'a ** pair ** with spaces',
    '**not closed',
    '[no link]',
    '[text](javascript:alert(1))',
    '[text](not a url)',
    'C:\\path',
    '``',
    '****',
    'ação é útil — “aspas” 😀',
  ])('leaves %j as it is', (text) => {
    const items = richTextFromMarkdown(text)
    expect(items.map((item) => ('text' in item ? item.text.content : '')).join('')).toBe(text)
    expect(items.every((item) => item.annotations === undefined)).toBe(true)
  })

  test.each([
    [String.raw`\*not italic\*`, '*not italic*'],
    [String.raw`a \[b\](c)`, 'a [b](c)'],
    [String.raw`back\\slash`, String.raw`back\slash`],
  ])('reads the escapes in %j', (markdown, text) => {
    expect(
      richTextFromMarkdown(markdown)
        .map((item) => ('text' in item ? item.text.content : ''))
        .join(''),
    ).toBe(text)
  })

  test('takes time in proportion to the text, whatever it is made of', () => {
    const hostile = ['**a ', '*a ', '[', '[a](', '`', '~~x', '_a ', '\\'].map((piece) => piece.repeat(20_000))
    const started = performance.now()
    for (const text of hostile) richTextFromMarkdown(text)
    expect(performance.now() - started).toBeLessThan(3_000)
  })
})

describe('lengths', () => {
  test('a text is cut where Notion would refuse it', () => {
    const items = richTextOf('x'.repeat(4_500))
    expect(items.map((item) => ('text' in item ? item.text.content.length : 0))).toEqual([2_000, 2_000, 500])
  })

  test('never in the middle of a character', () => {
    const text = `${'x'.repeat(1_999)}😀${'y'.repeat(10)}`
    const items = richTextOf(text).map((item) => ('text' in item ? item.text.content : ''))
    expect(items[0]).toBe('x'.repeat(1_999))
    expect(items.join('')).toBe(text)
  })

  test('an empty text has no pieces', () => {
    expect(richTextOf('')).toEqual([])
  })
})

describe('the way back', () => {
  test.each([
    'plain words',
    '**bold** and *italic* and ~~gone~~ and `code`',
    '***both***',
    '[site](https://lumiara.example) and more',
    String.raw`2 \* 3`,
  ])('%s reads back as it was written', (markdown) => {
    const first = richTextFromMarkdown(markdown)
    const again = richTextFromMarkdown(markdownOf(first.map(echo)))
    expect(again.map(short)).toEqual(first.map(short))
  })

  test('keeps the spaces outside the marks', () => {
    const item = { ...echo({ text: { content: ' bold ' } }), annotations: { ...NO_MARKS, bold: true } }
    expect(markdownOf([item as RichTextItemResponse])).toBe(' **bold** ')
  })

  test('writes an equation between dollars and a mention as its words', () => {
    const items = [
      { type: 'equation', equation: { expression: 'e=mc^2' }, annotations: NO_MARKS, plain_text: 'e=mc^2', href: null },
      { type: 'mention', mention: {}, annotations: NO_MARKS, plain_text: '@Ana', href: null },
    ] as unknown as RichTextItemResponse[]
    expect(markdownOf(items)).toBe('$e=mc^2$@Ana')
    expect(plainText(items)).toBe('e=mc^2@Ana')
  })
})
