import { expect, test } from 'vitest'
import { linkTarget } from './link-target.ts'

const OWN = 'https://keys.example'

test.each(['/connections', 'https://keys.example/connect/x'])('%s is ours', (href) => {
  expect(linkTarget(href, OWN)?.isOwn).toBe(true)
})

test.each(['https://evil.example/a', '//evil.example', 'mailto:a@b.example', 'http://keys.example/'])(
  '%s leads away',
  (href) => {
    expect(linkTarget(href, OWN)?.isOwn).toBe(false)
  },
)

test.each([undefined, 'javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x', 'http://['])(
  '%s leads nowhere',
  (href) => {
    expect(linkTarget(href, OWN)).toBeNull()
  },
)
