import { isObject } from '../validation/check.ts'
import { RELATIVE_RANGES, dayOf, inUnitOf, instantOf, readPoint, type DatePoint } from './dates.ts'
import { asArray, asObject, idsOf, numberOf, optionOf, startOf, textOf } from './values.ts'

/** What an operator may need besides its operand. */
export interface FilterContext {
  now: Date
  /** Id of the user behind the token: what `"me"` means. Absent for an internal integration, where it matches nobody. */
  me?: string | undefined
}

/** Decides on the payload of one property value (what stands under its type). */
export type Test = (value: unknown) => boolean

/** One operator of a filter, such as `equals`. */
export interface Operator {
  /** What the operand should be, in the words of a validation message. */
  expectation: string
  /** The test for this operand; undefined where the operand is not what is expected. */
  compile(operand: unknown, context: FilterContext): Test | undefined
}

/** The operators that one type of condition knows, by name, in the order in which messages list them. */
export type Operators = Readonly<Record<string, Operator>>

function existence(isEmpty: Test): Operators {
  const onlyTrue = (test: Test): Operator => ({
    expectation: '`true`',
    compile: (operand) => (operand === true ? test : undefined),
  })
  return { is_empty: onlyTrue(isEmpty), is_not_empty: onlyTrue((value) => !isEmpty(value)) }
}

// The API ignores case: a recorded `starts_with` "John" finds a lower-case e-mail address.
function textOperator(compare: (text: string, operand: string) => boolean): Operator {
  return {
    expectation: 'a string',
    compile: (operand) => {
      if (typeof operand !== 'string') return undefined
      const wanted = operand.toLowerCase()
      return (value) => compare(textOf(value).toLowerCase(), wanted)
    },
  }
}

const text: Operators = {
  equals: textOperator((value, wanted) => value === wanted),
  does_not_equal: textOperator((value, wanted) => value !== wanted),
  contains: textOperator((value, wanted) => value.includes(wanted)),
  does_not_contain: textOperator((value, wanted) => !value.includes(wanted)),
  starts_with: textOperator((value, wanted) => value.startsWith(wanted)),
  ends_with: textOperator((value, wanted) => value.endsWith(wanted)),
  ...existence((value) => textOf(value) === ''),
}

function numberOperator(compare: (value: number, operand: number) => boolean, whenEmpty = false): Operator {
  return {
    expectation: 'a number',
    compile: (operand) => {
      if (typeof operand !== 'number') return undefined
      return (value) => {
        const number = numberOf(value)
        return number === undefined ? whenEmpty : compare(number, operand)
      }
    },
  }
}

const number: Operators = {
  equals: numberOperator((value, operand) => value === operand),
  does_not_equal: numberOperator((value, operand) => value !== operand, true),
  greater_than: numberOperator((value, operand) => value > operand),
  less_than: numberOperator((value, operand) => value < operand),
  greater_than_or_equal_to: numberOperator((value, operand) => value >= operand),
  less_than_or_equal_to: numberOperator((value, operand) => value <= operand),
  ...existence((value) => numberOf(value) === undefined),
}

function checkboxOperator(compare: (value: boolean, operand: boolean) => boolean): Operator {
  return {
    expectation: 'a boolean',
    compile: (operand) => (typeof operand === 'boolean' ? (value) => compare(value === true, operand) : undefined),
  }
}

const checkbox: Operators = {
  equals: checkboxOperator((value, operand) => value === operand),
  does_not_equal: checkboxOperator((value, operand) => value !== operand),
}

/** An operator whose operand is one name or a list of names, any of which counts as found. */
function namesOperator(namesOf: (value: unknown) => string[], found: boolean): Operator {
  return {
    expectation: 'a string',
    compile: (operand) => {
      const wanted = typeof operand === 'string' ? [operand] : asArray(operand)
      const valid = typeof operand === 'string' || Array.isArray(operand)
      if (!valid || !wanted.every((name) => typeof name === 'string')) return undefined
      const names = new Set<unknown>(wanted)
      return (value) => namesOf(value).some((name) => names.has(name)) === found
    },
  }
}

