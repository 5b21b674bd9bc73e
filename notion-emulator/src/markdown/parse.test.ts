import { describe, expect, it } from 'vitest'
import type { MarkdownBlock } from './block.ts'
import { parseMarkdown } from './parse.ts'
import { plainText, readRichText } from './rich-text.ts'

/** A block as `type "text" [extra]` with its children indented, for comparison at a glance. */
function outline(blocks: readonly MarkdownBlock[], depth = 0): string[] {
  return blocks.flatMap((block) => {
    const { rich_text: richText, caption, ...rest } = block.data
    const text = plainText(readRichText(richText ?? caption))
    const extra = Object.entries(rest)
      .filter(([, value]) => value !== 'default' && value !== false && value !== null)
      .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    const line = [block.type, ...(text === '' ? [] : [JSON.stringify(text)]), ...extra].join(' ')
    return [`${'  '.repeat(depth)}${line}`, ...outline(block.children, depth + 1)]
  })
}

function read(...lines: string[]): string[] {
  return outline(parseMarkdown(lines.join('\n')))
}

describe('plain Markdown', () => {
  it('reads headings of four levels; deeper ones are the fourth', () => {
    expect(read('# A', '## B', '### C', '#### D', '##### E', '#hash')).toEqual([
      'heading_1 "A"',
      'heading_2 "B"',
      'heading_3 "C"',
      'heading_4 "D"',
      'heading_4 "E"',
      'paragraph "#hash"',
    ])
  })

  it('makes every line a paragraph and drops empty ones', () => {
    expect(read('a', 'b', '', '', 'c\r', '   ')).toEqual(['paragraph "a"', 'paragraph "b"', 'paragraph "c"'])
    expect(parseMarkdown('')).toEqual([])
  })

  it.each([
    ['tabs', '\t'],
    ['two spaces', '  '],
    ['four spaces', '    '],
  ])('nests lists by %s', (_, indent) => {
    expect(read('- a', `${indent}- b`, `${indent}${indent}1. c`, `${indent}* d`, '+ e')).toEqual([
      'bulleted_list_item "a"',
      '  bulleted_list_item "b"',
      '    numbered_list_item "c"',
      '  bulleted_list_item "d"',
      'bulleted_list_item "e"',
    ])
  })

  it('puts what is indented under a numbered item below it, wide numbers too', () => {
    expect(read('9. a', '   - b', '10) c', '    text')).toEqual([
      'numbered_list_item "a"',
      '  bulleted_list_item "b"',
      'numbered_list_item "c"',
      '  paragraph "text"',
    ])
  })

  it('reads to-dos', () => {
    expect(read('- [ ] a', '- [x] b', '* [X] c', '- [ ]', '- [y] d')).toEqual([
      'to_do "a"',
      'to_do "b" checked=true',
      'to_do "c" checked=true',
      'to_do',
      'bulleted_list_item "[y] d"',
    ])
  })

  it('reads each line of a quote as a quote, as the API does; a line break within one is <br>', () => {
    expect(read('> a', '> b<br>c', '>d', '>')).toEqual(['quote "a"', 'quote "b\\nc"', 'quote "d"', 'quote'])
  })

  it('reads fenced code as it stands', () => {
    expect(read('```js', 'const a = "**b**"', '', '  - x', '```', '~~~', 'y', '~~~', '````md', '```', '````')).toEqual([
      'code "const a = \\"**b**\\"\\n\\n  - x" language=javascript',
      'code "y" language=plain text',
      'code "```" language=markdown',
    ])
    expect(read('- a', '\t```python title="x"', '\tif b:', '\t\treturn', '\t```')).toEqual([
      'bulleted_list_item "a"',
      '  code "if b:\\n\\treturn" language=python',
    ])
    expect(read('```', 'never closed')).toEqual(['code "never closed" language=plain text'])
    expect(read('```plain text', '```', '```klingon', '```')).toEqual([
      'code language=plain text',
      'code language=plain text',
    ])
  })

  it('reads tables with pipes', () => {
    const [table] = parseMarkdown('| a | **b** |\n|---|:-:|\n| c \\| d |\n| e | f | g |\ntext')
    expect(table?.data).toEqual({ table_width: 2, has_column_header: true, has_row_header: false })
    const cells = table?.children.map((row) =>
      (row.data['cells'] as unknown[]).map((cell) => plainText(readRichText(cell))),
    )
    expect(cells).toEqual([
      ['a', 'b'],
      ['c | d', ''],
      ['e', 'f'],
    ])
    expect(read('a | b', '--|--', 'c | d', '', 'e | f')).toHaveLength(4)
    expect(read('a | b', 'c | d')).toEqual(['paragraph "a | b"', 'paragraph "c | d"'])
  })

  it('reads dividers and equations', () => {
    expect(read('---', '***', '* * *', '___', '--')).toEqual([
      'divider',
      'divider',
      'divider',
      'divider',
      'paragraph "--"',
    ])
    expect(read('$$', 'x^2', '', 'y', '$$', '$$ z $$', '$$', 'open')).toEqual([
      'equation expression=x^2\n\ny',
      'equation expression=z',
      'paragraph "$$"',
      'paragraph "open"',
    ])
  })

  it('reads an image that is alone on its line', () => {
    expect(read('![a [b](c) d](https://x.example/i.png)', '![a](b) and ![c](d)', '![a](b', '![a]')).toEqual([
      'image "a b d" type=external external={"url":"https://x.example/i.png"}',
      'paragraph "!a and !c"',
      'paragraph "![a](b"',
      'paragraph "![a]"',
    ])
  })
})

