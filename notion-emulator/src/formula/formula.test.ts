import { describe, expect, it } from 'vitest'
import { evaluate, type FormulaScope } from './evaluate.ts'
import { parseFormula } from './parse.ts'
import { FormulaError } from './tokenize.ts'
import type { FormulaValue } from './values.ts'

const NOON = Date.parse('2026-11-22T12:34:56Z')

function at(text: string): FormulaValue {
  return { kind: 'date', time: Date.parse(text), hasTime: text.includes('T') }
}

const PROPERTIES: Record<string, FormulaValue> = {
  Number: 21,
  Name: 'Ada',
  Status: 'Done',
  Tags: ['a', 'b'],
  Due: at('2026-11-20'),
  Empty: null,
}

const scope: FormulaScope = {
  now: NOON,
  property: (id) => PROPERTIES[decodeURIComponent(id)] ?? null,
  propertyNamed: (name) => PROPERTIES[name] ?? null,
}

const compute = (source: string): FormulaValue => evaluate(parseFormula(source), scope)

describe('formulas', () => {
  it.each<[source: string, result: FormulaValue]>([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['10 - 4 - 3', 3],
    ['2 ^ 3 ^ 2', 512],
    ['-2 ^ 2', -4],
    ['7 % 4 + 1', 4],
    ['prop("Number") * 2', 42],
    ['{{notion:block_property:Number:source:workspace}}* 2', 42],
    ['prop("Name") + "!"', 'Ada!'],
    ['"n: " + prop("Number")', 'n: 21'],
    ['1 == 1 and not (2 < 1)', true],
    ['1 > 2 || 2 >= 2', true],
    ['true ? "yes" : "no"', 'yes'],
    ['if(prop("Status") == "Done", "✅", "🕘")', '✅'],
    ['ifs(false, 1, true, 2, 3)', 2],
    ['ifs(false, 1, 3)', 3],
    ['empty(prop("Empty"))', true],
    ['empty(prop("Name"))', false],
    ['{{notion:block_property:Tags:x:y}}.length()', 2],
    ['prop("Tags").includes("b")', true],
    ['prop("Tags").join(" & ")', 'a & b'],
    ['format(12.5)', '12.5'],
    ['"a\\"b\\n"', 'a"b\n'],
    ['round(2.345, 2)', 2.35],
    ['max(1, [5, 3], 2)', 5],
    ['median([4, 1, 3, 2])', 2.5],
    ['pi > 3.14 and e() < 3', true],
    ['upper("é".concat("x"))', 'ÉX'],
    ['substring("abcdef", 1, 3)', 'bc'],
    ['[3, 1, 2].sort().at(0)', 1],
    ['[1, 1, 2].unique().length()', 2],
    ['dateBetween(now(), prop("Due"), "days")', 2],
    ['dateBetween(parseDate("2026-03-31"), parseDate("2026-02-28"), "months")', 1],
    ['dateBetween(parseDate("2026-03-27"), parseDate("2026-02-28"), "months")', 0],
    ['dateBetween(parseDate("2020-01-01"), parseDate("2026-01-01"), "years")', -6],
    ['month(dateAdd(parseDate("2026-01-31"), 1, "months")) + date(dateAdd(parseDate("2026-01-31"), 1, "months"))', 30],
    ['day(parseDate("2026-11-22"))', 7],
    ['week(parseDate("2026-11-22"))', 47],
    ['hour(dateSubtract(now(), 2, "hours"))', 10],
    ['formatDate(prop("Due"), "ll")', 'November 20, 2026'],
    ['/* why */ 1', 1],
  ])('%s', (source, result) => {
    expect(compute(source)).toEqual(result)
  })

  it('evaluates only the branch that it takes', () => {
    expect(compute('if(true, 1, unknown())')).toBe(1)
    expect(compute('or(true, unknown())')).toBe(true)
  })

  it.each([
    '1 +',
    '(1',
    '"open',
    'unknown(1)',
    'prop("Name") ~ 1',
    'hour("no date")',
    '1 2',
    'constructor(1)',
    'toString',
    '',
  ])('refuses %s', (source) => {
    expect(() => compute(source)).toThrow(FormulaError)
  })

  it('refuses what is nested too deep instead of overflowing', () => {
    expect(() => compute('('.repeat(100_000))).toThrow(FormulaError)
    expect(() => compute('-'.repeat(100_000) + '1')).toThrow(FormulaError)
  })
})
