import { FUNCTIONS } from './functions.ts'
import type { Expression } from './parse.ts'
import { FormulaError } from './tokenize.ts'
import { isEmptyValue, type FormulaValue } from './values.ts'

/** Where a formula gets what it does not hold itself. */
export interface FormulaScope {
  /** The value of a property by its percent-encoded id. */
  property: (id: string) => FormulaValue
  /** The value of a property by its name, for `prop("Name")`. */
  propertyNamed: (name: string) => FormulaValue
  /** Milliseconds since the epoch. */
  now: number
}

const MILLISECONDS_PER_DAY = 86_400_000

type SpecialForm = (list: Expression[], scope: FormulaScope) => FormulaValue

/** Forms that do not evaluate all of their arguments, or need the scope. */
const SPECIAL_FORMS: Record<string, SpecialForm> = {
  if: ([condition, whenTrue, otherwise], scope) => optional(holds(condition, scope) ? whenTrue : otherwise, scope),
  ifs: (list, scope) => {
    for (let index = 0; index + 1 < list.length; index += 2) {
      if (holds(list[index], scope)) return optional(list[index + 1], scope)
    }
    return list.length % 2 === 1 ? optional(list.at(-1), scope) : null
  },
  and: (list, scope) => list.every((entry) => holds(entry, scope)),
  or: (list, scope) => list.some((entry) => holds(entry, scope)),
  prop: ([name], scope) => scope.propertyNamed(name?.kind === 'literal' ? String(name.value) : ''),
  now: (_list, scope) => ({ kind: 'date', time: scope.now, hasTime: true }),
  today: (_list, scope) => {
    const time = Math.floor(scope.now / MILLISECONDS_PER_DAY) * MILLISECONDS_PER_DAY
    return { kind: 'date', time, hasTime: false }
  },
}

/** Computes a formula. Throws a FormulaError. */
export function evaluate(expression: Expression, scope: FormulaScope): FormulaValue {
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'property':
      return scope.property(expression.id)
    case 'list':
      return expression.items.map((item) => evaluate(item, scope))
    default:
      return evaluateCall(expression.name, expression.arguments, scope)
  }
}

function evaluateCall(name: string, list: Expression[], scope: FormulaScope): FormulaValue {
  if (Object.hasOwn(SPECIAL_FORMS, name)) return SPECIAL_FORMS[name]?.(list, scope) ?? null
  const compute = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
  if (compute === undefined) throw new FormulaError(`Unknown function ${name}`)
  return compute(...list.map((entry) => evaluate(entry, scope)))
}

function optional(expression: Expression | undefined, scope: FormulaScope): FormulaValue {
  return expression === undefined ? null : evaluate(expression, scope)
}

function holds(expression: Expression | undefined, scope: FormulaScope): boolean {
  return !isEmptyValue(optional(expression, scope))
}
