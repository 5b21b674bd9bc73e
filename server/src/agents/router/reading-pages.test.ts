import { describe, expect, it } from 'vitest'
import { BLOCK, brief, decideOn, OTHER, PAGE, TABLE, THREAD } from '#test/support/router-tools.ts'

const MOVED = `docs_move_page {"page_id":"${PAGE}","parent_id":"${OTHER}"}`

describe('a page with a place for it', () => {
  it.each([
    `Move page ${PAGE} under ${OTHER}`,
    `Under page ${OTHER} put page ${PAGE}`,
    `Please relocate https://docs.example/Notes-${PAGE.replaceAll('-', '')} to page ${OTHER}`,
    `Transfira a página ${PAGE} para ${OTHER}`,
    `Coloca a página ${PAGE} dentro da página ${OTHER}`,
  ])('is moved: %j', (message) => {
    expect(brief(decideOn(message))).toBe(MOVED)
  })

  it('is moved into a table, too', () => {
    expect(brief(decideOn(`Move page ${PAGE} into the database ${TABLE}`))).toBe(MOVED.replace(OTHER, TABLE))
  })

  it.each([
    ['the trash is no place', `Move page ${PAGE} to the trash`, /^docs_archive_page/],
    ['nor is a state', `Move task ${PAGE} to Done`, /^docs_update_page/],
    ['two pages without one', `Junta a página ${PAGE} com a ${OTHER}`, /^(?:decline|ask)/],
    ['a block is none', `Move block ${BLOCK} to page ${PAGE}`, /^(?:decline|ask)/],
  ])('and nothing else: %s', (_, message, expected) => {
    expect(brief(decideOn(message))).toMatch(expected)
  })
})

describe('a passage as it is and as it is to be', () => {
  it.each([
    `In page ${PAGE} replace "a" with "b"`,
    `On page ${PAGE} change the word "a" to "b"`,
    `Na página ${PAGE} substitua "a" por "b"`,
    `Localiza e substitui "a" por "b" em ${PAGE}`,
  ])('is edited: %j', (message) => {
    expect(brief(decideOn(message))).toBe(
      `docs_edit_page_content {"page_id":"${PAGE}","edits":[{"find":"a","replace":"b"}]}`,
    )
  })

  it('is not a column with its value', () => {
    expect(brief(decideOn(`Change "Status" to "Done" on page ${PAGE}`))).not.toMatch(/edit_page_content/)
  })
})

describe('a comment', () => {
  it.each([
    [`Delete comment ${THREAD}`, `docs_delete_comment {"comment_id":"${THREAD}"}`],
    [`Apaga o comentário ${THREAD}`, `docs_delete_comment {"comment_id":"${THREAD}"}`],
    [`Change comment ${THREAD} to "Sent"`, `docs_update_comment {"comment_id":"${THREAD}","text":"Sent"}`],
    [`Delete my comment on page ${PAGE}`, 'ask comment_id'],
  ])('is changed by its own id: %j', (message, expected) => {
    expect(brief(decideOn(message))).toBe(expected)
  })
})
