import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { richText } from '../../test/support/markdown-arbitraries.ts'
import type { Annotations, RichTextItem } from './block.ts'
import { markdownToRichText, richTextToMarkdown } from './inline.ts'
import { PLAIN, plainText, textItem } from './rich-text.ts'

/** `text` with its marks, or `text→url`, in a form that a table can show. */
function shown(items: RichTextItem[]): string[] {
  return items.map(({ type, annotations, plain_text: text, href }) => {
    const marks = Object.entries(annotations).flatMap(([name, value]) => (value === true ? [name] : []))
    const color = annotations.color === 'default' ? [] : [annotations.color]
    const kind = type === 'text' ? [] : [type]
    const target = href === null ? '' : `→${href}`
    return [`${text}${target}`, ...kind, ...marks, ...color].join('|')
  })
}

function marked(content: string, marks: Partial<Annotations>): RichTextItem {
  return textItem(content, { ...PLAIN, ...marks })
}

const USER = '3f8c25a1-d94e-4b07-a6f2-e85b1d30c794'
const PAGE = 'c41e07d2-5b3a-4f86-9d10-7ae28b64c915'
const PAGE_URL = `https://app.notion.com/p/Title-${PAGE.replaceAll('-', '')}`

describe('markdownToRichText', () => {
  it.each([
    ['plain', ['plain']],
    ['', []],
    ['**bold** and *italic*', ['bold|bold', ' and ', 'italic|italic']],
    ['__bold__ and _italic_', ['bold|bold', ' and ', 'italic|italic']],
    ['***both***', ['both|bold|italic']],
    ['**a *b* c**', ['a |bold', 'b|bold|italic', ' c|bold']],
    ['***a** b*', ['a|bold|italic', ' b|italic']],
    ['**"quoted"**text', ['"quoted"|bold', 'text']],
    ['~~gone~~ ~not~', ['gone|strikethrough', ' ~not~']],
    ['a * b * c', ['a * b * c']],
    ['snake_case_name', ['snake_case_name']],
    ['`code *raw* \\` x`', ['code *raw* \\|code', ' x`']],
    ['`` a`b ``', ['a`b|code']],
    ['`two<br>lines`', ['two\nlines|code']],
    ['`open', ['`open']],
    ['one<br>two<br/>three', ['one\ntwo\nthree']],
    ['\\*no\\* \\<b> \\\\', ['*no* <b> \\']],
    ['<span color="red">r</span><span underline="true">u</span>', ['r|red', 'u|underline']],
    ['<span color="gray_bg" underline="true">x</span>', ['x|underline|gray_background']],
    ['<span color="nonsense">x</span>', ['x']],
    ['<b>a</b><i>b</i><u>c</u><del>d</del>', ['a|bold', 'b|italic', 'c|underline', 'd|strikethrough']],
    ['<b>open *a*', ['<b>open ', 'a|italic']],
    ['a < b and <x>', ['a < b and <x>']],
    ['*a <b>b* c</b>', ['*a ', 'b* c|bold']],
    ['$x^2$ and $`a$b`$', ['x^2|equation', ' and ', 'a$b|equation']],
    ['costs $5 or $6, US$7', ['costs $5 or $6, US$7']],
  ])('reads %j', (markdown, expected) => {
    expect(shown(markdownToRichText(markdown))).toEqual(expected)
  })

  it.each([
    ['[text](https://a.example)', ['text→https://a.example']],
    ['[text](https://a.example "title")', ['text→https://a.example']],
    ['[text](<https://a.example/x y>)', ['text→https://a.example/x y']],
    ['[a **b**](u)', ['a →u', 'b→u|bold']],
    ['[x](a(b)c)', ['x→a(b)c']],
    ['[x](a\\)b)', ['x→a)b']],
    ['<https://a.example>', ['https://a.example→https://a.example']],
    ['<a href="https://a.example">t</a>', ['t→https://a.example']],
    ['[ ] [x] [y](', ['[ ] [x] [y](']],
    ['[a](b c)', ['[a](b c)']],
    [`[a](${'('.repeat(33)}${')'.repeat(33)})`, [`[a](${'('.repeat(33)}${')'.repeat(33)})`]],
  ])('reads the link %j', (markdown, expected) => {
    expect(shown(markdownToRichText(markdown))).toEqual(expected)
  })

  it('gives items the shape of answers', () => {
    expect(markdownToRichText('**b**')).toEqual([
      {
        type: 'text',
        text: { content: 'b', link: null },
        annotations: {
          bold: true,
          italic: false,
          strikethrough: false,
          underline: false,
          code: false,
          color: 'default',
        },
        plain_text: 'b',
        href: null,
      },
    ])
    expect(markdownToRichText('[b](u)')[0]).toMatchObject({ text: { content: 'b', link: { url: 'u' } }, href: 'u' })
  })

  it('reads mentions, closed or not, with or without braces; what is in them is a name, not Markdown', () => {
    const markdown =
      `<mention-user url="{{user://${USER}}}">Ada</mention-user>` +
      `<mention-page url="${PAGE_URL}">**A** page</mention-page>` +
      `<mention-database url="${PAGE_URL}"/>` +
      '<mention-date start="2026-05-01" startTime="09:30" timeZone="Europe/Lisbon"/>' +
      '<mention-date start="2026-05-01" end="2026-05-03"/>'
    expect(markdownToRichText(markdown)).toMatchObject([
      {
        type: 'mention',
        mention: { type: 'user', user: { object: 'user', id: USER } },
        plain_text: '@Ada',
        href: null,
      },
      { mention: { type: 'page', page: { id: PAGE } }, plain_text: '**A** page', href: PAGE_URL },
      { mention: { type: 'database', database: { id: PAGE } }, plain_text: '' },
      { mention: { date: { start: '2026-05-01T09:30:00.000', end: null, time_zone: 'Europe/Lisbon' } } },
      { mention: { date: { start: '2026-05-01', end: '2026-05-03' } }, plain_text: '2026-05-01 → 2026-05-03' },
    ])
  })

  it('takes the last id in an address', () => {
    const url = `https://app.notion.com/${'0'.repeat(32)}/${PAGE.replaceAll('-', '')}?v=${'1'.repeat(32)}#x`
    expect(markdownToRichText(`<mention-page url="${url}"/>`)).toMatchObject([{ mention: { page: { id: PAGE } } }])
  })

  it('splits contents over 2,000 characters, never within a character', () => {
    const long = markdownToRichText(`${'a'.repeat(1999)}🙂${'b'.repeat(3000)}`)
    expect(long.map((item) => item.plain_text.length)).toEqual([1999, 2000, 1002])
    expect(long[1]?.plain_text.startsWith('🙂')).toBe(true)
  })
})