describe('the dialect', () => {
  it('reads block colors, and toggle headings with what is below them', () => {
    expect(
      read(
        'a {color="red"}',
        '# b {toggle="true" color="blue_bg"}',
        '\tc',
        '## d',
        '\te',
        'f {colour="x"}',
        'g \\{color="red"}',
      ),
    ).toEqual([
      'paragraph "a" color=red',
      'heading_1 "b" is_toggleable=true color=blue_background',
      '  paragraph "c"',
      'heading_2 "d"',
      'paragraph "e"',
      'paragraph "f {colour=\\"x\\"}"',
      'paragraph "g {color=\\"red\\"}"',
    ])
  })

  it.each([
    [
      'indented',
      ['<details color="red">', '<summary>S **b**</summary>', '\ta', '\t- b', '\t\tc', '</details>', 'after'],
    ],
    ['not indented', ['<details color="red">', '<summary>S b</summary>', 'a', '- b', '\tc', '</details>', 'after']],
    [
      'with empty lines',
      ['<details color="red">', '', '<summary> S b </summary>', '', 'a', '', '- b', '  c', '', '</details>', 'after'],
    ],
    [
      'with the summary on lines of its own',
      ['<details color="red">', '<summary>', 'S b', '</summary>', 'a', '- b', '  c', '</details>', 'after'],
    ],
    ['on few lines', ['<details color="red"><summary>S b</summary>a', '- b', '\tc</details>', 'after']],
  ])('reads a toggle %s', (_, lines) => {
    expect(read(...lines)).toEqual([
      'toggle "S b" color=red',
      '  paragraph "a"',
      '  bulleted_list_item "b"',
      '    paragraph "c"',
      'paragraph "after"',
    ])
  })

  it('takes the first line of a callout as its text', () => {
    expect(
      read(
        '<callout icon="💡" color="gray_bg">',
        '\ta',
        '\tb',
        '</callout>',
        '<callout icon="https://x.example/i.png">c</callout>',
        '<callout>',
        '- d',
        '</callout>',
        '<callout></callout>',
      ),
    ).toEqual([
      'callout "a" icon={"type":"emoji","emoji":"💡"} color=gray_background',
      '  paragraph "b"',
      'callout "c" icon={"type":"external","external":{"url":"https://x.example/i.png"}}',
      'callout',
      '  bulleted_list_item "d"',
      'callout',
    ])
  })

  it('reads columns; what stands between them gets one, a lone column none', () => {
    expect(
      read(
        '<columns>',
        '<column width-ratio="0.25">',
        'a',
        '</column>',
        'b',
        'c',
        '<column>',
        'd',
        '</column>',
        '</columns>',
        '<column>',
        'e',
        '</column>',
      ),
    ).toEqual([
      'column_list',
      '  column width_ratio=0.25',
      '    paragraph "a"',
      '  column',
      '    paragraph "b"',
      '    paragraph "c"',
      '  column',
      '    paragraph "d"',
      'paragraph "e"',
    ])
  })

  it('reads tables of tags, on one line or many', () => {
    const oneLine = '<table header-row="true"><tr><td>a</td><td>`x`<br>y</td></tr><tr><td>\\</td></td></tr></table>'
    const many = oneLine.replaceAll(/(<\/?(?:table|tr|td)\b[^>]*>)(?=<)/g, '$1\n\t').replace(' `', '`')
    for (const source of [oneLine, many]) {
      const [table] = parseMarkdown(source)
      expect(table?.data).toEqual({ table_width: 2, has_column_header: true, has_row_header: false })
      const cells = table?.children.map((row) =>
        (row.data['cells'] as unknown[]).map((cell) => plainText(readRichText(cell))),
      )
      expect(cells).toEqual([
        ['a', 'x\ny'],
        ['</td>', ''],
      ])
    }
    expect(read('<table><tr><th>a</th></tr></table>b')).toEqual([
      'table table_width=1 has_column_header=true',
      '  table_row cells=[[' + JSON.stringify(parseMarkdown('a')[0]?.data['rich_text']).slice(1, -1) + ']]',
      'paragraph "b"',
    ])
    expect(read('<table>', 'never closed')).toEqual(['paragraph "<table>"', 'paragraph "never closed"'])
  })

  it('reads child pages and databases with the id in their address', () => {
    const id = 'c41e07d2-5b3a-4f86-9d10-7ae28b64c915'
    const url = `https://app.notion.com/p/A-b-${id.replaceAll('-', '')}?v=1`
    expect(
      parseMarkdown(
        `<page url="${url}">A \\*b</page>\n<database url="{{${url}}}" inline="true">D</database>\n<page>New</page>`,
      ),
    ).toEqual([
      { type: 'child_page', data: { title: 'A *b' }, children: [], title: 'A *b', url, id },
      { type: 'child_database', data: { title: 'D' }, children: [], title: 'D', url, id },
      { type: 'child_page', data: { title: 'New' }, children: [], title: 'New' },
    ])
  })

  it('ends a title or a summary at the closing tag that is not escaped', () => {
    expect(parseMarkdown('<page>a \\</page> b</page>')[0]?.title).toBe('a </page> b')
    expect(read('<details><summary>a \\</summary> b</summary></details>')).toEqual(['toggle "a </summary> b"'])
  })

  it('reads the other tags', () => {
    expect(
      read(
        '<empty-block/>',
        '<table_of_contents color="red"/>',
        '<video src="https://x.example/v.mp4">c</video>',
        '<file src="https://x.example/f.txt?a#b"/>',
        '<bookmark url="https://x.example">b</bookmark>',
        '<meeting-notes>',
        '<synced_block>',
        '\ta',
        '</synced_block>',
      ),
    ).toEqual([
      'paragraph',
      'table_of_contents color=red',
      'video "c" type=external external={"url":"https://x.example/v.mp4"}',
      'file type=external external={"url":"https://x.example/f.txt?a#b"} name=f.txt',
      'bookmark "b" url=https://x.example',
      'meeting_notes',
      'synced_block',
      '  paragraph "a"',
    ])
    expect(parseMarkdown('<unknown url="https://x.example#1" alt="embed"/>')).toEqual([
      { type: 'embed', data: {}, children: [], unknown: true, url: 'https://x.example#1' },
    ])
    expect(parseMarkdown('<unknown/>')[0]).toMatchObject({ type: 'unsupported', unknown: true })
  })

  it('takes what is no tag of the dialect as text', () => {
    expect(read('<foo>', '</foo>', '<b>x</b>', '\\<details>', '<summary>s</summary>')).toEqual([
      'paragraph "<foo>"',
      'paragraph "</foo>"',
      'paragraph "x"',
      'paragraph "<details>"',
      'paragraph "<summary>s</summary>"',
    ])
  })
})

