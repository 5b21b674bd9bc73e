import type { LanguageModelV4ToolResultPart } from '@ai-sdk/provider'
import { describe, expect, it } from 'vitest'
import { DOCUMENT_TOOLS } from '#test/support/router-tools.ts'
import type { Language } from './language.ts'
import { renderResult } from './render.ts'
import { profileOf } from './tools.ts'

type Output = LanguageModelV4ToolResultPart['output']

function render(tool: string, output: Output, language: Language = 'en', links = {}): string {
  const profile = DOCUMENT_TOOLS.map(profileOf).find((profile) => profile.tool.name === `docs_${tool}`)
  return renderResult(
    { type: 'tool-result', toolCallId: 'c', toolName: `docs_${tool}`, output },
    { profile, isLookup: false },
    language,
    links,
  )
}

function answer(text: string, result: unknown, next_cursor: string | null = null): Output {
  return { type: 'json', value: { text, result, next_cursor } as never }
}

const hit = (title: string): object => ({ title, url: `https://docs.example/${title}` })

describe('a search', () => {
  it('becomes a short list with links, in the language of the request', () => {
    const found = answer('', { results: [hit('Plan'), hit('Rules')] })
    expect(render('search_pages', found)).toBe(
      'I found 2 results:\n- [Plan](https://docs.example/Plan)\n- [Rules](https://docs.example/Rules)',
    )
    expect(render('search_pages', found, 'pt')).toMatch(/^Encontrei 2 resultados:/)
    expect(render('search_pages', answer('', { results: [hit('Plan')] }))).toMatch(/^I found 1 result:/)
  })

  it('says so when nothing was found or more is there', () => {
    expect(render('search_pages', answer('None.', { results: [] }), 'pt')).toBe('Nada foi encontrado.')
    expect(render('search_pages', answer('', { results: [hit('Plan')] }, 'next'))).toMatch(/There is more/)
  })

  it('cannot be made to show another link by a title', () => {
    const tricky = { title: 'a](https://evil.example) [b', url: 'https://docs.example/x' }
    expect(render('search_pages', answer('', { results: [tricky] }))).toContain(
      '[a(https://evil.example) b](https://docs.example/x)',
    )
  })
})

describe('a read', () => {
  it('shows the Markdown without hints for programs', () => {
    const text = '# Plan\nOpen at 7.\nMore: call again with start_cursor "c9".'
    expect(render('read_page_content', answer(text, {}))).toBe('# Plan\nOpen at 7.')
  })

  it('is cut at the end of a line where it is long', () => {
    const shown = render('read_page_content', answer('A line of text.\n'.repeat(1_000), {}))
    expect(shown.length).toBeLessThan(6_100)
    expect(shown).toMatch(/A line of text\.\n\nThe rest was left out\.$/)
  })
})

describe('a change', () => {
  it.each([
    ['create_page', 'en', 'Created: [Plan](https://docs.example/Plan)'],
    ['archive_page', 'pt', 'Movido para a lixeira: [Plan](https://docs.example/Plan)'],
    ['restore_page', 'pt', 'Restaurado: [Plan](https://docs.example/Plan)'],
  ] as const)('of %s is confirmed with its link (%s)', (tool, language, text) => {
    expect(render(tool, answer('Done', hit('Plan')), language)).toBe(text)
  })

  it('without a link is confirmed in the words of the tool', () => {
    expect(render('append_blocks', answer('Added 2 blocks.', {}))).toBe('Added. Added 2 blocks.')
  })

  it('that was not approved is told as not done', () => {
    expect(render('archive_page', { type: 'execution-denied' }, 'pt')).toBe('Tudo bem, não fiz nada.')
    expect(render('archive_page', { type: 'error-text', value: 'denied: Nothing was done.' })).toBe(
      'It was not approved, so nothing was done.',
    )
  })
})

describe('an error', () => {
  it('of a missing connection carries the link', () => {
    const missing: Output = { type: 'error-text', value: 'not_connected: Connect first. https://house.example/connect' }
    expect(render('search_pages', missing)).toBe(
      'Docs is not connected yet. Connect it, then ask again. Connect: https://house.example/connect',
    )
    const bare: Output = { type: 'error-json', value: { code: 'reauthorize', detail: 'Expired.' } }
    expect(render('search_pages', bare, 'pt', { connect: 'https://house.example/c' })).toMatch(
      /expirou.*Conectar: https:\/\/house\.example\/c$/,
    )
  })

  it.each([
    ['not_found: No such page.', 'en', 'Not found, or not shared with the connection. No such page.'],
    ['rate_limited: Wait 3 seconds.', 'pt', 'Muitos pedidos neste momento. Wait 3 seconds.'],
    ['something odd', 'en', 'That did not work. something odd'],
  ] as const)('%j is put into words (%s)', (value, language, text) => {
    expect(render('read_page', { type: 'error-text', value }, language)).toBe(text)
  })
})
