import { describe, expect, it } from 'vitest'
import { applyMarkdownUpdate } from './edit.ts'
import { parseMarkdown } from './parse.ts'
import { renderMarkdown } from './render.ts'

const PAGE = ['## Tasks', '- [ ] Draft', '\t- detail', '- [x] Review', 'Draft of the end'].join('\n')
const CHILD = '<page url="https://app.notion.com/p/c41e07d25b3a4f869d107ae28b64c915">Child</page>'
const DATABASE = '<database url="https://app.notion.com/p/415d8e4e98ab8108901dcfa2d3993f6e">Rows</database>'

function update(current: string, updates: Record<string, unknown>[], more: Record<string, unknown> = {}) {
  return applyMarkdownUpdate(current, { type: 'update_content', update_content: { content_updates: updates, ...more } })
}

function markdownOf(result: ReturnType<typeof applyMarkdownUpdate>): string {
  return result.ok ? result.markdown : `refused: ${result.message}`
}

describe('replace_content', () => {
  it('takes the new text as it is', () => {
    const body = { type: 'replace_content', replace_content: { new_str: '# New\n\ntext' } }
    expect(applyMarkdownUpdate(PAGE, body)).toEqual({ ok: true, markdown: '# New\n\ntext', removed: [] })
  })
})

describe('update_content', () => {
  it('replaces what it finds once, one update after the other', () => {
    const result = update(PAGE, [
      { old_str: '- [ ] Draft', new_str: '- [x] Draft' },
      { old_str: '- [x] Draft\n\t- detail', new_str: '- [x] Done' },
    ])
    expect(markdownOf(result)).toBe('## Tasks\n- [x] Done\n- [x] Review\nDraft of the end')
  })

  it('takes the new text to the letter', () => {
    expect(markdownOf(update('a b', [{ old_str: 'b', new_str: "$& $1 $'" }]))).toBe("a $& $1 $'")
    expect(markdownOf(update('a b', [{ old_str: ' b', new_str: '' }]))).toBe('a')
  })

  it.each([
    ['not there', 'Absent', 'Could not find "Absent"'],
    ['in other case', 'draft', 'Could not find "draft"'],
    ['empty', '', 'Could not find ""'],
    ['at several places', 'Draft', 'Found "Draft" at 2 places'],
  ])('refuses a text that is %s', (_, search, message) => {
    const result = update(PAGE, [{ old_str: search, new_str: 'x' }])
    expect(result).toMatchObject({ ok: false, message: expect.stringContaining(message) as string })
  })

  it('replaces all places when asked to', () => {
    expect(markdownOf(update('a b a', [{ old_str: 'a', new_str: 'aa', replace_all_matches: true }]))).toBe('aa b aa')
  })

  it('does all or nothing', () => {
    const result = update(PAGE, [
      { old_str: 'Review', new_str: 'Checked' },
      { old_str: 'Absent', new_str: '' },
    ])
    expect(result.ok).toBe(false)
  })
})

describe('insert_content', () => {
  function insert(current: string, command: Record<string, unknown>) {
    return applyMarkdownUpdate(current, { type: 'insert_content', insert_content: command })
  }

  it.each<[string, Record<string, unknown>, string, object]>([
    ['at the end', {}, `${PAGE}\n1. new`, { position: 'end' }],
    ['at the end by name', { position: { type: 'end' } }, `${PAGE}\n1. new`, { position: 'end' }],
    ['at the start', { position: { type: 'start' } }, `1. new\n${PAGE}`, { position: 'start' }],
    ['after a line', { after: '## Tasks\n' }, PAGE.replace('\n', '\n1. new\n'), { position: 'after', path: [0] }],
    [
      'after a block with all below it',
      { after: '- [ ] Draft' },
      PAGE.replace('detail\n', 'detail\n1. new\n'),
      { position: 'after', path: [1] },
    ],
    [
      'after a block below another',
      { after: 'detail' },
      PAGE.replace('detail\n', 'detail\n\t1. new\n'),
      { position: 'after', path: [1, 0] },
    ],
    [
      'after a selection',
      { after: '## Tasks...Review' },
      PAGE.replace('Review\n', 'Review\n1. new\n'),
      { position: 'after', path: [2] },
    ],
  ])('puts new blocks %s', (_, place, expected, insertion) => {
    const result = insert(PAGE, { content: '1. new\n', ...place })
    expect(result).toEqual({
      ok: true,
      markdown: expected,
      insertion: { content: '1. new\n', ...insertion },
      removed: [],
    })
  })

  it('goes on with the numbers of the list', () => {
    expect(markdownOf(insert('1. a\n2. b', { content: '1. new', after: 'a' }))).toBe('1. a\n2. new\n3. b')
  })

  it('finds the block even by the tags around it', () => {
    const toggle = '<details>\n<summary>s</summary>\n\ta\n</details>\nb'
    expect(insert(toggle, { content: 'x', after: '</details>' })).toMatchObject({ insertion: { path: [0] } })
    expect(insert(toggle, { content: 'x', after: '<summary>s' })).toMatchObject({ insertion: { path: [0] } })
  })

  it('puts nothing but columns among columns', () => {
    const columns = '<columns>\n\t<column>\n\t\ta\n\t</column>\n</columns>\nb'
    expect(insert(columns, { content: 'x', after: '</column>' })).toMatchObject({ insertion: { path: [0] } })
    expect(insert(columns, { content: 'x', after: 'a' })).toMatchObject({ insertion: { path: [0, 0, 0] } })
  })

  it('takes more blocks than a call takes arguments', { timeout: 60_000 }, () => {
    expect(insert('a\nb', { content: 'x\n'.repeat(150_000), after: 'a' })).toMatchObject({ ok: true })
  })

  it('refuses what it cannot find', () => {
    expect(insert(PAGE, { content: 'x', after: 'Tasks...Absent' })).toMatchObject({ ok: false })
    expect(insert(PAGE, { content: 'x', after: '' })).toMatchObject({ ok: false })
  })
})

