import { FormulaError, tokenize, type Token } from './tokenize.ts'

/** A formula as a tree. */
export type Expression =
  | { kind: 'literal'; value: number | string | boolean }
  | { kind: 'property'; id: string }
  | { kind: 'call'; name: string; arguments: Expression[] }
  | { kind: 'list'; items: Expression[] }

/** Binary operators: how strongly they bind, and the function that they stand for. */
const BINARY: Record<string, readonly [strength: number, name: string]> = {
  '||': [1, 'or'],
  or: [1, 'or'],
  '&&': [2, 'and'],
  and: [2, 'and'],
  '==': [3, 'equal'],
  '!=': [3, 'unequal'],
  '>': [4, 'larger'],
  '>=': [4, 'largerEq'],
  '<': [4, 'smaller'],
  '<=': [4, 'smallerEq'],
  '+': [5, 'add'],
  '-': [5, 'subtract'],
  '*': [6, 'multiply'],
  '/': [6, 'divide'],
  '%': [6, 'mod'],
  '^': [8, 'pow'],
}
/** Of `!` and the minus sign: above products, below powers. */
const UNARY_STRENGTH = 7
/** A formula nested deeper than this is refused rather than overflowing the stack. */
const MAX_DEPTH = 200

/** Reads a formula. Throws a FormulaError. */
export function parseFormula(source: string): Expression {
  const parser = new Parser(tokenize(source))
  const expression = parser.expression(0)
  parser.expectEnd()
  return expression
}

class Parser {
  #position = 0
  #depth = 0
  readonly #tokens: Token[]

  constructor(tokens: Token[]) {
    this.#tokens = tokens
  }

  expectEnd(): void {
    if (this.#position < this.#tokens.length) throw new FormulaError('Unexpected end of formula')
  }

  /** Reads as far as operators bind at least this strongly. */
  expression(minimum: number): Expression {
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw new FormulaError('Formula is nested too deep')
    let left = this.#operand()
    for (let operator = this.#operator(minimum); operator !== null; operator = this.#operator(minimum)) {
      this.#position += 1
      const [strength, name] = operator
      // Powers bind to the right, everything else to the left.
      const right = this.expression(name === 'pow' ? strength : strength + 1)
      left = call(name, left, right)
    }
    this.#depth -= 1
    return minimum === 0 ? this.#conditional(left) : left
  }

  #operator(minimum: number): readonly [number, string] | null {
    const token = this.#tokens[this.#position]
    if (token?.kind !== 'symbol' && token?.kind !== 'name') return null
    const operator = Object.hasOwn(BINARY, token.value) ? BINARY[token.value] : undefined
    return operator !== undefined && operator[0] >= Math.max(minimum, 1) ? operator : null
  }

  #conditional(condition: Expression): Expression {
    if (!this.#take('?')) return condition
    const whenTrue = this.expression(0)
    this.#expect(':')
    return call('if', condition, whenTrue, this.expression(0))
  }

  #operand(): Expression {
    const token = this.#tokens[this.#position]
    this.#position += 1
    if (token === undefined) throw new FormulaError('Unexpected end of formula')
    const operand = this.#primary(token)
    return this.#methods(operand)
  }

  #primary(token: Token): Expression {
    switch (token.kind) {
      case 'number':
      case 'string':
        return { kind: 'literal', value: token.value }
      case 'property':
        return { kind: 'property', id: token.value }
      case 'name':
        return this.#named(token.value)
      default:
        return this.#punctuated(token.value)
    }
  }

  #punctuated(symbol: string): Expression {
    if (symbol === '-') return call('unaryMinus', this.expression(UNARY_STRENGTH))
    if (symbol === '+') return call('toNumber', this.expression(UNARY_STRENGTH))
    if (symbol === '!') return call('not', this.expression(UNARY_STRENGTH))
    if (symbol === '[') return { kind: 'list', items: this.#until(']') }
    if (symbol !== '(') throw new FormulaError(`Unexpected ${symbol}`)
    const inner = this.expression(0)
    this.#expect(')')
    return inner
  }

  #named(name: string): Expression {
    if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true' }
    if (this.#take('(')) return { kind: 'call', name, arguments: this.#until(')') }
    if (name === 'not') return call('not', this.expression(UNARY_STRENGTH))
    // Constants such as `pi` may stand without parentheses.
    return { kind: 'call', name, arguments: [] }
  }

  /** `x.f(y)` is `f(x, y)`. */
  #methods(target: Expression): Expression {
    let current = target
    while (this.#take('.')) {
      const token = this.#tokens[this.#position]
      if (token?.kind !== 'name') throw new FormulaError('A name must follow a dot')
      this.#position += 1
      current = { kind: 'call', name: token.value, arguments: [current, ...(this.#take('(') ? this.#until(')') : [])] }
    }
    return current
  }

  #until(closing: string): Expression[] {
    const items: Expression[] = []
    while (!this.#take(closing)) {
      if (items.length > 0) this.#expect(',')
      items.push(this.expression(0))
    }
    return items
  }

  #take(symbol: string): boolean {
    const token = this.#tokens[this.#position]
    if (token?.kind !== 'symbol' || token.value !== symbol) return false
    this.#position += 1
    return true
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) throw new FormulaError(`Expected ${symbol}`)
  }
}

function call(name: string, ...list: Expression[]): Expression {
  return { kind: 'call', name, arguments: list }
}
