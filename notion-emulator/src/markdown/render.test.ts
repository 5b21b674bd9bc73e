import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markdownBlocks } from '../../test/support/markdown-arbitraries.ts'
import type { MarkdownBlock } from './block.ts'
import { parseMarkdown } from './parse.ts'
import { renderLines, renderMarkdown } from './render.ts'
import { PLAIN, textItem } from './rich-text.ts'

function block(
  type: string,
  text: string,
  data: Record<string, unknown> = {},
  children: MarkdownBlock[] = [],
): MarkdownBlock {
  return { type, data: { rich_text: text === '' ? [] : [textItem(text)], ...data }, children }
}

describe('renderMarkdown', () => {
  it('puts one line after the other and children one tab deeper', () => {
    const blocks = [
      block('heading_2', 'Title', { color: 'red' }),
      block('paragraph', 'text', { icon: null, color: 'default' }, [block('paragraph', 'below')]),
      block('paragraph', ''),
      block('bulleted_list_item', 'a', {}, [block('to_do', 'b', { checked: true }, [block('quote', 'c')])]),
    ]
    expect(renderMarkdown(blocks)).toBe(
      ['## Title {color="red"}', 'text', '\tbelow', '<empty-block/>', '- a', '\t- [x] b', '\t\t> c'].join('\n'),
    )
    expect(renderMarkdown([])).toBe('')
  })

  it('numbers items in the order of their list', () => {
    const item = (text: string) => block('numbered_list_item', text)
    expect(renderMarkdown([item('a'), item('b'), block('divider', ''), item('c')])).toBe('1. a\n2. b\n---\n1. c')
  })

  it('writes containers as tags', () => {
    const blocks = [
      block('toggle', 'Sum', { color: 'blue_background' }, [block('paragraph', 'in')]),
      block('callout', 'text', { icon: { type: 'emoji', emoji: '💡' }, color: 'gray_background' }, [
        block('divider', ''),
      ]),
      block('heading_1', 'H', { is_toggleable: true }, [block('paragraph', 'in')]),
      {
        type: 'column_list',
        data: {},
        children: [
          { type: 'column', data: { width_ratio: 0.5 }, children: [block('paragraph', 'a')] },
          { type: 'column', data: {}, children: [] },
        ],
      },
    ]
    expect(renderMarkdown(blocks).split('\n')).toEqual([
      '<details color="blue_bg">',
      '<summary>Sum</summary>',
      '\tin',
      '</details>',
      '<callout icon="💡" color="gray_bg">',
      '\ttext',
      '\t---',
      '</callout>',
      '# H {toggle="true"}',
      '\tin',
      '<columns>',
      '\t<column width-ratio="0.5">',
      '\t\ta',
      '\t</column>',
      '\t<column>',
      '\t</column>',
      '</columns>',
    ])
  })

  it('writes tables row by row', () => {
    const row = (...cells: string[]): MarkdownBlock => ({
      type: 'table_row',
      data: { cells: cells.map((cell) => [textItem(cell)]) },
      children: [],
    })
    const data = { table_width: 2, has_column_header: true, has_row_header: false }
    expect(renderMarkdown([{ type: 'table', data, children: [row('a', 'b\nc')] }])).toBe(
      ['<table header-row="true">', '\t<tr>', '\t\t<td>a</td>', '\t\t<td>b<br>c</td>', '\t</tr>', '</table>'].join(
        '\n',
      ),
    )
  })

  it('writes code with a fence that its text cannot end, and equations between dollars', () => {
    expect(renderMarkdown([block('code', 'a\n  ```\n', { language: 'plain text' })])).toBe(
      '````plain text\na\n  ```\n\n````',
    )
    expect(renderMarkdown([block('code', '', { language: 'c++' })])).toBe('```c++\n```')
    expect(renderMarkdown([{ type: 'equation', data: { expression: 'x\ny' }, children: [] }])).toBe('$$\nx\ny\n$$')
    expect(renderMarkdown([{ type: 'equation', data: { expression: 'x\n$$' }, children: [] }])).toBe(
      '<block-equation expression="x&#10;$$"/>',
    )
  })

  it('writes media, hosted or not, with their captions', () => {
    const source = { external: { url: 'https://x.example/(a).png' } }
    const caption = [textItem('cap '), textItem('b', { ...PLAIN, bold: true })]
    const blocks: MarkdownBlock[] = [
      { type: 'image', data: { caption, type: 'external', ...source }, children: [] },
      { type: 'pdf', data: { caption: [], type: 'file', file: { url: 'https://x.example/f?a=1&b=2' } }, children: [] },
      { type: 'file', data: { caption: [], ...source, name: 'other.png' }, children: [] },
    ]
    expect(renderMarkdown(blocks).split('\n')).toEqual([
      '![cap **b**](https://x.example/\\(a\\).png)',
      '<pdf src="https://x.example/f?a=1&amp;b=2"></pdf>',
      '<file src="https://x.example/(a).png" name="other.png"></file>',
    ])
  })

  it('writes child pages, synced blocks and what it cannot show', () => {
    const url = 'https://app.notion.com/p/c41e07d25b3a4f869d107ae28b64c915'
    const id = 'c41e07d2-5b3a-4f86-9d10-7ae28b64c915'
    const blocks: MarkdownBlock[] = [
      { type: 'child_page', data: { title: 'A *b' }, children: [], url },
      { type: 'child_database', data: {}, children: [], title: 'D', id },
      {
        type: 'synced_block',
        data: { synced_from: { type: 'block_id', block_id: id } },
        children: [block('divider', '')],
      },
      { type: 'bookmark', data: { url: 'https://x.example' }, children: [] },
      { type: 'paragraph', data: {}, children: [], unknown: true, url },
    ]
    expect(renderMarkdown(blocks).split('\n')).toEqual([
      `<page url="${url}">A \\*b</page>`,
      `<database url="${url}">D</database>`,
      `<synced_block_reference url="${url}">`,
      '\t---',
      '</synced_block_reference>',
      '<unknown url="https://x.example" alt="bookmark"/>',
      `<unknown url="${url}" alt="paragraph"/>`,
    ])
  })

  it.each([
    '# a',
    '- a',
    '1. a',
    '12) a',
    '> a',
    '---',
    '***',
    '| a |',
    '|---|',
    '```',
    '$$',
    '![a](b)',
    '<details>',
    '</details>',
    ' a ',
    'a {color="red"}',
    '-',
    '#',
    '+ a',
  ])('escapes the paragraph %j', (text) => {
    const blocks = [block('paragraph', text, { color: 'default' }), block('paragraph', '|--|', { color: 'default' })]
    expect(parseMarkdown(renderMarkdown(blocks))).toEqual(blocks)
  })

  it('takes pages that are nested deeper than any request could make them', () => {
    let deep = block('paragraph', 'x')
    for (let depth = 0; depth < 1000; depth += 1) deep = block('callout', '', {}, [deep])
    const lines = renderLines([deep])
    expect(lines.map(({ text }) => text.trim()).filter((text) => text === '<callout>')).toHaveLength(1000)
    expect(lines.find(({ text }) => text.trim() === 'x')?.path).toHaveLength(1001)
  })
})

