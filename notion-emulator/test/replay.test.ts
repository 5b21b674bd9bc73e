import { describe, expect, it } from 'vitest'
import { replay } from '../src/replay/command.ts'
import type { Driven, Outcome } from '../src/replay/drive.ts'
import { percentOf, summarize } from '../src/replay/report.ts'
import { record, replayLines, WHOLE_STORY, withFile, type Line } from './support/recorded.ts'

const VERSIONS = ['2025-09-03', '2026-03-11']
const story = record('story', '2026-03-11', WHOLE_STORY)

function differing(outcomes: Outcome[]): Driven[] {
  return outcomes.filter((outcome) => outcome.driven).filter(({ differences }) => differences.length > 0)
}

/** The story with one answer changed. */
function tampered(target: string, change: (answer: Record<string, unknown>, line: Line) => void): Line[] {
  const lines = structuredClone(story)
  const line = lines.find(({ method, path }) => `${method} ${path}`.startsWith(target))
  if (line === undefined) throw new Error(`The story has no ${target}`)
  change(line.response_body, line)
  return lines
}

function run(args: string[]): { code: number; output: string } {
  let output = ''
  const code = replay(args, (text) => {
    output += text
  })
  return { code, output }
}

const results = (answer: Record<string, unknown>) => answer['results'] as Record<string, unknown>[]

describe('replay of recorded traffic', () => {
  it.each(VERSIONS)('finds an emulator equal to its own recording, to every value, at %s', (version) => {
    const outcomes = replayLines(record('own', version, WHOLE_STORY))
    expect(differing(outcomes).map(({ interaction, differences }) => [interaction.id, differences])).toEqual([])
    expect(summarize(outcomes).toTheValue).toEqual({ equal: WHOLE_STORY.length, of: WHOLE_STORY.length })
  })

  it('puts in place what a session reads before it makes it', () => {
    const middle = story.slice(5)
    const outcomes = replayLines(middle)
    const unequal = differing(outcomes).filter(({ differences }) => differences.some(({ kind }) => kind !== 'value'))
    expect(unequal.map(({ interaction, differences }) => [interaction.id, differences])).toEqual([])
  })

  it('drives every line that stands by itself', () => {
    const alone = story.map((line, index) => ({ ...line, id: `alone-${index}` }))
    const report = summarize(replayLines(alone))
    expect(report.sessions).toBe(story.length)
    expect(report.tools).toEqual({ equal: story.length, of: story.length })
  })

  it.each<[kind: string, place: string, lines: Line[]]>([
    ['status', '', tampered('POST /v1/pages', (_answer, line) => void (line.status = 409))],
    ['missing', 'sparkle', tampered('POST /v1/pages', (answer) => void (answer['sparkle'] = true))],
    ['extra', 'is_locked', tampered('PATCH /v1/pages', (answer) => void delete answer['is_locked'])],
    ['type', 'icon', tampered('PATCH /v1/pages', (answer) => void (answer['icon'] = { type: 'emoji' }))],
    ['length', 'title[]', tampered('POST /v1/databases', (answer) => void (answer['title'] = []))],
    ['value', 'has_more', tampered('GET /v1/comments', (answer) => void (answer['has_more'] = true))],
    [
      'missing',
      'properties{number}',
      tampered('PATCH /v1/pages', (answer) => {
        answer['properties'] = { ...(answer['properties'] as object), Height: { type: 'number', number: 1 } }
      }),
    ],
  ])('tells a difference of kind %s at "%s"', (kind, place, lines) => {
    const [first] = differing(replayLines(lines))
    expect(first?.differences).toContainEqual(expect.objectContaining({ kind, place }))
  })

  it('tells rows that are missing, that are too many, and that stand in another order', () => {
    const query = `POST ${story[13]?.path ?? ''}`
    const fewer = tampered(query, (answer) => void results(answer).pop())
    expect(differing(replayLines(fewer))[0]?.differences).toMatchObject([{ kind: 'rows', place: 'results' }])
    const sorted = structuredClone(story)
    results(sorted[14]?.response_body ?? {}).reverse()
    expect(differing(replayLines(sorted))[0]?.differences).toMatchObject([{ kind: 'order', place: 'results' }])
  })

  it('leaves open whether the index has followed what the session did', () => {
    const lines = record('index', '2026-03-11', [
      ...WHOLE_STORY.slice(0, 5),
      ['POST /v1/search', () => ({ query: 'Hut', filter: { property: 'object', value: 'page' } })],
    ])
    const search = lines[5]?.response_body ?? {}
    search['results'] = results(search).filter((row) => row['id'] !== lines[4]?.response_body['id'])
    const outcome = replayLines(lines)[5]
    expect(outcome).toMatchObject({ driven: true, differences: [], undetermined: 1 })
    const report = summarize(replayLines(lines))
    expect(report).toMatchObject({ searches: { equal: 2, of: 2 }, searchesWithOpenRows: 1 })
  })

  it('counts an answer apart that is older than the version beside it', () => {
    const lines = tampered('PATCH /v1/pages', (answer) => {
      delete answer['is_archived']
      delete answer['request_id']
    })
    const report = summarize(replayLines(lines))
    expect(report.older).toEqual({ equal: 1, of: 1 })
    expect(report.tools).toEqual({ equal: story.length - 1, of: story.length - 1 })
    expect(report.strict).toEqual({ equal: story.length - 1, of: story.length })
  })

  it('still finds an older answer unequal that differs otherwise', () => {
    const lines = tampered('PATCH /v1/pages', (answer) => {
      delete answer['is_archived']
      answer['sparkle'] = true
    })
    expect(summarize(replayLines(lines)).older).toEqual({ equal: 0, of: 1 })
  })

  it('gives a reason where one is known, and never counts it as equal', () => {
    const lines = tampered('GET /v1/users', () => {})
    const users = lines[1]?.response_body ?? {}
    const [first, second] = results(users)
    if (first !== undefined && second !== undefined) second['id'] = first['id']
    const report = summarize(replayLines(lines))
    expect(report.differences[0]?.reason).toMatch(/same id/)
    expect(report.tools.equal).toBeLessThan(report.tools.of)
  })

  it('skips nothing without saying so', () => {
    const upload = { ...structuredClone(story[0]), id: 'upload#1', method: 'POST', path: '/v1/file_uploads/x/send' }
    const agents = { ...structuredClone(story[0]), id: 'agents#1', path: '/v1/agents' }
    const report = summarize(replayLines([upload as Line, agents as Line]))
    expect(report.interactions).toBe(2)
    expect(Object.values(report.notDriven)).toEqual([1, 1])
    expect(Object.keys(report.notDriven).join()).toMatch(/file_uploads.*agents/)
  })
})

