import { describe, expect, test } from 'vitest'
import { lostSubpages, refuseLoss, subpagesIn } from './subpages.ts'

const HEX = '11e369926dda4604ba2f8242fb40d36a'
const PAGE = `<page url="https://app.notion.com/p/Plan-${HEX}">Plan</page>`
const DATABASE = `<database url="https://app.notion.com/p/${HEX.replace('1', '2')}" inline="false">Tasks</database>`

describe('subpagesIn', () => {
  test('finds pages and databases at any depth', () => {
    const markdown = ['text', PAGE, '<columns>', '\t<column>', `\t\t${DATABASE}`, '\t</column>', '</columns>'].join(
      '\n',
    )
    expect(subpagesIn(markdown)).toEqual([
      { kind: 'page', title: 'Plan', url: `https://app.notion.com/p/${HEX}` },
      { kind: 'database', title: 'Tasks', url: `https://app.notion.com/p/${HEX.replace('1', '2')}` },
    ])
  })

  test('calls what has no title so', () => {
    expect(subpagesIn(PAGE.replace('>Plan<', '><'))).toMatchObject([{ title: 'Untitled' }])
  })

  test.each(['\u2028', '\u2029', '\r'])('finds a page whose title holds the line break %j', (lineBreak) => {
    expect(subpagesIn(PAGE.replace('>Plan<', `>Plan${lineBreak}B<`))).toMatchObject([{ title: `Plan${lineBreak}B` }])
  })

  test.each([
    'See <mention-page url="https://app.notion.com/p/1">Plan</mention-page>',
    `words before ${PAGE}`,
    '[Plan](https://app.notion.com/p/1)',
    '<pages url="x">no</pages>',
  ])('leaves out what only points elsewhere: %s', (markdown) => {
    expect(subpagesIn(markdown)).toEqual([])
  })

  test('is done with a long text at once', () => {
    expect(subpagesIn('<page url="'.repeat(20_000))).toEqual([])
    expect(subpagesIn(`\n${' '.repeat(50_000)}`)).toEqual([])
  })
})

describe('lostSubpages', () => {
  test('are those of the text before that are not in the text after', () => {
    const renamed = PAGE.replace('Plan-', 'Another-').replace('>Plan<', '>Another<')
    expect(lostSubpages(`${PAGE}\n${DATABASE}`, `new\n${renamed}`)).toMatchObject([{ kind: 'database' }])
    expect(lostSubpages(PAGE, `- list\n\t${PAGE}`)).toEqual([])
  })
})

describe('refuseLoss', () => {
  const subpage = (title: string) => ({ kind: 'page' as const, title, url: `https://a.example/${title}` })

  test('names one', () => {
    const outcome = refuseLoss([subpage('A')], 'including_children')
    expect(outcome.ok ? '' : outcome.problem.detail).toMatch(
      /also put a page in the trash.*"A" \(https:\/\/a\.example\/A\)\./,
    )
  })

  test('names a few of many, and tells programs all', () => {
    const outcome = refuseLoss('ABCDEFG'.split('').map(subpage), 'allow_deleting_content')
    if (outcome.ok) throw new Error('It was not refused')
    const { detail, extra } = outcome.problem
    expect(detail).toMatch(/7 pages or databases.*"E" \S+ and 2 more\..*allow_deleting_content: true/)
    expect(detail).not.toContain('"F"')
    expect(extra).toMatchObject({ would_trash: { length: 7 } })
  })
})
