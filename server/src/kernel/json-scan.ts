/**
 * Reads JSON once, building nothing, to find what is wrong and where before anything is allocated for it: faults of
 * syntax (RFC 8259) and what is valid and yet refused, such as two members of one name, of which parsers keep either.
 * Time is linear in the text; recursion is as deep as the limit allows.
 */

export interface ScanLimits {
  /** Arrays and objects inside each other. */
  readonly depth: number
  /** Members of all objects together. */
  readonly keys: number
  /** Elements of all arrays together. */
  readonly items: number
}

export interface ScanFault {
  /** `syntax`: not JSON. `refused`: JSON that this server does not take. */
  readonly kind: 'syntax' | 'refused'
  readonly detail: string
  /** Such as `arguments.ids[2]`; empty for the whole. */
  readonly path: string
}

/** The first fault of a text, or undefined where `JSON.parse` may have it. */
export function scanJson(text: string, limits: ScanLimits): ScanFault | undefined {
  const scanner = new Scanner(text, limits)
  try {
    scanner.scan()
    return undefined
  } catch (error) {
    if (error instanceof Stop) return { kind: error.kind, detail: error.message, path: scanner.path() }
    throw error
  }
}

class Stop extends Error {
  readonly kind: ScanFault['kind']

  constructor(kind: ScanFault['kind'], detail: string) {
    super(detail)
    this.kind = kind
  }
}

const SPACE = 0x20
const TAB = 0x09
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const WORD = /true|false|null/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const MAX_PATH_LENGTH = 200 // a path is shown; the names in it are the sender's

class Scanner {
  readonly #text: string
  readonly #limits: ScanLimits
  /** The member or element that is being read, from the outside in. */
  readonly #steps: (string | number)[] = []
  #at = 0
  #keys = 0
  #items = 0

  constructor(text: string, limits: ScanLimits) {
    this.#text = text
    this.#limits = limits
  }

  scan(): void {
    this.#value()
    this.#peek()
    if (this.#at < this.#text.length) this.#syntax('there is more after the end of the value')
  }

  path(): string {
    const text = this.#steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
    return text.replace(/^\./, '').slice(0, MAX_PATH_LENGTH)
  }

  #value(): void {
    switch (this.#peek()) {
      case QUOTE:
        this.#string()
        break
      case OPEN_BRACE:
        this.#object()
        break
      case OPEN_BRACKET:
        this.#array()
        break
      default:
        this.#scalar()
    }
  }

  #object(): void {
    this.#enter()
    const names = new Set<string>()
    for (let more = this.#peek() !== CLOSE_BRACE; more; more = this.#goesOn(CLOSE_BRACE)) {
      if (this.#peek() !== QUOTE) this.#syntax('a member needs a name in double quotes')
      const name = this.#string()
      this.#steps.push(name)
      if (names.has(name)) this.#refuse('this member occurs twice')
      if (name === '__proto__') this.#refuse('this name is not allowed')
      names.add(name)
      if ((this.#keys += 1) > this.#limits.keys) this.#refuse(`there are more than ${this.#limits.keys} members`)
      if (this.#peek() !== COLON) this.#syntax('a colon is missing after the name')
      this.#at += 1
      this.#value()
      this.#steps.pop()
    }
    this.#at += 1
  }

  #array(): void {
    this.#enter()
    let index = 0
    for (let more = this.#peek() !== CLOSE_BRACKET; more; more = this.#goesOn(CLOSE_BRACKET)) {
      this.#steps.push(index)
      if ((this.#items += 1) > this.#limits.items) this.#refuse(`there are more than ${this.#limits.items} elements`)
      this.#value()
      this.#steps.pop()
      index += 1
    }
    this.#at += 1
  }

  #enter(): void {
    if (this.#steps.length >= this.#limits.depth) this.#refuse(`it is nested deeper than ${this.#limits.depth} levels`)
    this.#at += 1
  }

  /** After a member or element: true where a comma follows, false at the end of the container. */
  #goesOn(end: number): boolean {
    const code = this.#peek()
    if (code === COMMA) {
      this.#at += 1
      return true
    }
    if (code !== end) this.#syntax('a comma or the closing bracket is missing')
    return false
  }

  /** Reads a string and gives its value. */
  #string(): string {
    const start = this.#at
    let isEscaped = false
    this.#at += 1
    for (;;) {
      const code = this.#text.charCodeAt(this.#at)
      if (code === QUOTE) break
      if (code === BACKSLASH) {
        isEscaped = true
        this.#match(ESCAPE, 'a backslash is followed by an unknown letter')
      } else if (code >= SPACE) this.#at += 1
      else this.#syntax('a string does not end, or holds a control character')
    }
    this.#at += 1
    if (!isEscaped) return this.#text.slice(start + 1, this.#at - 1)
    const value = JSON.parse(this.#text.slice(start, this.#at)) as string
    if (!value.isWellFormed()) this.#refuse('a string holds half of a surrogate pair')
    if (value.includes('\0')) this.#refuse('a string holds the character NUL, which cannot be stored')
    return value
  }

  #scalar(): void {
    WORD.lastIndex = this.#at
    if (WORD.test(this.#text)) {
      this.#at = WORD.lastIndex
      return
    }
    const number = this.#match(NUMBER, 'a value is missing or has no known form')
    if (!Number.isFinite(Number(number))) this.#refuse('a number is too large')
  }

  #match(pattern: RegExp, otherwise: string): string {
    pattern.lastIndex = this.#at
    const [found] = pattern.exec(this.#text) ?? this.#syntax(otherwise)
    this.#at = pattern.lastIndex
    return found
  }

  /** The next character that is not white space; not a number at the end of the text. */
  #peek(): number {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at)
      if (code !== SPACE && code !== LINE_FEED && code !== CARRIAGE_RETURN && code !== TAB) return code
      this.#at += 1
    }
  }

  #syntax(detail: string): never {
    throw new Stop('syntax', `At character ${this.#at + 1} ${detail}.`)
  }

  #refuse(detail: string): never {
    throw new Stop('refused', `At character ${this.#at + 1} ${detail}.`)
  }
}
