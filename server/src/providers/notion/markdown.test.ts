import { describe, expect, test } from 'vitest'
import type { BlockNode } from './markdown-lines.ts'
import { blocksFromMarkdown } from './markdown.ts'

/** A tree in short: `type words`, indented by level. */
function outline(nodes: readonly BlockNode[], level = 0): string[] {
  return nodes.flatMap((node) => [
    `${'  '.repeat(level)}${node.type} ${wordsIn(node)}`.trimEnd(),
    ...outline(node.children, level + 1),
  ])
}

function wordsIn(node: BlockNode): string {
  const { content } = node
  if (Array.isArray(content['cells'])) {
    return (content['cells'] as unknown[][]).map((cell) => textOf(cell)).join(' / ')
  }
  const box = content['checked'] === undefined ? '' : content['checked'] === true ? '[x] ' : '[ ] '
  const expression = typeof content['expression'] === 'string' ? content['expression'] : ''
  return box + expression + textOf((content['rich_text'] ?? []) as unknown[])
}

function textOf(items: unknown[]): string {
  return items.map((item) => (item as { text: { content: string } }).text.content).join('')
}

function read(...lines: string[]): string[] {
  return outline(blocksFromMarkdown(lines.join('\n')))
}

describe('one line, one block', () => {
  test.each<[string, string]>([
    ['Words of a paragraph', 'paragraph Words of a paragraph'],
    ['# One', 'heading_1 One'],
    ['## Two', 'heading_2 Two'],
    ['### Three', 'heading_3 Three'],
    ['#### Four', 'heading_4 Four'],
    ['###### Six', 'heading_4 Six'],
    ['#not a heading', 'paragraph #not a heading'],
    ['- bullet', 'bulleted_list_item bullet'],
    ['* bullet', 'bulleted_list_item bullet'],
    ['+ bullet', 'bulleted_list_item bullet'],
    ['1. first', 'numbered_list_item first'],
    ['12) twelfth', 'numbered_list_item twelfth'],
    ['2026. That was the year', 'numbered_list_item That was the year'],
    ['- [ ] open', 'to_do [ ] open'],
    ['- [x] done', 'to_do [x] done'],
    ['* [X] done', 'to_do [x] done'],
    ['[ ] open', 'to_do [ ] open'],
    ['> said', 'quote said'],
    ['---', 'divider'],
    ['***', 'divider'],
    ['-- not', 'paragraph -- not'],
    ['<empty-block/>', 'paragraph'],
    ['$$ a^2 $$', 'equation a^2'],
    ['**bold** start', 'paragraph bold start'],
    ['-no list', 'paragraph -no list'],
    ['Não há nada — só texto', 'paragraph Não há nada — só texto'],
  ])('%s', (line, expected) => {
    expect(read(line)).toEqual([expected])
  })

  test('blank lines only separate', () => {
    expect(read('', 'one', '', '', 'two', '')).toEqual(['paragraph one', 'paragraph two'])
  })

  test('nothing is no block', () => {
    expect(read('')).toEqual([])
    expect(read(' ', '\t')).toEqual([])
  })

  test('line ends of Windows are line ends', () => {
    expect(outline(blocksFromMarkdown('one\r\ntwo\r'))).toEqual(['paragraph one', 'paragraph two'])
  })
})

describe('what is indented belongs to the block above', () => {
  test.each(['  ', '    ', '\t'])('by %j', (step) => {
    expect(read('- one', `${step}- two`, `${step}${step}- three`, `${step}- four`, '- five')).toEqual([
      'bulleted_list_item one',
      '  bulleted_list_item two',
      '    bulleted_list_item three',
      '  bulleted_list_item four',
      'bulleted_list_item five',
    ])
  })

  test('of any kind', () => {
    expect(read('1. step', '   words', '   - [ ] check')).toEqual([
      'numbered_list_item step',
      '  paragraph words',
      '  to_do [ ] check',
    ])
  })

  test('but not to a heading, which could not hold it', () => {
    expect(read('# Title', '  words')).toEqual(['heading_1 Title', 'paragraph words'])
  })

  test('a text that is indented as a whole is not nested', () => {
    expect(read('    one', '    two')).toEqual(['paragraph one', 'paragraph two'])
  })

  test('a blank line does not end a list', () => {
    expect(read('- one', '', '  - two')).toEqual(['bulleted_list_item one', '  bulleted_list_item two'])
  })

  test('levels beyond reason stay on the last one', () => {
    const lines = Array.from({ length: 400 }, (_, level) => `${' '.repeat(level)}- item ${level}`)
    const depths = outline(blocksFromMarkdown(lines.join('\n'))).map((line) => line.search(/\S/) / 2)
    expect(Math.max(...depths)).toBe(12)
    expect(depths.length).toBe(400)
  })
})

