import { describe, expect, test } from 'vitest'
import { hitList, hitValue, type Hit } from './hits.ts'

const ID = '11e36992-6dda-4604-ba2f-8242fb40d36a'
const HEX = ID.replaceAll('-', '')
const OTHER = '0'.repeat(32)

function page(title: string, url: string, more: object = {}): Hit {
  const properties = { Name: { type: 'title', title: [{ plain_text: title }] } }
  return { object: 'page', id: ID, properties, url, in_trash: false, ...more } as unknown as Hit
}

function database(title: string, url: string): Hit {
  const parent = { type: 'database_id', database_id: ID }
  const more = { title: [{ plain_text: title }], properties: {}, parent, in_trash: false, last_edited_time: 'T' }
  return { object: 'data_source', id: OTHER, url, ...more } as unknown as Hit
}

const textOf = (hits: readonly Hit[]) => hits.map(hitList(hits).line)

describe('hitList', () => {
  test('says once what the addresses of all begin with', () => {
    const hits = [
      page('Plan', `https://app.notion.com/p/Plan-${HEX}`),
      page('Notes', `https://app.notion.com/p/${OTHER}`),
    ]
    expect(hitList(hits).head).toBe('Titles and ids; the link of each is https://app.notion.com/p/<id>')
    expect(textOf(hits)).toEqual([`- Plan ${HEX}`, `- Notes ${OTHER}`])
  })

  test.each([
    ['another host', `https://www.notion.so/${OTHER}`],
    ['an address without an id', 'https://app.notion.com/p/home'],
  ])('writes each address where one differs: %s', (_, url) => {
    const hits = [page('Plan', `https://app.notion.com/p/Plan-${HEX}`), page('Notes', url)]
    expect(hitList(hits).head).toBe('')
    expect(textOf(hits)).toEqual([`- Plan https://app.notion.com/p/${HEX}`, `- Notes ${url}`])
  })

  test('marks databases, and what lies in the trash', () => {
    const url = `https://app.notion.com/p/${HEX}`
    expect(textOf([database('Tasks', url)])).toEqual([`- Tasks (database) ${HEX}`])
    expect(textOf([page('Old', url, { in_trash: true })])).toEqual([`- Old ${HEX} (in the trash)`])
  })

  test('keeps a title of several lines in one', () => {
    const url = `https://app.notion.com/p/${HEX}`
    expect(textOf([page('One\n- Two', url), database('A\nB', url), page('', url)])).toEqual([
      `- One - Two ${HEX}`,
      `- A B (database) ${HEX}`,
      `- Untitled ${HEX}`,
    ])
  })

  test('has only ids of what the integration may not read', () => {
    const hits = [{ object: 'data_source', id: ID, properties: {} } as unknown as Hit]
    expect(textOf(hits)).toEqual([`- data source ${HEX}`])
    expect(hitList(hits).head).toBe('')
  })
})

describe('hitValue', () => {
  test('names a database by its own id and by that of its data source', () => {
    const url = `https://app.notion.com/p/${HEX}`
    expect(hitValue(database('Tasks', url))).toMatchObject({ object: 'database', id: ID, data_source_id: OTHER, url })
  })
})
