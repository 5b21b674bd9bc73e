import { expect, test } from 'vitest'
import { permalinkOf } from './permalinks.ts'

const TEAM = 'https://acme.slack.com/'
const MESSAGE = { channel: 'C0GENERAL1', ts: '1700000060.000100' }

test.each([
  [MESSAGE, 'https://acme.slack.com/archives/C0GENERAL1/p1700000060000100'],
  [{ ...MESSAGE, threadTs: MESSAGE.ts }, 'https://acme.slack.com/archives/C0GENERAL1/p1700000060000100'],
  [
    { ...MESSAGE, threadTs: '1700000000.000100' },
    'https://acme.slack.com/archives/C0GENERAL1/p1700000060000100?thread_ts=1700000000.000100&cid=C0GENERAL1',
  ],
])('the address of %j', (place, link) => {
  expect(permalinkOf(TEAM, place)).toBe(link)
})

test.each([undefined, '', 'http://acme.slack.com/', 'https://acme.slack.com/x', 'javascript:alert(1)'])(
  'there is none where the workspace is at %j',
  (teamUrl) => {
    expect(permalinkOf(teamUrl, MESSAGE)).toBeNull()
  },
)

test('there is none where the message has no ts', () => {
  expect(permalinkOf(TEAM, { ...MESSAGE, ts: '' })).toBeNull()
})
