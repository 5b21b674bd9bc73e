import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BLOCK, brief, conversation, decideOn, knowledgeWith, OTHER, PAGE, TABLE } from '#test/support/router-tools.ts'
import { decide } from './decide.ts'

const WORDS = [
  ...'please find open read show list create add set mark rename move archive delete restore comment reply tick sort'.split(
    ' ',
  ),
  ...'ache abra leia mostre liste crie adicione mude marque renomeie mova arquive apague restaure comente responda'.split(
    ' ',
  ),
  ...'the a my all it that first page database block comment user column status trash to in as with about called'.split(
    ' ',
  ),
  ...'o a minha todas ela essa primeira página base bloco comentário usuário coluna situação lixeira para em como com'.split(
    ' ',
  ),
  '"Plan"',
  ':',
  ',',
  '?',
  'Done',
  'Feito',
  '2026-12-01',
  '5',
  '=',
  PAGE,
  TABLE,
  BLOCK,
  `https://docs.example/Plan-${PAGE}`,
]
const message = fc.array(fc.constantFrom(...WORDS), { maxLength: 14 }).map((words) => words.join(' '))
const anyText = fc.oneof(message, fc.string({ maxLength: 60, unit: 'grapheme' }))
const RUNS = { numRuns: 500 }

function idsIn(value: unknown): string[] {
  return JSON.stringify(value).match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? []
}

describe('whatever is said', () => {
  it('the router decides something, and only repeats ids that were named', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 3 }), anyText, (before, last) => {
        const decision = decideOn(last, before)
        if (decision.kind !== 'call') return
        const named = [...before, last].join(' ').replaceAll(/[^0-9a-f]/g, '')
        for (const id of idsIn(decision.input)) expect(named).toContain(id.replaceAll('-', ''))
      }),
      RUNS,
    )
  })

  it('a change is only made to something that was named', () => {
    fc.assert(
      fc.property(anyText, (last) => {
        const decision = decideOn(last)
        if (decision.kind === 'call' && !decision.profile.tool.annotations.readOnly) {
          expect(idsIn(decision.input)).not.toEqual([])
        }
      }),
      RUNS,
    )
  })

  it('a question changes nothing', () => {
    const openings = fc.constantFrom('Who', 'Why', 'When', 'How', 'Quem', 'Por que', 'Quando', 'Como')
    fc.assert(
      fc.property(openings, message, (opening, rest) => {
        const text = `${opening} ${rest.replaceAll(/[,:?]/g, '')}?`
        const decision = decideOn(text)
        const { readOnly } = decision.kind === 'call' ? decision.profile.tool.annotations : { readOnly: true }
        expect(readOnly, `${text} → ${brief(decision)}`).toBe(true)
      }),
      RUNS,
    )
  })
})

describe('decide', () => {
  it('takes a question with a verb of the other language for a question', () => {
    expect(decideOn(`Como comment "Plan" ${PAGE}?`).kind).not.toBe('call')
  })

  it('reads an answer together with the request that it completes', () => {
    const before = ['Archive the page', 'Which page do you mean?']
    expect(brief(decideOn(PAGE, before))).toBe(`docs_archive_page {"page_id":"${PAGE}"}`)
  })

  it('does not carry a request over to a new one', () => {
    const before = ['Archive the page', 'Which page do you mean?']
    expect(brief(decideOn(`Never mind, read ${PAGE}`, before))).toBe(`docs_read_page_content {"page_id":"${PAGE}"}`)
    expect(brief(decideOn('What is the capital of Peru?', before))).toMatch(/^decline/)
  })

  it('forgets what was said long ago', () => {
    const chatter = Array.from({ length: 14 }, (_, index) => `Turn ${index}`)
    const history = conversation('Open it', `"Plan" (${PAGE})`, ...chatter)
    expect(decide({ history, message: 'Archive it' }, knowledgeWith()).kind).not.toBe('call')
  })

  it('refuses a message that is too long, whatever it begins with', () => {
    expect(brief(decideOn(`Add to ${PAGE}: ${'text '.repeat(1_000)}`))).toBe('decline too_long')
  })

  it('asks before it acts on one of several', () => {
    expect(brief(decideOn('Archive it', ['Find rules', `"A" (${PAGE})\n"B" (${OTHER})`]))).toBe('ask page_id')
  })
})