describe('replace_content_range', () => {
  function replace(range: string, content = 'X') {
    return applyMarkdownUpdate(PAGE, {
      type: 'replace_content_range',
      replace_content_range: { content, content_range: range },
    })
  }

  it.each([
    ['- [ ] Draft', PAGE.replace('- [ ] Draft', 'X')],
    ['- [ ] Draft...Review', PAGE.replace(/- \[ \][^]*Review/, 'X')],
    ['- [ ] Draft … - [x] Review', PAGE.replace(/- \[ \][^]*Review/, 'X')],
    ['Draft...Review', PAGE.replace(/Draft[^]*Review/, 'X')],
  ])('replaces %j', (range, expected) => {
    expect(markdownOf(replace(range))).toBe(expected)
  })

  it('takes dots that are in the text for themselves', () => {
    const body = {
      type: 'replace_content_range',
      replace_content_range: { content: 'X', content_range: 'wait...what' },
    }
    expect(markdownOf(applyMarkdownUpdate('a wait...what b', body))).toBe('a X b')
  })

  it('refuses an end that only comes before the start', () => {
    expect(replace('Review...## Tasks')).toMatchObject({ ok: false })
    expect(replace('...')).toMatchObject({ ok: false })
  })
})

describe('child pages and databases', () => {
  const page = `a\n- b\n\t${CHILD}\n${DATABASE}`

  it('are not removed by the way; the message lists them', () => {
    const result = applyMarkdownUpdate(page, {
      type: 'replace_content',
      replace_content: { new_str: `x\n${DATABASE}` },
    })
    expect(result.ok).toBe(false)
    expect(result).toMatchObject({
      message: expect.stringMatching(/would delete 1 .*\n- page "Child" \(https:/) as string,
    })
  })

  it('are removed when the caller allows it, and named', () => {
    const body = { type: 'replace_content', replace_content: { new_str: 'x', allow_deleting_content: true } }
    expect(applyMarkdownUpdate(page, body)).toMatchObject({
      ok: true,
      markdown: 'x',
      removed: [
        { type: 'child_page', title: 'Child', id: 'c41e07d2-5b3a-4f86-9d10-7ae28b64c915' },
        { type: 'child_database', title: 'Rows', id: '415d8e4e-98ab-8108-901d-cfa2d3993f6e' },
      ],
    })
  })

  it('may be moved and renamed in the text', () => {
    const moved = `${DATABASE}\n${CHILD.replace('Child', 'Renamed')}\na`
    const body = { type: 'replace_content', replace_content: { new_str: moved } }
    expect(applyMarkdownUpdate(page, body)).toMatchObject({ ok: true, removed: [] })
  })

  it('stay when content is inserted', () => {
    const result = applyMarkdownUpdate(page, { type: 'insert_content', insert_content: { content: 'z' } })
    expect(markdownOf(result)).toBe(`${page}\nz`)
  })
})

describe('bodies that are not well formed', () => {
  it.each([
    [undefined, 'body.type should be defined'],
    [{ type: 'rewrite' }, 'body.type should be `"replace_content"`, `"update_content"`'],
    [{ type: 'replace_content' }, 'body.replace_content should be defined'],
    [
      { type: 'replace_content', replace_content: { new_str: 5 } },
      'body.replace_content.new_str should be a string, instead was `5`',
    ],
    [{ type: 'update_content', update_content: { content_updates: 'x' } }, 'content_updates should be an array'],
    [
      { type: 'update_content', update_content: { content_updates: [{ old_str: 'a' }] } },
      'content_updates[0].new_str should be defined',
    ],
    [
      { type: 'insert_content', insert_content: { content: 'x', position: { type: 'middle' } } },
      'position.type should be `"start"` or `"end"`',
    ],
    [{ type: 'replace_content_range', replace_content_range: { content: 'x' } }, 'content_range should be defined'],
  ])('refuses %j', (body, message) => {
    expect(applyMarkdownUpdate('a', body)).toEqual({ ok: false, message: expect.stringContaining(message) as string })
  })
})

it('works on what rendering gives, whatever is in it', () => {
  const current = renderMarkdown(parseMarkdown('5 * 3\n- - x\n# a {color="red"}'))
  expect(markdownOf(update(current, [{ old_str: '5 \\* 3', new_str: '15' }]))).toBe('15\n- - x\n# a {color="red"}')
})
