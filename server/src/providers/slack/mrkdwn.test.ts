import { describe, expect, test } from 'vitest'
import { toMarkdown } from './markdown.ts'
import { toMrkdwn } from './mrkdwn.ts'

describe('Markdown as Slack writes it', () => {
  test.each([
    ['plain', 'plain'],
    ['**bold** and *italic* and ~~struck~~', '*bold* and _italic_ and ~struck~'],
    ['__bold__ _italic_', '*bold* _italic_'],
    ['snake__case__name and 2 * 3 * 4', 'snake__case__name and 2 * 3 * 4'],
    ['# Title', '*Title*'],
    ['### **Title** ###', '*Title*'],
    ['- one\n* two\n  - three\n1. four', '• one\n• two\n  • three\n1. four'],
    ['> quoted **x**\n>more', '> quoted *x*\n> more'],
    ['[label](https://x.test/a?b=1&c=2)', '<https://x.test/a?b=1&amp;c=2|label>'],
    ['**[label](https://x.test)**', '*<https://x.test|label>*'],
    ['![alt](https://x.test/i.png)', '<https://x.test/i.png|alt>'],
    ['[](https://x.test)', '<https://x.test>'],
    ['<https://x.test>', '<https://x.test>'],
    ['[a|b](https://x.test)', '<https://x.test|a¦b>'],
    ['[x](javascript:alert)', '[x](javascript:alert)'],
    ['`**code** & <b>`', '`**code** &amp; &lt;b&gt;`'],
    ['```ts\na **b** <c>\n```', '```\na **b** &lt;c&gt;\n```'],
    ['a < b && c > d', 'a &lt; b &amp;&amp; c &gt; d'],
    ['a\r\nb\u0000\u001Bc', 'a\nbc'],
    ['5 > 4', '5 &gt; 4'],
  ])('%j is %j', (markdown, mrkdwn) => {
    expect(toMrkdwn(markdown)).toBe(mrkdwn)
  })

  test('can be read back', () => {
    const markdown = '**Plan**: see [the page](https://x.test) & `a <b>`\n~~old~~'
    expect(toMarkdown(toMrkdwn(markdown), new Map())).toBe(markdown)
  })

  test('holds no mark of Slack that was not put there', () => {
    const hostile = [
      '<!channel>',
      '<@U1>',
      '<#C1>',
      '<!date^1^x|y>',
      '<https://a.test|b><!here>',
      '[a](https://b.test><!here)',
    ]
    for (const text of hostile) expect(toMrkdwn(text).match(/<[!@#]/)).toBeNull()
  })

  test('says that it was cut, also where names made it shorter', () => {
    expect(toMarkdown('<@U0ANA0001|a>'.repeat(2_000), new Map([['U0ANA0001', 'A']]))).toMatch(/… \[…\]$/)
    expect(toMarkdown('x'.repeat(4_000), new Map())).not.toContain('[…]')
  })

  test('takes no time worth speaking of for what is long and nested', () => {
    const begin = performance.now()
    for (const text of [
      '*'.repeat(20_000),
      '['.repeat(20_000),
      '`'.repeat(20_001),
      '~~a'.repeat(7_000),
      '__'.repeat(10_000),
    ]) {
      toMrkdwn(text)
      toMarkdown(text, new Map())
    }
    expect(performance.now() - begin).toBeLessThan(3_000)
  })
})
