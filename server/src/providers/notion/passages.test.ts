import { describe, expect, test } from 'vitest'
import { applyEdits, type Edit } from './passages.ts'

const PAGE = '# Plan\nShip on **Friday**\nTell the team\n- Ship notes'

function detailsOf(edits: readonly Edit[], page = PAGE): readonly string[] {
  const edited = applyEdits(page, edits)
  return edited.ok ? [] : edited.faults.map(({ edit, detail }) => `${edit}: ${detail}`)
}

describe('applyEdits', () => {
  test('makes one edit after the other', () => {
    const edits = [
      { find: 'Friday', replace: 'Monday' },
      { find: 'on **Monday**', replace: 'next week' },
    ]
    expect(applyEdits(PAGE, edits)).toEqual({
      ok: true,
      markdown: '# Plan\nShip next week\nTell the team\n- Ship notes',
      replaced: [1, 1],
    })
  })

  test('replaces every place where it is told to', () => {
    const edited = applyEdits(PAGE, [{ find: 'Ship', replace: '$& it', replace_all: true }])
    expect(edited).toMatchObject({ ok: true, replaced: [2] })
    expect(edited.ok ? edited.markdown : '').toContain('$& it on **Friday**')
  })

  test('says of each edit what is wrong with it', () => {
    const edits = [
      { find: 'Plan', replace: 'Plans' },
      { find: 'Ship', replace: 'Send' },
      { find: 'nowhere', replace: '' },
    ]
    expect(detailsOf(edits)).toEqual([
      '2: "Ship" is there 2 times; give more of the text around it, or replace_all: true',
      '3: "nowhere" is not there; copy it from the page as notion_read_page_content shows it',
    ])
  })

  test.each([
    ['ship on friday', 'Ship on **Friday**'],
    ['tell  the TEAM', 'Tell the team'],
    ['- ship notes', '- Ship notes'],
  ])('shows the line that is nearly what was meant: %s', (find, line) => {
    expect(detailsOf([{ find, replace: 'x' }])).toEqual([
      `1: ${JSON.stringify(find)} is not there; the page has ${JSON.stringify(line)}`,
    ])
  })

  test('shows the beginning of a long text', () => {
    const [detail = ''] = detailsOf([{ find: 'x'.repeat(500), replace: '' }])
    expect(detail.length).toBeLessThan(250)
    expect(detail).toContain('x…"')
  })
})
