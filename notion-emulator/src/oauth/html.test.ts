import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Markup, markup } from './html.ts'

describe('markup', () => {
  it('escapes what is put in, in text and in attributes', () => {
    expect(markup`<p title="${`"'`}">${'<&>'} ${7}</p>`.source).toBe('<p title="&quot;&#39;">&lt;&amp;&gt; 7</p>')
  })

  it('takes markup and lists of it as they are', () => {
    const items = ['a', '<b>'].map((text) => markup`<li>${text}</li>`)
    expect(markup`<ul>${items}</ul>${markup``}`.source).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>')
  })

  it('lets no text out of its place, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { source } = markup`${text}`
        expect(source).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/)
        expect(markup`${new Markup(source)}`.source).toBe(source)
      }),
    )
  })
})
