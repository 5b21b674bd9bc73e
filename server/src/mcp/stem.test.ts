import { describe, expect, test } from 'vitest'
import { stemsOf } from './stem.ts'

describe('forms of one word have one stem', () => {
  test.each([
    ['page', 'pages'],
    ['página', 'paginas', 'PÁGINAS'],
    ['apagar', 'apague', 'apaga', 'apagando', 'apagou', 'apagado'],
    ['buscar', 'busque', 'busca', 'buscando'],
    ['criar', 'crie', 'cria', 'criando', 'criada'],
    ['comentário', 'comentarios', 'comentar', 'comente'],
    ['create', 'created', 'creating', 'creates'],
    ['update', 'updating', 'updated'],
    ['stop', 'stopped', 'stopping'],
    ['ler', 'leia', 'lendo'],
    ['people', 'person', 'persons'],
    ['un-archive', 'unarchive'],
    ['to-do', 'todo'],
    ['e-mail', 'email', 'e-mails'],
  ])('%s', (...words) => {
    expect(new Set(words.map((word) => stemsOf(word).join(' '))).size).toBe(1)
  })

  test.each([
    ['page', 'paste'],
    ['user', 'use'],
    ['row', 'rot'],
    ['lista', 'linha'],
  ])('%s is not %s', (one, other) => {
    expect(stemsOf(one)).not.toEqual(stemsOf(other))
  })
})

describe('a text', () => {
  test('falls apart into its words', () => {
    expect(stemsOf('notion_read_page')).toEqual(stemsOf('Notion: read (page)!'))
    expect(stemsOf('readPageContent')).toEqual(stemsOf('read page content'))
  })

  test('leaves out what says nothing', () => {
    expect(stemsOf('I want you to please do this for me')).toEqual([])
    expect(stemsOf('eu quero que você faça isso para mim').length).toBeLessThan(4)
  })

  test('leaves out what it only names', () => {
    const id = '39d7a5de-1c3f-4c7a-9d5e-0a2b6f0c1d2e'
    const named = `rename https://example.com/delete-page and ${id} and ${id.replaceAll('-', '')} to "remove the row"`
    expect(stemsOf(named)).toEqual(stemsOf('rename'))
  })

  test.each(['', '   ', '—…!?', '日本語のページ', '\u0000\uFFFF', '😀'])('of any kind is read: %j', (text) => {
    expect(Array.isArray(stemsOf(text))).toBe(true)
  })

  test('takes time in proportion to its length', () => {
    const started = performance.now()
    for (const piece of ['a', '"a', 'http://', 'e-', '0123456789abcdef', '“']) stemsOf(piece.repeat(50_000))
    expect(performance.now() - started).toBeLessThan(3_000)
  })
})
