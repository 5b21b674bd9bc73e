import { expect, it } from 'vitest'
import { prefixFor } from './prefix.ts'

it.each([
  ['Wiki of Ana', 'https://x.example/mcp', 'wikiofana'],
  ['Ação Útil', 'https://x.example/mcp', 'acaoutil'],
  ['  !! ', 'https://mcp.tracker.app/mcp', 'tracker'],
  [undefined, 'https://mcp.tracker.app/mcp', 'tracker'],
  [undefined, 'https://tools.lan:9000/mcp', 'tools'],
  [undefined, 'http://127.0.0.1:9000/mcp', 'server'],
  [undefined, 'https://[2606:4700::1]/mcp', 'server'],
  ['7 wonders', 'https://x.example/mcp', 's7wonders'],
  ['A name that goes on and on', 'https://x.example/mcp', 'anamethatgoesonandon'],
])('makes of %j and %s the prefix %s', (label, url, prefix) => {
  expect(prefixFor(label, url, new Set())).toBe(prefix)
})

it('takes the next number where a prefix is taken, within the length', () => {
  const taken = new Set(['wiki', 'wiki2', 'anamethatgoesonandon'])
  expect(prefixFor('Wiki', 'https://x.example', taken)).toBe('wiki3')
  const long = prefixFor('A name that goes on and on', 'https://x.example', taken)
  expect([long, long.length]).toEqual(['anamethatgoesonando2', 20])
})