describe('notion-emulator replay', () => {
  it('prints the figures and ends well at or above the bar', () => {
    const { code, output } = withFile(story, (file) => run([file]))
    expect(code).toBe(0)
    expect(output).toContain(`${story.length} of ${story.length} (100.0 %); bar 98 %: reached`)
    expect(output).toContain('filters that give the recorded rows: 1 of 1')
  })

  it('fails below the bar, and lists what differs', () => {
    const lines = tampered('POST /v1/pages', (answer) => void (answer['sparkle'] = true))
    const { code, output } = withFile(lines, (file) => run([file, '--list']))
    expect(code).toBe(1)
    expect(output).toContain('NOT REACHED')
    expect(output).toContain('missing sparkle: true recorded, nothing here')
    expect(withFile(lines, (file) => run([file, '--bar', '90'])).code).toBe(0)
  })

  it('prints the report as JSON', () => {
    const { output } = withFile(story, (file) => run([file, '--json']))
    expect(JSON.parse(output)).toMatchObject({ sessions: 1, interactions: story.length, notDriven: {} })
  })

  it('explains itself when it is called wrongly, and says which line is none', () => {
    expect(run([])).toMatchObject({ code: 2, output: expect.stringContaining('--bar') as string })
    expect(run(['a', 'b']).code).toBe(2)
    expect(run(['--help']).code).toBe(0)
    expect(() => withFile([{ id: 1 } as unknown as Line], (file) => run([file]))).toThrow(/line 1/)
  })

  it('rounds down, so that nothing reaches a bar by rounding', () => {
    expect(percentOf({ equal: 9799, of: 10_000 })).toBe(97.9)
    expect(percentOf({ equal: 0, of: 0 })).toBe(0)
  })
})