describe('richTextToMarkdown', () => {
  it.each<[string, RichTextItem[]]>([
    [
      '**a *b* c**',
      [marked('a ', { bold: true }), marked('b', { bold: true, italic: true }), marked(' c', { bold: true })],
    ],
    ['***a** b*', [marked('a', { bold: true, italic: true }), marked(' b', { italic: true })]],
    ['~~s~~ `c`', [marked('s', { strikethrough: true }), textItem(' '), marked('c', { code: true })]],
    ['``a`b``', [marked('a`b', { code: true })]],
    ['`` ` ``', [marked('`', { code: true })]],
    ['<span color="gray_bg">x</span>', [marked('x', { color: 'gray_background' })]],
    ['<span underline="true">x</span>', [marked('x', { underline: true })]],
    [
      '[a **b**](https://a.example)',
      [textItem('a ', PLAIN, 'https://a.example'), textItem('b', { ...PLAIN, bold: true }, 'https://a.example')],
    ],
    ['one<br>two', [textItem('one\ntwo')]],
    ['snake_case, 5 > 3 < 4, a ~ b', [textItem('snake_case, 5 > 3 < 4, a ~ b')]],
    ['\\*x\\* \\[y\\] \\$5 \\<b> \\`', [textItem('*x* [y] $5 <b> `')]],
    ['[x](a\\(b\\ c)', [textItem('x', PLAIN, 'a(b c')]],
  ])('writes %s', (markdown, items) => {
    expect(richTextToMarkdown(items)).toBe(markdown)
  })

  it('keeps white space at the edge of a mark', () => {
    expect(richTextToMarkdown([marked('Note: ', { bold: true }), textItem('text')])).toBe('**Note:\\ **text')
  })

  it('takes tags where the usual marks would read differently', () => {
    const items = [marked('a', { italic: true }), marked('b', { bold: true })]
    const markdown = richTextToMarkdown([marked('x', { italic: true }), textItem('_'), ...items])
    expect(shown(markdownToRichText(markdown))).toEqual(['x|italic', '_', 'a|italic', 'b|bold'])
    expect(richTextToMarkdown([marked('</td>', { code: true })], () => true)).toBe('<code>\\</td\\></code>')
  })

  it('writes equations, even with what would end them', () => {
    const [equation] = markdownToRichText('$`x`$')
    expect(richTextToMarkdown(equation ? [equation] : [])).toBe('$`x`$')
    const hard = { ...equation, equation: { expression: 'a`$\nb' }, plain_text: 'a`$\nb' } as RichTextItem
    expect(richTextToMarkdown([hard])).toBe('<equation expression="a`$&#10;b"/>')
  })

  it('keeps a user name that begins with an at sign', () => {
    for (const name of ['@Ada', '@@Ada', '@@@']) {
      const mention = { type: 'user', user: { object: 'user', id: USER } }
      const item: RichTextItem = { type: 'mention', annotations: PLAIN, href: null, mention, plain_text: name }
      expect(markdownToRichText(richTextToMarkdown([item]))).toEqual([item])
    }
  })

  it('writes mentions as tags, and those without a tag as text', () => {
    const common = { type: 'mention' as const, annotations: PLAIN, href: null }
    const user = { ...common, mention: { type: 'user', user: { id: USER, name: 'Ada' } }, plain_text: '@Ada' }
    const date = {
      ...common,
      mention: { type: 'date', date: { start: '2026-05-01', end: null } },
      plain_text: '2026-05-01 → ',
    }
    const preview = {
      ...common,
      mention: { type: 'link_preview', link_preview: { url: 'https://a.example' } },
      plain_text: 'https://a.example',
      href: 'https://a.example',
    }
    expect(richTextToMarkdown([user, date, preview])).toBe(
      `<mention-user url="user://${USER}">Ada</mention-user><mention-date start="2026-05-01"/>` +
        '[https://a.example](https://a.example)',
    )
  })
})

describe('inline round trip', { timeout: 60_000 }, () => {
  it('reads back whatever was written, on one line', () => {
    fc.assert(
      fc.property(richText, (items) => {
        const markdown = richTextToMarkdown(items)
        expect(markdown).not.toMatch(/[\r\n]/)
        expect(markdownToRichText(markdown)).toEqual(items)
      }),
      { numRuns: 1000 },
    )
  })

  it('keeps every letter of a text that nobody wrote with care', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const once = markdownToRichText(text)
        expect(markdownToRichText(richTextToMarkdown(once))).toEqual(once)
        expect(plainText(once).length).toBeLessThanOrEqual(text.length)
      }),
    )
  })
})