describe('texts that are not well formed', () => {
  it('closes what was left open, and drops closing tags without a partner', () => {
    expect(read('- a', '\t<details>', '\t<summary>s</summary>', '\tb', 'c', '</details>', '<callout>', 'd')).toEqual([
      'bulleted_list_item "a"',
      '  toggle "s"',
      '    paragraph "b"',
      'paragraph "c"',
      'callout "d"',
    ])
  })

  it('flattens what is nested too deep, without losing it', () => {
    const lines = Array.from({ length: 400 }, (_, index) => `${'\t'.repeat(index)}- ${index}`)
    const texts = outline(parseMarkdown(lines.join('\n'))).map((line) => line.trim())
    expect(texts).toEqual(lines.map((_, index) => `bulleted_list_item "${index}"`))
    expect(JSON.stringify(parseMarkdown('<details>'.repeat(30_000))).length).toBeGreaterThan(0)
  })

  const HOSTILE = [
    '<details>',
    '<details>\n',
    '<details><summary>',
    '<columns><column>',
    '</details>',
    '<table>\n',
    '<page url="x">',
    '<td',
    '```\n',
    '$$\n',
    '$$x\n',
    '> ',
    '>',
    '- ',
    '# a\n',
    '* * *\n',
    '![',
    '![a](',
    '[',
    '[](',
    '](',
    '*',
    '**a',
    '*a _b ',
    '_ ',
    '~~',
    '`',
    '`a``b',
    '$a',
    '$`',
    '\\',
    '|',
    '|-',
    '{color="red"}',
    '<span color="',
    '<b>',
    '<b></i>',
    '<mention-user url="x">',
    '<callout a="b" ',
    ' ',
    '\t',
    '\r',
    '{',
    '(((',
    'a</details>\n',
  ]

  it.each(HOSTILE)('takes linear time for %j over and over', { timeout: 60_000 }, (piece) => {
    expectLinear((length) => piece.repeat(length / piece.length))
  })

  it.each([
    ['*x ', 'y_ '],
    ['[x ', 'y] '],
    ['<b>', '</i>'],
    ['<span>', '</b>'],
    ['`a', '``b'],
    ['<details>\n', '</callout>\n'],
  ])('takes linear time for many %j before many %j', { timeout: 60_000 }, (first, second) => {
    expectLinear((length) => first.repeat(length / 2 / first.length) + second.repeat(length / 2 / second.length))
  })
})

/** Eight times the text takes about eight times the time, where 64 would be quadratic. Short times are mostly noise. */
function expectLinear(textOf: (length: number) => string): void {
  const limit = Math.max(30 * fastest(textOf(SMALL), 0), 200)
  expect(fastest(textOf(8 * SMALL), limit)).toBeLessThan(limit)
}

/** Characters of the smaller text. */
const SMALL = 12_000

/** Milliseconds of processor time of the best of three runs; fewer runs where one is fast enough. */
function fastest(text: string, enough: number): number {
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < 3 && best > enough; run += 1) {
    const start = process.threadCpuUsage()
    parseMarkdown(text)
    const { user, system } = process.threadCpuUsage(start)
    best = Math.min(best, (user + system) / 1000)
  }
  return best
}
