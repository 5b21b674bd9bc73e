import { describe, expect, test } from 'vitest'
import { folded, matchesOf } from './names.ts'

test.each([
  ['Situação', 'situacao'],
  ['  REUNIÃO   de\tpauta ', 'reuniao de pauta'],
  ['Situação'.normalize('NFD'), 'situacao'],
  ['✅ Tarefas', '✅ tarefas'],
])('%j is compared as %j', (name, form) => {
  expect(folded(name)).toBe(form)
})

describe('a name among others means', () => {
  const match = (names: readonly string[], name: string): readonly string[] =>
    matchesOf(names, (candidate) => candidate, name)

  test.each<[string, readonly string[], string, readonly string[]]>([
    ['what is written so', ['Nome', 'nome', 'Nomé'], 'Nome', ['Nome']],
    ['else what differs in case alone', ['nome', 'Nomé'], 'NOME', ['nome']],
    ['else what differs in accents', ['Situação', 'Site'], 'situacao', ['Situação']],
    ['all where it is not clear', ['nome', 'Nome'], 'NOME', ['nome', 'Nome']],
    ['all that differ in accents alone', ['Avô', 'Avó'], 'avo', ['Avô', 'Avó']],
    ['nothing where none fits', ['Nome'], 'Nom', []],
  ])('%s', (_, names, name, found) => {
    expect(match(names, name)).toEqual(found)
  })
})
