import { DATE_FUNCTIONS } from './dates.ts'
import { compareValues, equalValues, isEmptyValue, toList, toNumber, toText, type FormulaValue } from './values.ts'

/** A function of formulas. Missing arguments are null. */
export type FormulaFunction = (...values: FormulaValue[]) => FormulaValue

const numeric =
  (compute: (value: number) => number): FormulaFunction =>
  (value = null) =>
    compute(toNumber(value))

const arithmetic =
  (compute: (left: number, right: number) => number): FormulaFunction =>
  (left = null, right = null) =>
    compute(toNumber(left), toNumber(right))

const comparison =
  (holds: (difference: number) => boolean): FormulaFunction =>
  (left = null, right = null) =>
    holds(compareValues(left, right))

const overNumbers =
  (compute: (numbers: number[]) => number): FormulaFunction =>
  (...values) =>
    compute(values.flatMap(toList).map(toNumber))

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0)

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

const MATHEMATICS: Record<string, FormulaFunction> = {
  subtract: arithmetic((left, right) => left - right),
  multiply: arithmetic((left, right) => left * right),
  divide: arithmetic((left, right) => left / right),
  mod: arithmetic((left, right) => left % right),
  pow: arithmetic((left, right) => left ** right),
  unaryMinus: numeric((value) => -value),
  abs: numeric(Math.abs),
  ceil: numeric(Math.ceil),
  floor: numeric(Math.floor),
  sqrt: numeric(Math.sqrt),
  cbrt: numeric(Math.cbrt),
  exp: numeric(Math.exp),
  ln: numeric(Math.log),
  log2: numeric(Math.log2),
  log10: numeric(Math.log10),
  sign: numeric(Math.sign),
  round: (value = null, digits = 0) => {
    const scale = 10 ** toNumber(digits)
    return Math.round(toNumber(value) * scale) / scale
  },
  min: overNumbers((numbers) => Math.min(...numbers)),
  max: overNumbers((numbers) => Math.max(...numbers)),
  sum: overNumbers(sum),
  mean: overNumbers((numbers) => sum(numbers) / numbers.length),
  median: overNumbers(median),
  toNumber: numeric((value) => value),
  pi: () => Math.PI,
  e: () => Math.E,
}

const COMPARISONS: Record<string, FormulaFunction> = {
  equal: (left = null, right = null) => equalValues(left, right),
  unequal: (left = null, right = null) => !equalValues(left, right),
  larger: comparison((difference) => difference > 0),
  largerEq: comparison((difference) => difference >= 0),
  smaller: comparison((difference) => difference < 0),
  smallerEq: comparison((difference) => difference <= 0),
  not: (value = null) => isEmptyValue(value),
  empty: (value = null) => isEmptyValue(value),
}

const TEXTS: Record<string, FormulaFunction> = {
  // Numbers are added; as soon as there is a text, everything is joined as text.
  add: (left = null, right = null) =>
    typeof left === 'string' || typeof right === 'string'
      ? toText(left) + toText(right)
      : toNumber(left) + toNumber(right),
  concat: (...values) => values.map(toText).join(''),
  format: (value = null) => toText(value),
  lower: (value = null) => toText(value).toLowerCase(),
  upper: (value = null) => toText(value).toUpperCase(),
  trim: (value = null) => toText(value).trim(),
  substring: (value = null, start = 0, end = null) =>
    toText(value).slice(toNumber(start), end === null ? undefined : toNumber(end)),
  contains: (value = null, part = null) => toText(value).includes(toText(part)),
  replaceAll: (value = null, from = null, to = null) => toText(value).replaceAll(toText(from), toText(to)),
  replace: (value = null, from = null, to = null) => toText(value).replace(toText(from), toText(to)),
  split: (value = null, separator = ',') => toText(value).split(toText(separator)),
  link: (value = null) => toText(value),
  style: (value = null) => toText(value),
  unstyle: (value = null) => toText(value),
}

const LISTS: Record<string, FormulaFunction> = {
  length: (value = null) => (Array.isArray(value) ? value.length : toText(value).length),
  includes: (list = null, value = null) => toList(list).some((entry) => equalValues(entry, value)),
  join: (list = null, separator = ',') => toList(list).map(toText).join(toText(separator)),
  at: (list = null, index = 0) => toList(list)[toNumber(index)] ?? null,
  first: (list = null) => toList(list)[0] ?? null,
  last: (list = null) => toList(list).at(-1) ?? null,
  slice: (list = null, start = 0, end = null) =>
    toList(list).slice(toNumber(start), end === null ? undefined : toNumber(end)),
  sort: (list = null) => toList(list).toSorted(compareValues),
  reverse: (list = null) => toList(list).toReversed(),
  unique: (list = null) =>
    toList(list).filter((entry, index, all) => all.findIndex((other) => equalValues(other, entry)) === index),
}

/** Every function that computes from its arguments alone. */
export const FUNCTIONS: Record<string, FormulaFunction> = {
  ...MATHEMATICS,
  ...COMPARISONS,
  ...TEXTS,
  ...LISTS,
  ...DATE_FUNCTIONS,
}