describe('code', () => {
  test('keeps its lines, blank ones and indentation', () => {
    const [node] = blocksFromMarkdown(
      ['```python', 'def f():', '    return 1', '', '# not a heading', '```'].join('\n'),
    )
    expect(node).toMatchObject({ type: 'code', content: { language: 'python' } })
    expect(wordsIn(node as BlockNode)).toBe('def f():\n    return 1\n\n# not a heading')
  })

  test.each([
    ['js', 'javascript'],
    ['TS', 'typescript'],
    ['sh', 'shell'],
    ['yaml', 'yaml'],
    ['', 'plain text'],
    ['klingon', 'plain text'],
  ])('of language %j is %s to Notion', (name, language) => {
    expect(blocksFromMarkdown(`\`\`\`${name}\nx\n\`\`\``)[0]?.content['language']).toBe(language)
  })

  test('that is not closed reaches to the end', () => {
    expect(read('```', 'one', 'two')).toEqual(['code one\ntwo'])
  })

  test('is not read as Markdown', () => {
    const [node] = blocksFromMarkdown('```\n**not bold**\n```')
    expect(node?.content['rich_text']).toEqual([{ type: 'text', text: { content: '**not bold**' } }])
  })

  test('inside a list belongs to the item, without its indentation', () => {
    expect(read('- item', '  ```', '  x', '    y', '  ```', '- next')).toEqual([
      'bulleted_list_item item',
      '  code x\n  y',
      'bulleted_list_item next',
    ])
  })
})

describe('constructs of several lines', () => {
  test('a quote', () => {
    expect(read('> one', '> two', 'after')).toEqual(['quote one\ntwo', 'paragraph after'])
  })

  test('an equation', () => {
    expect(read('$$', 'a', 'b', '$$', 'after')).toEqual(['equation a\nb', 'paragraph after'])
  })

  test('a table, with cells made up to the widest row', () => {
    const [node, after] = blocksFromMarkdown(
      ['| Name | Value |', '|:-----|------:|', '| a | 1 |', '| b |', String.raw`| c \| d | 2 | extra |`, 'after'].join(
        '\n',
      ),
    )
    expect(node?.content).toMatchObject({ table_width: 3, has_column_header: true })
    expect(outline(node?.children ?? [])).toEqual([
      'table_row Name / Value /',
      'table_row a / 1 /',
      'table_row b /  /',
      'table_row c | d / 2 / extra',
    ])
    expect(after?.type).toBe('paragraph')
  })

  test('a line with a bar is no table', () => {
    expect(read('| just a bar', 'text')).toEqual(['paragraph | just a bar', 'paragraph text'])
  })

  test('a picture on the web', () => {
    const [node] = blocksFromMarkdown('![Plan](https://files.lumiara.example/plan.png)')
    expect(node).toMatchObject({
      type: 'image',
      content: { type: 'external', external: { url: 'https://files.lumiara.example/plan.png' } },
    })
  })
})

describe('the tags that Notion writes', () => {
  test('a table', () => {
    const lines = [
      '<table header-row="true">',
      '\t<tr>',
      '\t\t<td>Item</td>',
      '\t\t<td>**Limite**</td>',
      '\t</tr>',
      '\t<tr>',
    ]
    const [node, after] = blocksFromMarkdown(
      [...lines, '\t\t<td>Hotel</td>', '\t</tr>', '</table>', 'after'].join('\n'),
    )
    expect(node?.content).toEqual({ table_width: 2, has_column_header: true, has_row_header: false })
    expect(outline(node?.children ?? [])).toEqual(['table_row Item / Limite', 'table_row Hotel /'])
    expect(after?.type).toBe('paragraph')
  })

  test('a toggle, with another inside', () => {
    expect(
      read(
        '<details>',
        '<summary>Outer</summary>',
        '\t- one',
        '\t<details>',
        '\t<summary>Inner</summary>',
        '\t\ttext',
        '\t</details>',
        '</details>',
        'after',
      ),
    ).toEqual(['toggle Outer', '  bulleted_list_item one', '  toggle Inner', '    paragraph text', 'paragraph after'])
  })

  test('a callout, with its icon', () => {
    const [node] = blocksFromMarkdown('<callout icon="💡" color="gray_bg">\n\tMind the gap\n\t- item\n</callout>')
    expect(node?.content['icon']).toEqual({ type: 'emoji', emoji: '💡' })
    expect(outline(node === undefined ? [] : [node])).toEqual(['callout Mind the gap', '  bulleted_list_item item'])
  })

  test('that are not closed reach to the end', () => {
    expect(read('<details>', '<summary>Open</summary>', 'text')).toEqual(['toggle Open', '  paragraph text'])
  })

  test('an empty table is nothing', () => {
    expect(read('<table>', '</table>', 'after')).toEqual(['paragraph after'])
  })

  test.each(['<tablet>', '<table', '<details/>', 'a <table> inside', '<unknown url="x"/>', '<b>bold</b>'])(
    '%s stays text',
    (line) => {
      expect(read(line)).toEqual([`paragraph ${line}`])
    },
  )

  test('nested without end do not exhaust the stack', () => {
    expect(read(...Array.from({ length: 5_000 }, () => '<details>')).length).toBeGreaterThan(12)
  })
})

describe('long lines', () => {
  test('become several blocks where one cannot hold them', () => {
    const nodes = blocksFromMarkdown('x'.repeat(2_000 * 150))
    expect(nodes.map((node) => (node.content['rich_text'] as unknown[]).length)).toEqual([50, 50, 50])
    expect(nodes.every(({ type }) => type === 'paragraph')).toBe(true)
  })
})