describe('renderLines', () => {
  it('tells which block a line belongs to', () => {
    const blocks = parseMarkdown('a\n<details>\n<summary>s</summary>\n- b\n</details>\n```\nx\n```')
    expect(renderLines(blocks).map(({ text, path }) => `${path.join('.')} ${text}`)).toEqual([
      '0 a',
      '1 <details>',
      '1 <summary>s</summary>',
      '1.0 \t- b',
      '1 </details>',
      '2 ```plain text',
      '2 x',
      '2 ```',
    ])
  })
})

describe('round trip', { timeout: 60_000 }, () => {
  it('reads back the blocks that were written', () => {
    fc.assert(
      fc.property(markdownBlocks, (blocks) => {
        expect(parseMarkdown(renderMarkdown(blocks))).toEqual(blocks)
      }),
      { numRuns: 300 },
    )
  })

  it('gives a table without any cell a column', () => {
    const blocks = parseMarkdown('|\n|---|---|')
    expect(blocks).toMatchObject([{ type: 'table', data: { table_width: 1 } }])
    expect(parseMarkdown(renderMarkdown(blocks))).toEqual(blocks)
  })

  it('writes any text that was read so that it reads the same again', () => {
    const pieces = [
      '- ',
      '1. ',
      '# ',
      '> ',
      '```',
      '$$',
      '---',
      '| a | b |',
      '|---|---|',
      '![x](y)',
      '<details>',
      '</details>',
      '<summary>s</summary>',
      '<callout icon="x">',
      '</callout>',
      '<columns>',
      '<column>',
      '</columns>',
      '<table>',
      '<tr>',
      '<td>',
      '</table>',
      '<page url="u">',
      '{color="red"}',
      '<br>',
      '**',
      '*',
      '_',
      '~~',
      '`',
      '$',
      '[',
      '](u)',
      '<b>',
      '</b>',
      '- [ ] ',
      '\\',
      '  ',
      '\t',
      '\n',
      '\n\t',
    ]
    const messy = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.constant('\n'), fc.string({ maxLength: 3 })), {
      maxLength: 25,
    })
    fc.assert(
      fc.property(messy, (parts) => {
        const blocks = parseMarkdown(parts.join(''))
        expect(parseMarkdown(renderMarkdown(blocks))).toEqual(blocks)
      }),
      { numRuns: 1000 },
    )
  })
})