const chosenName = (value: unknown): string[] => {
  const name = optionOf(value)
  return name === undefined ? [] : [name]
}
const chosenNames = (value: unknown): string[] => asArray(value).flatMap(chosenName)

const option: Operators = {
  equals: namesOperator(chosenName, true),
  does_not_equal: namesOperator(chosenName, false),
  ...existence((value) => optionOf(value) === undefined),
}

const options: Operators = {
  contains: namesOperator(chosenNames, true),
  does_not_contain: namesOperator(chosenNames, false),
  ...existence((value) => asArray(value).length === 0),
}

function dateOperator(compare: (value: number, operand: number) => boolean): Operator {
  return {
    expectation: 'a valid ISO 8601 date string',
    compile: (operand, { now }) => {
      const point = typeof operand === 'string' ? readPoint(operand, now) : undefined
      return point && ((value) => compareDate(value, point, compare))
    },
  }
}

function compareDate(value: unknown, point: DatePoint, compare: (value: number, operand: number) => boolean): boolean {
  const instant = instantOf(startOf(value) ?? '')
  return instant !== undefined && compare(inUnitOf(point, instant), point.value)
}

function rangeOperator(range: (today: number) => { from: number; to: number }): Operator {
  return {
    expectation: 'an object',
    compile: (operand, { now }) => {
      if (!isObject(operand)) return undefined
      const { from, to } = range(dayOf(now.getTime()))
      return (value) => {
        const instant = instantOf(startOf(value) ?? '')
        return instant !== undefined && dayOf(instant) >= from && dayOf(instant) <= to
      }
    },
  }
}

const date: Operators = {
  equals: dateOperator((value, operand) => value === operand),
  before: dateOperator((value, operand) => value < operand),
  after: dateOperator((value, operand) => value > operand),
  on_or_before: dateOperator((value, operand) => value <= operand),
  on_or_after: dateOperator((value, operand) => value >= operand),
  ...Object.fromEntries(Object.entries(RELATIVE_RANGES).map(([name, range]) => [name, rangeOperator(range)])),
  ...existence((value) => startOf(value) === undefined),
}

const UUID = /^[0-9a-f]{32}$/
const plainId = (id: string): string => id.replaceAll('-', '').toLowerCase()

function idOperator(found: boolean, knowsMe: boolean): Operator {
  return {
    expectation: 'a valid uuid',
    compile: (operand, { me }) => {
      if (typeof operand !== 'string') return undefined
      const isMe = knowsMe && operand === 'me'
      if (!isMe && !UUID.test(plainId(operand))) return undefined
      const wanted = isMe ? me && plainId(me) : plainId(operand)
      return (value) => idsOf(value).some((id) => plainId(id) === wanted) === found
    },
  }
}

function idOperators(knowsMe: boolean): Operators {
  return {
    contains: idOperator(true, knowsMe),
    does_not_contain: idOperator(false, knowsMe),
    ...existence((value) => idsOf(value).length === 0),
  }
}

const people = idOperators(true)
const relation = idOperators(false)
const files: Operators = existence((value) => asArray(value).length === 0)

const VERIFICATION_STATES = new Set(['verified', 'expired', 'none'])

function verificationOperator(found: boolean): Operator {
  return {
    expectation: '`"verified"`, `"expired"` or `"none"`',
    compile: (operand) => {
      if (typeof operand !== 'string' || !VERIFICATION_STATES.has(operand)) return undefined
      return (value) => {
        const { state } = asObject(value)
        const known = state === 'verified' || state === 'expired' ? state : 'none'
        return (known === operand) === found
      }
    },
  }
}

const verification: Operators = {
  status: verificationOperator(true),
  does_not_equal: verificationOperator(false),
}

/** The operators by the key under which a filter carries them, for every type that has operators of its own. */
export const OPERATORS: Readonly<Record<string, Operators>> = {
  title: text,
  rich_text: text,
  number,
  checkbox,
  select: option,
  multi_select: options,
  status: option,
  date,
  people,
  files,
  url: text,
  email: text,
  phone_number: text,
  relation,
  created_by: people,
  created_time: date,
  last_edited_by: people,
  last_edited_time: date,
  unique_id: number,
  verification,
}
